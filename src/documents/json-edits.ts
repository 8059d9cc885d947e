import type { Edit } from '../core/rule.js';
import type { Span } from '../core/text.js';
import { definitions, type JsonDocument, type JsonMember, type JsonNode, member, spanOf } from './json.js';
import { readLayout, renderValue } from './json-layout.js';
import { listRemoved } from './json-removal.js';
import { type Piece, readPieces } from './json-tokens.js';

/**
 * Edits that take elements or properties out, with their commas, the whole line where nothing else stands on it,
 * and a comment behind them on their line. Other comments stay. A property may be given by its node or its value;
 * all definitions of its key go. No edits where the file has syntax errors or a node is the root.
 */
export function removeNodes(document: JsonDocument, nodes: readonly JsonNode[]): readonly Edit[] {
  if (document.problems.length > 0) return [];
  return removeItems(document, withDuplicates(nodes));
}

/**
 * Like {@link removeNodes}; an array or object that becomes empty goes too, with its key. Not the root, and not one
 * in which comments remain.
 */
export function removeWithEmptyParents(document: JsonDocument, nodes: readonly JsonNode[]): readonly Edit[] {
  if (document.problems.length > 0) return [];
  const doomed = new Set<JsonNode>();
  for (let added = withDuplicates(nodes); added.size > 0; ) {
    for (const node of added) doomed.add(node);
    const emptied: JsonNode[] = [];
    for (const [parent, items] of groupByParent(doomed, parentsOf(added)))
      if (parent.parent && !doomed.has(itemOf(parent)) && isEmptied(document, parent, items))
        emptied.push(parent);
    added = withDuplicates(emptied);
  }
  return removeItems(document, doomed);
}

/** Takes out one definition of a key that has several, and leaves the others. */
export function removeDefinition(document: JsonDocument, property: JsonNode): readonly Edit[] {
  return document.problems.length > 0 ? [] : removeItems(document, new Set([property]));
}

/** Sets a property of an object: replaces the value that counts or adds the property behind the others. */
export function setMember(
  document: JsonDocument,
  object: JsonNode,
  key: string,
  value: unknown,
): readonly Edit[] {
  return setMembers(document, object, { [key]: value });
}

/** The same for several properties. */
export function setMembers(
  document: JsonDocument,
  object: JsonNode,
  values: Readonly<Record<string, unknown>>,
): readonly Edit[] {
  if (object.type !== 'object') return [];
  const added: [string, unknown][] = [];
  const replaced: Edit[] = [];
  for (const [key, value] of Object.entries(values)) {
    const present = member(object, key);
    if (present) replaced.push(...replaceNode(document, present.value, value));
    else added.push([JSON.stringify(key), value]);
  }
  if (added.length === 0) return replaced;
  const appended = append(document, object, (indent, separator) =>
    added.map(([name, value]) => `${name}: ${render(document, value, indent)}`).join(`,${separator}`),
  );
  return [...replaced, ...appended];
}

/**
 * Gives a property another name. The edits also touch, without changing it, the point where a property of that name
 * would be added: a fix that adds one cannot be made together with this one.
 */
export function renameMember(
  document: JsonDocument,
  { keyNode, property }: JsonMember,
  name: string,
): readonly Edit[] {
  const object = property.parent;
  if (!object || member(object, name)) return [];
  const points = setMember(document, object, name, '').map((edit) => ({
    ...edit,
    at: { start: edit.at.end, end: edit.at.end },
    text: '',
  }));
  return points.length === 0
    ? []
    : [toEdit(document, spanOf(keyNode), JSON.stringify(name)), ...points.slice(-1)];
}

/** Adds an element behind the others. */
export function appendElement(document: JsonDocument, array: JsonNode, value: unknown): readonly Edit[] {
  return appendElements(document, array, [value]);
}

/** Adds several elements behind the others. */
export function appendElements(
  document: JsonDocument,
  array: JsonNode,
  values: readonly unknown[],
): readonly Edit[] {
  if (array.type !== 'array' || values.length === 0) return [];
  return append(document, array, (indent, separator) =>
    values.map((value) => render(document, value, indent)).join(`,${separator}`),
  );
}

/** Puts another value in the place of one. */
export function replaceNode(document: JsonDocument, node: JsonNode, value: unknown): readonly Edit[] {
  if (document.problems.length > 0) return [];
  return [
    toEdit(document, spanOf(node), render(document, value, readLayout(document.file).indentAt(node.offset))),
  ];
}

function render(document: JsonDocument, value: unknown, indent: string): string {
  return renderValue(value, readLayout(document.file), indent);
}

function toEdit(document: JsonDocument, at: Span, text: string): Edit {
  return { file: document.file.path, at, text };
}

/** Properties for values; with each property every other definition of its key, else an overridden one comes back. */
function withDuplicates(nodes: readonly JsonNode[]): ReadonlySet<JsonNode> {
  const all = new Set<JsonNode>();
  for (const node of nodes) {
    const item = itemOf(node);
    // Its duplicates were added with it.
    if (all.has(item)) continue;
    all.add(item);
    const key = item.type === 'property' ? item.children?.[0]?.value : undefined;
    if (item.parent && typeof key === 'string')
      for (const other of definitions(item.parent, key)) all.add(other);
  }
  return all;
}

/** What can be removed: an element, or the property whose value is given. */
function itemOf(node: JsonNode): JsonNode {
  return node.parent?.type === 'property' ? node.parent : node;
}

function isBelow(node: JsonNode, doomed: ReadonlySet<JsonNode>): boolean {
  for (let above = node.parent; above; above = above.parent) if (doomed.has(above)) return true;
  return false;
}

function groupByParent(
  nodes: ReadonlySet<JsonNode>,
  parents: ReadonlySet<JsonNode | undefined>,
): ReadonlyMap<JsonNode, readonly JsonNode[]> {
  const groups = new Map<JsonNode, JsonNode[]>();
  for (const node of nodes) {
    if (!node.parent || !parents.has(node.parent)) continue;
    const same = groups.get(node.parent);
    if (same) same.push(node);
    else groups.set(node.parent, [node]);
  }
  return groups;
}

function parentsOf(nodes: Iterable<JsonNode>): ReadonlySet<JsonNode | undefined> {
  const parents = new Set<JsonNode | undefined>();
  for (const { parent } of nodes) parents.add(parent);
  return parents;
}

function isEmptied(document: JsonDocument, parent: JsonNode, items: readonly JsonNode[]): boolean {
  // As a rule others stay, and what goes with these is worked out when they are taken out.
  if (items.length < (parent.children?.length ?? 0)) return false;
  const pieces = readPieces(document, parent);
  return listRemoved(pieces, items).length === pieces.list.length - 2;
}

function removeItems(document: JsonDocument, doomed: ReadonlySet<JsonNode>): readonly Edit[] {
  const tops = [...doomed].filter((node) => !isBelow(node, doomed));
  const edits: Edit[] = [];
  for (const [parent, items] of groupByParent(doomed, parentsOf(tops)))
    for (const at of joinPieces(listRemoved(readPieces(document, parent), items)))
      edits.push(toEdit(document, at, ''));
  return edits;
}

/** The stretches of text that the pieces cover; pieces that follow each other are one. */
function joinPieces(pieces: readonly Piece[]): readonly Span[] {
  const spans: Span[] = [];
  for (const { start, end } of pieces) {
    const last = spans.at(-1);
    if (last?.end === start) spans[spans.length - 1] = { start: last.start, end };
    else spans.push({ start, end });
  }
  return spans;
}

/** The text of what is added; `separator` is the white space between two elements. */
type Make = (indent: string, separator: string) => string;

function append(document: JsonDocument, container: JsonNode, make: Make): readonly Edit[] {
  if (document.problems.length > 0) return [];
  const layout = readLayout(document.file);
  const { list: pieces } = readPieces(document, container);
  const base = layout.indentAt(container.offset);
  const isMultiLine = pieces.some((piece) => piece.kind === 'newline');
  const last = pieces.findLastIndex((piece) => piece.kind === 'child');
  if (last < 0) return appendFirst(document, pieces, base, isMultiLine, make);
  const indent = isMultiLine ? (childIndent(pieces, layout.indentAt) ?? base + layout.unit) : base;
  const trailing = pieces.findIndex((piece, index) => index > last && piece.kind === 'comma');
  const anchor = behind(pieces, Math.max(last, trailing));
  const separator = isMultiLine ? layout.lineEnd + indent : ' ';
  const at = { start: anchor, end: anchor };
  if (trailing >= 0) return [toEdit(document, at, `${separator}${make(indent, separator)},`)];
  const end = pieces[last]?.end ?? anchor;
  if (end === anchor) return [toEdit(document, at, `,${separator}${make(indent, separator)}`)];
  return [
    toEdit(document, { start: end, end }, ','),
    toEdit(document, at, separator + make(indent, separator)),
  ];
}

function appendFirst(
  document: JsonDocument,
  pieces: readonly Piece[],
  base: string,
  isMultiLine: boolean,
  make: Make,
): readonly Edit[] {
  const layout = readLayout(document.file);
  const last = pieces.findLast((piece) => piece.kind === 'comment' || piece.kind === 'open');
  const close = pieces.at(-1);
  if (!last || !close) return [];
  const inner = base + layout.unit;
  const isObject = document.file.text[close.start] === '}';
  const line = layout.lineEnd + inner;
  if (isMultiLine) return [toEdit(document, { start: last.end, end: last.end }, line + make(inner, line))];
  const at = { start: last.end, end: close.start };
  if (isObject && layout.multiLine) {
    return [toEdit(document, at, line + make(inner, line) + layout.lineEnd + base)];
  }
  const blank = isObject || last.kind === 'comment' ? ' ' : '';
  return [toEdit(document, at, blank + make(base, ' ') + blank)];
}

/** Indentation of the last child that begins its line. */
function childIndent(pieces: readonly Piece[], indentAt: (offset: number) => string): string | undefined {
  const first = pieces.findLast((piece, index) => {
    const before = pieces[index - 1];
    const isLineStart =
      before?.kind === 'newline' || (before?.kind === 'blank' && pieces[index - 2]?.kind === 'newline');
    return piece.kind === 'child' && isLineStart;
  });
  return first && indentAt(first.start);
}

/** The offset behind a piece and the comments that follow it on its line. */
function behind(pieces: readonly Piece[], index: number): number {
  let end = pieces[index]?.end ?? 0;
  for (const piece of pieces.slice(index + 1)) {
    if (piece.kind === 'comment') end = piece.end;
    else if (piece.kind !== 'blank') break;
  }
  return end;
}
