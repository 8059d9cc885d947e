import { type JsonDocument, spanOf } from './json.js';
import type { UnreadableFile } from './problem.js';

/** One mistake can confuse the parser for the rest of the file: more errors than these help nobody. */
const mostErrors = 10;

/** What keeps a devcontainer.json from being understood as a whole; the last one tells how many are left out. */
export function jsonProblems({ file, root, problems }: JsonDocument): UnreadableFile[] {
  const shown = problems.slice(0, mostErrors).map(({ message, at }) => ({ file, at, message }));
  const last = shown.at(-1);
  const more = problems.length - shown.length;
  if (last && more > 0)
    shown[shown.length - 1] = { ...last, message: `${last.message} (and ${more} more errors of syntax)` };
  if (root && root.type !== 'object')
    shown.push({ file, at: spanOf(root), message: `an object in braces is expected, not ${root.type}` });
  return shown;
}
