import type { Edit } from '../core/rule.js';
import { definitions, type JsonNode } from './json.js';
import type { YamlDocument } from './yaml.js';
import {
  canGrow,
  edit,
  endOf,
  isFlow,
  isInFlow,
  lineEndBehind,
  lineStart,
  ownChildren,
  renderYaml,
  type YamlScalar,
} from './yaml-edits.js';

/** The value of a new key; undefined for a key without one. */
export type YamlValue = YamlScalar | readonly string[] | undefined;

/**
 * Edits that add keys behind those that a mapping has. No edits where the mapping is anchored, has one of the keys
 * already or no key of its own.
 */
export function addYamlKeys(
  document: YamlDocument,
  object: JsonNode,
  entries: readonly (readonly [key: string, value: YamlValue])[],
): readonly Edit[] {
  const last = ownChildren(object).at(-1);
  if (object.type !== 'object' || !last || entries.length === 0) return [];
  if (entries.some(([key]) => definitions(object, key).length > 0) || !canGrow(document, object)) return [];
  // An alias: where it ends, what it stands for does not say.
  if (last.children?.[1] && last.children[1].parent !== last) return [];
  if (isInFlow(last)) {
    const texts = entries.map(([key, value]) => `, ${key}:${value === undefined ? '' : ` ${inline(value)}`}`);
    const end = endOf(last);
    // A colon and a closing brace want a blank between them.
    return isFlow(object)
      ? [
          edit(
            document,
            { start: end, end },
            `${texts.join('')}${entries.at(-1)?.[1] === undefined ? ' ' : ''}`,
          ),
        ]
      : [];
  }
  return insertLines(document, last, last.offset, (indent) =>
    entries.flatMap(([key, value]) => [
      `${indent}${key}:${value === undefined || isList(value) ? '' : ` ${renderYaml(value, 'plain', false)}`}`,
      ...(isList(value) ? value.map((one) => `${indent}  - ${renderYaml(one, 'plain', false)}`) : []),
    ]),
  );
}

/** Edits that add lines behind the last key of a mapping in block form; the lines get its indentation in front. */
export function addYamlLines(
  document: YamlDocument,
  object: JsonNode,
  lines: readonly string[],
): readonly Edit[] {
  const last = ownChildren(object).at(-1);
  if (object.type !== 'object' || !last || isInFlow(last) || !canGrow(document, object)) return [];
  if (last.children?.[1] && last.children[1].parent !== last) return [];
  return insertLines(document, last, last.offset, (indent) => lines.map((line) => indent + line));
}

/** Edits that add elements behind those that a list has. No edits where the list is anchored or empty. */
export function addYamlItems(
  document: YamlDocument,
  list: JsonNode,
  values: readonly string[],
): readonly Edit[] {
  const last = ownChildren(list).at(-1);
  if (list.type !== 'array' || !last || values.length === 0 || !canGrow(document, list)) return [];
  if (isFlow(list)) {
    const end = endOf(last);
    const text = values.map((value) => `, ${renderYaml(value, 'plain', true)}`).join('');
    return [edit(document, { start: end, end }, text)];
  }
  const { text } = document.file;
  const dash = text.lastIndexOf('-', last.offset);
  if (!/^-[ \t]+$/.test(text.slice(dash, last.offset))) return [];
  return insertLines(document, last, dash, (indent) =>
    values.map((value) => `${indent}- ${renderYaml(value, 'plain', false)}`),
  );
}

/** An edit that writes lines behind the end of the file. */
export function appendLines(document: YamlDocument, lines: readonly string[]): Edit {
  return insertAt(document, document.file.text.length, lines);
}

function isList(value: YamlValue): value is readonly string[] {
  return Array.isArray(value);
}

function inline(value: Exclude<YamlValue, undefined>): string {
  if (!isList(value)) return renderYaml(value, 'plain', true);
  return `[${value.map((one) => renderYaml(one, 'plain', true)).join(', ')}]`;
}

/** Lines behind the one that `last` ends in, as deep as `column`. */
function insertLines(
  document: YamlDocument,
  last: JsonNode,
  column: number,
  lines: (indent: string) => readonly string[],
): readonly Edit[] {
  const end = lineEndBehind(document, endOf(last));
  if (end === undefined) return [];
  const before = document.file.text.slice(lineStart(document, column), column);
  return [insertAt(document, end, lines(before.replaceAll(/[^\s]/g, ' ')))];
}

function insertAt(document: YamlDocument, at: number, lines: readonly string[]): Edit {
  const { text } = document.file;
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const isNew = at === 0 || text[at - 1] === '\n';
  const whole = lines.join(end);
  return edit(document, { start: at, end: at }, isNew ? `${whole}${end}` : `${end}${whole}`);
}
