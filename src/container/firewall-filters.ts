import type { Call } from './firewall-command.js';
import { emitAt, type Frame, type Machine, type Outcome } from './firewall-machine.js';
import { isHostName } from './firewall-names.js';
import { fileOrigin } from './firewall-run.js';
import { isKnown, joinValues, type Origin, type Output, textOfOutput, unknown } from './firewall-value.js';

const filters =
  /^(?:grep|egrep|fgrep|rg|awk|gawk|mawk|sed|cut|head|tail|sort|uniq|tr|jq|yq|aggregate6?|iprange|paste|column|wc|rev|tac|base64|python[\d.]*|node|perl|column)$/;
const lookups = /^(?:dig|host|nslookup|getent|drill|resolveip|delv|kdig|ahosts)$/;
const fetchers = /^(?:curl|wget2?|http|https|xh|nc|ncat|netcat|telnet|ping6?|openssl|nmap|fping|tracepath)$/;

/** Programs that only read and print. Undefined for any other. */
export function runFilter(machine: Machine, frame: Frame, call: Call): Outcome | undefined {
  const { name, words, stdin } = call;
  if (name === 'cat' || name === 'tee') return { output: pass(machine, frame, call) };
  if (name === 'true' || name === 'false') return undefined;
  if (filters.test(name)) return { output: filter(frame, call) };
  if (lookups.test(name)) return lookUp(machine, frame, call);
  if (fetchers.test(name)) return request(machine, frame, call);
  if (name === 'ip' || name === 'route' || name === 'ifconfig' || name === 'hostname' || name === 'netstat') {
    if (words.some(({ text }) => text === 'netns')) return undefined;
    return {
      output: [
        { value: unknown(routeOrigins(words.map(({ text }) => text).join(' '))), place: place(frame, call) },
      ],
    };
  }
  if (/^(?:mktemp|date|uname|whoami|basename|dirname|realpath|readlink|stat|seq|uuidgen|nproc)$/.test(name))
    return { output: [{ value: unknown(textOfOutput(stdin).origins), place: place(frame, call) }] };
  if (
    /^(?:chmod|chown|mkdir|rm|mv|cp|ln|touch|install|kill|pkill|service|systemctl|logger|crontab|apt-get|apt|apk)$/.test(
      name,
    )
  )
    return { output: [] };
  return undefined;
}

function place(frame: Frame, { node }: Call) {
  return frame.placeAt(node.pos, node.end);
}

/** `cat` of what came in, or of files. */
function pass(machine: Machine, frame: Frame, call: Call): Output {
  const { name, words, stdin, node } = call;
  const files = words.filter(({ text }) => !/^-/.test(text));
  if (name === 'tee') {
    for (const { text } of files) machine.files.set(text, stdin);
    return stdin;
  }
  if (files.length === 0) return stdin;
  return files.flatMap(({ text, origins }) => {
    const written = machine.files.get(text) ?? machine.files.get(`"${text}"`);
    if (written) return written;
    const at = frame.placeAt(node.pos, node.end);
    return [{ value: unknown([...origins, fileOrigin(text)]), place: at }];
  });
}

/** What a filter leaves is not known, only where it comes from. */
function filter(frame: Frame, call: Call): Output {
  const { words, stdin, name } = call;
  const input = textOfOutput(stdin);
  const texts = words.map(({ text }) => text);
  const all = texts.join(' ');
  if (isKnown(input) && stdin.length > 0 && (name === 'sort' || name === 'uniq')) return stdin;
  const named: Origin[] = texts.some((text) => text.includes('resolv.conf'))
    ? ['resolver']
    : texts.some((text) => /^\/proc\/net\/(?:fib_|route)/.test(text))
      ? ['route']
      : /(?:^|[^\w.-])(?:host|gateway)\.docker\.internal\b/.test(all)
        ? ['host']
        : [];
  const origins = [...input.origins, ...named];
  const parts = origins.includes('route') ? routeOrigins(all) : [];
  // `s/\.[0-9]*$/.0\/24/`: an address becomes its network.
  const widened: Origin[] = origins.includes('gateway') && /\\?\/(?:8|1\d|2\d)\b/.test(all) ? ['bridge'] : [];
  const inputs = stdin.length === 0 && named.length === 0 ? (['file'] as const) : [];
  return [{ value: unknown([...origins, ...parts, ...widened, ...inputs]), place: place(frame, call) }];
}

/** Which part of the routing table is taken, by what the filters look for. */
function routeOrigins(text: string): Origin[] {
  const origins: Origin[] = ['route'];
  if (/\$5\b|-f ?5\b/.test(text)) origins.push('interface');
  if (/\$1\b|-f ?1\b|\bkernel\b|scope link|\baddr\b/.test(text)) origins.push('bridge');
  if (/\$3\b|-f ?3\b|\bvia\b|\bdefault\b|-n\b/.test(text)) origins.push('gateway');
  return origins;
}

function lookUp(machine: Machine, frame: Frame, call: Call): Outcome {
  const { name, words } = call;
  const at = place(frame, call);
  const texts = words.map(({ text }) => text);
  const isLocal = name === 'getent' && /^(?:passwd|group)$/.test(texts[0] ?? '');
  if (isLocal) return { output: [{ value: unknown([]), place: at }] };
  const limited =
    texts.some((text) => /^\+(?:time|timeout|tries)|^-W/.test(text)) || isTimed(call) || name === 'getent';
  emitAt(machine, frame, call.node, { kind: 'lookup', program: name, limited });
  const origins: Origin[] = texts.some((text) => isHostName(text)) ? ['lookup', 'host'] : ['lookup'];
  return { output: [{ value: unknown(origins), place: at }], truth: { cause: 'tool' } };
}

function request(machine: Machine, frame: Frame, call: Call): Outcome {
  const { name, words } = call;
  const at = place(frame, call);
  const texts = words.map(({ text }) => text);
  const limited =
    texts.some((text) => /^(?:-m|--max-time|--connect-timeout|-T|--timeout|-w|-W|-c)/.test(text)) ||
    isTimed(call);
  const address = joinValues(
    words.filter(({ text }) => !text.startsWith('-')),
    ' ',
  );
  emitAt(machine, frame, call.node, { kind: 'fetch', program: name, address, limited });
  return {
    output: [{ value: unknown(['fetch', ...rangesOf(address.text)]), place: at }],
    truth: { cause: 'tool' },
  };
}

/** `timeout 5 …` in front. */
function isTimed({ node }: Call): boolean {
  return (
    /^(?:timeout|gtimeout)$/.test(node.name?.value ?? '') ||
    node.args.some((arg) => arg.type === 'Word' && arg.value === 'timeout')
  );
}

/** Addresses that publish what belongs to everybody on a forge, a CDN or a cloud. */
function rangesOf(address: string): Origin[] {
  if (/\bapi\.github\.com\/meta\b/.test(address)) return ['forge-ranges'];
  const clouds =
    /\bcloudflare\.com\/ips|\bapi\.cloudflare\.com\/client\/v4\/ips|\bip-ranges\.amazonaws\.com\/|\bgstatic\.com\/ipranges\/|\bapi\.fastly\.com\/public-ip-list|ServiceTags_/;
  return clouds.test(address) ? ['cloud-ranges'] : [];
}
