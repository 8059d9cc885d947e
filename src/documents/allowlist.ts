import { lineStarts, type SourceFile, type Span } from '../core/text.js';

/** One entry of an allowlist in lines: `registry.npmjs.org:443 # why`. */
export interface AllowlistLine {
  /** The entry without its comment and the blanks around it. */
  readonly text: string;
  readonly at: Span;
  /** What stands behind `#`, without blanks around it. */
  readonly comment: string;
  /** 1-based. */
  readonly line: number;
}

/** The entries of a list in which `#` begins a comment wherever it stands. Blank lines and comments are none. */
export function readAllowlist(file: SourceFile): AllowlistLine[] {
  return lineStarts(file).flatMap((start, index, starts) => {
    const line = file.text.slice(start, starts[index + 1] ?? file.text.length);
    const comment = line.indexOf('#');
    const code = comment < 0 ? line : line.slice(0, comment);
    const text = code.replace(/^\uFEFF/, '').trim();
    if (text === '') return [];
    const from = start + code.indexOf(text);
    return [
      {
        text,
        at: { start: from, end: from + text.length },
        comment: comment < 0 ? '' : line.slice(comment + 1).trim(),
        line: index + 1,
      },
    ];
  });
}

/**
 * The stretch to delete for entries on lines that follow each other, `first` to `last`: the whole lines, and the comment above them
 * with the blank line before where they belong to these entries alone.
 */
export function linesToDelete(file: SourceFile, first: number, last: number): Span {
  const starts = lineStarts(file);
  const startOf = (line: number) => starts[line - 1] ?? file.text.length;
  const kindOf = (line: number) => {
    if (line < 1 || line > starts.length) return 'edge';
    const text = file.text.slice(startOf(line), startOf(line + 1)).trim();
    return text === '' ? 'blank' : text.startsWith('#') ? 'comment' : 'entry';
  };
  const end = startOf(last + 1);
  let above = first;
  while (kindOf(above - 1) === 'comment') above -= 1;
  const isAlone = kindOf(last + 1) === 'blank' || kindOf(last + 1) === 'edge';
  // A comment at the top speaks of the whole file.
  const isOwn = above < first && isAlone && kindOf(above - 1) === 'blank';
  const start = isOwn ? startOf(above - 1) : startOf(first);
  // Without a line end behind it the one before goes, so that the file ends as it did.
  const isLast = last === starts.length && start > 0;
  return { start: isLast ? start - (/\r\n$/.test(file.text.slice(0, start)) ? 2 : 1) : start, end };
}
