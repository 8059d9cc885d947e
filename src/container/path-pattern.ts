import type { HostPath } from './host-path.js';

/**
 * A place on the host as the tables write it: `~/.ssh/id_*`, `/run/docker.sock`, `$XDG_RUNTIME_DIR/bus`.
 * `*` stands for any run of characters within one segment.
 */
export interface PathPattern {
  readonly base: 'home' | 'root' | 'runtime';
  readonly segments: readonly SegmentPattern[];
}

interface SegmentPattern {
  readonly text: string;
  readonly exact: RegExp | undefined;
  readonly ignoringCase: RegExp | undefined;
}

const runtimePrefix = '$XDG_RUNTIME_DIR';

// Some tables share patterns.
const parsed = new Map<string, PathPattern>();

/** Reads a table entry; entries are our own data, so a malformed one is a bug and throws. */
export function parsePattern(text: string): PathPattern {
  const known = parsed.get(text) ?? readPattern(text);
  parsed.set(text, known);
  return known;
}

function readPattern(text: string): PathPattern {
  const [first = '', ...rest] = text.split('/');
  const base =
    first === '~' ? 'home' : first === runtimePrefix ? 'runtime' : first === '' ? 'root' : undefined;
  if (!base) throw new Error(`not a path pattern: ${text}`);
  return { base, segments: rest.filter((segment) => segment !== '').map(parseSegment) };
}

function parseSegment(text: string): SegmentPattern {
  if (!text.includes('*')) return { text, exact: undefined, ignoringCase: undefined };
  const source = text
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return { text, exact: new RegExp(`^${source}$`, 's'), ignoringCase: new RegExp(`^${source}$`, 'is') };
}

/** Rows by the places that they are about. */
export interface PathTable<T> {
  /** The most specific row whose place is the path itself or a folder above it, and that is accepted. */
  find(
    path: HostPath,
    accepts?: (row: T, relation: 'same' | 'below') => boolean,
  ): { readonly row: T; readonly relation: 'same' | 'below' } | undefined;
  /** The rows whose places lie below the path. */
  listBelow(path: HostPath): readonly T[];
}

/** A table that is compiled when it is first asked: every mount asks, and most files have none. */
export function pathTable<T>(rows: () => readonly (readonly [text: string, row: T])[]): PathTable<T> {
  let compiled: readonly PlacedRow<T>[] | undefined;
  let groups: ReadonlyMap<string, readonly PlacedRow<T>[]> | undefined;
  const compile = () =>
    rows()
      .map(([text, row]) => {
        const pattern = parsePattern(text);
        return { pattern, row, rank: -specificity(pattern) };
      })
      .sort((a, b) => a.rank - b.rank);
  return {
    find(path, accepts = () => true) {
      compiled ??= compile();
      groups ??= groupRows(compiled);
      const own = groups.get(startOf(path.base, path.segments[0] ?? '')) ?? [];
      const open = groups.get(path.base) ?? [];
      const near = own.length === 0 ? open : open.length === 0 ? own : inOrder([...own, ...open]);
      for (const { pattern, row } of near) {
        const relation = relate(pattern, path);
        if (relation && relation !== 'above' && accepts(row, relation)) return { row, relation };
      }
      return undefined;
    },
    listBelow(path) {
      compiled ??= compile();
      return compiled.flatMap(({ pattern, row }) => (relate(pattern, path) === 'above' ? [row] : []));
    },
  };
}

interface PlacedRow<T> {
  readonly pattern: PathPattern;
  readonly row: T;
  /** Lower where the pattern says more. */
  readonly rank: number;
}

/** The rows by base and first name, and by the base alone where any name may stand first; in order. */
function groupRows<T>(rows: readonly PlacedRow<T>[]): ReadonlyMap<string, readonly PlacedRow<T>[]> {
  const groups = new Map<string, PlacedRow<T>[]>();
  for (const row of rows) {
    const { base, segments } = row.pattern;
    const [first] = segments;
    const key = first && !first.exact ? startOf(base, first.text) : base;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

function inOrder<T>(rows: readonly PlacedRow<T>[]): readonly PlacedRow<T>[] {
  return rows.toSorted((a, b) => a.rank - b.rank);
}

/** No name holds a slash. Some paths ignore case, so none counts here. */
function startOf(base: string, name: string): string {
  return `${base}/${name.toLowerCase()}`;
}

/** Higher where a pattern says more: by depth, then a literal name before a wildcard, then the longer text. */
function specificity({ segments }: PathPattern): number {
  const wildcards = segments.filter(({ exact }) => exact).length;
  const length = segments.reduce((sum, { text }) => sum + text.length, 0);
  return segments.length * 10_000 - wildcards * 1_000 + length;
}

/**
 * Where `path` stands to the pattern: `same` place, `below` it, or `above` it (a folder that holds it);
 * undefined where they have nothing in common.
 */
export function relate(pattern: PathPattern, path: HostPath): 'same' | 'below' | 'above' | undefined {
  if (pattern.base !== path.base || path.up > 0) return undefined;
  const common = Math.min(pattern.segments.length, path.segments.length);
  for (let index = 0; index < common; index++) {
    const wanted = pattern.segments[index];
    const actual = path.segments[index];
    if (!wanted || actual === undefined || !matches(wanted, actual, path.ignoreCase)) return undefined;
  }
  if (pattern.segments.length === path.segments.length) return 'same';
  return pattern.segments.length < path.segments.length ? 'below' : 'above';
}

function matches(pattern: SegmentPattern, segment: string, ignoreCase: boolean): boolean {
  if (pattern.exact && pattern.ignoringCase)
    return (ignoreCase ? pattern.ignoringCase : pattern.exact).test(segment);
  // Lengths first: a hostile segment may be megabytes long, and it is asked about by every pattern.
  if (!ignoreCase || pattern.text.length !== segment.length) return pattern.text === segment;
  return pattern.text.toLowerCase() === segment.toLowerCase();
}

/** The path in one short form for messages: `~/.ssh`, `/run/docker.sock`, `$SSH_AUTH_SOCK`. */
export function showHostPath(path: HostPath): string {
  const rest = [...Array<string>(path.up).fill('..'), ...path.segments].join('/');
  if (path.base === 'root') return `/${rest}`;
  const start = {
    home: '~',
    runtime: runtimePrefix,
    workspace: 'the workspace',
    unknown: path.variable === undefined ? '?' : `$${path.variable}`,
  }[path.base];
  return rest === '' ? start : `${start}/${rest}`;
}
