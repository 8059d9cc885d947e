import { isPlaceholder, isThrowAway } from '../core/secret-shapes.js';

/** Shortest text that is taken for a key: passwords that people choose are shorter, and cannot be told from words. */
export const shortest = 16;

/** Bits of a character's surprise from which on a text is no word, path or sentence. */
const leastEntropy = 3.3;

/**
 * Whether a value is random enough to be a key that somebody generated. Names, paths, addresses, digests, identifiers
 * (UUIDs) and placeholders are not.
 */
export function looksRandom(value: string): boolean {
  const text = value.trim();
  if (text.length < shortest || text.length > 4096 || /\s/.test(text)) return false;
  if (isPlaceholder(text) || isThrowAway(text)) return false;
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/|[./~\\]|[A-Za-z]:[\\/])/i.test(text)) return false;
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) || /^sha\d+[:-]/i.test(text)) return false;
  // Words that are joined by dashes or underscores are a name.
  if (!/\d/.test(text) || /^(?:[a-z]+[-_./]){2,}[a-z0-9]*$/i.test(text)) return false;
  return entropyOf(text) >= leastEntropy;
}

/** Shannon entropy in bits for each character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
