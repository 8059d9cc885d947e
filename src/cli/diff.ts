/** A file before and after; `before` is undefined for a new file, `after` for one that goes. Paths are '/'-separated and relative. */
export interface FileChange {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Lines around a change that show where it belongs. */
const context = 3;

/** The search for the smallest patch takes the square of its size: beyond this many lines it would be felt. */
const mostChanges = 1500;

/**
 * The changes as one unified diff that `git apply` and `patch -p1` take, byte for byte: CRLF, BOM and a missing
 * last line end stay. '' where nothing changes. It has no `diff --git` lines on purpose: with them git would look
 * for the paths at the top of the repository, not in the folder that it is called in.
 */
export async function unifiedDiff(changes: readonly FileChange[]): Promise<string> {
  const { structuredPatch } = await import('diff');
  let result = '';
  for (const { path, before, after } of changes) {
    if (before === after) continue;
    const patch = structuredPatch('', '', before ?? '', after ?? '', undefined, undefined, {
      context,
      maxEditLength: mostChanges,
    });
    const hunks = patch?.hunks ?? [coarseHunk(splitLines(before ?? ''), splitLines(after ?? ''))];
    result += `--- ${before === undefined ? '/dev/null' : fileName(`a/${path}`)}\n`;
    result += `+++ ${after === undefined ? '/dev/null' : fileName(`b/${path}`)}\n`;
    for (const hunk of hunks) {
      const { oldStart, oldLines, newStart, newLines, lines } = hunk;
      result += `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@\n`;
      result += lines.map((line) => `${line}\n`).join('');
    }
  }
  return result;
}

/** One hunk from the first line that differs to the last: not the smallest patch, but one that is found at once. */
function coarseHunk(before: readonly string[], after: readonly string[]) {
  const most = Math.min(before.length, after.length);
  let first = 0;
  while (first < most && before[first] === after[first]) first += 1;
  let same = 0;
  while (same < most - first && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  const from = Math.max(0, first - context);
  const old = before.slice(from, before.length - Math.max(0, same - context));
  const now = after.slice(from, after.length - Math.max(0, same - context));
  const [head, tail] = [first - from, Math.min(same, context)];
  const marked = [
    ...old.slice(0, head).map((line) => ` ${line}`),
    ...old.slice(head, old.length - tail).map((line) => `-${line}`),
    ...now.slice(head, now.length - tail).map((line) => `+${line}`),
    ...old.slice(old.length - tail).map((line) => ` ${line}`),
  ];
  return {
    oldStart: from + 1,
    oldLines: old.length,
    newStart: from + 1,
    newLines: now.length,
    lines: marked.flatMap((line) =>
      line.endsWith('\n') ? [line.slice(0, -1)] : [line, '\\ No newline at end of file'],
    ),
  };
}

function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

// An old empty stretch is named by the line before it.
function range(start: number, lines: number): string {
  return `${lines === 0 ? start - 1 : start},${lines}`;
}

/** As git writes it: bytes beyond ASCII, quotes and control characters in C's escapes; a tab ends a name with blanks. */
function fileName(name: string): string {
  if (/^[ !#-[\]-~]*$/.test(name)) return name.includes(' ') ? `${name}\t` : name;
  const escapes: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
  const bytes = [...new TextEncoder().encode(name)].map((byte) => {
    const character = String.fromCharCode(byte);
    const isPlain = byte >= 0x20 && byte < 0x7f;
    return escapes[character] ?? (isPlain ? character : `\\${byte.toString(8).padStart(3, '0')}`);
  });
  return `"${bytes.join('')}"`;
}
