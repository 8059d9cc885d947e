/** What a terminal obeys, and what a reader does not see as it stands: JSON may hold it, and says it as well in escapes. */
const unseen = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;

/**
 * JSON that every parser takes and every terminal shows: a lone surrogate, which a file's escapes can bring in, would be
 * valid JSON but no valid text. Without a line end behind it.
 */
export function stringify(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  // A lone surrogate comes as an escape: only then each string is looked at.
  const sound = text.includes('\\ud') ? JSON.stringify(value, wellFormed, 2) : text;
  // Outside of strings JSON has no such character.
  return special.test(sound) ? sound.replace(unseen, escapeUnits) : sound;
}

const special = /[^\n -~]/;

function wellFormed(_key: string, part: unknown): unknown {
  return typeof part === 'string' ? part.replace(/\p{Surrogate}/gu, '\ufffd') : part;
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
  // Inside of as many lists it comes indented as it is to be.
  const inLists = (item: unknown) => {
    let nested = item;
    for (let level = 0; level < depth; level += 2) nested = [nested];
    return `\n${stringify(nested)}`;
  };
  const [before = '', behind = ''] = inLists(0).split(`\n${margin}0`);
  let isEmpty = true;
  const write = (item: object) => {
    const text = inLists(item);
    const start = isEmpty ? opening : ',';
    isEmpty = false;
    return start + text.slice(before.length, text.length - behind.length);
  };
  return {
    add: (items: readonly object[]): string => items.map(write).join(''),
    end: (): string => (isEmpty ? `${opening}]` : `\n${margin.slice(2)}]`),
  };
}
