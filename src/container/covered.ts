import { type AllowEntry, openingsOf, subjectOf } from './allow-entry.js';

/** The first entry for each opening. */
type Openers = ReadonlyMap<string, AllowEntry>;

/**
 * For each entry that opens nothing which others of the list do not, one of the others; of equals the first counts. What is
 * `tooWide` covers none but its equals: it is the one that should go.
 */
export function coveringEntries(
  entries: readonly AllowEntry[],
  tooWide: ReadonlySet<AllowEntry>,
): ReadonlyMap<AllowEntry, AllowEntry> {
  // What is private is opened by its address too.
  const comparable = entries.filter(({ isPrivate }) => !isPrivate);
  const openers = new Map<string, AllowEntry>();
  for (const entry of comparable) {
    for (const opening of openingsOf(entry)) if (!openers.has(opening)) openers.set(opening, entry);
  }
  const covering = new Map<AllowEntry, AllowEntry>();
  for (const entry of comparable) {
    const equals = openingsOf(entry).map((opening) => openers.get(opening));
    if (equals[0] && !equals.includes(entry)) covering.set(entry, equals[0]);
  }
  for (const group of groupEntries(comparable)) {
    const [first] = group;
    const wildcards = group.flatMap(openingsOf).map((opening) => findWildcard(opening, openers, tooWide));
    if (first && wildcards[0] && !wildcards.includes(undefined)) covering.set(first, wildcards[0]);
  }
  return covering;
}

/** What is taken out together: all that a policy says of one host, since it is rendered together, else single entries. */
function groupEntries(entries: readonly AllowEntry[]): Iterable<readonly AllowEntry[]> {
  const groups = new Map<unknown, AllowEntry[]>();
  for (const entry of entries) {
    const key = (entry.reader === 'policy' && subjectOf(entry)) || entry;
    const same = groups.get(key);
    if (same) same.push(entry);
    else groups.set(key, [entry]);
  }
  return groups.values();
}

/** The entry of a wildcard above a name or another wildcard that opens as much. */
function findWildcard(
  opening: string,
  openers: Openers,
  tooWide: ReadonlySet<AllowEntry>,
): AllowEntry | undefined {
  const [host = '', port = ''] = opening.split(' ');
  for (const suffix of suffixesOf(host)) {
    const wildcard = openers.get(`${suffix} ${port}`);
    if (wildcard && !tooWide.has(wildcard)) return wildcard;
  }
  return undefined;
}

/** The wildcards that take in a name or another wildcard, the nearest first: `.a.b` for `a.b`, then `.b`. */
export function* suffixesOf(host: string): Generator<string> {
  const isWildcard = host.startsWith('.');
  const dot = host.indexOf('.', 1);
  if (isWildcard && dot < 0) return;
  let name = isWildcard ? host.slice(dot + 1) : host;
  for (;;) {
    yield `.${name}`;
    const next = name.indexOf('.');
    if (next < 0) return;
    name = name.slice(next + 1);
  }
}
