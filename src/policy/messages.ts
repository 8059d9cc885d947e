import { printable } from '../core/printable.js';
import { didYouMean } from '../core/suggest.js';
import { refusalOf, sectionKeys } from './devcontainer-keys.js';
import { forgeEntries } from './forges.js';
import { approvals, argumentForms } from './guards.js';
import { explainHost } from './host-name.js';
import { localModelIds } from './models.js';
import { agentIds, losses, modes, shapes, stackIds, targetIds } from './policy.js';

/** The parts of an error of a compiled validator that messages are made from. */
export interface SchemaError {
  /** JSON pointer of the value. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly schemaPath?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const properties: Readonly<Record<string, readonly string[]>> = {
  '': [
    'version',
    'name',
    'stacks',
    'agents',
    'forges',
    'models',
    'shape',
    'mode',
    'publish',
    'without',
    'allow',
    'mcp',
    'mcpTransport',
    'guards',
    'limits',
    'protect',
    'caCertificates',
    'image',
    'devcontainer',
    'composeFiles',
    'targets',
    'acceptedLosses',
    'lint',
  ],
  '/models': ['local', 'gateway'],
  '/models/gateway': ['url', 'agents', 'private'],
  '/devcontainer': sectionKeys,
  '/allow/*': ['host', 'range', 'ports', 'private', 'reason'],
  '/publish/*': ['port', 'purpose'],
  '/mcp/*': [
    'name',
    'port',
    'path',
    'purpose',
    'command',
    'environment',
    'url',
    'headers',
    'tools',
    'features',
    'reaches',
    'owner',
    'reviewed',
    'reviewAgain',
    'audit',
    'limits',
  ],
  '/mcp/*/tools/*': ['tool', 'access', 'reason'],
  '/mcp/*/environment/*': ['env', 'file', 'command', 'value', 'prefix'],
  '/mcp/*/headers/*': ['env', 'file', 'command', 'value', 'prefix'],
  '/mcp/*/limits': ['callSeconds', 'idleMinutes', 'messagesPerMinute', 'answerMegabytes'],
  '/guards': ['bypass', 'protectedBranches', 'approve', 'arguments', 'packages'],
  '/limits': ['memory', 'cpus', 'pids', 'openFiles', 'temporary', 'sharedMemory', 'readOnlyRoot'],
  '/protect': ['readOnly', 'mask'],
  '/guards/packages': ['minimumAgeDays', 'minimumDownloads', 'installScripts'],
  '/lint': ['overrides'],
  '/lint/overrides/*': ['rules', 'severity', 'paths', 'until', 'reason'],
};

// Inside, nobody but root may listen below 1024.
const unprivileged = /^\/(?:mcp\/\*\/port|publish\/\*(?:\/port)?)$/;

/** What a text of each place has to be, behind the quoted text that is not. */
const texts: Readonly<Record<string, (text: string) => string>> = {
  '/name': () =>
    'is not usable as a name; take letters, digits, space, dot, underscore and dash, at most 64 and no two dots in a row',
  '/stacks/*': (text) => explainChoice('stack', text, stackIds),
  '/agents/*': (text) => explainChoice('agent', text, agentIds),
  '/forges/*': (text) => explainChoice('forge', text, forgeEntries),
  '/models/local/*': (text) => explainChoice('model server', text, localModelIds),
  '/models/gateway/url': () =>
    'is not usable as an address; write https://NAME or https://NAME:PORT/PATH in lower case, without a slash at the end, query and login',
  '/models/gateway/agents/*': (text) => explainChoice('agent', text, agentIds),
  '/allow/*': explainHost,
  '/allow/*/host': (text) =>
    /:\d+$/.test(text) ? "is not a host name; write the port under 'ports'" : explainHost(text),
  '/allow/*/range': () =>
    'is not an address range; write ADDRESS/LENGTH such as 198.51.100.0/24, IPv4 of /16 or narrower, IPv6 of /32 or narrower in lower case',
  '/allow/*/reason': () => explainLine(),
  '/lint/overrides/*/reason': () => explainLine(),
  '/lint/overrides/*/severity': (text) =>
    explainChoice('severity', text, ['off', 'info', 'warning', 'error']),
  '/lint/overrides/*/until': () => 'is no date; write YYYY-MM-DD',
  '/mode': (text) => explainChoice('mode', text, modes),
  '/publish/*/purpose': () => explainLine(),
  '/without/*': (text) =>
    text.startsWith('.') ? 'is no name of one host; write each host on its own' : explainHost(text),
  '/shape': (text) => explainChoice('shape', text, shapes),
  '/mcp/*/name': () =>
    'is not usable as a server name; take letters and digits with single dashes or underscores between them, at most 32',
  '/mcp/*/path': () => 'is not the path of an endpoint; write one such as /mcp, without .. and query',
  '/mcp/*/purpose': () => explainLine(),
  '/mcp/*/url': () =>
    'is not usable as an address; write https://NAME/PATH, or http://127.0.0.1:PORT/PATH for a server on the host itself, without query and login',
  '/mcp/*/reviewed': () => 'is no date; write YYYY-MM-DD',
  '/mcp/*/reviewAgain': () => 'is no date; write YYYY-MM-DD',
  '/mcp/*/audit': (text) => explainChoice('audit', text, ['hash', 'full']),
  '/mcp/*/features/*': (text) =>
    explainChoice('feature', text, ['resources', 'prompts', 'sampling', 'elicitation']),
  '/mcp/*/tools/*': () => explainTool(),
  '/mcp/*/tools/*/tool': () => explainTool(),
  '/mcp/*/tools/*/access': (text) => explainChoice('access', text, ['read', 'write']),
  '/mcp/*/tools/*/reason': () => explainLine(),
  '/mcp/*/reaches': () => explainLine(),
  '/mcp/*/owner': () => explainLine(),
  '/guards/protectedBranches/*': () =>
    'is not usable as a branch; take letters, digits, . _ - + and /, with * for any run of characters, at most 100',
  '/guards/approve/*': (text) => explainChoice('approval', text, approvals),
  '/guards/arguments': (text) => explainChoice('form', text, argumentForms),
  '/limits/memory': () => explainSize(),
  '/limits/temporary': () => explainSize(),
  '/limits/sharedMemory': () => explainSize(),
  '/protect/readOnly/*': () => explainPath(),
  '/protect/mask/*': () => explainPath(),
  '/mcpTransport': (text) => explainChoice('transport', text, ['socket', 'tls']),
  '/image': () =>
    'is not an image reference; write one such as debian:bookworm-slim, in lower case up to its tag',
  '/composeFiles/*': () => 'is no name of a .yaml or .yml file in .devcontainer',
  '/targets/*': (text) => explainChoice('target', text, targetIds),
  '/acceptedLosses/*': (text) => explainChoice('loss', text, losses),
  '/caCertificates': () =>
    'is not usable as a path; write one of a .pem or .crt file inside .devcontainer, without .. and blanks',
};

/** A sentence for one error of the policy's schema; names the value seen. `value` is what stands at its pointer. */
export function explain(error: SchemaError, value: unknown): string {
  const place = error.instancePath
    .replace(/\/\d+/g, '/*')
    .replace(/^(\/mcp\/\*\/(?:environment|headers)\/)[^/]+/, '$1*');
  const known = properties[place] ?? [];
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(error.params.additionalProperty);
      if (place === '/devcontainer') return refusedKey(name);
      return `${quote(name)} is no property here${didYouMean(name, known)}`;
    }
    case 'required':
      if (isObject(value) && 'range' in value)
        return `${quote(String(error.params.missingProperty))} is missing; a range needs the ports that are opened and the reason why`;
      return `${quote(String(error.params.missingProperty))} is missing`;
    case 'oneOf':
      return /\/(?:environment|headers)\//.test(place)
        ? `one of "env", "file", "command" and "value" says where it comes from, and only one`
        : `"command" and "url" cannot stand together: a server is a program or an address`;
    case 'dependentRequired':
      if (place === '/mcp/*')
        return `${quote(error.params.property)} belongs to a server with ${quote(error.params.missingProperty)}`;
      return `${quote(String(error.params.missingProperty))} is missing; a private host needs the ports that are opened and the reason why`;
    case 'uniqueItems':
      return 'the same entry stands here twice';
    case 'const':
      return `${quote(value)} is not known to this release; it reads version ${error.params.allowedValue}`;
    case 'type':
      return `${quote(value)} is not ${[error.params.type]
        .flat()
        .map((type) => article(String(type)))
        .join(' or ')}`;
    case 'minimum':
    case 'maximum':
      if (place.includes('/limits/') || place.startsWith('/guards/') || place.startsWith('/limits/'))
        return `${quote(value)} is out of range; ${error.params.comparison} ${error.params.limit} is needed`;
      return `${quote(value)} is out of range; a port here is a number from ${unprivileged.test(place) ? 1024 : 1} to 65535`;
    case 'maxItems':
      return `the list has more than ${error.params.limit} entries`;
    case 'minItems':
      return 'the list is empty; leave the property out instead';
    default:
      return typeof value === 'string'
        ? `${quote(value)} ${texts[place]?.(value) ?? 'is refused'}`
        : `${quote(value)} is refused`;
  }
}

function refusedKey(name: string): string {
  const reason = refusalOf(name);
  return reason === undefined
    ? `${quote(name)} is no property here${didYouMean(name, sectionKeys)}`
    : `${quote(name)} cannot be set here: ${reason}`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A JSON pointer as people write it: `allow[2].host`; the policy itself is `the policy`. */
export function nameOf(pointer: string): string {
  if (pointer === '') return 'the policy';
  const [, ...steps] = pointer.split('/');
  return `\`${steps
    .map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1)}\``;
}

/** The value as JSON, short and without characters that a terminal would obey. */
export function quote(value: unknown): string {
  const text = printable(JSON.stringify(value) ?? 'undefined');
  return text.length > 120 ? `${text.slice(0, 100)}…${text.at(-1)}` : text;
}

function explainChoice(what: string, text: string, choices: readonly string[]): string {
  if (text === 'none' && ['stack', 'agent', 'forge', 'model server'].includes(what))
    return `is not a ${what}; leave the list empty for none`;
  return `is not a known ${what} (${choices.join(', ')})${didYouMean(text, choices)}`;
}

function explainLine(): string {
  return 'is not one line of plain text; leave out line breaks, invisible characters and a backslash at the end, and keep to 200 characters';
}

function explainSize(): string {
  return 'is no size; write a number with m or g behind it, such as 8g';
}

function explainPath(): string {
  return 'is not usable as a path; write one of the project without .. and outside of .devcontainer, of letters, digits, blanks and . _ @ + - /';
}

function explainTool(): string {
  return 'is not usable as a tool; write its name, with * for any run of characters';
}

function article(type: string): string {
  const words: Readonly<Record<string, string>> = {
    array: 'a list',
    boolean: 'true or false',
    null: 'null',
    integer: 'a whole number',
    object: 'an object',
    string: 'a string',
  };
  return words[type] ?? `a ${type}`;
}
