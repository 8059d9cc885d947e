/** A file before and after; `before` is undefined for a new file, `after` for one that goes. Paths are '/'-separated and relative. */
export interface FileChange {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

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
    const { hunks } = structuredPatch('', '', before ?? '', after ?? '', undefined, undefined, {
      context: 3,
    });
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
