import type { Edit } from '../core/rule.js';
import { type JsonDocument, type JsonNode, placeOf } from '../documents/json.js';
import { removeWithEmptyParents } from '../documents/json-edits.js';
import type { Declared, Syntax } from './container.js';

/** One file that declares parts of the container: devcontainer.json, or the metadata of a local Feature. */
export interface Source {
  readonly document: JsonDocument;
  /** Under compose `runArgs`, `appPort` and `workspaceMount` are never read, and `mounts` lose their options. */
  readonly compose: boolean;
  /** The metadata of a Feature cannot say all that a devcontainer.json can. */
  readonly feature: boolean;
  /** The text is part of another language (a Dockerfile's label), in which edits of JSON have no place. */
  readonly fixed?: boolean;
}

/** A value that one node of a JSON file states; `remove` takes the node out unless other edits are given. */
export function declare<T>(
  { document, fixed = false }: Source,
  node: JsonNode,
  syntax: Syntax,
  value: T,
  remove: () => readonly Edit[] = () => removeWithEmptyParents(document, [node]),
): Declared<T> {
  return { value, place: placeOf(document, node), syntax, remove: fixed ? () => [] : remove };
}

/** The text of a plain value; undefined for objects, arrays and null. Numbers and booleans count as what they print as. */
export function textOfNode(node: JsonNode | undefined): string | undefined {
  if (node?.type === 'string' || node?.type === 'number' || node?.type === 'boolean')
    return String(node.value);
  return undefined;
}

/** The entries of a list, however it is written: an array, an object's values, or one plain value in place of a list. */
export function listNodes(node: JsonNode | undefined): readonly JsonNode[] {
  if (!node || node.type === 'null') return [];
  if (node.type === 'array') return node.children ?? [];
  if (node.type !== 'object') return [node];
  return (node.children ?? []).flatMap((property) => property.children?.slice(1) ?? []);
}
