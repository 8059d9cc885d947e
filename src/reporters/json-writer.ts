/**
 * JSON that every parser takes: a lone surrogate, which a file's escapes can bring in, would be valid JSON but no
 * valid text. Without a line end behind it.
 */
export function stringify(value: unknown): string {
  const wellFormed = (_key: string, part: unknown) =>
    typeof part === 'string' ? part.replace(/\p{Surrogate}/gu, '\ufffd') : part;
  return JSON.stringify(value, wellFormed, 2);
}

/**
 * Writes a JSON list piece by piece. `opening` is all that stands before its first element, the bracket included;
 * `depth` is how many blanks its elements are indented by.
 */
export function newListWriter(opening: string, depth: number) {
  const margin = ' '.repeat(depth);
  let isEmpty = true;
  const write = (item: object) => {
    const text = `${isEmpty ? opening : ','}\n${stringify(item).replace(/^/gm, margin)}`;
    isEmpty = false;
    return text;
  };
  return {
    add: (items: readonly object[]): string => items.map(write).join(''),
    end: (): string => (isEmpty ? `${opening}]` : `\n${margin.slice(2)}]`),
  };
}
