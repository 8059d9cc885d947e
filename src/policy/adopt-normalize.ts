import { posix } from 'node:path';
import { applyEdits } from '../core/edit.js';
import type { Edit } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import {
  duplicateKeys,
  type JsonDocument,
  type JsonNode,
  member,
  members,
  parseJson,
  plainValue,
} from '../documents/json.js';
import {
  appendElements,
  removeDefinition,
  removeNodes,
  renameMember,
  setMember,
  setMembers,
} from '../documents/json-edits.js';
import type { AdoptionNote } from './adopt.js';

/** A configuration that says the same in today's form. */
export interface Normalized {
  readonly section: SourceFile;
  readonly notes: readonly AdoptionNote[];
}

/**
 * Leaves one definition of each key, moves `extensions` and `settings` of the old form to `customizations.vscode`, and
 * has local Features named from `.devcontainer`.
 */
export function normalizeConfiguration(file: SourceFile): Normalized {
  const notes: AdoptionNote[] = [];
  const steps = [removeDuplicate, moveLegacy('extensions'), moveLegacy('settings'), nameFeature(file.path)];
  let section: SourceFile = { path: file.path, text: file.text.replace(/^\uFEFF/, '') };
  for (const step of steps)
    for (;;) {
      const document = parseJson(section);
      const edits = document.root ? step(document, document.root, notes) : [];
      if (edits.length === 0) break;
      section = { path: file.path, text: applyEdits(section.text, edits) };
    }
  return { section, notes };
}

type Step = (document: JsonDocument, root: JsonNode, notes: AdoptionNote[]) => readonly Edit[];

const removeDuplicate: Step = (document, root) => {
  const [first] = duplicateKeys(root);
  return first ? removeDefinition(document, first.earlier) : [];
};

/** Into the list or object there; where both name a setting, the one of today's form counts, as for the tools. */
function moveLegacy(key: 'extensions' | 'settings'): Step {
  return (document, root, notes) => {
    const old = member(root, key)?.value;
    if (!old) return [];
    const place = member(member(root, 'customizations')?.value, 'vscode')?.value;
    const present = member(place, key)?.value;
    const value = plainValue(old);
    const isList = Array.isArray(value);
    const isFitting = isList === (key === 'extensions') && typeof value === 'object' && value !== null;
    const wanted = member(root, 'customizations')?.value;
    if (!isFitting || (wanted && wanted.type !== 'object') || (place && place.type !== 'object')) {
      notes.push({ path: [key], fate: 'left', reason: 'it has not the form that the tools read' });
      return removeNodes(document, [old]);
    }
    if (present && isSubset(value, plainValue(present))) {
      notes.push({ path: [key], fate: 'kept', reason: `it stands under customizations.vscode.${key}` });
      return removeNodes(document, [old]);
    }
    if (present?.type === 'array' && isList)
      return appendElements(document, present, missingIn(value, present));
    if (present?.type === 'object') return addMissing(document, present, value as object);
    if (place) return setMember(document, place, key, value);
    if (wanted) return setMember(document, wanted, 'vscode', { [key]: value });
    return setMember(document, root, 'customizations', { vscode: { [key]: value } });
  };
}

function missingIn(values: readonly unknown[], present: JsonNode): readonly unknown[] {
  const known = new Set((plainValue(present) as unknown[]).map((each) => JSON.stringify(each)));
  return values.filter((each) => !known.has(JSON.stringify(each)));
}

function addMissing(document: JsonDocument, present: JsonNode, value: object): readonly Edit[] {
  const missing = Object.entries(value).filter(([key]) => !member(present, key));
  return setMembers(document, present, Object.fromEntries(missing));
}

function isSubset(value: object, present: unknown): boolean {
  if (Array.isArray(value)) {
    const known = Array.isArray(present) ? present.map((each) => JSON.stringify(each)) : [];
    return value.every((each) => known.includes(JSON.stringify(each)));
  }
  return Object.keys(value).every((key) => Object.hasOwn(present as object, key));
}

/** A path of a local Feature counts from the folder of its devcontainer.json; ours is `.devcontainer`. */
function nameFeature(path: string): Step {
  const folder = posix.dirname(path);
  const done = new Set<string>();
  return (document, root, notes) => {
    if (folder === '.devcontainer') return [];
    const moved = members(member(root, 'features')?.value).find(
      ({ key }) => /^\.\.?\//.test(key) && !done.has(key),
    );
    if (!moved) return [];
    const whole = posix.join(folder, moved.key);
    const inner = posix.relative('.devcontainer', whole);
    if (!inner.startsWith('..')) {
      done.add(`./${inner}`);
      notes.push({ path: ['features', moved.key], fate: 'kept', reason: `its folder is ./${inner} now` });
      return renameMember(document, moved, `./${inner}`);
    }
    notes.push({
      path: ['features', moved.key],
      fate: 'left',
      reason: 'the folder of a local Feature has to be below .devcontainer',
    });
    return removeNodes(document, [moved.value]);
  };
}
