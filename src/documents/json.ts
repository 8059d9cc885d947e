import { Attached } from '../core/attached.js';
import type { Place, SourceFile, Span } from '../core/text.js';
import { readSound } from './json-reader.js';
import { readBroken } from './json-recovery.js';

/** A node of the tree, as jsonc-parser builds it. Offsets count from the start of the file's text, BOM included. */
export interface JsonNode {
  readonly type: 'object' | 'array' | 'property' | 'string' | 'number' | 'boolean' | 'null';
  readonly offset: number;
  length: number;
  parent?: JsonNode | undefined;
  /** Of what has no children. */
  readonly value?: unknown;
  readonly children?: JsonNode[];
  /** What an object says: made when it is first asked, for rules ask again and again, and a tree that is read does not change. */
  index?: ObjectIndex | undefined;
}

export interface JsonProblem {
  readonly message: string;
  readonly at: Span;
}

/** A JSON file with comments and trailing commas, read as far as it can be. */
export interface JsonDocument {
  readonly file: SourceFile;
  /** Undefined for an empty file or one nested too deeply to be read. */
  readonly root: JsonNode | undefined;
  /** Syntax errors in order. The tree then holds what the dev container tools' own parser would recover. */
  readonly problems: readonly JsonProblem[];
  /** Keys that a later one of the same object overrides; not an error of syntax. */
  readonly duplicates: readonly JsonProblem[];
}

/** One property of an object: its last definition, which is the one that counts. */
export interface JsonMember {
  readonly key: string;
  /** The `"key": value` node. */
  readonly property: JsonNode;
  readonly keyNode: JsonNode;
  readonly value: JsonNode;
}

/** Nesting beyond this is not read: the parser and everybody who walks its tree recurse; real configurations are below ten. */
export const deepest = 400;

const documents = new Attached<SourceFile, JsonDocument>();

/**
 * Reads JSON with comments, each file object once. Never throws: whatever is wrong becomes a problem with its place.
 */
export function parseJson(file: SourceFile): JsonDocument {
  const document = documents.get(file) ?? read(file);
  documents.set(file, document);
  return document;
}

function read(file: SourceFile): JsonDocument {
  // A blank has the length of the BOM, so offsets need no shifting.
  const text = file.text.startsWith('\uFEFF') ? ` ${file.text.slice(1)}` : file.text;
  const sound = readSound(text, deepest);
  const { root, problems } = sound ? { root: sound, problems: [] } : readBroken(text, deepest);
  const duplicates: JsonProblem[] = [];
  if (root) findDuplicates(root, duplicates);
  return { file, root, problems, duplicates };
}

/** Collects overridden keys, those of inner objects first. */
function findDuplicates(node: JsonNode, duplicates: JsonProblem[]): void {
  const { type, children } = node;
  if (!children) return;
  for (const child of children) if (child.children) findDuplicates(child, duplicates);
  if (type !== 'object' || children.length < 2 || !indexOf(node).properties) return;
  const seen = new Map<unknown, JsonNode>();
  for (const property of children) {
    const key = property.children?.[0];
    if (!key) continue;
    const earlier = seen.get(key.value);
    if (earlier) {
      duplicates.push({
        message: `duplicate key ${JSON.stringify(key.value)}: a later one overrides it`,
        at: spanOf(earlier),
      });
    }
    seen.set(key.value, key);
  }
}

export function spanOf(node: JsonNode): Span {
  return { start: node.offset, end: node.offset + node.length };
}

export function placeOf(document: JsonDocument, node: JsonNode): Place {
  return { file: document.file, at: spanOf(node) };
}

/** What an object says, by its decoded keys in order. */
export interface ObjectIndex {
  readonly members: ReadonlyMap<string, JsonMember>;
  readonly list: readonly JsonMember[];
  /** Every definition of a key, where not each has one that is complete. */
  readonly properties?: ReadonlyMap<string, readonly JsonNode[]>;
}

function indexOf(node: JsonNode): ObjectIndex {
  node.index ??= indexSound(node) ?? indexAll(node);
  return node.index;
}

/** Undefined where a key is there twice, or has no value. */
function indexSound({ children = [] }: JsonNode): ObjectIndex | undefined {
  const members = new Map<string, JsonMember>();
  const list: JsonMember[] = [];
  for (const property of children) {
    const keyNode = property.children?.[0];
    const value = property.children?.[1];
    const key = keyNode?.value;
    if (!keyNode || !value || typeof key !== 'string' || members.has(key)) return undefined;
    const one = { key, property, keyNode, value };
    members.set(key, one);
    list.push(one);
  }
  return { members, list };
}

function indexAll(node: JsonNode): ObjectIndex {
  const properties = readProperties(node);
  const members = new Map<string, JsonMember>();
  for (const [key, same] of properties) {
    const property = same.findLast(({ children }) => children?.[1]);
    const [keyNode, value] = property?.children ?? [];
    if (property && keyNode && value) members.set(key, { key, property, keyNode, value });
  }
  return { properties, members, list: [...members.values()] };
}

function readProperties(node: JsonNode): ReadonlyMap<string, readonly JsonNode[]> {
  const properties = new Map<string, JsonNode[]>();
  for (const property of node.children ?? []) {
    const key: unknown = property.children?.[0]?.value;
    if (typeof key !== 'string') continue;
    const same = properties.get(key);
    if (same) same.push(property);
    else properties.set(key, [property]);
  }
  return properties;
}

/** The properties of an object, each key once (its last definition); empty for anything else. */
export function members(node: JsonNode | undefined): readonly JsonMember[] {
  return node?.type === 'object' ? indexOf(node).list : [];
}

/** A property of an object by its decoded key: the last definition. */
export function member(node: JsonNode | undefined, key: string): JsonMember | undefined {
  return node?.type === 'object' ? indexOf(node).members.get(key) : undefined;
}

/** Every definition of a key, the overridden ones too. */
export function definitions(node: JsonNode | undefined, key: string): readonly JsonNode[] {
  if (node?.type !== 'object') return [];
  const { members, properties } = indexOf(node);
  if (properties) return properties.get(key) ?? [];
  const only = members.get(key);
  return only ? [only.property] : [];
}

/** Two definitions of one key of an object that follow each other: the earlier counts for nothing. */
export interface DuplicateKey {
  readonly key: string;
  /** The `"key": value` nodes. */
  readonly earlier: JsonNode;
  readonly later: JsonNode;
}

/** The keys that are defined more than once, anywhere below a node. */
export function* duplicateKeys(node: JsonNode | undefined): Generator<DuplicateKey> {
  if (node?.type === 'object') {
    for (const [key, properties] of indexOf(node).properties ?? [])
      for (const [index, later] of properties.entries()) {
        const earlier = properties[index - 1];
        if (earlier) yield { key, earlier, later };
      }
  }
  for (const child of node?.children ?? []) yield* duplicateKeys(child);
}

/** The elements of an array; empty for anything else. */
export function elements(node: JsonNode | undefined): readonly JsonNode[] {
  return node?.type === 'array' ? (node.children ?? []) : [];
}

/** The decoded text of a string node; undefined for anything else. */
export function stringValue(node: JsonNode | undefined): string | undefined {
  return node?.type === 'string' && typeof node.value === 'string' ? node.value : undefined;
}

/** What the node means as a plain value. Objects have no prototype, so a key `__proto__` is a key like any other. */
export function plainValue(node: JsonNode | undefined): unknown {
  if (node?.type === 'array') return elements(node).map(plainValue);
  if (node?.type === 'object') {
    const object = Object.create(null) as Record<string, unknown>;
    for (const { key, value } of members(node)) object[key] = plainValue(value);
    return object;
  }
  return node?.value;
}
