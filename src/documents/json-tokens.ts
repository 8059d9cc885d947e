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
}

/** The pieces of one container from its opening to its closing bracket, and what is asked of them for every child. */
export interface Pieces {
  readonly list: readonly Piece[];
  readonly byChild: ReadonlyMap<JsonNode, Piece>;
  /** Children and commas in order, and the place of each among them. */
  readonly marks: readonly Piece[];
  readonly markOf: ReadonlyMap<Piece, number>;
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

const gap = /(?<blank>[ \t]+)|(?<newline>\r\n|\n|\r)|(?<comment>\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)|(?<comma>,)/y;

// Thousands of findings may ask about children of one array: it is taken apart once.
const known = new WeakMap<JsonNode, Pieces>();

/** The pieces of a container without syntax errors. */
export function readPieces(document: JsonDocument, container: JsonNode): Pieces {
  const pieces = known.get(container) ?? indexPieces(splitContainer(document, container));
  known.set(container, pieces);
  return pieces;
}

function splitContainer(document: JsonDocument, container: JsonNode): readonly Piece[] {
  const close = container.offset + container.length - 1;
  const pieces: Piece[] = [];
  let line = 0;
  const add = (kind: Piece['kind'], start: number, end: number, child?: JsonNode) => {
    pieces.push({ kind, start, end, child, index: pieces.length, line });
    if (kind === 'newline') line += 1;
    return end;
  };
  let at = add('open', container.offset, container.offset + 1);
  for (const child of [...(container.children ?? []), undefined]) {
    const end = child?.offset ?? close;
    while (at < end) at = add(...readGap(document.file.text, at));
    if (child) at = add('child', child.offset, child.offset + child.length, child);
  }
  add('close', close, close + 1);
  return pieces;
}

function readGap(text: string, at: number): [Piece['kind'], number, number] {
  gap.lastIndex = at;
  const groups = gap.exec(text)?.groups ?? {};
  for (const kind of ['blank', 'newline', 'comment', 'comma'] as const) {
    const found = groups[kind];
    if (found !== undefined) return [kind, at, at + found.length];
  }
  // Unreachable in a file without syntax errors; one character as a blank keeps the loop going.
  return ['blank', at, at + 1];
}

function indexPieces(list: readonly Piece[]): Pieces {
  const marks = list.filter(({ kind }) => kind === 'child' || kind === 'comma');
  const lines: { first: number; last: number; visible: number }[] = [];
  for (const { kind, index, line } of list) {
    const current = lines[line] ?? { first: index, last: index, visible: 0 };
    current.last = index;
    if (kind !== 'blank') current.visible += 1;
    lines[line] = current;
  }
  return {
    list,
    byChild: new Map(list.flatMap((piece) => (piece.child ? [[piece.child, piece] as const] : []))),
    marks,
    markOf: new Map(marks.map((piece, place) => [piece, place])),
    solid: marks.length + list.filter(({ kind }) => kind === 'comment').length,
    lines,
  };
}
