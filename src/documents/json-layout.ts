import { Attached } from '../core/attached.js';
import { lineStarts, positionAt, type SourceFile } from '../core/text.js';

/** How a JSON file is laid out, as far as an insertion has to follow it. */
export interface JsonLayout {
  readonly lineEnd: string;
  /** One level of indentation. */
  readonly unit: string;
  /** False for a file that keeps everything on one line. */
  readonly multiLine: boolean;
  /** The white space that the line of an offset begins with. */
  indentAt(offset: number): string;
}

// One per file object: every fix of a file asks.
const known = new Attached<SourceFile, JsonLayout>();

export function readLayout(file: SourceFile): JsonLayout {
  const layout = known.get(file) ?? findLayout(file);
  known.set(file, layout);
  return layout;
}

function findLayout(file: SourceFile): JsonLayout {
  const text = file.text.replace(/^\uFEFF/, ' ');
  const unit =
    /^[ \t]*[{[][^\r\n]*(?:\r\n|\n|\r)+([ \t]+)\S/.exec(text)?.[1] ?? /[\r\n]([ \t]+)\S/.exec(text)?.[1];
  return {
    lineEnd: /\r\n|\n|\r/.exec(text)?.[0] ?? '\n',
    unit: unit ?? '  ',
    multiLine: /[\r\n]/.test(text.trim()) || text.trim() === '{}',
    indentAt(offset) {
      const line = lineStarts(file)[positionAt(file, offset).line - 1] ?? 0;
      const start = line === 0 && file.text.startsWith('\uFEFF') ? 1 : line;
      return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
    },
  };
}

/** The value as JSON text whose further lines are indented below `indent`; lists of plain values stay on one line. */
export function renderValue(value: unknown, layout: JsonLayout, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const inner = layout.multiLine ? indent + layout.unit : indent;
  const isArray = Array.isArray(value);
  const parts = isArray
    ? value.map((item) => renderValue(item, layout, inner))
    : Object.entries(value).map(
        ([key, item]) => `${JSON.stringify(key)}: ${renderValue(item, layout, inner)}`,
      );
  if (parts.length === 0) return isArray ? '[]' : '{}';
  const isPlain = isArray && value.every((item) => typeof item !== 'object' || item === null);
  if (isPlain) return `[${parts.join(', ')}]`;
  const [open, close] = isArray ? ['[', ']'] : ['{', '}'];
  if (!layout.multiLine) return `${open} ${parts.join(', ')} ${close}`;
  const lineEnd = layout.lineEnd + inner;
  return open + lineEnd + parts.join(`,${lineEnd}`) + layout.lineEnd + indent + close;
}
