import { Attached } from '../core/attached.js';
import type { JsonDocument, JsonNode } from './json.js';

/** A piece of what stands between the brackets of an array or object; a child is one piece, however long. */
export interface Piece {
  readonly kind: 'open' | 'close' | 'blank' | 'newline' | 'comment' | 'comma' | 'child';
  readonly start: number;
  readonly end: number;
  readonly child: JsonNode | undefined;
  /** Where it stands among the pieces, and on which of their lines; a line's newline is its last piece. */
  readonly index: number;
  readonly line: number;
  /** How many children and commas stand before it. */
  readonly mark: number;
}

/** The pieces of one container from its opening to its closing bracket, and what is asked of them for every child. */
export interface Pieces {
  readonly list: readonly Piece[];
  readonly byChild: ReadonlyMap<JsonNode, Piece>;
  /** Children and commas in order. */
  readonly marks: readonly Piece[];
  /** How many pieces are neither white space nor a bracket. */
  readonly solid: number;
  readonly lines: readonly Line[];
}

interface Line {
  /** Indexes of its first and last piece. */
  readonly first: number;
  readonly last: number;
  /** How many of its pieces are no blanks. */
  readonly visible: number;
}

// Thousands of findings may ask about children of one array: it is taken apart once.
const known = new Attached<JsonNode, Pieces>();

/** The pieces of a container without syntax errors. */
export function readPieces(document: JsonDocument, container: JsonNode): Pieces {
  const pieces = known.get(container) ?? indexPieces(splitContainer(document, container));
  known.set(container, pieces);
  return pieces;
}

function splitContainer({ file: { text } }: JsonDocument, container: JsonNode): readonly Piece[] {
  const close = container.offset + container.length - 1;
  const pieces: Piece[] = [];
  let line = 0;
  let mark = 0;
  const add = (kind: Piece['kind'], start: number, end: number, child?: JsonNode) => {
    pieces.push({ kind, start, end, child, index: pieces.length, line, mark });
    if (kind === 'newline') line += 1;
    else if (isMark(kind)) mark += 1;
    return end;
  };
  const addGap = (start: number, end: number) => {
    let at = start;
    while (at < end) {
      const kind = kindInGap(text[at]);
      at = add(kind, at, endInGap(text, at, kind));
    }
  };
  let at = add('open', container.offset, container.offset + 1);
  for (const child of container.children ?? []) {
    addGap(at, child.offset);
    at = add('child', child.offset, child.offset + child.length, child);
  }
  addGap(at, close);
  add('close', close, close + 1);
  return pieces;
}

function isMark(kind: Piece['kind']): boolean {
  return kind === 'child' || kind === 'comma';
}

function kindInGap(first: string | undefined): Piece['kind'] {
  switch (first) {
    case ',':
      return 'comma';
    case '\n':
    case '\r':
      return 'newline';
    case '/':
      return 'comment';
    default:
      return 'blank';
  }
}

const comment = /\/\/[^\r\n]*|\/\*[\s\S]*?\*\//y;

/** Where the piece that begins at an offset ends; what no file without syntax errors holds is one character. */
function endInGap(text: string, start: number, kind: Piece['kind']): number {
  let end = start + 1;
  if (kind === 'blank') while (text[end] === ' ' || text[end] === '\t') end += 1;
  else if (kind === 'newline' && text.startsWith('\r\n', start)) end += 1;
  else if (kind === 'comment') {
    comment.lastIndex = start;
    if (comment.test(text)) end = comment.lastIndex;
  }
  return end;
}

function indexPieces(list: readonly Piece[]): Pieces {
  const byChild = new Map<JsonNode, Piece>();
  const marks: Piece[] = [];
  const lines: { first: number; last: number; visible: number }[] = [];
  let solid = 0;
  for (const piece of list) {
    const { kind, child, index } = piece;
    if (child) byChild.set(child, piece);
    if (isMark(kind)) marks.push(piece);
    if (isMark(kind) || kind === 'comment') solid += 1;
    let line = lines[piece.line];
    if (!line) {
      line = { first: index, last: index, visible: 0 };
      lines.push(line);
    }
    line.last = index;
    if (kind !== 'blank') line.visible += 1;
  }
  return { list, byChild, marks, solid, lines };
}
