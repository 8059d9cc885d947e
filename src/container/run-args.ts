import type { Edit } from '../core/rule.js';
import type { Place } from '../core/text.js';
import { type JsonNode, member, placeOf, stringValue } from '../documents/json.js';
import { removeWithEmptyParents, replaceNode } from '../documents/json-edits.js';
import type { Layers } from './compose-layers.js';
import type { Declared, Syntax } from './container.js';
import { listNodes, type Source, textOfNode } from './declare.js';
import { longName, nameOfLetter, takesValue } from './run-flags.js';

/** One option of `runArgs`, whatever its spelling. */
export interface RunOption {
  /** Long name without aliases: `--volume`, `--network`. */
  readonly name: string;
  /** Undefined for a switch without `=`, and where the value is missing. */
  readonly value: string | undefined;
  readonly syntax: Extract<Syntax, 'runArgs' | 'compose'>;
  /** The element that holds the value, or the switch. */
  readonly place: Place;
  /** The CLI, which reads some options itself, does not see a value that is glued to its letter: `-u0`. */
  readonly glued: boolean;
  /** What stands for the option alone; undefined where the list is one string, which cannot be taken apart safely. */
  readonly removal?: Removal | undefined;
  /** The same in compose files. */
  readonly stated?: Layers;
  /** Edits that take options out: whole elements, or a letter out of a cluster. */
  remove(all: readonly RunOption[]): readonly Edit[];
  /** Edits that keep the option's spelling and give it another value. */
  setValue(value: string): readonly Edit[];
}

interface Removal {
  readonly nodes: readonly JsonNode[];
  /** A cluster of letters that stays without this one. */
  readonly kept: { readonly node: JsonNode; readonly text: string } | undefined;
}

/** How the option stands in its element. */
interface Spelling {
  readonly name: string;
  /** Offset of the value in the element; undefined where it is in the next element or there is none. */
  readonly valueStart: number | undefined;
  readonly takesNext: boolean;
  /** What remains of the element once the option is gone, for a letter in a cluster. */
  readonly remainder: string | undefined;
  readonly glued: boolean;
}

/** The options of `runArgs`; empty under compose and in a Feature, where nothing reads them. */
export function readRunOptions(source: Source): readonly RunOption[] {
  if (source.compose || source.feature) return [];
  const list = member(source.document.root, 'runArgs')?.value;
  if (!list) return [];
  const words = stringValue(list)
    ?.trim()
    .split(/\s+/)
    .map((text) => ({ text, node: list }));
  const nodes = listNodes(list).flatMap((node) => {
    const text = textOfNode(node);
    return text === undefined ? [] : [{ text, node }];
  });
  return readOptionWords(source, words ?? nodes, words === undefined);
}

/** Whether another option behind these would count: not behind a word that is taken for the image, or for its value. */
export function canFollow(source: Source, options: readonly RunOption[]): boolean {
  const list = member(source.document.root, 'runArgs')?.value;
  if (!list) return true;
  const words = [...listNodes(list), list].map((node) => ({ text: textOfNode(node) ?? '--init', node }));
  return readOptionWords(source, words, false).length > options.length;
}

interface Element {
  readonly text: string;
  readonly node: JsonNode;
}

/** The options among the words behind `docker run`, up to the image. */
export function readOptionWords(
  source: Source,
  elements: readonly Element[],
  editable: boolean,
): readonly RunOption[] {
  const options: RunOption[] = [];
  for (let index = 0; index < elements.length; index++) {
    const element = elements[index];
    if (!element || element.text === '--') break;
    if (isExpanded(element.text)) continue;
    // The first bare word is the image; what follows is its command.
    if (!/^-./s.test(element.text)) break;
    const next = elements[index + 1];
    let consumed = false;
    for (const spelling of readElement(element.text, next?.text)) {
      consumed ||= spelling.takesNext && next !== undefined;
      options.push(toOption(source, spelling, element, spelling.takesNext ? next : undefined, editable));
    }
    if (consumed) index += 1;
  }
  return options;
}

/** An element that is a variable may become an option or nothing; it is not the image. */
function isExpanded(text: string): boolean {
  return text.trim() === '' || /^\$\{[^}]*\}$/.test(text.trim());
}

function readElement(text: string, next: string | undefined): readonly Spelling[] {
  return text.startsWith('--') ? [readLong(text, next)] : readCluster(text);
}

function readLong(text: string, next: string | undefined): Spelling {
  // A blank in place of `=` is a mistake that docker refuses; what was meant is judged all the same.
  const [, name = text] = /^(--[^=\s]+)/.exec(text) ?? [];
  const known = takesValue(longName(name));
  const rest = /^[=\s]\s*/.exec(text.slice(name.length))?.[0] ?? '';
  const valueStart = text.length > name.length ? name.length + rest.length : undefined;
  const takesNext = valueStart === undefined && (known ?? (next !== undefined && !next.startsWith('-')));
  return { name: longName(name), valueStart, takesNext, remainder: undefined, glued: false };
}

/** Letters of one dash: switches first, then at most one option, whose value is the rest or the next element. */
function readCluster(text: string): readonly Spelling[] {
  const found: Spelling[] = [];
  for (let at = 1; at < text.length; at++) {
    const name = nameOfLetter(text[at] ?? '');
    if (name === undefined) {
      // A letter that no engine knows ends what can be read.
      if (text[at] === '=' || /\s/.test(text[at] ?? '')) break;
      continue;
    }
    const others = text.slice(0, at) + (takesValue(name) ? '' : text.slice(at + 1));
    const remainder = others === '-' ? undefined : others;
    const separator = /^[=\s]\s*/.exec(text.slice(at + 1))?.[0] ?? '';
    if (!takesValue(name)) {
      const valueStart = separator === '' ? undefined : at + 1 + separator.length;
      found.push({ name, valueStart, takesNext: false, remainder, glued: false });
      if (valueStart !== undefined) break;
      continue;
    }
    const valueStart = at + 1 < text.length ? at + 1 + separator.length : undefined;
    const glued = at > 1 || (valueStart !== undefined && !separator.startsWith('='));
    found.push({ name, valueStart, takesNext: valueStart === undefined, remainder, glued });
    break;
  }
  return found;
}

function toOption(
  source: Source,
  spelling: Spelling,
  element: Element,
  next: Element | undefined,
  editable: boolean,
): RunOption {
  const { document } = source;
  const { valueStart, remainder, name, glued } = spelling;
  const joined = valueStart === undefined ? undefined : element.text.slice(valueStart);
  return {
    name,
    glued,
    value: joined ?? next?.text,
    syntax: 'runArgs',
    place: placeOf(document, next?.node ?? element.node),
    remove: (all) => removeOptions(source, all),
    removal: editable
      ? {
          nodes: [...(remainder === undefined ? [element.node] : []), ...(next ? [next.node] : [])],
          kept: remainder === undefined ? undefined : { node: element.node, text: remainder },
        }
      : undefined,
    setValue(value) {
      if (!editable) return [];
      if (joined !== undefined)
        return replaceNode(document, element.node, element.text.slice(0, valueStart) + value);
      return next ? replaceNode(document, next.node, value) : [];
    },
  };
}

/** `--name=false` of an option without a value. */
export function isSwitchedOff({ value }: RunOption): boolean {
  return /^(?:0|f|false)$/i.test(value?.trim() ?? 'true');
}

/** Every occurrence of an option that may be repeated. */
export function allOf(options: readonly RunOption[], name: string): readonly RunOption[] {
  return options.length === 0 ? options : options.filter((option) => option.name === name);
}

function removeOptions({ document }: Source, options: readonly RunOption[]): readonly Edit[] {
  const removals = options.flatMap(({ removal }) => (removal ? [removal] : []));
  const kept = removals.flatMap(({ kept }) => (kept ? replaceNode(document, kept.node, kept.text) : []));
  const nodes = removals.flatMap((removal) => removal.nodes);
  return nodes.length === 0 ? kept : [...kept, ...removeWithEmptyParents(document, nodes)];
}

/**
 * Declares what an option states. `together` are the occurrences that have to go with it, where only the last one
 * counts and an earlier one would come back.
 */
export function declareOption<T>(
  option: RunOption,
  value: T,
  together: readonly RunOption[] = [option],
): Declared<T> {
  return { value, place: option.place, syntax: option.syntax, remove: () => option.remove(together) };
}
