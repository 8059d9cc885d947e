import type { IgnoreComment } from '../core/suppress.js';
import { lineStarts, lineText, positionAt, type SourceFile, type Span } from '../core/text.js';
import { type Comment, commentsWith } from './comments.js';
import { languageOf } from './language.js';

const marker = 'harden-devcontainer-ignore';

const none: readonly IgnoreComment[] = [];

/** Lines that one comment can be about, and that may stand between it and them. */
const mostLines = 200;

/**
 * The comments of a file that ask for findings to be taken out:
 * `harden-devcontainer-ignore[-file] RULE[, RULE] [until YYYY-MM-DD] -- REASON`.
 */
export function findIgnoreComments(file: SourceFile): readonly IgnoreComment[] {
  // Few files have any.
  if (!file.text.includes(marker)) return none;
  return commentsWith(file, marker).flatMap((comment) => readComment(file, comment) ?? []);
}

function readComment(file: SourceFile, comment: Comment): IgnoreComment | undefined {
  const inside = file.text.slice(comment.text.start, comment.text.end);
  const [head, form = ''] = /^[\s*]*harden-devcontainer-ignore([\w-]*)/.exec(inside) ?? [];
  if (head === undefined) return undefined;
  const rest = inside.slice(head.length);
  const dash = /(?:^|\s)--(?=\s|$)/.exec(rest);
  const names = dash ? rest.slice(0, dash.index) : rest;
  const reason = dash ? rest.slice(dash.index + dash[0].length).trim() : '';
  const limit = /\suntil\s+(\S+)\s*$/.exec(names);
  const start = comment.text.start + head.length;
  const ids = [...names.slice(0, limit?.index).matchAll(/[^\s,:]+/g)].map(({ 0: id, index }) => ({
    id,
    at: { start: start + index, end: start + index + id.length },
  }));
  return {
    place: { file, at: { start: comment.start, end: comment.end } },
    form,
    ids,
    until: limit?.[1],
    reason: reason === '' ? undefined : reason,
    isAtTop: comment.isAtTop,
    ...readSurroundings(file, comment),
  };
}

/** The lines that a comment is about: its own, or the next one where it stands alone. */
function readSurroundings(file: SourceFile, comment: Span): Pick<IgnoreComment, 'lines' | 'removal'> {
  const first = positionAt(file, comment.start).line;
  const last = positionAt(file, Math.max(comment.start, comment.end - 1)).line;
  const lineStart = lineStarts(file)[first - 1] ?? 0;
  const lineEnd = (lineStarts(file)[last - 1] ?? 0) + (lineText(file, last)?.length ?? 0);
  const before = file.text.slice(lineStart, comment.start);
  const after = file.text.slice(comment.end, lineEnd);
  const isAlone = before.trim() === '' && after.trim() === '';
  if (isAlone) {
    const next = lineStarts(file)[last] ?? file.text.length;
    const from = nextLine(file, last + 1);
    return { lines: { from, to: lastJoined(file, from) }, removal: { start: lineStart, end: next } };
  }
  const isBehind = before.trim() !== '';
  const own = isBehind ? first : last;
  const removal = isBehind
    ? { start: lineStart + before.trimEnd().length, end: comment.end }
    : { start: comment.start, end: comment.end + after.length - after.trimStart().length };
  return { lines: { from: own, to: own }, removal };
}

/** The next line that is neither blank nor a comment. */
function nextLine(file: SourceFile, line: number): number {
  const isComment = languageOf(file) === 'json' ? /^\s*(?:\/\/.*|\/\*[^*]*\*\/\s*)?$/ : /^\s*(?:#.*)?$/;
  for (let at = line; at < line + mostLines; at += 1) {
    const text = lineText(file, at);
    if (text === undefined) return line;
    if (!isComment.test(text)) return at;
  }
  return line;
}

/** Where an instruction ends that is continued over several lines. */
function lastJoined(file: SourceFile, line: number): number {
  const language = languageOf(file);
  if (language !== 'dockerfile' && language !== 'shell') return line;
  let last = line;
  for (let at = line; at < line + mostLines; at += 1) {
    const text = lineText(file, at);
    if (text === undefined) break;
    last = at;
    const isInside = language === 'dockerfile' && at > line && /^\s*(?:#|$)/.test(text);
    if (!isInside && !/\\\s*$/.test(text)) break;
  }
  return last;
}
