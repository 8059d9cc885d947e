import { Attached } from '../core/attached.js';
import type { Span } from '../core/text.js';
import { type JsonDocument, type JsonNode, spanOf } from './json.js';

/**
 * Where a stretch of a decoded string value stands in the file; offsets are UTF-16 units of the decoded text.
 * The whole node for anything but a string.
 */
export function spanWithin(document: JsonDocument, node: JsonNode, start: number, end: number): Span {
  if (node.type !== 'string') return spanOf(node);
  const limit = node.offset + node.length;
  const from = Math.min(rawOffset(document, node, start), limit);
  return { start: from, end: Math.max(from, Math.min(rawOffset(document, node, end), limit)) };
}

/** Where an escape of a string starts in the decoded text, and where both texts go on behind it. */
interface Escape {
  readonly start: number;
  readonly decoded: number;
  readonly raw: number;
}

const escapes = new Attached<JsonNode, readonly Escape[]>();

function rawOffset(document: JsonDocument, node: JsonNode, decoded: number): number {
  const known = escapes.get(node) ?? findEscapes(document.file.text, node);
  escapes.set(node, known);
  let low = 0;
  let high = known.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((known[middle]?.start ?? 0) < decoded) low = middle + 1;
    else high = middle;
  }
  const before = known[low - 1] ?? { raw: node.offset + 1, decoded: 0 };
  return before.raw + Math.max(0, decoded - before.decoded);
}

function findEscapes(text: string, node: JsonNode): readonly Escape[] {
  const found: Escape[] = [];
  const inside = text.slice(node.offset, node.offset + node.length);
  let raw = 1;
  let decoded = 0;
  for (let at = inside.indexOf('\\', raw); at >= 0; at = inside.indexOf('\\', raw)) {
    const unit = escapeLength(inside, at);
    const start = decoded + at - raw;
    raw = at + unit.raw;
    decoded = start + unit.decoded;
    found.push({ start, decoded, raw: node.offset + raw });
  }
  return found;
}

/** Length in the file and in the value of the escape at `at`. A broken one decodes to nothing. */
function escapeLength(text: string, at: number): { raw: number; decoded: number } {
  if (text[at + 1] !== 'u') return { raw: 2, decoded: '"\\/bfnrt'.includes(text[at + 1] ?? ' ') ? 1 : 0 };
  const digits = /^[0-9a-fA-F]{0,4}/.exec(text.slice(at + 2, at + 6))?.[0].length ?? 0;
  return { raw: 2 + digits, decoded: digits === 4 ? 1 : 0 };
}
