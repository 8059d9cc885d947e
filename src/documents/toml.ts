import type { AST } from 'toml-eslint-parser';
import { Attached } from '../core/attached.js';
import { once } from '../core/once.js';
import type { SourceFile, Span } from '../core/text.js';
import { deepest, type JsonDocument, type JsonNode } from './json.js';
import { newNode } from './json-node.js';

/** Real files have a few kilobytes; the parser needs seconds for a megabyte of tables. */
const longest = 200_000;

const loadParser = once(() => import('toml-eslint-parser'));

/**
 * Reads TOML into the tree of documents/json.ts, so that a question about settings is asked once for both languages.
 * Tables that are written apart become one object; dates become texts. Never throws: what is wrong becomes a problem,
 * and the tree is then missing, for the parser gives up at the first error. The parser is loaded here.
 */
export async function parseToml(file: SourceFile): Promise<JsonDocument> {
  if (file.text.length > longest)
    return failed(file, { start: 0, end: 0 }, `longer than ${longest} characters`);
  const { ParseError, parseTOML } = await loadParser();
  try {
    // A blank has the length of the BOM, so offsets need no shifting.
    const text = file.text.startsWith('\uFEFF') ? ` ${file.text.slice(1)}` : file.text;
    const root = newNode('object', { start: 0, end: text.length });
    for (const part of parseTOML(text, { tomlVersion: '1.1' }).body[0].body) addPart(root, part);
    return { file, root, problems: [], duplicates: [] };
  } catch (error) {
    if (error instanceof RangeError) return failed(file, { start: 0, end: 0 }, tooDeep);
    if (!(error instanceof ParseError)) throw error;
    const start = Math.min(error.index, file.text.length);
    return failed(
      file,
      { start, end: Math.min(start + 1, file.text.length) },
      `invalid TOML: ${lowerFirst(error.message)}`,
    );
  }
}

const tooDeep = `nested more than ${deepest} levels deep`;

function failed(file: SourceFile, at: Span, message: string): JsonDocument {
  return { file, root: undefined, problems: [{ message, at }], duplicates: [] };
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, '');
}

function adopt(parent: JsonNode, child: JsonNode): void {
  child.parent = parent;
  parent.children?.push(child);
}

function spanOfAst({ range: [start, end] }: AST.TOMLNode): Span {
  return { start, end };
}

function addPart(root: JsonNode, part: AST.TOMLKeyValue | AST.TOMLTable): void {
  if (part.type === 'TOMLKeyValue') {
    addKeyValue(root, part, 0);
    return;
  }
  const { keys } = part.key;
  const [last, ...before] = keys.toReversed();
  const parent = before.toReversed().reduce((object, key) => enter(object, key, part), root);
  if (!last) return;
  const table = part.kind === 'array' ? addElement(parent, last, part) : enter(parent, last, part);
  if (depthOf(table) > deepest) throw new RangeError(tooDeep);
  for (const pair of part.body) addKeyValue(table, pair, keys.length);
}

/** The object behind a key, made where it is missing; of an array of tables the last one. */
function enter(object: JsonNode, key: AST.TOMLBare | AST.TOMLQuoted, whole: AST.TOMLNode): JsonNode {
  const present = findValue(object, key);
  const last = present?.type === 'array' ? present.children?.at(-1) : present;
  return last?.type === 'object'
    ? last
    : addProperty(object, key, whole, newNode('object', spanOfAst(whole)));
}

function addElement(object: JsonNode, key: AST.TOMLBare | AST.TOMLQuoted, table: AST.TOMLTable): JsonNode {
  const present = findValue(object, key);
  const list =
    present?.type === 'array' ? present : addProperty(object, key, table, newNode('array', spanOfAst(table)));
  const element = newNode('object', spanOfAst(table));
  adopt(list, element);
  return element;
}

// The values of each object by key: a file may define thousands of tables one by one.
const values = new Attached<JsonNode, Map<string, JsonNode>>();

function findValue(object: JsonNode, key: AST.TOMLBare | AST.TOMLQuoted): JsonNode | undefined {
  return values.get(object)?.get(nameOf(key));
}

function addProperty(
  object: JsonNode,
  key: AST.TOMLBare | AST.TOMLQuoted,
  whole: AST.TOMLNode,
  value: JsonNode,
): JsonNode {
  const property = newNode('property', spanOfAst(whole));
  adopt(property, newNode('string', spanOfAst(key), nameOf(key)));
  adopt(property, value);
  adopt(object, property);
  const known = values.get(object) ?? new Map<string, JsonNode>();
  values.set(object, known.set(nameOf(key), value));
  return value;
}

function nameOf(key: AST.TOMLBare | AST.TOMLQuoted): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}

function addKeyValue(object: JsonNode, pair: AST.TOMLKeyValue, depth: number): void {
  const [last, ...before] = pair.key.keys.toReversed();
  if (!last || depth + before.length > deepest) throw new RangeError(tooDeep);
  const parent = before.toReversed().reduce((inner, key) => enter(inner, key, pair), object);
  addProperty(parent, last, pair, toNode(pair.value, depth + before.length + 1));
}

function toNode(content: AST.TOMLContentNode, depth: number): JsonNode {
  if (depth > deepest) throw new RangeError(tooDeep);
  const at = spanOfAst(content);
  if (content.type === 'TOMLArray') {
    const array = newNode('array', at);
    for (const element of content.elements) adopt(array, toNode(element, depth + 1));
    return array;
  }
  if (content.type === 'TOMLInlineTable') {
    const object = newNode('object', at);
    for (const pair of content.body) addKeyValue(object, pair, depth + 1);
    return object;
  }
  if (content.kind === 'string') return newNode('string', at, content.value);
  if (content.kind === 'boolean') return newNode('boolean', at, content.value);
  if (content.kind === 'integer' || content.kind === 'float') return newNode('number', at, content.value);
  return newNode('string', at, content.datetime);
}

function depthOf(node: JsonNode): number {
  let depth = 0;
  for (let above = node.parent; above; above = above.parent) depth += 1;
  return depth;
}
