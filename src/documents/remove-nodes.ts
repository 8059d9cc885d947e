import type { Edit } from '../core/rule.js';
import type { JsonDocument, JsonNode } from './json.js';
import { removeSettings, type SettingsDocument } from './settings.js';
import type { YamlDocument } from './yaml.js';
import { removeYaml } from './yaml-edits.js';

/** Edits that take nodes out of a file of whatever language, with what becomes empty by it; none where there are no exact ones. */
export function removeFrom(document: JsonDocument, nodes: readonly JsonNode[]): readonly Edit[] {
  if ('roots' in document) return removeYaml(document as YamlDocument, nodes);
  const isToml = (document as Partial<SettingsDocument>).language === 'toml';
  return removeSettings({ ...document, language: isToml ? 'toml' : 'json' }, nodes);
}
