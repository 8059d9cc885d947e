import { diffArrays } from 'diff';

/** A place where both sides changed the same lines in different ways. */
export interface LineConflict {
  /** In the edited text, from 1. */
  readonly line: number;
  readonly edited: readonly string[];
  readonly rendered: readonly string[];
}

export interface LineMerge {
  /** Where there is a conflict, the rendered lines stand. */
  readonly text: string;
  readonly conflicts: readonly LineConflict[];
}

/** Lines of the base that one side has replaced. */
interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
}

/** The search takes the square of what differs: beyond this many lines it would be felt. */
const mostChanges = 3000;

/**
 * Three-way merge by lines: what either side changed since `base`. Changes that touch without a common line between
 * them are a conflict, unless both are the same.
 */
export function mergeLines(base: string, edited: string, rendered: string): LineMerge {
  const [old, mine, ours] = [base, edited, rendered].map(splitLines) as [string[], string[], string[]];
  const left = listHunks(old, mine);
  const right = listHunks(old, ours);
  const out: string[] = [];
  const conflicts: LineConflict[] = [];
  let done = 0;
  let shift = 0;
  for (const { start, end, mine: own, ours: theirs } of groupHunks(left, right)) {
    out.push(...old.slice(done, start));
    const [a, b] = [own, theirs].map((hunks) => replaceIn(old, start, end, hunks)) as [string[], string[]];
    const isSame = a.join('') === b.join('');
    if (own.length > 0 && theirs.length > 0 && !isSame)
      conflicts.push({ line: start + shift + 1, edited: a, rendered: b });
    out.push(...(theirs.length > 0 ? b : a));
    shift += own.reduce((sum, hunk) => sum + hunk.lines.length - (hunk.end - hunk.start), 0);
    done = end;
  }
  return { text: [...out, ...old.slice(done)].join(''), conflicts };
}

interface Group {
  readonly start: number;
  readonly end: number;
  readonly mine: readonly Hunk[];
  readonly ours: readonly Hunk[];
}

/** The first line of the base that the edited text changed or left out: its text. */
export function firstLost(
  base: string,
  edited: string,
): { readonly line: number; readonly text: string } | undefined {
  const old = splitLines(base);
  let shift = 0;
  for (const { start, end, lines } of listHunks(old, splitLines(edited))) {
    const lost = old.slice(start, end).find((line) => !lines.includes(line));
    if (lost !== undefined) return { line: start + shift + 1, text: lost };
    shift += lines.length - (end - start);
  }
  return undefined;
}

/** Hunks of both sides that touch each other, in the order of the base. */
function* groupHunks(left: readonly Hunk[], right: readonly Hunk[]): Generator<Group> {
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const mine: Hunk[] = [];
    const ours: Hunk[] = [];
    const start = Math.min(
      left[i]?.start ?? Number.POSITIVE_INFINITY,
      right[j]?.start ?? Number.POSITIVE_INFINITY,
    );
    let end = start;
    for (;;) {
      const [a, b] = [left[i], right[j]];
      if (a && a.start <= end) {
        mine.push(a);
        end = Math.max(end, a.end);
        i += 1;
      } else if (b && b.start <= end) {
        ours.push(b);
        end = Math.max(end, b.end);
        j += 1;
      } else break;
    }
    yield { start, end, mine, ours };
  }
}

function replaceIn(old: readonly string[], start: number, end: number, hunks: readonly Hunk[]): string[] {
  const out: string[] = [];
  let done = start;
  for (const hunk of hunks) {
    out.push(...old.slice(done, hunk.start), ...hunk.lines);
    done = hunk.end;
  }
  return [...out, ...old.slice(done, end)];
}

function listHunks(old: readonly string[], now: readonly string[]): readonly Hunk[] {
  const changes = diffArrays([...old], [...now], { maxEditLength: mostChanges });
  if (!changes) return [{ start: 0, end: old.length, lines: now }];
  const hunks: { start: number; end: number; lines: string[] }[] = [];
  let at = 0;
  for (const { value, added, removed } of changes) {
    if (!added && !removed) {
      at += value.length;
      continue;
    }
    const last = hunks.at(-1);
    const hunk = last?.end === at ? last : { start: at, end: at, lines: [] };
    if (hunk !== last) hunks.push(hunk);
    if (added) hunk.lines.push(...value);
    else {
      at += value.length;
      hunk.end = at;
    }
  }
  return hunks;
}

/** Each with its end. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
