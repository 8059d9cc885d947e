/** Values that one thing to choose can have. */
export type Choices = Readonly<Record<string, readonly unknown[]>>;
export type Row<T extends Choices> = { readonly [K in keyof T]: T[K][number] };

/**
 * Rows in which each value of a choice meets each value of every other one at least once. The same input gives the same rows:
 * each takes the first pair that is left, and for the other choices the value that meets most pairs that are left.
 */
export function allPairs<T extends Choices>(choices: T): Row<T>[] {
  const names = Object.keys(choices);
  const sizes = names.map((name) => choices[name]?.length ?? 0);
  const left = new Set<string>();
  for (let a = 0; a < names.length; a += 1)
    for (let b = a + 1; b < names.length; b += 1)
      for (let i = 0; i < (sizes[a] ?? 0); i += 1)
        for (let j = 0; j < (sizes[b] ?? 0); j += 1) left.add(keyOf(a, i, b, j));
  const rows: Row<T>[] = [];
  for (let first = next(left); first; first = next(left)) {
    const row = fill(first, sizes, left);
    for (let a = 0; a < names.length; a += 1)
      for (let b = a + 1; b < names.length; b += 1) left.delete(keyOf(a, row[a] ?? 0, b, row[b] ?? 0));
    const entries = names.map((name, index) => [name, choices[name]?.[row[index] ?? 0]]);
    rows.push(Object.fromEntries(entries) as Row<T>);
  }
  return rows;
}

function keyOf(a: number, i: number, b: number, j: number): string {
  return a < b ? `${a} ${i} ${b} ${j}` : `${b} ${j} ${a} ${i}`;
}

function next(left: ReadonlySet<string>): readonly number[] | undefined {
  const [key] = left;
  return key?.split(' ').map(Number);
}

/** A row, by the index of each value, with the pair `[choice, value, choice, value]` in it. */
function fill(pair: readonly number[], sizes: readonly number[], left: ReadonlySet<string>): number[] {
  const row: (number | undefined)[] = sizes.map(() => undefined);
  const [a = 0, i = 0, b = 0, j = 0] = pair;
  row[a] = i;
  row[b] = j;
  for (const [choice, size] of sizes.entries()) {
    if (row[choice] !== undefined) continue;
    const gain = (value: number) =>
      row.reduce<number>((sum, other, index) => {
        const meets = other !== undefined && left.has(keyOf(choice, value, index, other));
        return sum + (meets ? 1 : 0);
      }, 0);
    const gains = Array.from({ length: size }, (_, value) => gain(value));
    row[choice] = gains.indexOf(Math.max(...gains));
  }
  return row.map((value) => value ?? 0);
}
