import type { ParsedScript } from 'unbash';

/** Beyond this a script is data: a megabyte of commands takes half a second. */
const longest = 1_048_576;
/** The parser looks at all open here-documents again for each one. */
const mostHeredocs = 2000;

/** Parses the text of a script; undefined where it is too long to be one. Never throws. */
export type ShellParser = (text: string) => ParsedScript | undefined;

/** The parser is loaded late: most runs of `lint` need none. */
export async function loadShellParser(): Promise<ShellParser> {
  const { parse } = await import('unbash');
  return (text) => {
    if (text.length > longest || countHeredocs(text) > mostHeredocs) return undefined;
    try {
      return parse(text);
    } catch {
      return undefined;
    }
  };
}

/**
 * What a walk of a script's tree comes to; undefined where the script is nested deeper than any that a person wrote. Parts
 * of it are parsed only when they are visited.
 */
export function unlessTooDeep<T>(walk: () => T): T | undefined {
  try {
    return walk();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function countHeredocs(text: string): number {
  let count = 0;
  for (let at = text.indexOf('<<'); at >= 0 && count <= mostHeredocs; at = text.indexOf('<<', at + 2))
    count++;
  return count;
}
