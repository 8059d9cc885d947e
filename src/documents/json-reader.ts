import type { JsonNode } from './json.js';

/** Where the reader stands. */
interface Reader {
  readonly text: string;
  /** Whether a comment can end elsewhere than at `\n`. */
  readonly hasReturn: boolean;
  readonly deepest: number;
  at: number;
}

/**
 * Reads JSON with comments and trailing commas in which nothing is wrong, in one pass and into the tree that
 * jsonc-parser would build: nearly every file is of that kind, and each of them is read.
 *
 * @returns Undefined for whatever is not plainly in order, or nested more than `deepest` levels deep: a parser that
 *   recovers from errors has to read it.
 */
export function readSound(text: string, deepest: number): JsonNode | undefined {
  const reader = { text, hasReturn: text.includes('\r'), deepest, at: 0 };
  skipBlanks(reader);
  const root = readValue(reader, undefined, 0);
  if (!root) return undefined;
  skipBlanks(reader);
  return reader.at === text.length ? root : undefined;
}

const signs = {
  quote: 34,
  comma: 44,
  slash: 47,
  colon: 58,
  open: 91,
  close: 93,
  begin: 123,
  end: 125,
} as const;

/** Past white space and comments; stops before a comment that is not closed. */
function skipBlanks(reader: Reader): void {
  const { text } = reader;
  let { at } = reader;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 32 || code === 10 || code === 13 || code === 9) at += 1;
    else if (code === signs.slash) {
      const end = endOfComment(reader, at);
      if (end < 0) break;
      at = end;
    } else break;
  }
  reader.at = at;
}

function endOfComment({ text, hasReturn }: Reader, start: number): number {
  const second = text[start + 1];
  if (second === '*') {
    const end = text.indexOf('*/', start + 2);
    return end < 0 ? end : end + 2;
  }
  if (second !== '/') return -1;
  if (!hasReturn) {
    const end = text.indexOf('\n', start);
    return end < 0 ? text.length : end;
  }
  let end = start;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return end;
}

function readValue(reader: Reader, parent: JsonNode | undefined, depth: number): JsonNode | undefined {
  const code = reader.text.charCodeAt(reader.at);
  if (code === signs.quote) return readString(reader, parent);
  if (code === signs.begin) return depth < reader.deepest ? readObject(reader, parent, depth + 1) : undefined;
  if (code === signs.open) return depth < reader.deepest ? readArray(reader, parent, depth + 1) : undefined;
  return readWord(reader, parent);
}

function readString(reader: Reader, parent: JsonNode | undefined): JsonNode | undefined {
  const { text, at: offset } = reader;
  let close = text.indexOf('"', offset + 1);
  if (close < 0) return undefined;
  let value: string | undefined = text.slice(offset + 1, close);
  if (/[\\\u0000-\u001f]/.test(value)) {
    while (isEscaped(text, close)) {
      close = text.indexOf('"', close + 1);
      if (close < 0) return undefined;
    }
    value = decode(text.slice(offset, close + 1));
    if (value === undefined) return undefined;
  }
  reader.at = close + 1;
  return { type: 'string', offset, length: reader.at - offset, parent, value };
}

function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text.charCodeAt(before - 1) === 92) before -= 1;
  return (at - before) % 2 === 1;
}

function decode(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** By the code of their first character. */
const words: ReadonlyMap<
  number,
  { readonly text: string; readonly type: 'boolean' | 'null'; readonly value: unknown }
> = new Map([
  [116, { text: 'true', type: 'boolean', value: true }],
  [102, { text: 'false', type: 'boolean', value: false }],
  [110, { text: 'null', type: 'null', value: null }],
]);

/** What follows it tells whether it ends there. */
function readWord(reader: Reader, parent: JsonNode | undefined): JsonNode | undefined {
  const { text, at: offset } = reader;
  const word = words.get(text.charCodeAt(offset));
  if (word) {
    if (!text.startsWith(word.text, offset)) return undefined;
    reader.at = offset + word.text.length;
    return { type: word.type, offset, length: word.text.length, parent, value: word.value };
  }
  number.lastIndex = offset;
  const [digits] = number.exec(text) ?? [];
  if (digits === undefined) return undefined;
  reader.at = offset + digits.length;
  return { type: 'number', offset, length: digits.length, parent, value: Number(digits) };
}

function readArray(reader: Reader, parent: JsonNode | undefined, depth: number): JsonNode | undefined {
  const children: JsonNode[] = [];
  const array: JsonNode = newParent('array', reader.at, parent, children);
  do {
    reader.at += 1;
    skipBlanks(reader);
    // Right behind the bracket, or behind a comma that is one too many.
    if (isAt(reader, signs.close)) break;
    const child = readValue(reader, array, depth);
    if (!child) return undefined;
    children.push(child);
    skipBlanks(reader);
  } while (isAt(reader, signs.comma));
  return isAt(reader, signs.close) ? closed(reader, array) : undefined;
}

function readObject(reader: Reader, parent: JsonNode | undefined, depth: number): JsonNode | undefined {
  const children: JsonNode[] = [];
  const object = newParent('object', reader.at, parent, children);
  do {
    reader.at += 1;
    skipBlanks(reader);
    if (isAt(reader, signs.end)) break;
    const property = readProperty(reader, object, depth);
    if (!property) return undefined;
    children.push(property);
    skipBlanks(reader);
  } while (isAt(reader, signs.comma));
  return isAt(reader, signs.end) ? closed(reader, object) : undefined;
}

function readProperty(reader: Reader, object: JsonNode, depth: number): JsonNode | undefined {
  if (!isAt(reader, signs.quote)) return undefined;
  const children: JsonNode[] = [];
  const property = newParent('property', reader.at, object, children);
  const key = readString(reader, property);
  skipBlanks(reader);
  if (!key || !isAt(reader, signs.colon)) return undefined;
  reader.at += 1;
  skipBlanks(reader);
  const value = readValue(reader, property, depth);
  if (!value) return undefined;
  children.push(key, value);
  property.length = reader.at - property.offset;
  return property;
}

function isAt({ text, at }: Reader, sign: number): boolean {
  return text.charCodeAt(at) === sign;
}

function newParent(
  type: 'array' | 'object' | 'property',
  offset: number,
  parent: JsonNode | undefined,
  children: JsonNode[],
): JsonNode {
  return { type, offset, length: -1, parent, children, index: undefined };
}

/** Past the closing bracket. */
function closed(reader: Reader, node: JsonNode): JsonNode {
  reader.at += 1;
  node.length = reader.at - node.offset;
  return node;
}
