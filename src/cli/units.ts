import { UserError } from '../core/errors.js';
import type { Scope } from '../core/lint.js';
import { printable } from '../core/printable.js';
import type { Project } from '../core/rule.js';
import { findConfigurations, isJudged, mayHoldConfigurations } from '../index.js';
import { below } from '../project/project.js';
import { openFolder } from '../project/read.js';
import type { Target, Targets } from '../project/targets.js';
import { type ClosedFolder, type Skipped, type WalkedFolder, walkFolders } from '../project/walk.js';

/** What is linted at once and then forgotten: a project with its dev containers and what agents load beside them. */
export interface Unit {
  /** Reads nothing outside the repository, and remembers what it read: another one for each unit keeps memory bounded. */
  readonly project: Project;
  readonly root: string;
  /** The repository, or the folder that was named: nothing outside it is read. */
  readonly repository: string;
  readonly files: readonly string[];
  readonly scope: Scope;
  /** Whether everything of the repository is linted, not only files that were named. */
  readonly isWhole: boolean;
}

/** A folder on a path whose name says that it only shows or tests something. */
const exampleFolder =
  /(?:^|\/)(?:examples?|samples?|demos?|docs?|tests?|fixtures?|testdata|__tests__|__fixtures__)(?:\/|$)/i;

/**
 * What the targets stand for, one after the other as it is asked for, each file once. `empty` gets the targets in which
 * nothing is.
 */
export function* findUnits(
  { base, targets }: Targets,
  skipped: Skipped,
  empty: string[],
): Generator<Unit | ClosedFolder> {
  const trees = new Set(targets.flatMap(({ root, isTree }) => (isTree ? [root] : [])));
  const seen = new Set<string>();
  for (const target of targets) {
    let isEmpty = true;
    for (const found of target.isTree
      ? walkTree(base, target.root, trees, skipped)
      : [openNamed(base, target)]) {
      if ('problem' in found) {
        isEmpty = false;
        yield found;
        continue;
      }
      if (found.files.length > 0) isEmpty = false;
      const isNew = !found.files.some((path) => seen.has(path));
      const unit = isNew ? found : { ...found, files: found.files.filter((path) => !seen.has(path)) };
      for (const path of unit.files) seen.add(path);
      if (unit.files.length > 0) yield unit;
    }
    if (isEmpty) empty.push(target.given);
  }
}

function* walkTree(
  base: string,
  start: string,
  trees: ReadonlySet<string>,
  skipped: Skipped,
): Generator<Unit | ClosedFolder> {
  for (const folder of walkFolders(base, start, trees, skipped, mayHoldConfigurations)) {
    if ('problem' in folder) yield folder;
    else {
      const { path: root, repository } = folder;
      const project = openFolder(base, [repository], { listed: folder, indexes: folder.indexes });
      const files = findConfigurations(project, root);
      const isCopied = files[0] === below(root, 'devcontainer.json');
      if (isCopied && folder.isLinked) continue;
      const scope = scopeOf(folder, root === start, isCopied);
      if (files.length > 0) yield { project, root, repository, files, scope, isWhole: true };
    }
  }
}

/** `isCopied`: no tool reads the devcontainer.json where it lies. */
function scopeOf({ path, repository, isTemplate }: WalkedFolder, isNamed: boolean, isCopied: boolean): Scope {
  const inside = repository === '' ? path : path.slice(repository.length + 1);
  if (!isNamed && exampleFolder.test(inside)) return 'example';
  if (isCopied || (isTemplate && !isNamed)) return 'template';
  return isNamed || path === repository ? 'live' : 'nested';
}

/** @throws UserError for a file of which nothing would be said, so that nobody takes silence for 'clean'. */
export function refuseUnjudged(file: string): void {
  if (!isJudged(file))
    throw new UserError(`${printable(file)} is not linted for itself; name the repository that it lies in`);
}

/** A file, or a folder that is one of the places where tools look. */
function openNamed(base: string, { root, file }: Target): Unit {
  if (file !== undefined) refuseUnjudged(file);
  const project = openFolder(base, [root]);
  const files = file === undefined ? findConfigurations(project, root) : [file];
  return { project, root, repository: root, files, scope: 'live', isWhole: file === undefined };
}
