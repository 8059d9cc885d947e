import { removeLines } from '../core/edit.js';
import type { Edit } from '../core/rule.js';
import type { SourceFile, Span } from '../core/text.js';
import { type JsonNode, members, spanOf, stringValue } from './json.js';
import { languageOf } from './language.js';
import { removeFrom } from './remove-nodes.js';
import type { SourceText } from './source-text.js';

/** A variable that a file gives to programs, in whatever syntax. */
export interface SourceVariable {
  readonly name: string;
  readonly value: string;
  /** The value where it has a key, else `NAME=value`. */
  readonly at: Span;
  /** Edits that take it out; none where something else stands with it. */
  remove(): readonly Edit[];
}

/**
 * The variables of given names in a file: keys of an `env` or any other object, `NAME=value` in lists and commands, ENV
 * of a Dockerfile. What stands in a comment, or below a key that says that it is refused, is none.
 */
export function variablesIn(source: SourceText, names: readonly string[]): readonly SourceVariable[] {
  const { file, document } = source;
  if (!mayName(file, names)) return [];
  const known = patternsOf(names);
  if (!document) return inLines(file, known.pattern);
  return document.root ? below(document.root, { ...known, source, names: new Set(names) }) : [];
}

/** Whether one of the names stands anywhere in a file. */
export function mayName({ text }: SourceFile, names: readonly string[]): boolean {
  return patternsOf(names).any.test(text);
}

interface Patterns {
  readonly any: RegExp;
  /** A name with what stands behind it. */
  readonly pattern: RegExp;
}

// Making them takes longer than using them on an ordinary file.
const patterns = new WeakMap<readonly string[], Patterns>();

function patternsOf(names: readonly string[]): Patterns {
  const known = patterns.get(names);
  if (known) return known;
  const any = names.join('|');
  const made = {
    any: new RegExp(`(?:${any})`),
    pattern: new RegExp(
      `(?<![\\w.$-])(${any})(=|[ \\t]+(?=[^\\s=:]))((?:"[^"\\n]{0,1000}"|'[^'\\n]{0,1000}'|[^\\s"';&|\\\\)])*)`,
      'g',
    ),
  };
  patterns.set(names, made);
  return made;
}

/** Lines of a script or a Dockerfile, without comments. Only ENV puts a blank between name and value. */
function inLines(file: SourceFile, pattern: RegExp): readonly SourceVariable[] {
  const isDocker = languageOf(file) === 'dockerfile';
  return Array.from(file.text.matchAll(/[^\n]+/g)).flatMap(({ 0: written, index }) => {
    const keyword = isDocker ? /^\s*([A-Z]+)\s+/i.exec(written) : null;
    if (/^\s*#/.test(written) || keyword?.[1]?.toUpperCase() === 'ARG') return [];
    const isEnv = keyword?.[1]?.toUpperCase() === 'ENV';
    const line = ' '.repeat(keyword?.[0].length ?? 0) + written.slice(keyword?.[0].length ?? 0);
    return Array.from(line.matchAll(pattern)).flatMap((match) => {
      const [all, name = '', sign = '', value = ''] = match;
      if (sign !== '=' && !(isEnv && line.slice(0, match.index).trim() === '')) return [];
      const at = { start: index + match.index, end: index + match.index + all.length };
      return [{ name, value: value.replace(/["']/g, ''), at, remove: () => removeLine(file, at) }];
    });
  });
}

/** How far around a variable is looked for what stands on its line: a hostile one may be megabytes long. */
const farthest = 200;

/** The line of an `ENV NAME=value` or `export NAME=value` with nothing else on it. */
function removeLine(file: SourceFile, { start, end }: Span): readonly Edit[] {
  const { text } = file;
  const before = text.slice(Math.max(0, start - farthest), start);
  const own = before.slice(before.lastIndexOf('\n') + 1);
  const [behind = ''] = text.slice(end, end + farthest).split('\n', 1);
  const isAlone =
    /^[ \t]*(?:ENV[ \t]+|(?:export[ \t]+)?)$/i.test(own) &&
    behind.trim() === '' &&
    !/\\[ \t]*\r?\n$/.test(before.slice(0, before.length - own.length));
  return isAlone ? [removeLines(file, { start, end })] : [];
}

interface Search extends Patterns {
  readonly source: SourceText;
  readonly names: ReadonlySet<string>;
}

const refused = /den(?:y|ied)|block|forbid|disallow|exclude|matcher|pattern|description/i;

function below(node: JsonNode, search: Search): readonly SourceVariable[] {
  if (node.type === 'array')
    return (node.children ?? []).flatMap((child, index, all) => inItem(child, all[index - 1], search));
  if (node.type === 'string') return inText(node, search);
  return members(node).flatMap(({ key, value }) => {
    if (refused.test(key)) return [];
    const isPlain = value.type !== 'object' && value.type !== 'array' && value.type !== 'null';
    if (!search.names.has(key) || !isPlain) return below(value, search);
    return [toVariable(key, String(value.value), [value], search)];
  });
}

function toVariable(
  name: string,
  value: string,
  nodes: readonly JsonNode[],
  { source }: Search,
): SourceVariable {
  const last = nodes.at(-1);
  return {
    name,
    value,
    at: last ? spanOf(last) : { start: 0, end: 0 },
    remove: () => (source.document ? removeFrom(source.document, nodes) : []),
  };
}

/** `NAME=value` of a list of variables, or of the options of an engine: there with the `-e` before it. */
function inItem(node: JsonNode, before: JsonNode | undefined, search: Search): readonly SourceVariable[] {
  const [, name = '', value = ''] = /^(?:--env=|-e=?)?(\w+)=(.*)$/s.exec(stringValue(node) ?? '') ?? [];
  if (!search.names.has(name)) return below(node, search);
  const isOption = /^(?:-e|--env)$/.test(stringValue(before) ?? '');
  return [toVariable(name, value, before && isOption ? [before, node] : [node], search)];
}

/** Commands in a text. */
function inText(node: JsonNode, { source, any, pattern }: Search): readonly SourceVariable[] {
  const text = source.file.text.slice(node.offset, node.offset + node.length);
  if (!any.test(text)) return [];
  return Array.from(text.matchAll(pattern)).flatMap((match) => {
    const [all, name = '', sign = '', value = ''] = match;
    if (sign !== '=') return [];
    const start = node.offset + match.index;
    return [
      {
        name,
        value: value.replace(/\\?["']/g, ''),
        at: { start, end: start + all.length },
        remove: () => [],
      },
    ];
  });
}
