import { UserError } from '../core/errors.js';
import type { Project } from '../core/rule.js';
import type { Override } from '../core/suppress.js';
import { rootPolicyPath } from '../policy/policy.js';
import { searchedPlaces } from '../project/discover.js';
import { overlayWith } from '../project/memory.js';
import { openFolder } from '../project/read.js';
import { openTargets } from '../project/targets.js';
import { newSkipped } from '../project/walk.js';
import { overridesOfRepositories } from './lint-units.js';
import { findUnits, type Unit } from './units.js';

/** Everything that a command line's paths stand for, at once: to be changed, not only read. */
export interface OpenProject {
  readonly project: Project;
  /** Relative to the project, each once. */
  readonly files: readonly string[];
  /** Absolute path of the project. */
  readonly base: string;
  /** The repositories, relative to the project: nothing outside them is read, or to be written. */
  readonly roots: readonly string[];
  /** The project as seen from the working directory; '' where they are the same. Put before paths in messages. */
  readonly prefix: string;
  /** Given folders in which there was nothing. */
  readonly empty: readonly string[];
  /** What the policy files say about linting, with these texts in place of the files'. */
  overrides(texts: ReadonlyMap<string, string>): Promise<readonly Override[]>;
}

/**
 * What there is to mend. Examples are left out, unless they are named.
 *
 * @throws UserError where a path does not exist or there is nothing at all.
 */
export async function openProject(cwd: string, paths: readonly string[]): Promise<OpenProject> {
  const targets = openTargets(cwd, paths);
  const empty: string[] = [];
  const files: string[] = [];
  const roots = new Set<string>();
  const units: Unit[] = [];
  for (const unit of findUnits(targets, newSkipped(), empty)) {
    if ('problem' in unit || unit.scope === 'example') continue;
    files.push(...unit.files);
    roots.add(unit.repository);
    units.push(unit);
  }
  if (files.length === 0)
    throw new UserError(`nothing to fix: there is no ${searchedPlaces} in ${empty.map(nameOf).join(', ')}`);
  const { base, prefix } = targets;
  const project = openFolder(base, [...roots]);
  const known = await readOverrides(units, new Map());
  const overrides = async (texts: ReadonlyMap<string, string>) =>
    [...texts.keys()].some((path) => path.endsWith(rootPolicyPath)) ? readOverrides(units, texts) : known;
  return { project, files, base, roots: [...roots], prefix, empty, overrides };
}

async function readOverrides(
  units: readonly Unit[],
  texts: ReadonlyMap<string, string>,
): Promise<readonly Override[]> {
  const overrides = new Set<Override>();
  const find = overridesOfRepositories(overlayWith(texts));
  for (const unit of units) for (const override of await find(unit)) overrides.add(override);
  return [...overrides];
}

/** How a folder is called in a message. */
export function nameOf(folder: string): string {
  return folder === '.' ? 'this folder' : folder;
}
