import { findHost } from '../core/host-risk.js';
import { namesIn } from '../core/listing.js';
import type { Project } from '../core/rule.js';
import type { JsonDocument } from '../documents/json.js';
import type { UnreadableFile } from '../documents/problem.js';
import { risks } from '../generated/egress-catalogue.js';
import { type AllowEntry, type JudgedEntry, openingsOf, subjectOf } from './allow-entry.js';
import { breadthOf, isAboveInfo } from './breadth.js';
import type { Container } from './container.js';
import { coveringEntries, suffixesOf } from './covered.js';
import { type Drift, driftFromNeeds, driftFromPolicy } from './drift.js';
import { type EgressFiles, readEgressFiles } from './egress-files.js';
import {
  isItsOwn,
  type Need,
  nameOf,
  needsOfServers,
  needsOfTools,
  rootOf,
  unusedStacks,
} from './egress-needs.js';
import { findLookAlike } from './look-alike.js';
import { type ServerDrift, type ServerFlaw, serverDrift, serverFlaws } from './mcp-declarations.js';
import { findObserving, type Observing } from './observing.js';
import { type JoinedList, joinRendered } from './rendered-list.js';
import { sandboxEntries } from './sandbox-lists.js';

declare module '../core/rule.js' {
  interface Subjects {
    egress: Egress;
  }
}

/** What the files beside a devcontainer.json let out. */
export interface Egress {
  /** Each declaration once: of a list that is rendered from a policy only what the policy does not explain. */
  readonly entries: readonly JudgedEntry[];
  /** Where a firewall is told to refuse nothing. */
  readonly observing: readonly Observing[];
  readonly drift: readonly Drift[];
  /** What a policy leaves open about the MCP servers of the host that it declares. */
  readonly servers: readonly ServerFlaw[];
  readonly serverDrift: readonly ServerDrift[];
}

export interface EgressReading {
  /** Undefined where none of the files is there. */
  readonly egress: Egress | undefined;
  readonly problems: readonly UnreadableFile[];
}

/**
 * Reads the policy, the allowlists, the mode and the scripts of a firewall beside a devcontainer.json. `names` are the files in that
 * folder; the container is undefined where only these files are looked at; `today` is YYYY-MM-DD.
 */
export async function readEgress(
  folder: string,
  names: readonly string[],
  project: Project,
  container: Container | undefined,
  today: string,
): Promise<EgressReading> {
  const files = await readEgressFiles(folder, names, project, container);
  const { policy, lines, lists, scripts, problems } = files;
  if (!policy && !lines && lists.length + scripts.length === 0 && !files.mode)
    return { egress: undefined, problems };
  const root = rootOf(folder);
  const surroundings = { root, names: new Set(namesIn(project, root)), project, container };
  const joined = policy && joinRendered(policy, lines);
  const entries: readonly AllowEntry[] = [
    ...(joined ? [...joined.declared, ...joined.residual] : (lines ?? [])),
    ...lists.flat(),
    ...scripts.flat(),
  ];
  const needs = findNeeds(files, surroundings);
  const judged = judge(entries, [joined?.declared ?? lines ?? [], ...lists, ...scripts], needs);
  const drift = findDrift(files, joined, judged, needs, surroundings);
  const egress = {
    entries: judged,
    observing: findObserving(files, container),
    drift,
    servers: policy ? serverFlaws(policy.document, today) : [],
    serverDrift: policy ? serverDrift(policy.document, root, project) : [],
  };
  return { egress, problems };
}

/** What the settings of an agent's sandbox let out; undefined where they do not say. */
export function readSandbox(document: JsonDocument): Egress | undefined {
  const entries = sandboxEntries(document);
  return entries.length === 0
    ? undefined
    : { entries: judge(entries, [entries], []), observing: [], drift: [], servers: [], serverDrift: [] };
}

interface Surroundings {
  /** The project's root and the names of its files. */
  readonly root: string;
  readonly names: ReadonlySet<string>;
  readonly project: Project;
  readonly container: Container | undefined;
}

/** A policy says itself which stacks and agents it is for; elsewhere the files of the project do. */
function findNeeds({ policy }: EgressFiles, { root, names, project, container }: Surroundings): Need[] {
  return [...needsOfServers(root, names, project), ...(policy ? [] : needsOfTools(names, container))];
}

/** `groups` are the entries that stand in one file: only such can make each other superfluous. */
function judge(
  entries: readonly AllowEntry[],
  groups: readonly (readonly AllowEntry[])[],
  needs: readonly Need[],
): JudgedEntry[] {
  const needed = new Map(
    needs.flatMap(({ host, what }) => [host, ...suffixesOf(host)].map((name) => [name, what])),
  );
  const described = entries.map((entry) => ({ entry, description: describe(entry, needed) }));
  const tooWide = new Set(
    described.filter(({ description }) => isTooWide(description)).map(({ entry }) => entry),
  );
  const covering = new Map(groups.flatMap((group) => [...coveringEntries(group, tooWide)]));
  const subjects = new Set<string>();
  const open = new Set(entries.map(subjectOf));
  return described.map(({ entry, description }) => {
    const subject = entry.reader === 'policy' ? subjectOf(entry) : undefined;
    const isRepeated = subject !== undefined && subjects.has(subject);
    if (subject !== undefined) subjects.add(subject);
    const narrower = narrowerThan(description);
    return {
      ...entry,
      ...description,
      isRepeated,
      coveredBy: covering.get(entry),
      narrower: narrower !== undefined && open.has(narrower) ? undefined : narrower,
    };
  });
}

type Description = Omit<JudgedEntry, keyof AllowEntry | 'isRepeated' | 'coveredBy' | 'narrower'>;

function describe({ target, ports, reader }: AllowEntry, needed: ReadonlyMap<string, string>): Description {
  const host = target.kind === 'name' ? target.host : undefined;
  const known = host === undefined ? undefined : findHost(host, risks);
  const breadth = breadthOf(target, ports, known);
  return {
    known,
    // The policy takes no addresses without the reason why there is no name.
    breadth:
      breadth?.severity === 'info' && target.kind === 'addresses' && reader !== 'unknown'
        ? undefined
        : breadth,
    lookalike: host === undefined || known?.match === 'host' ? undefined : findLookAlike(host),
    neededFor: host === undefined ? undefined : needed.get(host),
  };
}

/** For a wildcard of one vendor: what is known of it and no wildcard itself. */
function narrowerThan({ known, breadth }: Description): string | undefined {
  const isOneName = known?.match === 'part' && !/^\.|\*/.test(known.known);
  return breadth?.severity === 'info' && isOneName ? known.known : undefined;
}

function isTooWide({ known, breadth }: Description): boolean {
  return breadth !== undefined || (known !== undefined && isAboveInfo(known));
}

function findDrift(
  { policy, lines, lists, scripts }: EgressFiles,
  joined: JoinedList | undefined,
  entries: readonly JudgedEntry[],
  needs: readonly Need[],
  { root, names, project, container }: Surroundings,
): Drift[] {
  const open = new Set([
    ...(joined?.openings ?? []),
    ...[...(lines ?? []), ...lists.flat(), ...scripts.flat()].flatMap(openingsOf),
  ]);
  const unused = unusedStacks(root, names, project, container).filter(({ id }) => !policy?.users.has(id));
  const users = new Map(
    unused.flatMap((stack) => stack.hosts.filter(isItsOwn).map(({ host }) => [host, nameOf(stack)])),
  );
  const list = (lines ?? lists[0])?.[0]?.place.file ?? policy?.document.file;
  return [
    ...(policy && joined ? driftFromPolicy(policy.document, joined) : []),
    // An empty list is a decision.
    ...(list && open.size > 0 ? driftFromNeeds(needs, open, list) : []),
    ...entries.flatMap((entry): Drift[] => {
      const what = entry.target.kind === 'name' ? users.get(entry.target.host) : undefined;
      return what === undefined ? [] : [{ kind: 'unused', entry, what }];
    }),
  ];
}
