import { remember } from '../core/remember.js';
import type { Span } from '../core/text.js';

/** Flags with which an agent acts without asking. `--allow-…` only offers the mode, and Codex's `--full-auto` asks. */
const flags =
  /(?<![\w-])(?:--dangerously-skip-permissions|--permission-mode[= ]+["']?bypassPermissions|--dangerously-bypass-approvals-and-sandbox|--approval-mode[= ]+["']?yolo|--dangerously-allow-all|--yes-always|--yolo)(?![\w-])|(?<=\bcursor-agent\b[^\n;&|]{0,200}\s)--force(?![\w-])/g;

/**
 * Where a script gives such a flag to an agent, or writes it into an alias or a wrapper. Comments and text that is only
 * printed are documentation.
 */
export const unattendedIn = remember((script): readonly Span[] => {
  const found = [...script.matchAll(flags)];
  if (found.length === 0) return [];
  const shown = shownLines(script);
  return found.flatMap(({ 0: text, index }) => {
    const from = script.lastIndexOf('\n', index - 1) + 1;
    if (shown.has(from) || isShown(script.slice(from, index), lineRest(script, index))) return [];
    return [{ start: index, end: index + text.length }];
  });
});

function lineRest(script: string, index: number): string {
  const end = script.indexOf('\n', index);
  return script.slice(index, end < 0 ? undefined : end);
}

/** A comment before it, or an echo whose output goes to no file. */
function isShown(before: string, rest: string): boolean {
  if (/(?:^|\s)#(?![!{])/.test(before)) return true;
  const command = before.split(/&&|\|\||;/).at(-1) ?? '';
  return (
    /^\s*(?:RUN\s+|sudo\s+)*(?:echo|printf)\b/.test(command) &&
    !/>|\|\s*(?:sudo\s+)?tee\b/.test(command + rest)
  );
}

/** Starts of the lines inside here-documents that go to no file. */
function shownLines(script: string): ReadonlySet<number> {
  const shown = new Set<number>();
  let open: { readonly word: string; readonly isPrinted: boolean } | undefined;
  let from = 0;
  for (const line of script.split('\n')) {
    if (open) {
      if (line.trim() === open.word) open = undefined;
      else if (open.isPrinted) shown.add(from);
    } else {
      const word = /<<-?\s*["']?(\w+)/.exec(line)?.[1];
      const isPrinted =
        /(?:^|[\s;&|])(?:cat|echo)\b/.test(line) && !/(?<!<)>|\|\s*(?:sudo\s+)?tee\b/.test(line);
      if (word !== undefined) open = { word, isPrinted };
    }
    from += line.length + 1;
  }
  return shown;
}
