import { positionAt } from '../core/text.js';
import { type JsonDocument, type JsonProblem, spanOf } from './json.js';
import type { UnreadableFile } from './problem.js';

/** One mistake can confuse the parser for the rest of the file: more errors than these help nobody. */
const mostErrors = 3;

/**
 * What keeps a file from being understood as a whole; the last one tells how many are left out. `expected` is what the
 * whole of it has to be.
 */
export function jsonProblems(document: JsonDocument, expected = 'an object in braces'): UnreadableFile[] {
  const { file, root, problems } = document;
  if (problems.length === 0 && root?.type === 'object') return [];
  if (file.text.replace(/^\uFEFF/, '').trim() === '')
    return [{ file, at: { start: 0, end: 0 }, message: `the file is empty; ${expected} is expected` }];
  const own = withoutFollowers(document);
  const shown = own.slice(0, mostErrors).map(({ message, at }) => ({ file, at, message }));
  const last = shown.at(-1);
  const more = own.length - shown.length;
  if (last && more > 0)
    shown[shown.length - 1] = {
      ...last,
      message: `${last.message} (and errors of syntax on ${more} more ${more === 1 ? 'line' : 'lines'})`,
    };
  if (root && root.type !== 'object' && shown.length === 0)
    shown.push({ file, at: spanOf(root), message: `${expected} is expected, not ${root.type}` });
  return shown;
}

/** The first error of each line; the parser stumbles again over what follows it, up to the brackets at the end. */
function withoutFollowers({ file, problems }: JsonDocument): readonly JsonProblem[] {
  const lines = new Set<number>();
  return problems.filter(({ at }) => {
    const { line } = positionAt(file, at.start);
    const isFollower = lines.has(line) || (lines.size > 0 && at.start >= file.text.trimEnd().length);
    lines.add(line);
    return !isFollower;
  });
}
