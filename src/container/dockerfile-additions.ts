import type { Edit } from '../core/rule.js';
import type { Container } from './container.js';

/** Edits that add instructions behind the last one of the image, where that is the last one of the file too. */
export function behindLast(
  { instructions, dockerfile }: Container,
  lines: readonly string[],
): readonly Edit[] {
  const last = instructions.findLast(({ kept }) => kept);
  if (!last || !dockerfile || last.file.path !== dockerfile.path) return [];
  const { path, text } = dockerfile;
  // In front of what stands behind it, blanks and comments only, so that these keep their place.
  const rest = text.slice(last.at.end);
  if (/^(?!\s*(?:#|$))/m.test(rest.replace(/^[^\n]*\n?/, '')) || /\S/.test(rest.split('\n')[0] ?? ''))
    return [];
  const lineEnd = /\r\n/.test(text) ? '\r\n' : '\n';
  return [
    {
      file: path,
      at: { start: last.at.end, end: last.at.end },
      text: lines.map((line) => lineEnd + line).join(''),
    },
  ];
}
