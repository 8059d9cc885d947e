import { applyEdits } from '../core/edit.js';
import type { Severity } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import { member, parseJson } from '../documents/json.js';
import { appendElement, setMember } from '../documents/json-edits.js';
import { projectRootOf } from '../documents/kinds.js';
import { policyPath, policySchemaUrl, rootPolicyPath } from './policy.js';

/** An entry of `lint.overrides`, as it is written. */
export interface NewOverride {
  readonly rules: readonly string[];
  readonly severity: Severity | 'off';
  /** Patterns in the way of a .gitignore at the repository's root. */
  readonly paths: readonly string[];
  readonly reason: string;
}

/** The policy's text with one more override; the text of a new policy for linting alone where there is no file yet. */
export function addOverride(file: SourceFile | undefined, override: NewOverride): string {
  const lint = { overrides: [override] };
  if (!file) return `${JSON.stringify({ $schema: policySchemaUrl, version: 1, lint }, undefined, 2)}\n`;
  const document = parseJson(file);
  if (!document.root) return file.text;
  const section = member(document.root, 'lint')?.value;
  const list = member(section, 'overrides')?.value;
  if (!section) return applyEdits(file.text, setMember(document, document.root, 'lint', lint));
  if (!list || list.children?.length === 0)
    return applyEdits(file.text, setMember(document, section, 'overrides', lint.overrides));
  return applyEdits(file.text, appendElement(document, list, override));
}

/** The pattern that names one file and no other. `path` is '/'-separated, relative to the pattern's folder. */
export function patternOf(path: string): string {
  return `/${path.replace(/[\\*?[\]]/g, '\\$&').replace(/ $/, '\\ ')}`;
}

export interface PolicyPlace {
  /** The folder that its paths begin in; '' is the root of everything. */
  readonly root: string;
  readonly policy: string;
  /** Undefined where the file is not there yet. */
  readonly text: string | undefined;
}

/**
 * The policy file that decides about a file: the one with a section `lint` nearest above it, else where one would go.
 * `roots` are the repositories; nothing above them is looked at.
 */
export function findPolicyFor(
  path: string,
  roots: readonly string[],
  read: (path: string) => string | undefined,
): PolicyPlace {
  const repository = roots
    .filter((root) => isBelow(path, root))
    .reduce((longest, root) => (root.length > longest.length ? root : longest), '');
  const start = projectRootOf(path);
  const above = foldersUp(start).filter((root) => root === repository || isBelow(root, repository));
  const places = (above.length > 0 ? above : [repository]).flatMap((root) =>
    [policyPath, rootPolicyPath].map((name) => {
      const policy = root === '' ? name : `${root}/${name}`;
      return { root, policy, text: read(policy) };
    }),
  );
  const speaking = places.find(
    ({ policy, text }) => text !== undefined && member(parseJson({ path: policy, text }).root, 'lint'),
  );
  const own = places.filter(({ root }) => root === (above.at(-1) ?? repository));
  const [, plain] = own;
  const chosen = speaking ?? own.find(({ text }) => text !== undefined) ?? plain;
  if (!chosen) throw new Error(`no place for a policy above ${path}`);
  return chosen;
}

function isBelow(path: string, folder: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

/** A folder and all above it, the root of everything last. */
function foldersUp(folder: string): string[] {
  if (folder === '') return [''];
  return [folder, ...foldersUp(folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '')];
}
