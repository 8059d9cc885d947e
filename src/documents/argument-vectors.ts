import { filler, type PlainCommand, readCommands } from './command-words.js';

/** The command of an argument vector, given by its strings as they stand between their quotes in a file. */
export function readArguments(
  strings: readonly { readonly text: string; readonly start: number }[],
): readonly PlainCommand[] {
  const [first] = strings;
  if (!first) return [];
  // One line in which each word stands where it stands in the file.
  let line = '';
  for (const { text, start } of strings) {
    const plain = inPlace(text);
    const isPlain = /^[\w@%+=:,./-]+$/.test(plain);
    line = line.padEnd(start - first.start) + (isPlain ? ` ${plain}` : `'${plain.replaceAll("'", filler)}'`);
  }
  return readCommands(line, first.start - 1);
}

/** The text of a string with each escape decoded in its place: as long as it was, filled up with {@link filler}. */
export function inPlace(text: string): string {
  return text.replace(/\\(?:u[\da-fA-F]{4}|.)/gs, (written) => {
    const kind = written[1] ?? '';
    const known: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
    const sign =
      written.length > 2 ? String.fromCharCode(Number.parseInt(written.slice(2), 16)) : (known[kind] ?? kind);
    return filler.repeat(written.length - 1) + sign;
  });
}
