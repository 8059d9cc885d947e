import type { Edit } from '../core/rule.js';
import type { Place } from '../core/text.js';
import { type JsonNode, member, members, placeOf } from '../documents/json.js';
import type { YamlDocument } from '../documents/yaml.js';
import { removeYaml } from '../documents/yaml-edits.js';
import { styleOf } from '../documents/yaml-styles.js';
import type { Declared } from './container.js';
import { textOfNode } from './declare.js';
import { interpolate, type Variables } from './interpolate.js';

/** One compose file, as what it says is read. */
export interface ComposeFile {
  readonly document: YamlDocument;
  /** The folder that its paths are relative to, in the project. */
  readonly folder: string;
  readonly variables: Variables;
}

/** A value, and the file that states it. */
export interface Stated {
  readonly file: ComposeFile;
  readonly node: JsonNode;
}

/** What several files say about one thing, the first that counts least: overriding files and `extends` add layers. */
export type Layers = readonly Stated[];

// Most keys are not there.
const none: Layers = [];

/** What the layers say about a key. `!reset` takes away what lower ones say, `!override` takes its place. */
export function layersOf(layers: Layers, key: string): Layers {
  let found: Stated[] | undefined;
  for (const { file, node } of layers) {
    const value = member(node, key)?.value;
    if (!value) continue;
    found ??= [];
    addLayer(found, { file, node: value });
  }
  return found ?? none;
}

function addLayer(layers: Stated[], added: Stated): void {
  const tag = styleOf(added.node)?.tag;
  if (tag === '!reset' || tag === '!override') layers.length = 0;
  if (tag !== '!reset' && added.node.type !== 'null') layers.push(added);
}

/** What the layers say about each key of theirs, in order of first mention. */
export function entriesOf(layers: Layers): ReadonlyMap<string, Layers> {
  const found = new Map<string, Stated[]>();
  for (const { file, node } of layers) {
    for (const { key, value } of members(node)) {
      const known = found.get(key) ?? [];
      found.set(key, known);
      addLayer(known, { file, node: value });
    }
  }
  return found;
}

/** The elements of all lists; one plain value counts as a list of itself. */
export function itemsOf(layers: Layers): Layers {
  return layers.flatMap(({ file, node }) => {
    if (node.type === 'array') return (node.children ?? []).map((child) => ({ file, node: child }));
    return node.type === 'object' ? [] : [{ file, node }];
  });
}

/** The value that counts of a key that holds one. */
export function lastOf(layers: Layers, key: string): Stated | undefined {
  return layersOf(layers, key).at(-1);
}

/** The text of a plain value, with variables filled in. */
export function textOf({ file, node }: Stated, dollar?: string): string | undefined {
  const text = textOfNode(node);
  return text === undefined ? undefined : interpolate(text, file.variables, dollar);
}

/** The text of a key that holds one value. */
export function textAt(layers: Layers, key: string): string | undefined {
  const stated = lastOf(layers, key);
  return stated && textOf(stated);
}

/** Compose takes the truth values of YAML 1.1 too. */
export function isYes(stated: Stated | undefined): boolean {
  return /^(?:true|yes|on|y|t|1)$/i.test((stated && textOf(stated)) ?? '');
}

/** One variable, label or host of a list of `NAME=value` or a mapping. */
export interface Pair extends Stated {
  readonly name: string;
  /** Undefined where there is none: `- NAME`, `NAME:`. */
  readonly value: string | undefined;
}

/** The pairs of a list or a mapping, each name once: its last definition. */
export function pairsOf(layers: Layers): readonly Pair[] {
  const found = new Map<string, Pair>();
  for (const { file, node } of layers) {
    for (const { key, value } of members(node))
      found.set(key, { file, node: value, name: key, value: textOf({ file, node: value }) });
    for (const item of node.type === 'array' ? (node.children ?? []) : []) {
      const text = textOf({ file, node: item });
      const at = text?.indexOf('=') ?? -1;
      if (text === undefined) continue;
      const name = at < 0 ? text : text.slice(0, at);
      found.set(name, { file, node: item, name, value: at < 0 ? undefined : text.slice(at + 1) });
    }
  }
  return [...found.values()];
}

/** A value that a compose file states; `together` are all that have to go with it. */
export function declareStated<T>(stated: Stated, value: T, together: Layers = [stated]): Declared<T> {
  return { value, place: placeOfStated(stated), syntax: 'compose', remove: () => removeStated(together) };
}

export function placeOfStated({ file, node }: Stated): Place {
  return placeOf(file.document, node);
}

/** Edits that take values out of their files; none where one of them cannot go. */
export function removeStated(all: Layers): readonly Edit[] {
  const byDocument = new Map<YamlDocument, Set<JsonNode>>();
  for (const { file, node } of all) {
    const nodes = byDocument.get(file.document) ?? new Set();
    byDocument.set(file.document, nodes.add(node));
  }
  const groups = [...byDocument].map(([document, nodes]) => removeYaml(document, [...nodes]));
  return groups.some((edits) => edits.length === 0) ? [] : groups.flat();
}
