import type { Edit } from '../core/rule.js';
import type { Span } from '../core/text.js';
import { type JsonNode, spanOf } from './json.js';
import type { YamlDocument } from './yaml.js';
import { styleOf } from './yaml-styles.js';

/** What an edit writes in one place. */
export type YamlScalar = string | number | boolean;

/**
 * Edits that take items of lists or keys of mappings (given by their values) out of a YAML file, with what stands
 * behind them on their line. Comments above stay. A list or mapping that becomes empty goes with its key; where
 * comments remain in it, it becomes `[]` or `{}`. One that is no deeper than a service stays, without a value. No edits
 * where that would be a guess: errors in the file, anchors and aliases, keys that a merge key brings back, comments in brackets.
 */
export function removeYaml(document: YamlDocument, nodes: readonly JsonNode[]): readonly Edit[] {
  const items = nodes.map(itemOf);
  if (nodes.length === 0 || !items.every((item) => isEditable(document, item))) return [];
  const doomed = new Set(items);
  const opened: (readonly [parent: JsonNode, at: number])[] = [];
  for (let pending = parentsOf(items); pending.size > 0; ) {
    const emptied: JsonNode[] = [];
    for (const parent of pending) {
      // An element that is an alias has its parent elsewhere, and stays.
      const isEmptied = parent.children?.every((child) => doomed.has(child)) ?? false;
      if (!isEmptied || depthOf(parent) === 0 || depthOf(parent) === 2) continue;
      if (!hasComments(document, parent)) {
        emptied.push(itemOf(parent));
        continue;
      }
      const end = keyEnd(document, parent);
      if (end === undefined) return [];
      opened.push([parent, end]);
    }
    for (const item of emptied) doomed.add(item);
    pending = parentsOf(emptied);
  }
  const outermost = [...doomed].filter((item) => !isBelow(item, doomed));
  // An alias elsewhere would name nothing.
  if (outermost.some(holdsAnchor)) return [];
  // What a merge key brings would come back.
  if (outermost.some(({ parent, children }) => parent && isMerged(parent, children?.[0]?.value))) return [];
  const edits = opened
    .filter(([parent]) => !isBelow(parent, doomed))
    .map(([{ type }, at]) => edit(document, { start: at, end: at }, type === 'array' ? ' []' : ' {}'));
  const removed: Span[] = [];
  for (const parent of parentsOf(outermost)) {
    const spans = isFlow(parent) ? flowSpans(document, parent, doomed) : blockSpans(document, parent, doomed);
    if (!spans) return [];
    removed.push(...spans);
  }
  return [...edits, ...joinSpans(document, removed).map((at) => edit(document, at, ''))];
}

/** Spans that touch as one; a last line without an end goes with the end of the line above it. */
function joinSpans({ file: { text } }: YamlDocument, spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last && last.end >= span.start) joined[joined.length - 1] = { start: last.start, end: span.end };
    else joined.push(span);
  }
  return joined.map(({ start, end }) => {
    const isLast = end === text.length && !text.endsWith('\n') && text[start - 1] === '\n';
    return { start: isLast ? start - (text[start - 2] === '\r' ? 2 : 1) : start, end };
  });
}

/**
 * Edits that write another text or truth value in place of a scalar, in its quotes. No edits for blocks, for a scalar
 * of several lines, and where {@link removeYaml} has none.
 */
export function replaceYaml(document: YamlDocument, node: JsonNode, value: YamlScalar): readonly Edit[] {
  const { start, end } = spanOf(node);
  const style = styleOf(node)?.style;
  const isLine = !/[\r\n]/.test(document.file.text.slice(start, end));
  if (!isLine || node.children || start === end || style === 'block' || !isEditable(document, node))
    return [];
  return [edit(document, { start, end }, renderYaml(value, style ?? 'plain', isInFlow(node)))];
}

export function edit({ file }: YamlDocument, at: Span, text: string): Edit {
  return { file: file.path, at, text };
}

/** What can be removed: an element, or the property whose value is given. */
function itemOf(node: JsonNode): JsonNode {
  return node.parent?.type === 'property' ? node.parent : node;
}

function parentsOf(items: readonly JsonNode[]): ReadonlySet<JsonNode> {
  return new Set(items.flatMap(({ parent }) => parent ?? []));
}

/** Without what merge keys bring, which is written elsewhere. */
export function ownChildren(node: JsonNode): readonly JsonNode[] {
  return (node.children ?? []).filter((child) => child.parent === node);
}

function depthOf(node: JsonNode): number {
  let depth = 0;
  for (let above = node.parent; above; above = above.parent) if (above.type !== 'property') depth += 1;
  return depth;
}

function isBelow(node: JsonNode, doomed: ReadonlySet<JsonNode>): boolean {
  for (let above = node.parent; above; above = above.parent) if (doomed.has(above)) return true;
  return false;
}

/** Neither it nor what holds it has an anchor, by which it may stand in other places too. */
export function isEditable(document: YamlDocument, node: JsonNode): boolean {
  return node.parent !== undefined && canGrow(document, node);
}

/** The same for what something is added to; what stands in it may have anchors. */
export function canGrow({ problems, duplicates }: YamlDocument, node: JsonNode): boolean {
  if (problems.length > 0 || duplicates.length > 0) return false;
  for (let above: JsonNode | undefined = node; above; above = above.parent) {
    const value: JsonNode | undefined = above.type === 'property' ? above.children?.[1] : above;
    if (value && styleOf(value)?.anchored) return false;
    // An alias in this place: what it stands for has another parent.
    if (above.type === 'property' && value?.parent !== above) return false;
  }
  return true;
}

/** Whether it has an anchor, or something below it that is written there. */
function holdsAnchor(node: JsonNode): boolean {
  const open = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    if (styleOf(next)?.anchored) return true;
    open.push(...ownChildren(next));
  }
  return false;
}

function isMerged(parent: JsonNode, key: unknown): boolean {
  return parent.type === 'object' && (styleOf(parent)?.merged.has(String(key)) ?? false);
}

export function isFlow(node: JsonNode): boolean {
  return styleOf(node)?.style === 'flow';
}

export function isInFlow(node: JsonNode): boolean {
  for (let above: JsonNode | undefined = node; above; above = above.parent) if (isFlow(above)) return true;
  return false;
}

export function endOf({ offset, length }: JsonNode): number {
  return offset + length;
}

/** Behind the BOM, where there is one. */
export function lineStart({ file: { text } }: YamlDocument, offset: number): number {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  return start === 0 && text.startsWith('\uFEFF') ? 1 : start;
}

/** The offset behind the line that a block's item ends in; undefined where more stands there than a comment. */
export function lineEndBehind({ file: { text } }: YamlDocument, end: number): number | undefined {
  if (text[end - 1] === '\n') return end;
  const newline = text.indexOf('\n', end);
  const next = newline < 0 ? text.length : newline + 1;
  return /^[ \t]*:?[ \t]*(?:#.*)?\r?\n?$/.test(text.slice(end, next)) ? next : undefined;
}

/** Where a block's item begins, with its dash; undefined where the dash stands on another line. */
function blockStart({ file: { text } }: YamlDocument, item: JsonNode): number | undefined {
  if (item.type === 'property')
    return /\?[ \t]*$/.test(text.slice(0, item.offset).slice(-20)) ? undefined : item.offset;
  let at = item.offset;
  while (text[at - 1] === ' ' || text[at - 1] === '\t') at -= 1;
  return text[at - 1] === '-' ? at - 1 : undefined;
}

function blockSpans(
  document: YamlDocument,
  parent: JsonNode,
  doomed: ReadonlySet<JsonNode>,
): readonly Span[] | undefined {
  const all = parent.children ?? [];
  const spans: Span[] = [];
  for (const [index, item] of all.entries()) {
    if (!doomed.has(item)) continue;
    const start = blockStart(document, item);
    const end = lineEndBehind(document, endOf(item));
    if (start === undefined || end === undefined) return undefined;
    const line = lineStart(document, start);
    if (/^\s*$/.test(document.file.text.slice(line, start))) spans.push({ start: line, end });
    else {
      // The first key behind a dash: the next one takes its place.
      const next = all[index + 1];
      const to = next?.parent === parent ? blockStart(document, next) : undefined;
      if (to === undefined || index > 0 || /^[ \t]*#/m.test(document.file.text.slice(end, to)))
        return undefined;
      if (doomed.has(next as JsonNode)) return undefined;
      spans.push({ start, end: to });
    }
  }
  return spans;
}

/** Each run of items goes with the comma before it, or with the one behind it where it comes first. */
function flowSpans(
  document: YamlDocument,
  parent: JsonNode,
  doomed: ReadonlySet<JsonNode>,
): readonly Span[] | undefined {
  const own = ownChildren(parent);
  if (own.length !== (parent.children?.length ?? 0)) return undefined;
  const spans: Span[] = [];
  for (let index = 0; index < own.length; index += 1) {
    const first = own[index];
    if (!first || !doomed.has(first)) continue;
    const before = own[index - 1];
    while (doomed.has(own[index + 1] ?? parent)) index += 1;
    const behind = own[index + 1];
    const last = own[index] ?? first;
    const at = before
      ? { start: endOf(before), end: endOf(last) }
      : { start: first.offset, end: behind ? behind.offset : endOf(last) };
    spans.push(at);
  }
  return /(?:^|\s)#/.test(document.file.text.slice(parent.offset, endOf(parent))) ? undefined : spans;
}

/** Whether lines of a block hold nothing but a comment. */
function hasComments(document: YamlDocument, parent: JsonNode): boolean {
  const key = parent.parent?.type === 'property' ? parent.parent.children?.[0] : undefined;
  const from = key ? endOf(key) : parent.offset;
  return !isFlow(parent) && /\n[ \t]*#/.test(document.file.text.slice(from, endOf(parent)));
}

/** The offset behind the colon of the key that a value stands behind. */
function keyEnd({ file: { text } }: YamlDocument, value: JsonNode): number | undefined {
  const key = value.parent?.type === 'property' ? value.parent.children?.[0] : undefined;
  const colon = key && /^[ \t]*:/.exec(text.slice(endOf(key), endOf(key) + 20))?.[0];
  return key && colon ? endOf(key) + colon.length : undefined;
}

export function renderYaml(value: YamlScalar, style: string, inFlow: boolean): string {
  if (typeof value !== 'string') return String(value);
  if (style === 'single') return `'${value.replaceAll("'", "''")}'`;
  return style === 'plain' && isPlain(value, inFlow) ? value : JSON.stringify(value);
}

/** Whether a text can stand without quotes and stays a text. */
function isPlain(text: string, inFlow: boolean): boolean {
  const signs = inFlow ? /^[\w./~$][\w./~$@%+=:-]*$/ : /^[\w./~$][\w./~$@%+={}:-]*$/;
  if (!signs.test(text) || text.endsWith(':')) return false;
  return !/^(?:~|null|true|false|yes|no|on|off|y|n|[-+.\d_e]+|0x.*|[\d:.]+)$/i.test(text);
}
