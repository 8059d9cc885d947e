import type { JsonDocument, JsonNode } from './json.js';

/** A piece of what stands between the brackets of an array or object; a child is one piece, however long. */
export interface Piece {
  readonly kind: 'open' | 'close' | 'blank' | 'newline' | 'comment' | 'comma' | 'child';
  readonly start: number;
  readonly end: number;
  readonly child: JsonNode | undefined;
}

const gap = /(?<blank>[ \t]+)|(?<newline>\r\n|\n|\r)|(?<comment>\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)|(?<comma>,)/y;

/** All pieces of a container without syntax errors, from its opening to its closing bracket. */
export function readPieces(document: JsonDocument, container: JsonNode): readonly Piece[] {
  const close = container.offset + container.length - 1;
  const pieces: Piece[] = [
    { kind: 'open', start: container.offset, end: container.offset + 1, child: undefined },
  ];
  let at = container.offset + 1;
  for (const child of [...(container.children ?? []), undefined]) {
    const end = child?.offset ?? close;
    while (at < end) {
      const piece = readGap(document.file.text, at);
      pieces.push(piece);
      at = piece.end;
    }
    if (!child) break;
    at = child.offset + child.length;
    pieces.push({ kind: 'child', start: child.offset, end: at, child });
  }
  pieces.push({ kind: 'close', start: close, end: close + 1, child: undefined });
  return pieces;
}

function readGap(text: string, at: number): Piece {
  gap.lastIndex = at;
  const groups = gap.exec(text)?.groups ?? {};
  for (const kind of ['blank', 'newline', 'comment', 'comma'] as const) {
    const found = groups[kind];
    if (found !== undefined) return { kind, start: at, end: at + found.length, child: undefined };
  }
  // Unreachable in a file without syntax errors; one character as a blank keeps the loop going.
  return { kind: 'blank', start: at, end: at + 1, child: undefined };
}

/** The pieces by lines; a line's newline is its last piece. */
export function splitLines(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const lines: Piece[][] = [[]];
  for (const piece of pieces) {
    lines.at(-1)?.push(piece);
    if (piece.kind === 'newline') lines.push([]);
  }
  return lines;
}
