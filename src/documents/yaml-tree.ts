import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { Attached } from '../core/attached.js';
import type { Span } from '../core/text.js';
import { deepest, type JsonNode, type JsonProblem, members, spanOf } from './json.js';
import { newNode } from './json-node.js';
import type { YamlDocument } from './yaml.js';
import { setStyle, type YamlStyle } from './yaml-styles.js';

/** Values that all aliases of a file may stand for together: a few lines of them can stand for billions. */
const mostValues = 100_000;

const mergedKeys = new Attached<JsonNode, ReadonlySet<string>>();
const noKeys: ReadonlySet<string> = new Set();

interface Reader {
  readonly anchors: Map<string, JsonNode | 'open'>;
  readonly problems: JsonProblem[];
  readonly duplicates: JsonProblem[];
  /** Values and levels of what is read, for what aliases add. */
  readonly measures: Attached<JsonNode, Measure>;
  values: number;
}

interface Measure {
  readonly values: number;
  readonly levels: number;
}

/**
 * Reads the documents of a text. Never throws: what is wrong becomes a problem with its place. Nothing in a tree knows its
 * file.
 */
export function readStream(text: string): Omit<YamlDocument, 'file'> {
  // Plain scalars are read here; unique keys would take the parser quadratic time.
  const options = { schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const;
  const parsed = parseAllDocuments(text, options);
  const documents: readonly Document.Parsed[] = Array.isArray(parsed) ? parsed : [];
  const problems = documents.flatMap(({ errors }) => errors.map((error) => toProblem(error, text)));
  problems.push(...findControls(text));
  const duplicates: JsonProblem[] = [];
  const roots = documents.flatMap(({ contents }) => {
    const reader: Reader = {
      anchors: new Map(),
      problems,
      duplicates,
      measures: new Attached(),
      values: 0,
    };
    return contents ? [readNode(reader, contents, 0)] : [];
  });
  problems.sort((a, b) => a.at.start - b.at.start);
  return { root: roots[0], roots, problems, duplicates };
}

function toProblem(error: { message: string; pos: [number, number] }, text: string): JsonProblem {
  const message = error.message.startsWith('Maximum call stack') ? tooDeep : error.message;
  const start = Math.min(error.pos[0], text.length);
  return {
    message: `invalid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1).replace(/[.:]\s*$/, '')}`,
    at: { start, end: Math.max(start, Math.min(error.pos[1], text.length)) },
  };
}

const tooDeep = `nested more than ${deepest} levels deep`;

/** The parser lets control characters through, on which others stop. */
function findControls(text: string): JsonProblem[] {
  for (let start = 0; start < text.length; start += 1) {
    const code = text.charCodeAt(start);
    if (code === 127 || (code < 32 && code !== 9 && code !== 10 && code !== 13))
      return [
        { message: 'invalid YAML: control characters have to be escaped', at: { start, end: start + 1 } },
      ];
  }
  return [];
}

/** Each node once; an alias gives the node that it stands for. */
function readNode(reader: Reader, node: ParsedNode, depth: number): JsonNode {
  if (isAlias(node)) return readAlias(reader, node, depth);
  reader.values += 1;
  const start = node.range[0];
  if (depth > deepest) return refuse(reader, { start, end: start + 1 }, tooDeep);
  const { anchor } = node;
  if (anchor !== undefined) reader.anchors.set(anchor, 'open');
  const read = isMap(node)
    ? readMap(reader, node, depth)
    : isSeq(node)
      ? readList(reader, node, depth)
      : readScalar(node);
  if (anchor !== undefined) reader.anchors.set(anchor, read);
  setStyle(read, {
    tag: node.tag,
    anchored: anchor !== undefined,
    merged: mergedKeys.get(read) ?? noKeys,
    style: styleOfNode(node),
  });
  measure(reader, read);
  return read;
}

function styleOfNode(node: ParsedNode): YamlStyle['style'] {
  if (isCollection(node)) return node.flow ? 'flow' : 'block';
  return scalarStyles[(node as Scalar).type ?? ''] ?? 'block';
}

const scalarStyles: Readonly<Record<string, YamlStyle['style']>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
};

function measure({ measures }: Reader, node: JsonNode): void {
  let values = 1;
  let levels = 0;
  for (const child of node.children ?? []) {
    const inner = child.type === 'property' ? child.children?.[1] : child;
    const known = inner && measures.get(inner);
    values += known?.values ?? 1;
    levels = Math.max(levels, (known?.levels ?? 0) + 1);
  }
  measures.set(node, { values, levels });
}

function readAlias(reader: Reader, { source, range }: Alias.Parsed, depth: number): JsonNode {
  const at = { start: range[0], end: range[1] };
  const target = reader.anchors.get(source);
  if (target === undefined) return refuse(reader, at, `no anchor &${source} stands before this alias`);
  if (target === 'open') return refuse(reader, at, `the alias *${source} stands inside of what it names`);
  const { values = 1, levels = 0 } = reader.measures.get(target) ?? {};
  if (depth + levels > deepest) return refuse(reader, at, tooDeep);
  reader.values += values;
  if (reader.values > mostValues)
    return refuse(reader, at, `the aliases stand for more than ${mostValues} values`);
  return target;
}

/** A value that cannot be read; the same problem is told once. */
function refuse({ problems }: Reader, at: Span, message: string): JsonNode {
  const text = `invalid YAML: ${message}`;
  if (!problems.some((problem) => problem.message === text)) problems.push({ message: text, at });
  return newNode('null', at, null);
}

/** An anchored node keeps the parent below which it is written. */
function adopt(parent: JsonNode, child: JsonNode): void {
  child.parent ??= parent;
  parent.children?.push(child);
}

function readList(reader: Reader, list: YAMLSeq.Parsed, depth: number): JsonNode {
  const [start, end] = list.range;
  const array = newNode('array', { start, end });
  for (const item of list.items) {
    const node = isPair(item) ? undefined : (item as ParsedNode);
    if (node) adopt(array, readNode(reader, node, depth + 1));
  }
  return trimmed(array, list.flow);
}

/** A block ends with its last child, not behind the comments and blank lines that follow it. */
function trimmed(node: JsonNode, flow: boolean | undefined): JsonNode {
  if (flow) return node;
  // What an alias stands for lies further up.
  const last = node.children?.findLast((child) => endOf(child) > node.offset && endOf(child) <= endOf(node));
  if (last) node.length = endOf(last) - node.offset;
  return node;
}

function readMap(reader: Reader, map: YAMLMap.Parsed, depth: number): JsonNode {
  const [start, end] = map.range;
  const object = newNode('object', { start, end });
  const own = new Map<string, JsonNode>();
  const merged: JsonNode[] = [];
  for (const pair of map.items) {
    const key = pair.key as ParsedNode | null;
    const value = readValue(reader, pair, depth);
    if (isMergeKey(key)) {
      merged.push(...(value.type === 'array' ? (value.children ?? []) : [value]));
      continue;
    }
    const keyNode = key ? readKey(reader, key) : newNode('string', spanOf(value), '');
    const name = String(keyNode.value);
    if (own.has(name)) {
      const message = `duplicate key ${JSON.stringify(name)}: a file with one is refused by most tools`;
      reader.duplicates.push({ message, at: spanOf(own.get(name) ?? keyNode) });
    }
    own.set(name, keyNode);
    const whole = { start: keyNode.offset, end: Math.max(endOf(keyNode), ownEnd(keyNode, value)) };
    const property = newNode('property', whole);
    adopt(property, keyNode);
    adopt(property, value);
    adopt(object, property);
  }
  mergeInto(object, merged, own);
  return trimmed(object, map.flow);
}

/** The end of a value that is written behind its key, not of one that an alias fetches from above. */
function ownEnd(key: JsonNode, value: JsonNode): number {
  return value.offset >= key.offset ? endOf(value) : endOf(key);
}

function endOf(node: JsonNode): number {
  return node.offset + node.length;
}

function readValue(reader: Reader, pair: Pair, depth: number): JsonNode {
  if (pair.value) return readNode(reader, pair.value as ParsedNode, depth + 1);
  const end = (pair.key as ParsedNode | null)?.range[1] ?? 0;
  return newNode('null', { start: end, end }, null);
}

function isMergeKey(key: ParsedNode | null): boolean {
  return isScalar(key) && key.source === '<<' && key.type === 'PLAIN';
}

/** Whatever its kind, a key counts by its text. */
function readKey(reader: Reader, key: ParsedNode): JsonNode {
  const [start, end] = key.range;
  const read = readNode(reader, key, 0);
  const value = read.type === 'object' || read.type === 'array' ? '' : String(read.value ?? 'null');
  return newNode('string', { start, end }, value);
}

/** Properties that merge keys bring stand before the own ones, which win; of several sources the first one wins. */
function mergeInto(object: JsonNode, sources: readonly JsonNode[], own: ReadonlyMap<string, JsonNode>): void {
  if (sources.length === 0) return;
  const keysOf = (source: JsonNode) => members(source).map(({ key }) => key);
  mergedKeys.set(object, new Set(sources.flatMap(keysOf)));
  const seen = new Set(own.keys());
  const added = sources.flatMap((source) => {
    const properties = source.type === 'object' ? (source.children ?? []) : [];
    const fresh = properties.filter((property) => !seen.has(String(property.children?.[0]?.value)));
    for (const property of fresh) seen.add(String(property.children?.[0]?.value));
    return fresh;
  });
  object.children?.unshift(...added);
}

function readScalar(scalar: Scalar.Parsed): JsonNode {
  const [start, end] = scalar.range;
  const text = String(scalar.value ?? '');
  const isPlain = scalar.type === 'PLAIN' && scalar.tag === undefined;
  const [type, value] = isPlain ? resolvePlain(text) : (['string', text] as const);
  return newNode(type, { start, end }, value);
}

/** By the core schema, but for numbers that print otherwise than they are written: those stay texts. */
function resolvePlain(text: string): readonly [JsonNode['type'], unknown] {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return ['null', null];
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(text)) return ['boolean', /^t/i.test(text)];
  const number = /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
  return number !== undefined && String(number) === text ? ['number', number] : ['string', text];
}
