import { parseJson } from '../documents/json.js';
import { firstChanged } from './changed-value.js';
import { mergeJson } from './merge-json.js';
import { firstLost, type LineConflict, mergeLines } from './merge-lines.js';

/** What becomes of a file that was rendered before and may have been edited since. */
export type FileMerge =
  | { readonly text: string }
  /** Both sides changed the same; the line counts from 1 in the edited text. */
  | { readonly conflict: string; readonly line: number };

/** How an image is built and containers are joined: what a missing line did, nobody else does. */
const additionsOnly = /(?:^|\/)(?:Dockerfile|compose\.yaml)$/;

/**
 * The file with what the user changed since `base` and what rendering changed since then. The edited file's line ends
 * stay, but in scripts, which would not run with others.
 */
export function mergeFile(path: string, base: string, edited: string, rendered: string): FileMerge {
  const usesCrlf = edited.includes('\r\n') && !/\.(?:sh|awk|cfg)$/.test(path);
  const mine = edited.replaceAll('\r\n', '\n');
  const merged = merge(path, base, mine, rendered);
  return usesCrlf && 'text' in merged ? { text: merged.text.replaceAll('\n', '\r\n') } : merged;
}

function merge(path: string, base: string, mine: string, rendered: string): FileMerge {
  if (base === mine || mine === rendered) return { text: rendered };
  const changed = path.endsWith('devcontainer.json') ? firstChanged(base, mine) : undefined;
  if (changed)
    return { conflict: `a rendered value was changed or removed: ${changed.name}`, line: changed.line };
  const lost = additionsOnly.test(path) ? firstLost(base, mine) : undefined;
  if (lost)
    return { conflict: `a rendered line was changed or removed: ${quote(lost.text)}`, line: lost.line };
  if (base === rendered) return { text: mine };
  const { text, conflicts } = mergeLines(base, mine, rendered);
  const isJson = path.endsWith('.json');
  if (conflicts.length === 0 && (!isJson || isSound(text))) return { text };
  const joined = isJson ? (mergeJson(base, mine, text) ?? mergeJson(base, mine, rendered)) : undefined;
  if (joined !== undefined) return { text: joined };
  const [first] = conflicts;
  if (!first) return { conflict: 'joined line by line it is no JSON any more', line: 1 };
  const shown = first.edited.length === 0 ? 'a line that was removed' : quote(ownLine(first));
  return { conflict: `edited here, and rendered otherwise now: ${shown}`, line: first.line };
}

/** What is the user's alone of the lines of a conflict. */
function ownLine({ edited, rendered }: LineConflict): string {
  return edited.find((line) => !rendered.includes(line)) ?? edited[0] ?? '';
}

function quote(line: string): string {
  return JSON.stringify(line.trim().slice(0, 60));
}

function isSound(text: string): boolean {
  const { problems, duplicates } = parseJson({ path: '', text });
  return problems.length === 0 && duplicates.length === 0;
}
