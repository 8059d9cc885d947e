import type { Span } from '../core/text.js';
import type { WrittenInstruction, WrittenPair, WrittenWord } from './dockerfile-written.js';

/** What the parser of the whole language is needed for: an escape directive, here-documents, line ends of Windows. */
const unusual = /[\r\uFEFF]|<<|^[ \t]*#[ \t]*escape/im;

/** In an instruction: a backslash that neither ends a line behind a blank nor escapes a sign inside of a line. */
const unusualEscape = /\\(?:[ \t\\#]|$(?!\n))|(?:[^ \t]|^)\\\n|^[ \t]*(?:\\[^\n]|#[^\n]*\\)/m;

const keywords: ReadonlySet<string> = new Set(
  `ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME
  WORKDIR`.split(/\s+/),
);
const flagged: ReadonlySet<string> = new Set(['ADD', 'COPY', 'FROM', 'RUN', 'HEALTHCHECK']);
const listed: ReadonlySet<string> = new Set(['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'RUN', 'SHELL', 'VOLUME']);

/**
 * The instructions of a Dockerfile as most people write them, which needs no parser to be loaded and is read in one go.
 * Undefined where something stands in it that takes the whole language: then that one decides.
 */
export function readPlainDockerfile(text: string): readonly WrittenInstruction[] | undefined {
  if (unusual.test(text)) return undefined;
  const found: WrittenInstruction[] = [];
  for (let at = 0; at < text.length; ) {
    const sign = text[at];
    if (sign === '#') at = endOfLine(text, at);
    else if (sign === ' ' || sign === '\t' || sign === '\n') at += 1;
    else {
      const instruction = readInstruction(text, at);
      if (!instruction) return undefined;
      found.push(instruction);
      at = instruction.at.end;
    }
  }
  return found;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

const keywordAt = /[A-Za-z]+(?=[ \t\n]|$)/y;

function readInstruction(text: string, start: number): WrittenInstruction | undefined {
  keywordAt.lastIndex = start;
  const written = keywordAt.exec(text)?.[0] ?? '';
  const keyword = written.toUpperCase();
  if (!keywords.has(keyword)) return undefined;
  const lines = linesFrom(text, start + written.length);
  const at = { start, end: lines.at(-1)?.end ?? start };
  if (unusualEscape.test(text.slice(start, at.end))) return undefined;
  const all = lines.flatMap((line) => wordsIn(text, line));
  const flags = flagged.has(keyword) ? flagsIn(keyword, all) : [];
  const words = flags && all.slice(flags.length);
  const variables = keyword === 'ENV' || keyword === 'ARG' ? variablesIn(text, lines) : [];
  const [first, last] = [words?.[0], words?.at(-1)];
  const content = first && last ? text.slice(first.at.start, last.at.end) : '';
  const strings = listed.has(keyword) && first ? stringsIn(content, first.at.start) : [];
  if (!flags || !words || !variables || !strings) return undefined;
  const isJson = strings.length > 0;
  return { keyword, at, words: isJson ? strings : words, isJson, flags, variables, text: content };
}

const noText = /[ \t]*(?:#[^\n]*)?(?=\n|$)/y;

/** The lines of an instruction from behind its keyword on; those that hold a comment or nothing have no length. */
function linesFrom(text: string, from: number): readonly Span[] {
  const lines: Span[] = [];
  for (let start = from; ; ) {
    const end = endOfLine(text, start);
    noText.lastIndex = start;
    const isEmpty = lines.length > 0 && noText.test(text);
    lines.push({ start: isEmpty ? end : start, end });
    if (end >= text.length || (!isEmpty && text[end - 1] !== '\\')) return lines;
    start = end + 1;
  }
}

/** The words of a line: quotes mean nothing here, and a backslash at its end is none. */
function wordsIn(text: string, { start, end }: Span): readonly WrittenWord[] {
  const words: WrittenWord[] = [];
  const limit = text[end - 1] === '\\' ? end - 1 : end;
  for (let at = start; at < limit; at += 1) {
    const from = at;
    while (at < limit && text[at] !== ' ' && text[at] !== '\t') at += 1;
    if (at === from) continue;
    const written = text.slice(from, at);
    const value = written.includes('\\') ? written.replace(/\\([^$])/gs, '$1') : written;
    words.push({ text: value, at: { start: from, end: at } });
  }
  return words;
}

/** The flags before the words; undefined where it is not plain what is one. */
function flagsIn(keyword: string, words: readonly WrittenWord[]): readonly WrittenPair[] | undefined {
  const flags: WrittenPair[] = [];
  for (const { text, at } of words) {
    if (!text.startsWith('--')) {
      const isEnd = keyword === 'HEALTHCHECK' ? /^(?:cmd|none)$/i.test(text) : !text.includes('--');
      return isEnd ? flags : undefined;
    }
    if (at.end - at.start !== text.length) return undefined;
    const split = text.indexOf('=');
    const name = text.slice(2, split < 0 ? undefined : split);
    flags.push({ name, value: split < 0 ? undefined : text.slice(split + 1), at });
  }
  return flags;
}

const list = /^\[ *"[^"\\\u0000-\u001f]*"(?: *, *"[^"\\\u0000-\u001f]*")* *\]$/;

/** The strings of the JSON form, none for a text of another form; undefined where it is neither. */
function stringsIn(content: string, offset: number): readonly WrittenWord[] | undefined {
  if (content.startsWith(']')) return undefined;
  // `[ -f x ]` is a command.
  if (!content.startsWith('[') || /^\[[ \t]*[^ \t"\],[\\\n]/.test(content)) return [];
  if (!list.test(content)) return undefined;
  return Array.from(content.matchAll(/"([^"]*)"/g), ({ 0: all, 1: inside = '', index }) => ({
    text: inside,
    at: { start: offset + index, end: offset + index + all.length },
  }));
}

const pair = /([A-Za-z_][\w.-]*)(?:=("[^"\\\t#]*"(?= |$)|'[^'\\\t#]*'(?= |$)|[^ \t"'\\#]*))?(?=[ \t]|$)/y;

/** What ENV and ARG assign: `NAME=value` one or more times, or `NAME value`; undefined where it is quoted in another way. */
function variablesIn(text: string, lines: readonly Span[]): readonly WrittenPair[] | undefined {
  const found: WrittenPair[] = [];
  for (const { start, end } of lines) {
    const line = text.slice(start, text[end - 1] === '\\' ? end - 1 : end);
    for (let at = skipBlanks(line, 0); at < line.length; at = skipBlanks(line, pair.lastIndex)) {
      pair.lastIndex = at;
      const [all, name = '', value] = pair.exec(line) ?? [];
      if (all === undefined) return undefined;
      if (found.length === 0 && value === undefined && skipBlanks(line, at + all.length) < line.length)
        return lines.length === 1 ? olderForm(name, line, at, start) : undefined;
      const inside = value !== undefined && /^["']/.test(value) ? value.slice(1, -1) : value;
      found.push({ name, value: inside, at: { start: start + at, end: start + at + all.length } });
    }
  }
  // `NAME` on one line and what may be its value on the next.
  return found.length > 1 && found[0]?.value === undefined ? undefined : found;
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (line[at] === ' ' || line[at] === '\t') at += 1;
  return at;
}

/** `NAME value` to the end of the line. */
function olderForm(
  name: string,
  line: string,
  at: number,
  offset: number,
): readonly WrittenPair[] | undefined {
  const from = skipBlanks(line, at + name.length);
  let end = line.length;
  while (line[end - 1] === ' ' || line[end - 1] === '\t') end -= 1;
  const value = line.slice(from, end);
  return /["'\\#\t]/.test(value)
    ? undefined
    : [{ name, value, at: { start: offset + at, end: offset + end } }];
}
