import { UserError } from '../core/errors.js';
import { positionAt, type SourceFile, type Span } from '../core/text.js';
import {
  elements,
  type JsonDocument,
  type JsonNode,
  member,
  parseJson,
  plainValue,
  spanOf,
} from '../documents/json.js';
import { checkPolicy, describeProblem, type PolicyProblem } from './check.js';
import type { ForgeEntry } from './forges.js';
import { type RawGuards, toGuards } from './guards.js';
import { splitPort } from './host-name.js';
import { type Limits, toLimits } from './limits.js';
import { type RawModels, toModels } from './models.js';
import type {
  AgentId,
  Loss,
  Mode,
  Policy,
  PolicyForward,
  PolicyHost,
  PolicyRange,
  Shape,
  StackId,
  TargetId,
  Transport,
} from './policy.js';
import { type Protection, toProtection } from './protect.js';
import { isServer, type RawServer, toServer } from './servers.js';

/**
 * Reads a policy file: JSON with comments.
 *
 * @throws UserError at the offending value (at its key for an unknown property); where there are several, at the
 * first one, naming the lines of the others.
 */
export function parsePolicy(file: SourceFile): Policy {
  return toPolicy(readChecked(file, checkPolicy).value as RawPolicy);
}

/**
 * Reads JSON with comments, and checks what it says.
 *
 * @throws UserError as {@link parsePolicy}.
 */
export function readChecked(
  file: SourceFile,
  check: (value: unknown) => readonly PolicyProblem[],
): { readonly value: unknown; readonly document: JsonDocument } {
  const document = parseJson(file);
  const [syntax] = document.problems;
  if (syntax)
    throw new UserError(`not readable as JSON: ${syntax.message}`, { place: { file, at: syntax.at } });
  const [duplicate] = document.duplicates;
  if (duplicate) throw new UserError(duplicate.message, { place: { file, at: duplicate.at } });
  const value = plainValue(document.root);
  const problems = check(value).map((problem) => ({ at: spanAt(document, problem), problem }));
  const [first, ...others] = problems.sort((a, b) => a.at.start - b.at.start);
  if (first) {
    const lines = [...new Set(others.map(({ at }) => positionAt(file, at.start).line))];
    const more = lines.length === 0 ? '' : ` (more on line ${lines.join(', ')})`;
    throw new UserError(`${describeProblem(first.problem)}${more}`, { place: { file, at: first.at } });
  }
  return { value, document };
}

/** The error for a problem that only shows once the policy meets the presets, at its place. */
export function errorAt(file: SourceFile, problem: PolicyProblem): UserError {
  return new UserError(describeProblem(problem), { place: { file, at: spanAt(parseJson(file), problem) } });
}

/** A policy's plain value as the schema accepts it. */
interface RawPolicy {
  readonly name: string;
  readonly stacks?: readonly StackId[];
  readonly agents?: readonly AgentId[];
  readonly forges?: readonly ForgeEntry[];
  readonly models?: RawModels;
  readonly shape?: Shape;
  readonly mode?: Mode;
  readonly without?: readonly string[];
  readonly allow?: readonly (string | RawHost | PolicyRange)[];
  readonly publish?: readonly (number | { port: number; purpose?: string })[];
  readonly mcp?: readonly (RawForward | RawServer)[];
  readonly mcpTransport?: Transport;
  readonly guards?: RawGuards;
  readonly limits?: Partial<Limits>;
  readonly protect?: Partial<Protection>;
  readonly caCertificates?: string;
  readonly image?: string;
  readonly devcontainer?: Readonly<Record<string, unknown>>;
  readonly composeFiles?: readonly string[];
  readonly targets?: readonly TargetId[];
  readonly acceptedLosses?: readonly Loss[];
}

interface RawForward {
  readonly name: string;
  readonly port: number;
  readonly path?: string;
  readonly purpose?: string;
}

interface RawHost {
  readonly host: string;
  readonly ports?: readonly number[];
  readonly private?: boolean;
  readonly reason?: string;
}

function toPolicy(raw: RawPolicy): Policy {
  const { allow = [], mcp = [] } = raw;
  return {
    name: raw.name,
    stacks: raw.stacks ?? [],
    agents: raw.agents ?? [],
    forges: raw.forges ?? [],
    models: toModels(raw.models),
    shape: raw.shape ?? 'single',
    mode: raw.mode ?? 'enforce',
    without: raw.without ?? [],
    allow: allow.flatMap((entry) => (isRange(entry) ? [] : [toHost(entry)])),
    ranges: allow.filter(isRange),
    publish: (raw.publish ?? []).map((entry) =>
      typeof entry === 'number'
        ? { port: entry, purpose: undefined }
        : { port: entry.port, purpose: entry.purpose },
    ),
    mcp: mcp.flatMap((entry) => (isServer(entry) ? [] : [toForward(entry)])),
    servers: mcp.flatMap((entry, index) => (isServer(entry) ? [toServer(entry, index)] : [])),
    mcpTransport: raw.mcpTransport ?? 'socket',
    guards: toGuards(raw.guards),
    limits: toLimits(raw.limits),
    protect: toProtection(raw.protect),
    caCertificates: raw.caCertificates,
    image: raw.image,
    devcontainer: raw.devcontainer ?? {},
    composeFiles: raw.composeFiles ?? [],
    targets: raw.targets ?? [],
    acceptedLosses: raw.acceptedLosses ?? [],
  };
}

function isRange(entry: string | RawHost | PolicyRange): entry is PolicyRange {
  return typeof entry !== 'string' && 'range' in entry;
}

function toHost(entry: string | RawHost): PolicyHost {
  if (typeof entry !== 'string') {
    return { host: entry.host, ports: entry.ports, reason: entry.reason, private: entry.private };
  }
  const { name, port } = splitPort(entry);
  return {
    host: name,
    ports: port === undefined ? undefined : [Number(port)],
    reason: undefined,
    private: undefined,
  };
}

function toForward({ name, port, path, purpose }: RawForward): PolicyForward {
  return { name, port, path, purpose };
}

/** Where a problem's value stands; its key for an unknown property; the first character for an empty file. */
export function spanAt({ root }: JsonDocument, problem: PolicyProblem): Span {
  let node: JsonNode | undefined = root;
  for (const step of problem.pointer.split('/').slice(1)) {
    node = node?.type === 'array' ? elements(node)[Number(step)] : member(node, step)?.value;
  }
  const key = problem.key === undefined ? undefined : member(node, problem.key)?.keyNode;
  const found = key ?? node;
  return found ? spanOf(found) : { start: 0, end: 0 };
}
