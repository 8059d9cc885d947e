import type { Span } from '../core/text.js';
import { baseName, withoutStarters } from './shell-commands.js';

/** A word of a command as the program gets it, as far as the text says: `$NAME` stays as it is. */
export interface CommandWord {
  readonly value: string;
  readonly at: Span;
}

/** One simple command of a shell's text. */
export interface PlainCommand {
  /** Last part of the program's path: `curl` for `/usr/bin/curl`; behind sudo, env and the like the program they start. */
  readonly name: string;
  /** The words behind the program. */
  readonly words: readonly CommandWord[];
  /** All words, those of `sudo` or `env` too. */
  readonly all: readonly CommandWord[];
  /** `NAME=value` before the program, or alone. */
  readonly assignments: readonly CommandWord[];
  /** The files that its output goes to. */
  readonly outputs: readonly CommandWord[];
  /** The text of here-documents that it reads, as written. */
  readonly documents: readonly Span[];
  /** The command whose output it reads. */
  readonly source: PlainCommand | undefined;
  readonly at: Span;
}

/** Stands for the first sign of an escape that was put in place of itself: belongs to no word. */
export const filler = '\u0001';

const isBlank = (sign: string) => sign === ' ' || sign === '\t' || sign === '\r' || sign === filler;

/** Substitutions deeper than this are words like any other. */
const deepest = 12;

/** More text than this is data. */
const longest = 1_048_576;

/**
 * The simple commands of a shell's text in order, those inside of `$( )`, backticks and `sh -c '…'` too. Reads once over
 * the text and loads no parser: for what programs are given, not for what depends on what. Offsets count from `offset`
 * on. Never throws; an unclosed quote ends with the text.
 */
export function readCommands(text: string, offset = 0, depth = 0): readonly PlainCommand[] {
  if (text.length > longest || depth > deepest) return [];
  const reader: Reader = { text, offset, at: 0, depth, found: [], waiting: [] };
  while (reader.at < text.length) {
    readList(reader);
    // A bracket that closes nothing.
    reader.at += 1;
  }
  return reader.found;
}

interface Reader {
  readonly text: string;
  readonly offset: number;
  at: number;
  readonly depth: number;
  readonly found: PlainCommand[];
  /** Here-documents whose text begins at the next line. */
  waiting: { readonly name: string; readonly documents: Span[] }[];
}

interface Draft {
  readonly words: CommandWord[];
  readonly outputs: CommandWord[];
  readonly documents: Span[];
  start: number;
  /** A here-document of which the text follows. */
  isFed: boolean;
}

/** Reads commands up to a closing bracket or the end. */
function readList(reader: Reader): void {
  const { text } = reader;
  let source: PlainCommand | undefined;
  let draft: Draft = newDraft(reader.at);
  // Brackets are counted: calls for each would end the stack before the text.
  let open = 0;
  const finish = (isPiped: boolean) => {
    const command = toCommand(reader, draft, source);
    if (command) reader.found.push(command, ...scriptOf(command, reader));
    source = isPiped ? command : undefined;
    draft = newDraft(reader.at);
  };
  while (reader.at < text.length) {
    const sign = text[reader.at] ?? '';
    if (sign === ')' && open === 0) break;
    if (isBlank(sign)) reader.at += 1;
    else if (sign === '\\' && /^\\\r?\n/.test(text.slice(reader.at, reader.at + 3)))
      reader.at = text.indexOf('\n', reader.at) + 1;
    else if (sign === '#') reader.at = endOfLine(text, reader.at);
    else if (sign === '\n') {
      finish(false);
      reader.at += 1;
      skipDocuments(reader);
    } else if (/[;&|]/.test(sign) && !/^&>/.test(text.slice(reader.at, reader.at + 2))) {
      const isPipe = sign === '|' && text[reader.at + 1] !== '|';
      reader.at += /^(?:&&|\|\||;;|\|&)/.test(text.slice(reader.at, reader.at + 2)) ? 2 : 1;
      finish(isPipe);
    } else if (sign === '(' || sign === ')') {
      open += sign === '(' ? 1 : -1;
      finish(false);
      reader.at += 1;
    } else readPart(reader, draft);
  }
  finish(false);
}

function newDraft(start: number): Draft {
  return { words: [], outputs: [], documents: [], start, isFed: false };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** A redirection with its file, or a word. */
function readPart(reader: Reader, draft: Draft): void {
  const { text } = reader;
  // A file's number is a digit or two.
  const redirect = /^(?:\d{0,2}|&)(?:<<<|<<-?|>>|>\||>&|<&|<>|<(?!\()|>(?!\())/.exec(
    text.slice(reader.at, reader.at + 6),
  )?.[0];
  if (redirect === undefined) {
    if (draft.words.length === 0) draft.start = reader.at;
    draft.words.push(readWord(reader));
    return;
  }
  reader.at += redirect.length;
  while (isBlank(text[reader.at] ?? '')) reader.at += 1;
  const target = readWord(reader);
  if (redirect.includes('<<') && !redirect.includes('<<<')) {
    reader.waiting.push({ name: target.value, documents: draft.documents });
    draft.isFed = true;
  } else if (redirect.includes('>') && !/^(?:\d+|-|\/dev\/(?:null|stdout|stderr|tty))?$/.test(target.value))
    draft.outputs.push(target);
}

/** Where the line begins that ends a here-document. */
function skipDocuments(reader: Reader): void {
  const { text, offset } = reader;
  for (const { name, documents } of reader.waiting) {
    const start = reader.at;
    let end = start;
    while (end < text.length && text.slice(end, endOfLine(text, end)).trim() !== name)
      end = endOfLine(text, end) + 1;
    end = Math.min(end, text.length);
    documents.push({ start: offset + start, end: offset + end });
    reader.at = Math.min(text.length, endOfLine(text, end) + 1);
  }
  reader.waiting = [];
}

const ends = /[\s;&|()<>]/;

function readWord(reader: Reader): CommandWord {
  const { text, offset } = reader;
  const start = reader.at;
  let value = '';
  while (reader.at < text.length) {
    const sign = text[reader.at] ?? '';
    if (sign === "'") value += readSingle(reader);
    else if (sign === '"') value += readDouble(reader);
    else if (sign === '\\') {
      const isJoined = /^\\\r?\n/.test(text.slice(reader.at, reader.at + 3));
      value += isJoined ? '' : (text[reader.at + 1] ?? '');
      reader.at += isJoined && text[reader.at + 1] === '\r' ? 3 : 2;
    } else if (isSubstitution(text, reader.at)) value += readSubstitution(reader);
    else if (ends.test(sign)) break;
    else {
      value += sign;
      reader.at += 1;
    }
  }
  // Whatever stands here, the reading goes on.
  if (reader.at === start) reader.at += 1;
  const end = Math.min(reader.at, text.length);
  return { value: value.replaceAll(filler, ''), at: { start: offset + start, end: offset + end } };
}

function readSingle(reader: Reader): string {
  const close = reader.text.indexOf("'", reader.at + 1);
  const end = close < 0 ? reader.text.length : close;
  const inside = reader.text.slice(reader.at + 1, end);
  reader.at = end + 1;
  return inside;
}

function readDouble(reader: Reader): string {
  const { text } = reader;
  let value = '';
  reader.at += 1;
  while (reader.at < text.length && text[reader.at] !== '"') {
    const sign = text[reader.at] ?? '';
    if (sign === '\\' && /["\\$`\n]/.test(text[reader.at + 1] ?? '')) {
      value += (text[reader.at + 1] ?? '').replace('\n', '');
      reader.at += 2;
    } else if (isSubstitution(text, reader.at)) value += readSubstitution(reader);
    else {
      value += sign;
      reader.at += 1;
    }
  }
  reader.at += 1;
  return value;
}

/** `$(`, `${`, a backtick, or the `<(` and `>(` of a process. */
function isSubstitution(text: string, at: number): boolean {
  const sign = text[at] ?? '';
  return (
    sign === '`' || (/[$<>]/.test(sign) && text[at + 1] === '(') || (sign === '$' && text[at + 1] === '{')
  );
}

/** Reads past a substitution, and the commands in it; its text stays in the word. */
function readSubstitution(reader: Reader): string {
  const { text, offset, depth } = reader;
  const start = reader.at;
  if (text[start] === '`') {
    const close = text.indexOf('`', start + 1);
    const end = close < 0 ? text.length : close;
    reader.found.push(...readCommands(text.slice(start + 1, end), offset + start + 1, depth + 1));
    reader.at = end + 1;
  } else if (text[start + 1] === '{') {
    const close = text.indexOf('}', start);
    reader.at = close < 0 ? text.length : close + 1;
  } else {
    const inner: Reader = { ...reader, at: start + 2, depth: depth + 1, waiting: [] };
    // Too deep to go on by calls: the rest is left alone.
    if (depth > deepest) inner.at = text.length;
    else readList(inner);
    reader.at = inner.at + 1;
  }
  return text.slice(start, reader.at);
}

const keywords = /^(?:if|then|else|elif|fi|do|done|while|until|!|\{|\}|time|function)$/;
const assignment = /^[A-Za-z_]\w*\+?=/;

function toCommand(
  { offset }: Reader,
  { words, outputs, documents, start, isFed }: Draft,
  source: PlainCommand | undefined,
): PlainCommand | undefined {
  const first = words.findIndex(({ value }) => !keywords.test(value));
  const own = first < 0 ? [] : words.slice(first);
  const split = own.findIndex(({ value }) => !assignment.test(value));
  const assignments = split < 0 ? own : own.slice(0, split);
  const all = split < 0 ? [] : own.slice(split);
  const begin = own[0] ?? outputs[0];
  if (!begin && !isFed) return undefined;
  const [program, ...rest] = withoutStarters(all);
  const name = baseName(program?.value ?? '');
  const last = Math.max(own.at(-1)?.at.end ?? 0, outputs.at(-1)?.at.end ?? 0);
  const from = begin?.at.start ?? offset + start;
  return {
    name,
    words: rest,
    all,
    assignments,
    outputs,
    documents,
    source,
    at: { start: from, end: Math.max(from, last) },
  };
}

/** The commands of `bash -c '…'`; where the text has escapes, its places are a little off. */
function scriptOf({ name, words }: PlainCommand, { depth }: Reader): readonly PlainCommand[] {
  if (!/^(?:ba|da|z|k|a)?sh$/.test(name)) return [];
  const flag = words.findIndex(({ value }) => /^-[a-zA-Z]*c$/.test(value));
  const script = flag < 0 ? undefined : words[flag + 1];
  if (!script) return [];
  const { start, end } = script.at;
  // The text begins behind its quote, where it has one.
  return readCommands(script.value, start + (end - start >= script.value.length + 2 ? 1 : 0), depth + 1);
}
