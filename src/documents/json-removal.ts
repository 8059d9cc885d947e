import type { JsonNode } from './json.js';
import { type Piece, splitLines } from './json-tokens.js';

/** The pieces of a container that go when some of its children go: the children, commas, comments behind them, blanks. */
export function markRemoved(pieces: readonly Piece[], doomed: ReadonlySet<JsonNode>): ReadonlySet<Piece> {
  const removed = new Set(pieces.filter((piece) => piece.child && doomed.has(piece.child)));
  if (removed.size === 0) return removed;
  for (const comma of commasToRemove(pieces, removed)) removed.add(comma);
  for (const comment of commentsToRemove(pieces, removed)) removed.add(comment);
  const rest = pieces.filter((piece) => !removed.has(piece));
  if (
    rest.every(({ kind }) => kind === 'open' || kind === 'close' || kind === 'blank' || kind === 'newline')
  ) {
    for (const piece of pieces.slice(1, -1)) removed.add(piece);
    return removed;
  }
  for (const line of splitLines(pieces))
    for (const blank of blanksToRemove(line, removed)) removed.add(blank);
  return removed;
}

function commasToRemove(pieces: readonly Piece[], removed: ReadonlySet<Piece>): readonly Piece[] {
  const marks = pieces.filter(({ kind }) => kind === 'child' || kind === 'comma');
  const commas: Piece[] = [];
  for (let index = 0; index < marks.length; index++) {
    const first = marks[index];
    if (!first || !removed.has(first)) continue;
    const before = marks[index - 1];
    let right: Piece | undefined;
    let last = first;
    for (; index < marks.length; index++) {
      const mark = marks[index];
      if (mark?.kind === 'child' && !removed.has(mark)) break;
      if (mark?.kind === 'child') last = mark;
      if (right) commas.push(right);
      right = mark?.kind === 'comma' ? mark : undefined;
    }
    index -= 1;
    const isLast = index === marks.length - 1;
    commas.push(...chooseComma(pieces, { before, first, last, right, isLast }));
  }
  return commas;
}

interface Run {
  readonly before: Piece | undefined;
  readonly first: Piece;
  readonly last: Piece;
  readonly right: Piece | undefined;
  readonly isLast: boolean;
}

/** One comma too many remains beside the run: the right one, except at the end and where commas begin the lines. */
function chooseComma(
  pieces: readonly Piece[],
  { before, first, last, right, isLast }: Run,
): readonly Piece[] {
  if (!right) return isLast && before ? [before] : [];
  if (isLast || !before) return [right];
  const isCommaFirst = hasNewline(pieces, last, right) && !hasNewline(pieces, before, first);
  return [isCommaFirst ? before : right];
}

function hasNewline(pieces: readonly Piece[], from: Piece, to: Piece): boolean {
  return pieces.some((piece) => piece.kind === 'newline' && piece.start >= from.end && piece.end <= to.start);
}

/** Comments on the line of a removed child, behind it and before anything that stays. */
function commentsToRemove(pieces: readonly Piece[], removed: ReadonlySet<Piece>): readonly Piece[] {
  return pieces.flatMap((piece, index) => {
    if (piece.kind !== 'child' || !removed.has(piece)) return [];
    const beforeComma: Piece[] = [];
    const behind: Piece[] = [];
    let isPastComma = false;
    for (let at = index + 1; at < pieces.length; at++) {
      const next = pieces[at];
      if (!next) break;
      if (next.kind === 'comment') (isPastComma ? behind : beforeComma).push(next);
      else if (next.kind === 'comma' && removed.has(next)) isPastComma = true;
      else if (next.kind === 'child' && !removed.has(next)) return beforeComma;
      else if (next.kind === 'comma') return beforeComma;
      else if (next.kind !== 'blank') break;
    }
    return [...beforeComma, ...behind];
  });
}

/** White space of one line that would be left over. */
function blanksToRemove(line: readonly Piece[], removed: ReadonlySet<Piece>): readonly Piece[] {
  if (!line.some((piece) => removed.has(piece))) return [];
  const stays = line.filter((piece) => !removed.has(piece) && piece.kind !== 'blank');
  const isWhole = stays.length === 1 && stays[0]?.kind === 'newline';
  if (isWhole) return line;
  return line.filter((piece, index) => {
    if (piece.kind !== 'blank') return false;
    const before = line[index - 1];
    const after = line[index + 1];
    const isBetween = before && after && removed.has(before) && removed.has(after);
    const isTrailing = after?.kind === 'newline' || endsLine(line, index + 1, removed);
    const isDoubled = before && removed.has(before) && followsBlank(line, index - 1, removed);
    return Boolean(isBetween || (isTrailing && touchesRemoved(line, index, removed)) || isDoubled);
  });
}

/** Only removed pieces and blanks up to the newline, or only removed pieces up to the closing bracket. */
function endsLine(line: readonly Piece[], from: number, removed: ReadonlySet<Piece>): boolean {
  const rest = line.slice(from);
  const before = rest.slice(0, -1);
  if (rest.at(-1)?.kind === 'close') return before.length > 0 && before.every((piece) => removed.has(piece));
  return (
    rest.at(-1)?.kind === 'newline' && before.every((piece) => removed.has(piece) || piece.kind === 'blank')
  );
}

function touchesRemoved(line: readonly Piece[], index: number, removed: ReadonlySet<Piece>): boolean {
  return [line[index - 1], line[index + 1]].some((piece) => piece && removed.has(piece));
}

/** The removed run that ends at `index` has a blank, the bracket or the start of a line before it. */
function followsBlank(line: readonly Piece[], index: number, removed: ReadonlySet<Piece>): boolean {
  const isRemoved = (at: number): boolean => {
    const piece = line[at];
    return piece !== undefined && removed.has(piece);
  };
  let at = index;
  while (isRemoved(at) || (line[at]?.kind === 'blank' && isRemoved(at - 1))) at -= 1;
  return at < 0 || line[at]?.kind === 'blank' || line[at]?.kind === 'open';
}
