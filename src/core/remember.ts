interface Bounds {
  /** Entries that are kept at most; a tree's repositories have their strings in common long before. */
  readonly entries?: number;
  /** Characters of an argument that is remembered at most, so that hostile files fill no memory. */
  readonly longest?: number;
}

/**
 * The same function, which remembers what it returned for the last few hundred strings. For pure functions whose results
 * nobody changes: repositories of a tree name the same images, Features and commands again and again.
 */
export function remember<T>(
  compute: (text: string) => T,
  { entries = 500, longest = 20_000 }: Bounds = {},
): (text: string) => T {
  // A map keeps the order of insertion: half is forgotten at a time, the older half.
  let recent = new Map<string, T>();
  let older = new Map<string, T>();
  return (text) => {
    const known = recent.get(text);
    if (known !== undefined) return known;
    if (text.length > longest) return compute(text);
    // A part of a string keeps the whole of it, so a part of a file the file: what is kept is made from a copy.
    const own = JSON.parse(JSON.stringify(text)) as string;
    const value = older.get(own) ?? compute(own);
    if (recent.size >= entries / 2) {
      older = recent;
      recent = new Map();
    }
    recent.set(own, value);
    return value;
  };
}
