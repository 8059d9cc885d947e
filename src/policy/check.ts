import { parseRange, refusedRange } from '../core/address-range.js';
import validate from '../generated/policy.js';
import { isOfTheHost, refusedHost, splitPort } from './host-name.js';
import type { Limits } from './limits.js';
import { explain, nameOf, quote, type SchemaError } from './messages.js';
import type { Protection } from './protect.js';
import { checkServers, portOf } from './servers.js';

/** Something wrong in a policy. `pointer` is the JSON pointer of the value; `key` a property of it, where the key is meant. */
export interface PolicyProblem {
  readonly pointer: string;
  readonly key: string | undefined;
  /** Without the place: `"EVIL.test" is not a host name; write it in lower case`. */
  readonly message: string;
}

/**
 * Names that Claude Code keeps for servers of its own; one of ours under such a name would be skipped.
 * Source: code.claude.com/docs/en/mcp, 2026-08.
 */
const reservedServers = ['workspace', 'claude-in-chrome', 'computer-use'];

/** Where helpers of ours listen inside the container: the proxy, and the collector of the audit trail. */
const helperPorts: ReadonlyMap<number, string> = new Map([
  [15080, "the container's own proxy"],
  [15443, "the container's own proxy"],
  [15090, "the container's audit collector"],
]);

interface CheckedParts {
  readonly name?: string;
  readonly allow?: readonly unknown[];
  readonly mcp?: readonly { name: string; port?: number }[];
  readonly composeFiles?: readonly string[];
  readonly publish?: readonly (number | { port: number })[];
  readonly shape?: string;
  readonly limits?: Partial<Limits>;
  readonly protect?: Partial<Protection>;
}

/** Everything in which a plain value is not what the policy's schema says; a section for `lint` alone is enough. */
export function checkSchema(value: unknown): readonly PolicyProblem[] {
  if (validate(value)) return [];
  const errors = (validate.errors ?? []) as readonly SchemaError[];
  // These only repeat that one of their branches has failed; of the branches, `lint` is the rarer.
  const wrongTypes = new Set(
    errors.map(({ keyword, instancePath }) => (keyword === 'type' ? instancePath : undefined)),
  );
  const isRepeated = ({ keyword, params, instancePath, schemaPath = '' }: SchemaError) =>
    keyword === 'if' ||
    (keyword === 'oneOf' && wrongTypes.has(instancePath)) ||
    keyword === 'anyOf' ||
    // What stands instead of one another: one sentence says it all.
    (keyword === 'required' && schemaPath.includes('/oneOf/')) ||
    (keyword === 'required' && params.missingProperty === 'lint');
  return errors.filter((error) => !isRepeated(error)).map((error) => toProblem(error, value));
}

/** Everything wrong with a policy's plain value, in no particular order; empty where it can be used. */
export function checkPolicy(value: unknown): readonly PolicyProblem[] {
  const problems = checkSchema(value);
  if (problems.length > 0) return problems;
  const { allow = [], mcp: entries = [], publish = [] } = value as CheckedParts;
  const mcp = entries.map((entry, index) => ({ ...entry, port: portOf(entry, index) }));
  return [
    ...checkName(value as CheckedParts),
    ...checkComposeFiles(value as CheckedParts),
    ...checkHosts(allow),
    ...checkRanges(allow),
    ...checkNames(mcp),
    ...checkPorts(mcp),
    ...checkPublished(publish, mcp),
    ...checkServers(entries),
    ...checkLimits(value as CheckedParts),
    ...checkProtection(value as CheckedParts),
  ];
}

/** The problem with the name of its place in front: `` `allow[2]`: … ``. */
export function describeProblem(problem: PolicyProblem): string {
  return `${nameOf(problem.pointer)}: ${problem.message}`;
}

function toProblem(error: SchemaError, policy: unknown): PolicyProblem {
  const key = error.keyword === 'additionalProperties' ? String(error.params.additionalProperty) : undefined;
  const message = explain(error, valueAt(policy, error.instancePath));
  return { pointer: error.instancePath, key, message };
}

function valueAt(value: unknown, pointer: string): unknown {
  let found = value;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    found = (found as Record<string, unknown> | undefined)?.[name];
  }
  return found;
}

function* checkName({ name }: CheckedParts): Generator<PolicyProblem> {
  if (name === undefined)
    yield {
      pointer: '',
      key: undefined,
      message: '"name" is missing; without it the file is for lint alone',
    };
}

function* checkComposeFiles({ composeFiles = [], shape }: CheckedParts): Generator<PolicyProblem> {
  if (composeFiles.length > 0 && shape !== 'sidecar')
    yield {
      pointer: '/composeFiles',
      key: undefined,
      message: 'only the shape sidecar is started by compose; set "shape" to "sidecar"',
    };
}

function* checkHosts(allow: readonly unknown[]): Generator<PolicyProblem> {
  for (const [index, entry] of allow.entries()) {
    const text = typeof entry === 'string' ? splitPort(entry).name : (entry as { host?: string }).host;
    if (text === undefined) continue;
    if (text.startsWith('.') && (entry as { private?: boolean }).private) {
      const message = `${quote(text)} opens every name below it; a private host is one name`;
      yield { pointer: `/allow/${index}/host`, key: undefined, message };
    }
    if (!isOfTheHost(text)) continue;
    const pointer = typeof entry === 'string' ? `/allow/${index}` : `/allow/${index}/host`;
    yield { pointer, key: undefined, message: `${quote(text)} ${refusedHost}` };
  }
}

function* checkRanges(allow: readonly unknown[]): Generator<PolicyProblem> {
  for (const [index, entry] of allow.entries()) {
    const { range } = entry as { range?: string };
    const problem = range === undefined ? undefined : rangeProblem(range);
    if (problem === undefined) continue;
    yield { pointer: `/allow/${index}/range`, key: undefined, message: `${quote(range)} ${problem}` };
  }
}

/** What is wrong with `ADDRESS/LENGTH` of the schema's form, as the part behind the quoted text. */
function rangeProblem(text: string): string | undefined {
  const range = parseRange(text);
  if (!range) return 'is no address range; write an address such as 198.51.100.0/24';
  const hit = refusedRange(range);
  return hit === undefined
    ? undefined
    : `reaches into ${hit}, which the firewall always refuses; name a host with "private": true for a service of your own network`;
}

function* checkNames(mcp: readonly { name: string }[]): Generator<PolicyProblem> {
  const seen = new Set<string>();
  for (const [index, { name }] of mcp.entries()) {
    const pointer = `/mcp/${index}/name`;
    const lower = name.toLowerCase();
    if (reservedServers.includes(lower))
      yield {
        pointer,
        key: undefined,
        message: `${quote(name)} is reserved by Claude Code; take another name`,
      };
    if (seen.has(lower))
      yield { pointer, key: undefined, message: `${quote(name)} is the name of another server already` };
    seen.add(lower);
  }
}

function* checkPorts(mcp: readonly { port: number }[]): Generator<PolicyProblem> {
  const seen = new Set<number>();
  for (const [index, { port }] of mcp.entries()) {
    const pointer = `/mcp/${index}/port`;
    if (seen.has(port))
      yield { pointer, key: undefined, message: `${port} is the port of another server already` };
    const helper = helperPorts.get(port);
    if (helper) yield { pointer, key: undefined, message: `${port} is the port of ${helper}; take another` };
    seen.add(port);
  }
}

function* checkPublished(
  publish: readonly (number | { port: number })[],
  mcp: readonly { port: number }[],
): Generator<PolicyProblem> {
  const seen = new Set<number>();
  for (const [index, entry] of publish.entries()) {
    const port = typeof entry === 'number' ? entry : entry.port;
    const pointer = typeof entry === 'number' ? `/publish/${index}` : `/publish/${index}/port`;
    const problem = (message: string) => ({ pointer, key: undefined, message: `${port} ${message}` });
    if (seen.has(port)) yield problem('is published already');
    const helper = helperPorts.get(port);
    if (helper) yield problem(`is the port of ${helper}; take another`);
    if (mcp.some((server) => server.port === port))
      yield problem('is the port of an MCP forward, which nothing else can listen on');
    seen.add(port);
  }
}

/** With less memory than this no editor's server starts. */
const leastMegabytes = 512;

function* checkLimits({ limits = {}, shape }: CheckedParts): Generator<PolicyProblem> {
  const { memory, readOnlyRoot } = limits;
  if (readOnlyRoot && shape !== 'sidecar')
    yield {
      pointer: '/limits/readOnlyRoot',
      key: undefined,
      message:
        'the root can be read-only in the shape "sidecar" alone; in the other one PID 1 has to point /etc/resolv.conf at the resolver',
    };
  if (memory !== undefined && megabytes(memory) < leastMegabytes)
    yield {
      pointer: '/limits/memory',
      key: undefined,
      message: `${quote(memory)} is too little for an editor's server; take ${leastMegabytes}m or more`,
    };
}

function megabytes(size: string): number {
  return Number.parseInt(size, 10) * (size.endsWith('g') ? 1024 : 1);
}

function* checkProtection({ protect }: CheckedParts): Generator<PolicyProblem> {
  const { readOnly = [], mask = [] } = protect ?? {};
  for (const [index, path] of mask.entries()) {
    const plain = path.replace(/\/$/, '');
    const folder = mask.find((other) => other.endsWith('/') && plain.startsWith(other));
    const problem = (message: string) => ({ pointer: `/protect/mask/${index}`, key: undefined, message });
    if (readOnly.includes(plain))
      yield problem(`${quote(path)} is read-only already; name it in one of the two lists`);
    if (path.endsWith('/') && mask.includes(plain))
      yield problem(`${quote(path)} is masked as a file already; a path is one of the two`);
    if (folder !== undefined)
      yield problem(`${quote(path)} lies in ${quote(folder)}, which is masked whole; leave it out`);
  }
}
