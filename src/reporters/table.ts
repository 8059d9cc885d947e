import type { ChalkInstance } from 'chalk';
import { displayWidth } from '../core/width.js';

/** A column of a table: printable text. */
export interface Column {
  readonly title: string;
  readonly cells: readonly string[];
  readonly align: 'left' | 'right';
  /** Gets what room the others leave. What does not fit loses its beginning: the end of a name says whose it is. */
  readonly isFlexible?: boolean;
  /** It loses its end instead: the beginning of a command says what it does. */
  readonly keepsStart?: boolean;
  readonly paint?: (text: string) => string;
}

const gap = '  ';
const narrowestCell = 16;

/** Lines of at most `width` columns, with their titles above, each ending in a line feed. */
export function formatTable(columns: readonly Column[], width: number, chalk: ChalkInstance): string {
  const natural = columns.map(({ title, cells }) => Math.max(title.length, ...cells.map(displayWidth)));
  const widths = natural.map((wanted, index) => {
    if (!columns[index]?.isFlexible) return wanted;
    const others = natural.reduce((sum, other, at) => (at === index ? sum : sum + other + gap.length), 0);
    return Math.min(wanted, Math.max(narrowestCell, width - gap.length - others));
  });
  const line = (cellOf: (column: Column) => string, isHead: boolean) => {
    const cells = columns.map((column, index) => {
      const text = fitCell(cellOf(column), widths[index] ?? 0, column);
      return isHead ? chalk.dim(text) : (column.paint?.(text) ?? text);
    });
    return `${gap}${cells.join(gap)}`.trimEnd();
  };
  const count = columns[0]?.cells.length ?? 0;
  const rows = Array.from({ length: count }, (_, row) => line(({ cells }) => cells[row] ?? '', false));
  return [line(({ title }) => title, true), ...rows].map((row) => `${row}\n`).join('');
}

function fitCell(text: string, width: number, { align, keepsStart = false }: Column): string {
  const isLong = displayWidth(text) > width;
  const shown = !isLong ? text : keepsStart ? cutEnd(text, width) : cutStart(text, width);
  const padding = ' '.repeat(Math.max(0, width - displayWidth(shown)));
  return align === 'left' ? `${shown}${padding}` : `${padding}${shown}`;
}

function cutEnd(text: string, width: number): string {
  let kept = '';
  let used = 1;
  for (const character of text) {
    used += displayWidth(character);
    if (used > width) break;
    kept += character;
  }
  return `${kept}…`;
}

function cutStart(text: string, width: number): string {
  let kept = '';
  let used = 1;
  for (const character of [...text].reverse()) {
    used += displayWidth(character);
    if (used > width) break;
    kept = `${character}${kept}`;
  }
  return `…${kept}`;
}
