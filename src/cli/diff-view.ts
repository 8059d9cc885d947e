import type { ChalkInstance } from 'chalk';
import { printable } from '../core/printable.js';

/** Characters that stay visible on each side of a change inside a long line. */
const context = 24;

/**
 * A unified diff for people: coloured, and no character of a scanned file reaches the terminal as a control character.
 * Where a width is given, lines that would fill the screen (a minified file) are cut, but never where they change.
 */
export function formatDiff(diff: string, chalk: ChalkInstance, width = Number.POSITIVE_INFINITY): string {
  const lines = diff.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const shown = lines.map(showLine);
  for (const [removed, added] of pairLines(shown)) {
    const before = shown[removed] ?? '';
    const after = shown[added] ?? '';
    if (Math.max(before.length, after.length) > width)
      [shown[removed], shown[added]] = cutAroundChange(before, after);
  }
  const cut = shown.map((line) =>
    line.startsWith(' ') && line.length > width ? `${line.slice(0, width - 1)}…` : line,
  );
  return cut.map((line) => `${paint(line, chalk)}\n`).join('');
}

function showLine(line: string): string {
  // Else every line of a CRLF file would end in an escape.
  return line.replace(/\r$/, '').split('\t').map(printable).join('\t');
}

/** Each removed line with the added one that takes its place, where as many are added as removed. */
function pairLines(lines: readonly string[]): [removed: number, added: number][] {
  const pairs: [number, number][] = [];
  const start = lines.findIndex((line) => line.startsWith('@@'));
  for (let index = Math.max(start, 0); index < lines.length; index++) {
    const removed = countRun(lines, index, '-');
    if (removed === 0) continue;
    // Between the two may stand the remark on a missing line end.
    const next = index + removed + countRun(lines, index + removed, '\\');
    if (countRun(lines, next, '+') === removed)
      for (let offset = 0; offset < removed; offset++) pairs.push([index + offset, next + offset]);
    index = next - 1;
  }
  return pairs;
}

function countRun(lines: readonly string[], from: number, mark: string): number {
  let end = from;
  while (lines[end]?.startsWith(mark)) end += 1;
  return end - from;
}

function cutAroundChange(before: string, after: string): [before: string, after: string] {
  const shorter = Math.min(before.length, after.length);
  let start = 1;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const cut = (line: string) => {
    const from = Math.max(1, start - context);
    const to = line.length - Math.max(0, end - context);
    return `${line[0]}${from > 1 ? '…' : ''}${line.slice(from, to)}${to < line.length ? '…' : ''}`;
  };
  return [cut(before), cut(after)];
}

function paint(line: string, chalk: ChalkInstance): string {
  if (line.startsWith('---') || line.startsWith('+++')) return chalk.bold(line);
  if (line.startsWith('@@')) return chalk.cyan(line);
  if (line.startsWith('+')) return chalk.green(line);
  if (line.startsWith('-')) return chalk.red(line);
  return line.startsWith('\\') ? chalk.dim(line) : line;
}
