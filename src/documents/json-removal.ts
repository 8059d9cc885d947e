import type { JsonNode } from './json.js';
import type { Piece, Pieces } from './json-tokens.js';

/**
 * The pieces of a container that go when some of its children go: the children, commas, comments behind them, blanks.
 * Looks at the neighbourhood of those children only, so that many fixes for one long list stay cheap.
 *
 * @returns The pieces in their order.
 */
export function listRemoved(pieces: Pieces, doomed: Iterable<JsonNode>): readonly Piece[] {
  const children: Piece[] = [];
  for (const node of doomed) {
    const piece = pieces.byChild.get(node);
    if (piece) children.push(piece);
  }
  if (children.length === 0) return children;
  children.sort(byIndex);
  const removed = new Set(children);
  for (const comma of commasToRemove(pieces, children, removed)) removed.add(comma);
  for (const child of children)
    for (const comment of commentsBehind(pieces, child, removed)) removed.add(comment);
  if (removed.size === pieces.solid) return pieces.list.slice(1, -1);
  for (const own of groupByLine(removed))
    for (const blank of blanksToRemove(pieces, own, removed)) removed.add(blank);
  return [...removed].sort(byIndex);
}

function byIndex(a: Piece, b: Piece): number {
  return a.index - b.index;
}

function groupByLine(removed: ReadonlySet<Piece>): Iterable<readonly Piece[]> {
  const lines = new Map<number, Piece[]>();
  for (const piece of removed) {
    const same = lines.get(piece.line);
    if (same) same.push(piece);
    else lines.set(piece.line, [piece]);
  }
  return lines.values();
}

function commasToRemove(
  { marks }: Pieces,
  children: readonly Piece[],
  removed: ReadonlySet<Piece>,
): readonly Piece[] {
  const commas: Piece[] = [];
  let done = 0;
  for (const first of children) {
    let index = first.mark;
    if (index < done) continue;
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
    done = index;
    commas.push(...chooseComma({ before, first, last, right, isLast: index === marks.length }));
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
function chooseComma({ before, first, last, right, isLast }: Run): readonly Piece[] {
  if (!right) return isLast && before ? [before] : [];
  if (isLast || !before) return [right];
  const isCommaFirst = last.line !== right.line && before.line === first.line;
  return [isCommaFirst ? before : right];
}

/** Comments on the line of a removed child, behind it and before anything that stays. */
function commentsBehind({ list }: Pieces, child: Piece, removed: ReadonlySet<Piece>): readonly Piece[] {
  const beforeComma: Piece[] = [];
  const behind: Piece[] = [];
  let isPastComma = false;
  for (let at = child.index + 1; at < list.length; at++) {
    const next = list[at];
    if (!next) break;
    if (next.kind === 'comment') (isPastComma ? behind : beforeComma).push(next);
    else if (next.kind === 'comma' && removed.has(next)) isPastComma = true;
    else if (next.kind === 'child' && !removed.has(next)) return beforeComma;
    else if (next.kind === 'comma') return beforeComma;
    else if (next.kind !== 'blank') break;
  }
  return [...beforeComma, ...behind];
}

/** White space of one line that would be left over; `own` is what is removed of the line already. */
function blanksToRemove(
  { list, lines }: Pieces,
  own: readonly Piece[],
  removed: ReadonlySet<Piece>,
): readonly Piece[] {
  const line = lines[own[0]?.line ?? 0];
  if (!line) return [];
  const end = list[line.last];
  const isWhole = end?.kind === 'newline' && line.visible - own.length === 1;
  if (isWhole) return list.slice(line.first, line.last + 1);
  const pieceAt = (index: number) => (line.first <= index && index <= line.last ? list[index] : undefined);
  const isRemoved = (index: number) => {
    const piece = pieceAt(index);
    return piece !== undefined && removed.has(piece);
  };
  const blanks = new Set<Piece>();
  for (const { index } of own) {
    for (const beside of [pieceAt(index - 1), pieceAt(index + 1)])
      if (beside?.kind === 'blank') blanks.add(beside);
  }
  if (blanks.size === 0) return [];
  const tail = findTail(line, end?.kind === 'newline', pieceAt, isRemoved);
  const isTrailing = (after: number) => after >= tail && (end?.kind === 'newline' || after < line.last);
  const followsBlank = blankFinder(pieceAt, isRemoved);
  return [...blanks].filter(({ index }) => {
    const isBehind = isRemoved(index - 1);
    return (
      (isBehind && isRemoved(index + 1)) || isTrailing(index + 1) || (isBehind && followsBlank(index - 1))
    );
  });
}

type At<T> = (index: number) => T;

/** From where on there are only removed pieces, and blanks where a newline ends the line. */
function findTail(
  { first, last }: Pieces['lines'][number],
  skipBlanks: boolean,
  pieceAt: At<Piece | undefined>,
  isRemoved: At<boolean>,
): number {
  let tail = last;
  while (tail > first && (isRemoved(tail - 1) || (skipBlanks && pieceAt(tail - 1)?.kind === 'blank')))
    tail -= 1;
  return tail;
}

/** Whether the removed run that ends at an index has a blank, the bracket or the start of a line before it. */
function blankFinder(pieceAt: At<Piece | undefined>, isRemoved: At<boolean>): At<boolean> {
  // Asked from left to right along one run: where it was left last time, the answer is the same.
  const answers = new Map<number, boolean>();
  return (index) => {
    let at = index;
    while (!answers.has(at) && (isRemoved(at) || (pieceAt(at)?.kind === 'blank' && isRemoved(at - 1))))
      at -= 1;
    const piece = pieceAt(at);
    const answer = answers.get(at) ?? (!piece || piece.kind === 'blank' || piece.kind === 'open');
    answers.set(index, answer);
    return answer;
  };
}
