import { once } from '../core/once.js';
import type { Edit } from '../core/rule.js';
import { lineStarts, positionAt, type SourceFile } from '../core/text.js';
import { type JsonDocument, type JsonNode, parseJson, spanOf } from './json.js';
import { appendElement, removeWithEmptyParents, replaceNode, setMember } from './json-edits.js';
import type { YamlDocument } from './yaml.js';
import { removeYaml, replaceYaml } from './yaml-edits.js';

const loadYaml = once(() => import('./yaml.js'));
const loadToml = once(() => import('./toml.js'));

/** A file of settings in whatever language, as one kind of tree. */
export type SettingsDocument =
  | (JsonDocument & { readonly language: 'json' | 'toml' })
  | (YamlDocument & { readonly language: 'yaml' });

/** Reads by the file's ending; what is neither TOML nor YAML is JSON with comments. Never throws. */
export async function parseSettings(file: SourceFile): Promise<SettingsDocument> {
  if (/\.ya?ml$/.test(file.path)) {
    const { parseYaml } = await loadYaml();
    return { ...(await parseYaml(file)), language: 'yaml' };
  }
  if (!file.path.endsWith('.toml')) {
    const { root, problems, duplicates } = parseJson(file);
    return { file, root, problems, duplicates, language: 'json' };
  }
  const { parseToml } = await loadToml();
  return { ...(await parseToml(file)), language: 'toml' };
}

/** Edits that take settings out with what becomes empty by it; none where the language has no exact ones. */
export function removeSettings(document: SettingsDocument, nodes: readonly JsonNode[]): readonly Edit[] {
  if (document.language === 'json') return removeWithEmptyParents(document, nodes);
  if (document.language === 'yaml') return removeYaml(document, nodes);
  const edits = nodes.map((node) => removeTomlLine(document, node));
  return edits.every((edit) => edit !== undefined) ? edits : [];
}

/** Edits that put a text, number or truth value in the place of one. */
export function replaceSetting(
  document: SettingsDocument,
  node: JsonNode,
  value: string | number | boolean,
): readonly Edit[] {
  if (document.language === 'json') return replaceNode(document, node, value);
  if (document.language === 'yaml') return replaceYaml(document, node, value);
  // JSON's texts, numbers and truth values are TOML's too.
  return [{ file: document.file.path, at: spanOf(node), text: JSON.stringify(value) }];
}

/** Edits that add an element behind the others of a list; none where the language has no exact ones. */
export function appendSetting(document: SettingsDocument, list: JsonNode, value: unknown): readonly Edit[] {
  return document.language === 'json' ? appendElement(document, list, value) : [];
}

/** Edits that set a key of an object; none where the language has no exact ones. */
export function setSetting(
  document: SettingsDocument,
  object: JsonNode,
  key: string,
  value: unknown,
): readonly Edit[] {
  return document.language === 'json' ? setMember(document, object, key, value) : [];
}

/** Takes out the lines of one `key = value`; undefined where something else stands on them. */
function removeTomlLine({ file }: SettingsDocument, node: JsonNode): Edit | undefined {
  const property = node.type === 'property' ? node : node.parent;
  if (property?.type !== 'property') return undefined;
  const { start, end } = spanOf(property);
  const starts = lineStarts(file);
  const from = starts[positionAt(file, start).line - 1] ?? 0;
  const next = starts[positionAt(file, end).line];
  const to = next ?? file.text.length;
  const isAlone =
    /^[ \t\uFEFF]*$/.test(file.text.slice(from, start)) &&
    /^[ \t]*(?:#[^\r\n]*)?[\r\n]*$/.test(file.text.slice(end, to));
  if (!isAlone) return undefined;
  // Without a line end of its own it goes with the one before it, so that the file ends as it did.
  const before = next === undefined ? (/(?:\r\n|\n|\r)$/.exec(file.text.slice(0, from))?.[0].length ?? 0) : 0;
  return { file: file.path, at: { start: from - before, end: to }, text: '' };
}
