const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const hostName = new RegExp(`^\\.?(?:${label}\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`);

// Names of the host itself and of the metadata services: no allowlist entry makes them reachable, on purpose.
const hostItself = ['docker.internal', 'containers.internal', 'localhost', 'google.internal'];

/** The part of the message behind the quoted name. */
export const refusedHost =
  'is the host or a metadata service, which the firewall always refuses; forward one port of the host under `mcp`';

const example = 'write a DNS name such as registry.npmjs.org';

/** Whether the name belongs to the host or to a metadata service, itself or as a suffix. */
export function isOfTheHost(host: string): boolean {
  const name = host.replace(/^\./, '');
  return hostItself.some((known) => name === known || name.endsWith(`.${known}`));
}

/** What is wrong with text that the schema refused as a host, and what to write: the part behind the quoted text. */
export function explainHost(text: string): string {
  const wrong = 'is not a host name';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return `${wrong}; write it without scheme and path`;
  if (/^[0-9a-f.:]+\/[0-9]+(?::|$)/.test(text))
    return `${wrong}; write a range of addresses as { "range", "ports", "reason" } in the policy`;
  if (text.includes('/')) return `${wrong}; write the name alone: a path is not compared`;
  const { name, port } = splitPort(text);
  if (port !== undefined && !isPort(port))
    return `has no usable port; write a number from 1 to 65535 behind the colon`;
  if (/^\[?[0-9a-f]*:[0-9a-f:.]*\]?$/i.test(text) || /^[0-9]+(?:\.[0-9]+){3}$/.test(name))
    return 'is an IP address; write the host name: addresses are shared and change';
  if (name.startsWith('*.')) return `${wrong}; write .${name.slice(2)} for a name and every name below it`;
  if (/[^\x20-\x7e]/.test(name)) return explainForeign(name, wrong);
  if (hostName.test(name.toLowerCase())) return explainNearly(name, wrong);
  if (name.endsWith('.') && hostName.test(name.slice(0, -1).toLowerCase()))
    return `${wrong}; write it without the last dot`;
  if (isOfTheHost(name)) return refusedHost;
  if (/^\.?[a-z0-9-]+$/i.test(name))
    return `has one label only; ${name.startsWith('.') ? 'a whole top-level domain cannot be allowed' : example}`;
  if (name.split('.').some((part) => part.length > 63))
    return `${wrong}: a part between dots has at most 63 characters`;
  return `${wrong}; ${example}`;
}

function explainNearly(name: string, wrong: string): string {
  if (name !== name.toLowerCase()) return `${wrong}; write it in lower case`;
  if (name.length > 253) return `${wrong}: it has ${name.length} characters, and a name at most 253`;
  return `${wrong}; ${example}`;
}

/** Names such as bücher.example: they must be seen as what is really looked up, or one letter passes for another. */
function explainForeign(name: string, wrong: string): string {
  const ascii = toPunycode(name);
  return ascii === undefined ? `${wrong}; ${example}` : `${wrong}; write its punycode form, ${ascii}`;
}

function toPunycode(name: string): string | undefined {
  try {
    const { hostname } = new URL(`http://${name}`);
    return hostName.test(hostname) && hostname.includes('xn--') ? hostname : undefined;
  } catch {
    return undefined;
  }
}

/** The name and what stands behind its colon, where there is exactly one. */
export function splitPort(text: string): { name: string; port: string | undefined } {
  const [name = '', port, ...rest] = text.split(':');
  return rest.length > 0 ? { name: text, port: undefined } : { name, port };
}

function isPort(text: string): boolean {
  return /^[1-9][0-9]{0,4}$/.test(text) && Number(text) <= 65535;
}
