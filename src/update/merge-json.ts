import { applyEdits } from '../core/edit.js';
import type { Edit } from '../core/rule.js';
import { jsonComments } from '../documents/comments.js';
import { type JsonDocument, type JsonNode, member, parseJson, plainValue } from '../documents/json.js';
import { appendElements, removeNodes, setMember } from '../documents/json-edits.js';

type Path = readonly string[];

/** One thing that the user changed. */
type Change =
  | { readonly path: Path; readonly set: unknown }
  | { readonly path: Path; readonly remove: true }
  | { readonly path: Path; readonly add: readonly unknown[]; readonly take: readonly unknown[] };

/**
 * Three-way merge by properties, for what lines cannot tell apart: the text with what the user changed since `base`; it
 * is the rendered one, in which some of the user's lines may stand already. Undefined where both changed the same value,
 * or where a comment of the user's would be lost.
 */
export function mergeJson(base: string, edited: string, rendered: string): string | undefined {
  const [old, mine, ours] = [base, edited, rendered].map((text) => parseJson({ path: '', text })) as [
    JsonDocument,
    JsonDocument,
    JsonDocument,
  ];
  if ([old, mine, ours].some(({ problems, root }) => problems.length > 0 || root?.type !== 'object'))
    return undefined;
  const known = new Set([...commentsOf(old), ...commentsOf(ours)]);
  if (mine.duplicates.length > 0 || commentsOf(mine).some((text) => !known.has(text))) return undefined;
  const changes = compare(plainValue(old.root), plainValue(mine.root), plainValue(ours.root), []);
  if (!changes) return undefined;
  let text = rendered;
  for (const change of changes) {
    const document = parseJson({ path: '', text });
    const edits = apply(document, change);
    if (!edits) return undefined;
    text = applyEdits(text, edits);
  }
  return text;
}

function commentsOf({ file }: JsonDocument): string[] {
  return jsonComments(file).map(({ start, end }) => file.text.slice(start, end));
}

/** What the user changed, where the renderer did not change the same. Undefined for a conflict. */
function compare(old: unknown, mine: unknown, ours: unknown, path: Path): Change[] | undefined {
  if (isEqual(old, mine) || isEqual(mine, ours)) return [];
  if (isObject(mine) && isObject(ours) && (isObject(old) || old === undefined)) {
    const before = old ?? {};
    const changes: Change[] = [];
    for (const key of new Set([...Object.keys(before), ...Object.keys(mine)])) {
      const inner = compare(before[key], mine[key], ours[key], [...path, key]);
      if (!inner) return undefined;
      changes.push(...inner);
    }
    return changes;
  }
  if (isList(old) && isList(mine) && isList(ours)) {
    const has = (list: readonly unknown[], value: unknown) => list.some((each) => isEqual(each, value));
    const add = mine.filter((each) => !has(old, each) && !has(ours, each));
    const take = old.filter((each) => !has(mine, each) && has(ours, each));
    return [{ path, add, take }];
  }
  if (!isEqual(old, ours)) return undefined;
  return [mine === undefined ? { path, remove: true } : { path, set: mine }];
}

function apply(document: JsonDocument, change: Change): readonly Edit[] | undefined {
  const parent = nodeAt(document.root, change.path.slice(0, -1));
  const key = change.path.at(-1) ?? '';
  if ('set' in change) return parent && setMember(document, parent, key, change.set);
  const node = member(parent, key)?.value;
  if ('remove' in change) return node ? removeNodes(document, [node]) : [];
  if (node?.type !== 'array') return undefined;
  const taken = (node.children ?? []).filter((each) =>
    change.take.some((value) => isEqual(plainValue(each), value)),
  );
  // Two kinds of edits in one list would share its commas.
  if (taken.length > 0 && change.add.length > 0) {
    const rest = (plainValue(node) as unknown[]).filter(
      (each) => !change.take.some((one) => isEqual(one, each)),
    );
    return parent && setMember(document, parent, key, [...rest, ...change.add]);
  }
  return taken.length > 0 ? removeNodes(document, taken) : appendElements(document, node, change.add);
}

function nodeAt(root: JsonNode | undefined, path: Path): JsonNode | undefined {
  return path.reduce<JsonNode | undefined>((node, key) => member(node, key)?.value, root);
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list in which each value stands for itself, not for its position. */
function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every((each) => typeof each !== 'object');
}
