import type { ChalkInstance } from 'chalk';
import { printable } from '../core/printable.js';

/** A file before and after; `before` is undefined for a new file. Paths are '/'-separated and relative. */
export interface FileChange {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * The changes as one unified diff that `git apply` and `patch -p1` take, byte for byte: CRLF, BOM and a missing
 * last line end stay. '' where nothing changes. It has no `diff --git` lines on purpose: with them git would look
 * for the paths at the top of the repository, not in the folder that it is called in.
 */
export async function unifiedDiff(changes: readonly FileChange[]): Promise<string> {
  const { structuredPatch } = await import('diff');
  let result = '';
  for (const { path, before, after } of changes) {
    if (before === after) continue;
    const { hunks } = structuredPatch('', '', before ?? '', after, undefined, undefined, { context: 3 });
    result += `--- ${before === undefined ? '/dev/null' : fileName(`a/${path}`)}\n+++ ${fileName(`b/${path}`)}\n`;
    for (const hunk of hunks) {
      const { oldStart, oldLines, newStart, newLines, lines } = hunk;
      result += `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@\n`;
      result += lines.map((line) => `${line}\n`).join('');
    }
  }
  return result;
}

/** The diff for people: coloured, and no character of a scanned file reaches the terminal as a control character. */
export function formatDiff(diff: string, chalk: ChalkInstance): string {
  const lines = diff.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => `${paint(showLine(line), line, chalk)}\n`).join('');
}

// An old empty stretch is named by the line before it.
function range(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}

/** As git writes it: bytes beyond ASCII, quotes and control characters in C's escapes; a tab ends a name with blanks. */
function fileName(name: string): string {
  if (/^[ !#-[\]-~]*$/.test(name)) return name.includes(' ') ? `${name}\t` : name;
  const escapes: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
  const bytes = [...new TextEncoder().encode(name)].map((byte) => {
    const character = String.fromCharCode(byte);
    const isPlain = byte >= 0x20 && byte < 0x7f;
    return escapes[character] ?? (isPlain ? character : `\\${byte.toString(8).padStart(3, '0')}`);
  });
  return `"${bytes.join('')}"`;
}

function showLine(line: string): string {
  // Else every line of a CRLF file would end in an escape.
  return line.replace(/\r$/, '').split('\t').map(printable).join('\t');
}

function paint(text: string, line: string, chalk: ChalkInstance): string {
  if (line.startsWith('---') || line.startsWith('+++')) return chalk.bold(text);
  if (line.startsWith('@@')) return chalk.cyan(text);
  if (line.startsWith('+')) return chalk.green(text);
  if (line.startsWith('-')) return chalk.red(text);
  return line.startsWith('\\') ? chalk.dim(text) : text;
}
