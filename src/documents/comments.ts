import { createScanner } from 'jsonc-parser';
import type { SourceFile, Span } from '../core/text.js';
import { tokens } from './json-kinds.js';
import { languageOf } from './language.js';

/** A comment of a file. Offsets are UTF-16 units of the file, half-open. */
export interface Comment extends Span {
  /** Where its text begins and ends, without the signs that make it a comment. */
  readonly text: Span;
  /** Whether nothing but comments, blank lines and an opening bracket stands before it. */
  readonly isAtTop: boolean;
}

/**
 * The comments of a JSON, YAML, TOML, shell file or Dockerfile that hold a word, in order. In all but JSON lines are
 * looked at one by one, so a text of several lines that holds such a comment has it found.
 */
export function commentsWith(file: SourceFile, word: string): readonly Comment[] {
  if (!file.text.includes(word)) return [];
  const language = languageOf(file);
  if (language === 'text') return [];
  const found = language === 'json' ? jsonComments(file) : hashComments(file, word, language);
  return found.filter(({ text }) => file.text.slice(text.start, text.end).includes(word));
}

/** The comments of a JSON file. */
export function jsonComments({ text }: SourceFile): Comment[] {
  const scanner = createScanner(text.replace(/^\uFEFF/, ' '), false);
  const found: Comment[] = [];
  let isAtTop = true;
  let braces = 0;
  for (let token: number = scanner.scan(); token !== tokens.end; token = scanner.scan()) {
    const start = scanner.getTokenOffset();
    const end = Math.min(start + scanner.getTokenLength(), text.length);
    if (token === tokens.lineComment) found.push({ start, end, text: { start: start + 2, end }, isAtTop });
    else if (token === tokens.blockComment) {
      const isClosed = end - start >= 4 && text.startsWith('*/', end - 2);
      found.push({ start, end, text: { start: start + 2, end: isClosed ? end - 2 : end }, isAtTop });
    } else if (token === tokens.openBrace && braces === 0) braces += 1;
    else if (token !== tokens.lineBreak && token !== tokens.blank) isAtTop = false;
  }
  return found;
}

function hashComments({ text }: SourceFile, word: string, language: string): Comment[] {
  const found: Comment[] = [];
  let isAtTop = true;
  for (const match of text.matchAll(/[^\r\n]+/g)) {
    const [line] = match;
    const isComment = /^\s*#/.test(line);
    if (line.includes(word)) {
      const at = isComment
        ? line.indexOf('#')
        : language === 'dockerfile'
          ? -1
          : trailingHash(line, language);
      const start = match.index + at;
      const end = match.index + line.length;
      if (at >= 0) found.push({ start, end, text: { start: start + 1, end }, isAtTop });
    }
    if (!isComment && !/^[\s\uFEFF]*(?:---\s*)?$/.test(line)) isAtTop = false;
  }
  return found;
}

/** Where a comment behind something else begins, -1 where there is none. */
function trailingHash(line: string, language: string): number {
  let quote = '';
  let before = ' ';
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] ?? '';
    if (quote === '' && sign === '#' && /\s/.test(before)) return at;
    if (sign === '\\' && quote !== "'") at += 1;
    else if (sign === quote) quote = '';
    // In a shell a quote may open inside a word; elsewhere it is an apostrophe there.
    else if (quote === '' && /["']/.test(sign) && (language === 'shell' || /[\s[{(,=:]/.test(before)))
      quote = sign;
    before = sign;
  }
  return -1;
}
