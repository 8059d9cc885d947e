/** What a terminal obeys, and what a reader does not see as it stands: JSON may hold it, and says it as well in escapes. */
const unseen = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;

/**
 * JSON that every parser takes and every terminal shows: a lone surrogate, which a file's escapes can bring in, would be
 * valid JSON but no valid text. Without a line end behind it.
 */
export function stringify(value: unknown): string {
  const wellFormed = (_key: string, part: unknown) =>
    typeof part === 'string' ? part.replace(/\p{Surrogate}/gu, '\ufffd') : part;
  // Outside of strings JSON has no such character.
  return JSON.stringify(value, wellFormed, 2).replace(unseen, escapeUnits);
}

function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
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
