import type { Span } from '../core/text.js';
import type { JsonNode } from './json.js';

/** A node without parent, and without children where it may have some; `value` is that of a node that has none. */
export function newNode(type: JsonNode['type'], { start, end }: Span, value?: unknown): JsonNode {
  const length = end - start;
  // With everything that a node may get later: nodes of one shape are quicker to read.
  return type === 'object' || type === 'array' || type === 'property'
    ? { type, offset: start, length, parent: undefined, children: [], index: undefined }
    : { type, offset: start, length, parent: undefined, value };
}
