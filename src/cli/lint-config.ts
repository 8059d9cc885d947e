import { dirname, resolve } from 'node:path';
import { UserError } from '../core/errors.js';
import type { Project, ReadResult } from '../core/rule.js';
import type { Override } from '../core/suppress.js';
import type { SourceFile } from '../core/text.js';
import { listRuleIds } from '../index.js';
import { policyPath, rootPolicyPath } from '../policy/policy.js';
import { below, folderOf } from '../project/project.js';
import { openFolder } from '../project/read.js';

/** What is said about linting; a promise only where a policy file has to be parsed for it, which most have not. */
export type Overrides = readonly Override[] | Promise<readonly Override[]>;

/** Asks for the configuration of the folder `root` through `project`, which need not be the same one each time. */
export type FindConfig = (project: Project, root: string) => Overrides;

/**
 * What the policy files of the repository at `top` say about linting: of the folder itself, else of the nearest above it
 * in the repository. Parsed once for each file.
 *
 * @throws UserError at the place where a policy file cannot be used, or where two of one repository speak.
 */
export function configFinder(top: string): FindConfig {
  const known = new Map<string, Overrides>();
  const get = (project: Project, root: string): Overrides => {
    const found = known.get(root) ?? find(project, root);
    known.set(root, found);
    return found;
  };
  const above = (project: Project, root: string) =>
    root === top || root === '' ? [] : get(project, folderOf(root));
  const find = (project: Project, root: string): Overrides =>
    policyPaths.every((name) => isSilent(project.read(below(root, name))))
      ? above(project, root)
      : readConfigs(project, root).then((own) => own ?? above(project, root));
  return get;
}

const policyPaths = [policyPath, rootPolicyPath];

/** What cannot be reached takes nothing out, so nothing is lost sight of. */
function isSilent(result: ReadResult): boolean {
  if (!('problem' in result)) return false;
  const { problem } = result;
  return problem === 'missing' || problem === 'outside' || problem === 'unreadable';
}

async function readConfigs(project: Project, root: string): Promise<readonly Override[] | undefined> {
  let found: { readonly path: string; readonly overrides: readonly Override[] } | undefined;
  for (const name of policyPaths) {
    const path = below(root, name);
    const result = project.read(path);
    if (isSilent(result)) continue;
    if ('problem' in result) throw new UserError(`the policy ${path} ${result.message}`);
    const overrides = await parseConfig(result.file, root);
    if (overrides === undefined) continue;
    if (found) throw new UserError(`${found.path} and ${path} both have a section lint; keep one`);
    found = { path, overrides };
  }
  return found?.overrides;
}

async function parseConfig(file: SourceFile, base: string): Promise<readonly Override[] | undefined> {
  const { parseLintConfig } = await import('../policy/lint-config.js');
  return parseLintConfig(file, base, listRuleIds());
}

/**
 * What a file that is named on the command line says; its paths begin in the working directory.
 *
 * @throws UserError where it cannot be read or used, or has no section `lint`.
 */
export async function readNamedConfig(cwd: string, path: string): Promise<readonly Override[]> {
  const absolute = resolve(cwd, path);
  const result = openFolder(dirname(absolute)).read(
    absolute.slice(dirname(absolute).length).replace(/^\//, ''),
  );
  if ('problem' in result) throw new UserError(`the configuration ${path} ${result.message}`);
  const overrides = await parseConfig({ path, text: result.file.text }, '');
  if (overrides === undefined) throw new UserError(`${path} has no section lint`);
  // They are read beside what they are about.
  const { hasSources } = await import('../policy/lint-config.js');
  if (hasSources({ path, text: result.file.text }))
    throw new UserError(`${path} has lint.sources, which only a repository's own policy may have`);
  return overrides;
}
