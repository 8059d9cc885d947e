import type { AddressBook } from './address-book.js';
import type { NameMatcher } from './listed-names.js';
import { type Connection, readProxyLine, readResolverLine } from './log-line.js';
import { openLookups, type Questions, stretch } from './lookups.js';

export const verdicts = ['refused', 'unresolved', 'observed', 'allowed'] as const;
/**
 * `unresolved`: on the list, but it has no address that may be reached. `observed`: not on the list, let through all the
 * same.
 */
export type Verdict = (typeof verdicts)[number];

/** What stopped it. `resolver` and `proxy` did not find the name on the list. */
export type Cause = 'resolver' | 'proxy' | 'no-name' | 'no-tls' | 'no-address' | 'private-address';

/** All that happened to one name under one verdict. Times are milliseconds since 1970, sizes bytes. */
export interface EgressEntry {
  readonly verdict: Verdict;
  /** Undefined for connections that named none. */
  readonly name: string | undefined;
  /** Those that were tried through the proxy, sorted. */
  readonly ports: readonly number[];
  /** A question for both kinds of address counts as one. */
  readonly lookups: number;
  readonly connections: number;
  readonly up: number;
  readonly down: number;
  readonly first: number;
  readonly last: number;
  /** The list has the name now, with these ports, whatever it was then. */
  readonly isListed: boolean;
  /** How often each cause stopped it; empty where nothing did. */
  readonly causes: ReadonlyMap<Cause, number>;
}

export interface EgressTally {
  /** By verdict in the order above, then the most frequent first. */
  readonly entries: readonly EgressEntry[];
  /** Lines about connections that could not be read. */
  readonly unreadable: number;
  /** Names that an address was handed out for. */
  readonly namesOf: AddressBook['namesOf'];
}

/** Counts lines as they come. The order of files matters only where a question and its answer stand in two of them. */
export interface LogCounter {
  proxyLine(line: string): void;
  resolverLine(line: string): void;
  /** Ends the count. */
  finish(): EgressTally;
}

/** `isListed` knows the allowlist; what happened before `since` is left out. */
export function openLogCounter(isListed: NameMatcher, since = 0): LogCounter {
  const rows = new Map<string, Row>();
  const lookups = openLookups(since);
  let unreadable = 0;
  return {
    proxyLine(line) {
      const read = readProxyLine(line);
      if (read === 'unreadable') unreadable += 1;
      else if (read && read.at >= since) addConnection(rows, read);
    },
    resolverLine(line) {
      const read = readResolverLine(line);
      if (read) lookups.add(read);
    },
    finish() {
      for (const [name, asked] of lookups.refused) addQuestions(rows, 'refused', name, asked, 'resolver');
      for (const [name, asked] of lookups.forwarded) {
        const missing = lookups.missing(name, asked);
        if (missing) addQuestions(rows, 'unresolved', name, asked, missing);
        else addQuestions(rows, isListed(name) ? 'allowed' : 'observed', name, asked);
      }
      const entries = [...rows.values()].sort(compareEntries);
      for (const row of entries) row.isListed = row.name !== undefined && isListed(row.name, row.ports);
      return { entries, unreadable, namesOf: lookups.addresses.namesOf };
    },
  };
}

/** An entry while it is counted. */
type Row = { -readonly [Key in keyof EgressEntry]: EgressEntry[Key] } & {
  readonly causes: Map<Cause, number>;
};

const outcomes: Readonly<Record<Connection['verdict'], readonly [Verdict, Cause?]>> = {
  allowed: ['allowed'],
  observed: ['observed'],
  refused: ['refused', 'proxy'],
  'no-name': ['refused', 'no-name'],
  'no-tls': ['refused', 'no-tls'],
  unresolved: ['unresolved', 'no-address'],
};

function addConnection(rows: Map<string, Row>, connection: Connection): void {
  const { at, name, port, up, down } = connection;
  const [verdict, cause] = outcomes[connection.verdict];
  const row = rowOf(rows, verdict, name, cause, at);
  row.connections += 1;
  row.up += up;
  row.down += down;
  if (!row.ports.includes(port)) row.ports = [...row.ports, port].sort((a, b) => a - b);
  if (cause) raise(row.causes, cause, 1);
}

function addQuestions(
  rows: Map<string, Row>,
  verdict: Verdict,
  name: string,
  { a, aaaa, other, first, last }: Questions,
  cause?: Cause,
): void {
  const row = rowOf(rows, verdict, name, cause, first);
  stretch(row, last);
  row.lookups += Math.max(a, aaaa) + other;
  if (cause) raise(row.causes, cause, row.lookups);
}

function rowOf(
  rows: Map<string, Row>,
  verdict: Verdict,
  name: string | undefined,
  cause: Cause | undefined,
  at: number,
): Row {
  // Without a name there is one row for each cause.
  const key = `${verdict} ${name === undefined ? cause : `name ${name}`}`;
  let row = rows.get(key);
  if (!row) {
    row = {
      verdict,
      name,
      ports: [],
      isListed: false,
      causes: new Map(),
      lookups: 0,
      connections: 0,
      up: 0,
      down: 0,
      first: at,
      last: at,
    };
    rows.set(key, row);
  }
  stretch(row, at);
  return row;
}

function raise(counts: Map<Cause, number>, cause: Cause, by: number): void {
  counts.set(cause, (counts.get(cause) ?? 0) + by);
}

/** How often the name was tried. */
export function triesOf({ lookups, connections, verdict }: EgressEntry): number {
  // What is let through is asked for by the client and then by the proxy: its connections are what counts.
  return verdict === 'refused' || verdict === 'unresolved' ? lookups + connections : connections || lookups;
}

const ranks: Readonly<Record<Verdict, number>> = { refused: 0, unresolved: 1, observed: 2, allowed: 3 };

function compareEntries(a: EgressEntry, b: EgressEntry): number {
  return (
    ranks[a.verdict] - ranks[b.verdict] ||
    triesOf(b) - triesOf(a) ||
    b.last - a.last ||
    ((a.name ?? '') < (b.name ?? '') ? -1 : 1)
  );
}
