/** The candidate that a mistyped name most likely means; undefined where none is close. */
function nearest(name: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.ceil(name.length / 3));
  let best: { candidate: string; distance: number } | undefined;
  // A longer name is no typing mistake, and the table below grows with its length.
  if (name.length > 100) return undefined;
  for (const candidate of candidates) {
    if (Math.abs(name.length - candidate.length) > limit) continue;
    // The first letter is seldom the wrong one: it decides between equals.
    const distance = editDistance(name, candidate) + (name[0] === candidate[0] ? 0 : 0.5);
    if (distance <= limit && (!best || distance < best.distance)) best = { candidate, distance };
  }
  // A name that was cut off, unless one is only a slip away.
  const longer = name.length > 2 ? candidates.find((candidate) => candidate.startsWith(name)) : undefined;
  return best && best.distance <= 1 ? best.candidate : (longer ?? best?.candidate);
}

/** `; did you mean X?`, or nothing: the end of an error message about a name. */
export function didYouMean(name: string, candidates: readonly string[], prefix = ''): string {
  const match = nearest(name, candidates);
  return match === undefined ? '' : `; did you mean ${prefix}${match}?`;
}

/** Whether so many steps of typing make one of the other. */
export function isNear(a: string, b: string, steps: number): boolean {
  return Math.abs(a.length - b.length) <= steps && editDistance(a, b) <= steps;
}

/** Edit distance in which swapping two neighbours is one step, as typing mistakes are. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const replace = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      const isSwap = i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j];
      const swap = isSwap ? (before[j - 1] ?? 0) + 1 : replace;
      next.push(Math.min(replace, swap, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
