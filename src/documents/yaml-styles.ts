import { Attached } from '../core/attached.js';
import type { JsonNode } from './json.js';

/** What the tree of JSON cannot say about a node. */
export interface YamlStyle {
  /** `!reset`, `!override` ... as it resolves; undefined without one. */
  readonly tag: string | undefined;
  /** Aliases may stand for it. */
  readonly anchored: boolean;
  /** The keys that merge keys would bring into a mapping, also those that it overrides. */
  readonly merged: ReadonlySet<string>;
  /** A collection in brackets, or a scalar in quotes or as a block. */
  readonly style: 'flow' | 'block' | 'plain' | 'single' | 'double';
}

const styles = new Attached<JsonNode, YamlStyle>();

/** How a node of a YAML file is written. */
export function styleOf(node: JsonNode): YamlStyle | undefined {
  return styles.get(node);
}

export function setStyle(node: JsonNode, style: YamlStyle): void {
  styles.set(node, style);
}
