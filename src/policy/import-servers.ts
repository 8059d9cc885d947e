import type { SourceFile } from '../core/text.js';
import { parseJson, plainValue } from '../documents/json.js';
import { checkPolicy, describeProblem } from './check.js';
import { quote } from './messages.js';
import type { ValueSource } from './servers.js';

/** An entry for the policy: `command` or `url`, where its values come from, and no tool yet. */
export interface ImportedServer {
  readonly name: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, ValueSource>>;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, ValueSource>>;
  readonly tools: readonly [];
}

/** Servers of a client's configuration as the policy declares them, and what goes to the host side for it. */
export interface ImportedServers {
  readonly servers: readonly ImportedServer[];
  /** Values that stood in the file, by the path below the store that the policy now names. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Why a server stays where it is, one sentence each. */
  readonly skipped: readonly string[];
}

/** A value that says nothing to whoever reads it: a switch, a number, a plain word, an address without a login. */
const harmless = /^(?:true|false|[0-9]{1,6}|[a-z]{1,12}|https?:\/\/[a-z0-9.:-]+(?:\/[a-z0-9._/-]{0,60})?)$/;
const reference = /^([!-~]{1,40} )?\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;

/**
 * Reads a client's file, which lists its servers below `key`. `store` is the folder of the host that values which may be secrets are moved to, written as
 * the policy names it: `~/…`. Files that are not readable as JSON give nothing: whoever merges them says why.
 */
export function importServers(config: SourceFile, store: string, key = 'mcpServers'): ImportedServers {
  const root = plainValue(parseJson(config).root);
  const listed = isObject(root) ? root[key] : undefined;
  const servers: ImportedServer[] = [];
  const secrets = new Map<string, string>();
  const skipped: string[] = [];
  for (const [name, value] of Object.entries(isObject(listed) ? listed : {})) {
    if (!isObject(value) || isForwarded(value)) continue;
    const own = new Map<string, string>();
    const keep = (key: string, text: string) => {
      const file = `${name}.${key}`;
      own.set(file, text);
      return `${store}/${file}`;
    };
    const entry = readServer(name, value, keep);
    const problem = typeof entry === 'string' ? entry : problemOf(entry);
    if (typeof entry === 'string' || problem !== undefined)
      skipped.push(`${quote(name)} stays in ${config.path}: ${problem}`);
    else {
      servers.push(entry);
      for (const [file, text] of own) secrets.set(file, text);
    }
  }
  return { servers, secrets, skipped };
}

/** What the policy would say to it. */
function problemOf(entry: ImportedServer): string | undefined {
  const [problem] = checkPolicy({ version: 1, name: 'import', mcp: [entry] });
  return problem && describeProblem(problem).replace(/^`[^`]*`: /, '');
}

type Keep = (key: string, text: string) => string;

function readServer(
  name: string,
  // Gemini CLI says `httpUrl`.
  { command, args = [], env = {}, httpUrl, url = httpUrl, headers = {} }: Readonly<Record<string, unknown>>,
  keep: Keep,
): ImportedServer | string {
  if (typeof url === 'string') {
    if (/\$\{|@|[?#]/.test(url)) return 'its address has a variable, a login or a query in it';
    const values = readValues(headers, keep);
    return typeof values === 'string'
      ? values
      : { name, url, ...(hasMembers(values) && { headers: values }), tools: [] };
  }
  if (typeof command !== 'string' || !Array.isArray(args)) return 'it has neither a command nor an address';
  const given: unknown[] = [command, ...args];
  const words = given.filter((word) => typeof word === 'string');
  if (words.length < given.length) return 'an argument of it is no text';
  if (words.some((word) => word.includes('${'))) return 'there is a variable in its command';
  if (command.includes('/') && !command.startsWith('/'))
    return 'it runs a file that lies where an agent may write';
  const values = readValues(env, keep);
  return typeof values === 'string'
    ? values
    : { name, command: words, ...(hasMembers(values) && { environment: values }), tools: [] };
}

function readValues(members: unknown, keep: Keep): Record<string, ValueSource> | string {
  if (!isObject(members)) return 'its variables are no object';
  const values: Record<string, ValueSource> = {};
  for (const [key, text] of Object.entries(members)) {
    if (typeof text !== 'string' || !/^[A-Za-z_][A-Za-z0-9_-]*$/.test(key))
      return `its ${quote(key)} is no text`;
    const [, prefix, variable] = reference.exec(text) ?? [];
    if (variable !== undefined) values[key] = { env: variable, ...(prefix !== undefined && { prefix }) };
    else if (text.includes('${')) return `its ${quote(key)} has a variable inside of other text`;
    else if (harmless.test(text)) values[key] = { value: text };
    else values[key] = secretSource(key, text, keep);
  }
  return values;
}

/** The scheme of a header stays with the policy: the file holds the token alone. */
function secretSource(key: string, text: string, keep: Keep): ValueSource {
  const [, prefix, rest] = /^(Bearer |Basic |token )(.+)$/i.exec(text) ?? [];
  return prefix === undefined || rest === undefined
    ? { file: keep(key, text) }
    : { file: keep(key, rest), prefix };
}

/** What `init` renders is no server to import. */
function isForwarded({ command, args, url }: Readonly<Record<string, unknown>>): boolean {
  if (typeof url === 'string') return /^http:\/\/127\.0\.0\.1:/.test(url);
  return command === 'socat' && JSON.stringify(args ?? null).includes('127.0.0.1:');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasMembers(value: object): boolean {
  return Object.keys(value).length > 0;
}
