import type { Place, SourceFile } from '../core/text.js';
import {
  elements,
  type JsonNode,
  member,
  members,
  parseJson,
  placeOf,
  plainValue,
} from '../documents/json.js';
import type { SectionPath } from './devcontainer-section.js';

/**
 * Which value of the section stands at an offset of the rendered devcontainer.json: the path to the innermost one.
 * Undefined where nothing of the section does.
 */
export function locateInSection(
  rendered: SourceFile,
  offset: number,
  section: Readonly<Record<string, unknown>>,
): SectionPath | undefined {
  const path: (string | number)[] = [];
  let node = parseJson(rendered).root;
  let own: unknown = section;
  for (;;) {
    const step = stepInto(node, offset);
    if (!step) break;
    const key = Array.isArray(own) ? indexIn(own, step.value) : step.key;
    if (typeof own !== 'object' || own === null || key === undefined || !Object.hasOwn(own, key)) {
      // An element that is not the section's own, beside others that are.
      if (Array.isArray(own)) return undefined;
      break;
    }
    path.push(key);
    own = (own as Record<string | number, unknown>)[key];
    node = step.value;
  }
  return path.length === 0 ? undefined : path;
}

function stepInto(node: JsonNode | undefined, offset: number) {
  const holds = ({ offset: start, length }: JsonNode) => offset >= start && offset < start + length;
  const property = members(node).find((each) => holds(each.property));
  if (property) return { key: property.key, value: property.value };
  const value = elements(node).find(holds);
  return value && { key: undefined, value };
}

function indexIn(own: readonly unknown[], element: JsonNode): number | undefined {
  const text = JSON.stringify(plainValue(element));
  const index = own.findIndex((each) => JSON.stringify(each) === text);
  return index < 0 ? undefined : index;
}

/** Where a value of the policy stands, by its path or by where the rendered devcontainer.json has it; else the section. */
export function placeInPolicy(
  policy: SourceFile,
  at: SectionPath | { readonly rendered: SourceFile; readonly offset: number },
): Place {
  const document = parseJson(policy);
  const section = member(document.root, 'devcontainer')?.value;
  if (!('rendered' in at)) return placeOf(document, nodeAt(document.root, at) ?? document.root ?? nothing);
  const own = (plainValue(section) ?? {}) as Readonly<Record<string, unknown>>;
  const path = locateInSection(at.rendered, at.offset, own) ?? [];
  return placeOf(document, nodeAt(section, path) ?? document.root ?? nothing);
}

const nothing: JsonNode = { type: 'object', offset: 0, length: 0 };

/** The value at a path; undefined where it leads nowhere. */
export function nodeAt(root: JsonNode | undefined, path: SectionPath): JsonNode | undefined {
  let node = root;
  for (const step of path) node = typeof step === 'number' ? elements(node)[step] : member(node, step)?.value;
  return node;
}
