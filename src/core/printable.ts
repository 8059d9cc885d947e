/**
 * What must not reach a terminal or a log raw: control characters (a scanned file could repaint the screen with
 * them), bidirectional overrides and invisible characters (they make text read as something else), lone surrogates,
 * and the sign that makes CI systems take the rest of a line for a command (`##[group]`, `##vso[task]`).
 */
const unprintable =
  /#(?=#\w{0,20}\[)|[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}\ud800-\udfff]/gu;

/** The text on one line with such characters as visible escapes: `\u{1b}`, `\n`. */
export function printable(text: string): string {
  return text.replace(unprintable, escapeCharacter);
}

/** Like {@link printable}, but line feeds and tabs stay: for text of several lines. */
export function printableLines(text: string): string {
  return text.replace(unprintable, (character) =>
    character === '\n' || character === '\t' ? character : escapeCharacter(character),
  );
}

/** A line for a log: one that begins with `::` would be a command to GitHub's runner. */
export function logLine(line: string): string {
  return line.replace(/^(\s*):(?=:)/, '$1\\u{3a}');
}

function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
