import type { Edit, Fix } from './rule.js';
import type { Span } from './text.js';

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

/**
 * Whether two fixes must not be applied to the same texts. Spans that merely touch count: both may have been
 * worked out from the same neighbour (the comma between two elements, one place for a new property).
 */
export function conflicts(a: Fix, b: Fix): boolean {
  return a.edits.some((one) => b.edits.some((other) => one.file === other.file && touch(one.at, other.at)));
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
  let before = 0;
  let start: number | undefined;
  let end: number | undefined;
  for (const { at, text } of sortEdits(edits)) {
    if (start === undefined && at.end > span.start) start = Math.min(span.start, at.start) + before;
    if (end === undefined && at.start >= span.end && !(isEmpty(span) && isEmpty(at))) end = span.end + before;
    before += text.length - (at.end - at.start);
    if (end === undefined && at.end >= span.end && !isEmpty(at)) end = at.end + before;
  }
  const from = start ?? span.start + before;
  return { start: from, end: Math.max(from, end ?? span.end + before) };
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

function touch(a: Span, b: Span): boolean {
  return a.start <= b.end && b.start <= a.end;
}

function show({ start, end }: Span): string {
  return `${start}-${end}`;
}
