import type { Edit } from '../core/rule.js';
import { type JsonDocument, member } from '../documents/json.js';
import { appendElements, setMembers } from '../documents/json-edits.js';

/** Edits that add texts to a top-level list, which is made where there is none. */
export function addToList(document: JsonDocument, name: string, values: readonly string[]): readonly Edit[] {
  if (!document.root) return [];
  const list = member(document.root, name)?.value;
  return list
    ? appendElements(document, list, values)
    : setMembers(document, document.root, { [name]: values });
}
