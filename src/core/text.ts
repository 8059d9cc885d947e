import { Attached } from './attached.js';

/** A stretch of text: UTF-16 offsets, half-open. The only position a rule handles. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A file as text. `path` is '/'-separated and relative to the project's root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Where a value came from. */
export interface Place {
  readonly file: SourceFile;
  readonly at: Span;
}

/** 1-based line and column; the column counts UTF-16 units. Only reporters use it. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

// One table per file object: a report of many findings asks for the same file again and again.
const tables = new Attached<SourceFile, readonly number[]>();

/** Offsets at which each line of the file starts; `\n`, `\r\n` and a lone `\r` end a line. */
export function lineStarts(file: SourceFile): readonly number[] {
  const known = tables.get(file);
  if (known) return known;
  const starts = findLineStarts(file.text);
  tables.set(file, starts);
  return starts;
}

function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  if (text.includes('\r'))
    for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  else for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Line and column of an offset; an offset beyond the text counts as its end. */
export function positionAt(file: SourceFile, offset: number): Position {
  const starts = lineStarts(file);
  const at = Math.max(0, Math.min(offset, file.text.length));
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
}

/** The text of a 1-based line without its line end; undefined beyond the last line. */
export function lineText(file: SourceFile, line: number): string | undefined {
  const starts = lineStarts(file);
  const start = starts[line - 1];
  if (start === undefined) return undefined;
  // Looks at the end alone: a line may be megabytes long, and every finding on it asks.
  let end = starts[line] ?? file.text.length;
  if (end > start && file.text[end - 1] === '\n') end -= 1;
  if (end > start && file.text[end - 1] === '\r') end -= 1;
  return file.text.slice(start, end);
}

/** The text that a place covers. */
export function textOf(place: Place): string {
  return place.file.text.slice(place.at.start, place.at.end);
}
