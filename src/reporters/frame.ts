import { printable } from '../core/printable.js';
import { lineStarts, lineText, type Place, positionAt, type Span } from '../core/text.js';
import { displayWidth } from '../core/width.js';

/** One line of a source frame: a line of the file with an underline below it, or a gap between such lines. */
export type FrameLine =
  | { readonly number: number; readonly text: string; readonly underline: Underline | undefined }
  | 'gap';

/** Columns on the terminal, counted from the start of the line's shown text. */
export interface Underline {
  readonly indent: number;
  readonly width: number;
}

/** Lines of a span that are shown: enough to recognise a block, not to fill the screen. */
const mostLines = 5;

/**
 * The lines around a place, ready for a terminal of which `width` columns are left: tabs as spaces, control
 * characters as escapes, long lines cut so that the start of the span is visible. Empty for a file without text.
 */
export function frameOf(place: Place, width: number): FrameLine[] {
  const { file, at } = place;
  if (file.text === '') return [];
  const first = positionAt(file, at.start).line;
  // A span that ends at the start of a line does not cover that line.
  const last = Math.max(first, positionAt(file, Math.max(at.start, at.end - 1)).line);
  const shift = shiftFor(place, first, width);
  const frame: FrameLine[] = [];
  for (const number of [first - 1, ...spanLines(first, last), last + 1]) {
    if (number === 'gap') frame.push('gap');
    else if (number > 0 && lineText(file, number) !== undefined) {
      // The neighbours are shown from their start, where their keys are.
      const isNeighbour = number < first || number > last;
      frame.push(lineOf(place, number, isNeighbour ? 0 : shift, width));
    }
  }
  return trimBlank(frame);
}

function spanLines(first: number, last: number): (number | 'gap')[] {
  const count = last - first + 1;
  if (count <= mostLines) return Array.from({ length: count }, (_, index) => first + index);
  return [first, first + 1, first + 2, 'gap', last];
}

/** A blank context line says nothing. */
function trimBlank(frame: FrameLine[]): FrameLine[] {
  const isBlank = (line: FrameLine | undefined) =>
    line !== undefined && line !== 'gap' && !line.underline && line.text.trim() === '';
  const start = isBlank(frame[0]) ? 1 : 0;
  return frame.slice(start, isBlank(frame.at(-1)) ? -1 : undefined);
}

/** How many UTF-16 units of the span's lines are left out on the left, so that the span's start can be seen. */
function shiftFor({ file, at }: Place, line: number, width: number): number {
  const text = lineText(file, line) ?? '';
  const column = at.start - (lineStarts(file)[line - 1] ?? 0);
  const end = Math.min(at.end - at.start, text.length - column) + column;
  // Everything fits, or the span does although the line's end is cut.
  if (column < 4 * width && shownWidth(text.slice(0, end)) < width - 1) return 0;
  const spanWidth = Math.min(end - column, width);
  const context = Math.max(Math.floor((width - spanWidth) / 2), Math.floor(width / 5));
  return Math.max(0, column - context);
}

function lineOf(place: Place, number: number, shift: number, width: number): FrameLine {
  const line = lineText(place.file, number) ?? '';
  const from = startsInsidePair(line, shift) ? shift + 1 : shift;
  // No more than could be shown: a minified file is one line of megabytes.
  const limit = from + 2 * width;
  const lead = from > 0 && line !== '' ? '…' : '';
  const text = `${lead}${cut(show(line.slice(from, limit)), width - lead.length, limit < line.length)}`;
  const covered = coveredColumns(place, number, line);
  if (!covered) return { number, text, underline: undefined };
  const start = Math.max(from, covered.start);
  const before = displayWidth(lead) + shownWidth(line.slice(from, start));
  const indent = Math.min(before, width - 1);
  const length = Math.min(
    shownWidth(line.slice(start, Math.min(covered.end, limit))),
    displayWidth(text) - indent,
  );
  return { number, text, underline: { indent, width: Math.max(1, length) } };
}

/** What the place covers of a line, in UTF-16 units; of a line that it passes through not the indentation. */
function coveredColumns({ file, at }: Place, number: number, line: string): Span | undefined {
  const offset = lineStarts(file)[number - 1] ?? 0;
  const isFirst = positionAt(file, at.start).line === number;
  const indentation = line.length - line.trimStart().length;
  const start = isFirst ? Math.min(at.start - offset, line.length) : indentation;
  const end = Math.min(at.end - offset, line.length);
  return isFirst || (at.start < offset && end > start) ? { start, end } : undefined;
}

function startsInsidePair(text: string, index: number): boolean {
  return (
    index > 0 && /[\udc00-\udfff]/.test(text[index] ?? '') && /[\ud800-\udbff]/.test(text[index - 1] ?? '')
  );
}

function show(text: string): string {
  return printable(text.replaceAll('\t', '    '));
}

function shownWidth(text: string): number {
  return displayWidth(show(text));
}

/** At most `width` columns; an ellipsis stands for what is left out. */
function cut(text: string, width: number, isLonger: boolean): string {
  if (!isLonger && displayWidth(text) <= width) return text;
  let shown = '';
  let used = 0;
  for (const character of text) {
    const more = displayWidth(character);
    if (used + more > width - 1) break;
    shown += character;
    used += more;
  }
  return `${shown}…`;
}
