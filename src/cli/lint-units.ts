import type { LintOptions, LintResult } from '../core/lint.js';
import type { Project } from '../core/rule.js';
import type { Override } from '../core/suppress.js';
import { lintClosedFolder, lintFiles, lintOverrides } from '../index.js';
import { isWithin } from '../project/folders.js';
import type { ClosedFolder } from '../project/walk.js';
import { configFinder, type FindConfig, type Overrides } from './lint-config.js';
import type { Unit } from './units.js';

/** The overrides that a unit is linted with: the same list for all units that share a configuration. */
export type FindOverrides = (unit: Unit) => Overrides;

/** From the policy files of each repository, as `view` shows them. */
export function overridesOfRepositories(
  view: (project: Project) => Project = (project) => project,
): FindOverrides {
  // A walk comes back to a repository only out of those that lie in it: the others are forgotten.
  let open: readonly { readonly repository: string; readonly find: FindConfig }[] = [];
  return ({ project, repository, root }) => {
    if (open.at(-1)?.repository !== repository) {
      open = open.filter((outer) => isWithin(repository, outer.repository, '/'));
      if (open.at(-1)?.repository !== repository)
        open = [...open, { repository, find: configFinder(repository) }];
    }
    return open.at(-1)?.find(view(project), root) ?? [];
  };
}

/** What is done with a result. A promise only where it has to be waited for: of thousands of results most only join the others. */
export type TakeResult = (result: LintResult) => Promise<void> | undefined;

/**
 * Lints units as they come, gives each result to `take` when it is there, and at the end what is wrong with the overrides:
 * only then is known which are about nothing.
 */
export async function lintUnits(
  units: Iterable<Unit | ClosedFolder>,
  findOverrides: FindOverrides,
  options: LintOptions,
  take: TakeResult,
): Promise<void> {
  const known = new Set<Override>();
  const idle = new Set<Override>();
  for (const unit of units) {
    if ('problem' in unit) {
      await take(await lintClosedFolder(unit.path, unit.problem, options));
      continue;
    }
    const found = findOverrides(unit);
    const overrides = found instanceof Promise ? await found : found;
    const result = await lintFiles(unit.files, unit.project, { ...options, overrides, scope: unit.scope });
    for (const override of overrides) {
      const isNew = !known.has(override);
      known.add(override);
      if (isNew && override.hasPaths) idle.add(override);
      // Nothing can be said where other files of the repository were not looked at.
      if (idle.has(override) && (!unit.isWhole || [...result.sources.keys()].some(override.covers)))
        idle.delete(override);
    }
    const taken = take(result);
    if (taken) await taken;
  }
  if (known.size > 0 && options.suppressions !== false) await take(await lintOverrides(known, idle, options));
}
