import type { Edit, Fix } from './rule.js';
import type { SourceFile, Span } from './text.js';

/** A change of one text, whichever file it belongs to. */
export type TextEdit = Pick<Edit, 'at' | 'text'>;

/**
 * The text after all edits; every byte outside their spans stays as it was. The order in which edits are given
 * does not matter, except between insertions at one point: those keep it.
 *
 * @throws RangeError where an edit lies outside the text or two of them overlap: the caller's mistake.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = sortEdits(edits);
  let result = '';
  let done = 0;
  for (const { at, text: inserted } of sorted) {
    if (!isInside(at, text.length)) {
      throw new RangeError(`edit ${show(at)} is not inside the text of ${text.length} characters`);
    }
    if (at.start < done) throw new RangeError(`edit ${show(at)} overlaps the one that ends at ${done}`);
    result += text.slice(done, at.start) + inserted;
    done = at.end;
  }
  return result + text.slice(done);
}

/** Takes in fixes that may be applied to the same texts. */
export interface FixBatch {
  /**
   * False, and nothing taken in, where the fix conflicts with one before it. Spans that merely touch count: both may
   * have been worked out from the same neighbour (the comma between two elements, one place for a new property).
   */
  add(fix: Fix): boolean;
}

export function newBatch(): FixBatch {
  // By file, sorted and apart from each other: one look is enough among thousands.
  const taken = new Map<string, Span[]>();
  return {
    add({ edits }) {
      const isFree = edits.every(({ file, at }) => {
        const spans = taken.get(file) ?? [];
        const next = spans[firstIndex(spans.length, (index) => (spans[index]?.end ?? 0) >= at.start)];
        return !next || next.start > at.end;
      });
      if (!isFree) return false;
      for (const [file, own] of editsByFile(edits)) {
        const spans = taken.get(file) ?? [];
        for (const { at } of own) takeSpan(spans, at);
        taken.set(file, spans);
      }
      return true;
    },
  };
}

/** Adds a span to sorted ones; those that it touches become one with it. */
function takeSpan(spans: Span[], { start, end }: Span): void {
  const from = firstIndex(spans.length, (index) => (spans[index]?.end ?? 0) >= start);
  const to = firstIndex(spans.length, (index) => (spans[index]?.start ?? 0) > end);
  const merged = {
    start: Math.min(start, spans[from]?.start ?? start),
    end: Math.max(end, spans[to - 1]?.end ?? end),
  };
  spans.splice(from, to - from, from < to ? merged : { start, end });
}

/** The first index that is so, where all behind it are so too; `length` where none is. */
function firstIndex(length: number, isSo: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSo(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The edits by the file they change, in the order of first mention. */
export function editsByFile(edits: readonly Edit[]): Map<string, Edit[]> {
  const files = new Map<string, Edit[]>();
  for (const edit of edits) {
    const known = files.get(edit.file);
    if (known) known.push(edit);
    else files.set(edit.file, [edit]);
  }
  return files;
}

/**
 * Where a stretch of the old text stands after the edits. What was inserted at its rim stays outside; where the
 * rim itself was replaced, the replacement counts as part of it; what was deleted leaves an empty span.
 */
export function mapSpan(span: Span, edits: readonly TextEdit[]): Span {
  return spanMapper(edits)(span);
}

/** {@link mapSpan} for many spans of one text. The edits must not overlap. */
export function spanMapper(edits: readonly TextEdit[]): (span: Span) => Span {
  const sorted = sortEdits(edits);
  // How far the text has moved before each edit.
  const shifts = [0];
  for (const { at, text } of sorted) shifts.push((shifts.at(-1) ?? 0) + text.length - (at.end - at.start));
  const endAt = (index: number) => sorted[index]?.at.end ?? 0;
  return (span) => {
    const first = firstIndex(sorted.length, (index) => endAt(index) > span.start);
    const start = Math.min(span.start, sorted[first]?.at.start ?? span.start) + (shifts[first] ?? 0);
    const last = isEmpty(span) ? first : firstIndex(sorted.length, (index) => endAt(index) >= span.end);
    const at = sorted[last]?.at;
    const isBehind = !at || at.start >= span.end;
    const end = isBehind ? span.end + (shifts[last] ?? 0) : at.end + (shifts[last + 1] ?? 0);
    return { start, end: Math.max(start, end) };
  };
}

function sortEdits(edits: readonly TextEdit[]): readonly TextEdit[] {
  return edits.toSorted((a, b) => a.at.start - b.at.start || a.at.end - b.at.end);
}

function isInside({ start, end }: Span, length: number): boolean {
  return Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= length;
}

function isEmpty(span: Span): boolean {
  return span.start === span.end;
}

function show({ start, end }: Span): string {
  return `${start}-${end}`;
}

/** One edit for all between what both texts begin and end with. */
export function editBetween({ path, text }: SourceFile, after: string): Edit {
  const most = Math.min(text.length, after.length);
  const start = sameAtStart(text, after, most);
  const same = sameAtEnd(text, after, most - start);
  return {
    file: path,
    at: { start, end: text.length - same },
    text: after.slice(start, after.length - same),
  };
}

// A file is longer than what a fix changes in it: whole stretches are compared first.
const stretches = [256, 16, 1];

function sameAtStart(a: string, b: string, most: number): number {
  let same = 0;
  for (const step of stretches)
    while (same + step <= most && a.startsWith(b.slice(same, same + step), same)) same += step;
  return same;
}

function sameAtEnd(a: string, b: string, most: number): number {
  let same = 0;
  for (const step of stretches)
    while (
      same + step <= most &&
      a.endsWith(b.slice(b.length - same - step, b.length - same), a.length - same)
    )
      same += step;
  return same;
}

/** Edits that are made together; none where one side has none, or where they are about the same text. */
export function joinEdits(a: readonly Edit[], b: readonly Edit[]): readonly Edit[] {
  const all = [...a, ...b];
  const overlaps = [...editsByFile(all).values()].some((own) => {
    const sorted = sortEdits(own);
    return sorted.some(({ at }, index) => at.start < (sorted[index - 1]?.at.end ?? 0));
  });
  return a.length === 0 || b.length === 0 || overlaps ? [] : all;
}

/**
 * Edits of one file and then others that are worked out from what these leave: as one edit, for their places may be the
 * same. None where one of them cannot be said. Edits of other files stay as they are.
 */
export function editTwice(
  file: SourceFile,
  first: readonly Edit[],
  then: (changed: SourceFile) => readonly Edit[],
): readonly Edit[] {
  if (first.length === 0) return [];
  const own = first.filter((edit) => edit.file === file.path);
  const changed = { path: file.path, text: applyEdits(file.text, own) };
  const second = then(changed);
  if (second.length === 0) return [];
  const others = [...first, ...second].filter((edit) => edit.file !== file.path);
  const after = applyEdits(
    changed.text,
    second.filter((edit) => edit.file === file.path),
  );
  return after === file.text ? others : [editBetween(file, after), ...others];
}

/** Takes out the lines that a span stands on. At the end of a file the line end before them goes, so that it ends as it did. */
export function removeLines({ path, text }: SourceFile, { start, end }: Span): Edit {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const before = newline < 0 ? (/\r?\n$/.exec(text.slice(Math.max(0, from - 2), from))?.[0].length ?? 0) : 0;
  return {
    file: path,
    at: { start: from - before, end: newline < 0 ? text.length : newline + 1 },
    text: '',
  };
}
