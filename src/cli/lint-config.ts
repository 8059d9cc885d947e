import { dirname, resolve } from 'node:path';
import { UserError } from '../core/errors.js';
import type { Project } from '../core/rule.js';
import type { Override } from '../core/suppress.js';
import type { SourceFile } from '../core/text.js';
import { listRuleIds } from '../index.js';
import { policyPath, rootPolicyPath } from '../policy/policy.js';
import { openFolder } from '../project/read.js';

/**
 * What the policy files of a repository say about linting: of the folder itself, else of the nearest above it in the
 * project. Parsed once for each file.
 *
 * @throws UserError at the place where a policy file cannot be used, or where two of one repository speak.
 */
export function configFinder(project: Project): (root: string) => Promise<readonly Override[]> {
  const known = new Map<string, Promise<readonly Override[]>>();
  const find = async (root: string): Promise<readonly Override[]> => {
    const own = await readConfigs(project, root);
    if (own !== undefined || root === '') return own ?? [];
    return get(root.includes('/') ? root.slice(0, root.lastIndexOf('/')) : '');
  };
  const get = (root: string) => {
    const found = known.get(root) ?? find(root);
    known.set(root, found);
    return found;
  };
  return get;
}

async function readConfigs(project: Project, root: string): Promise<readonly Override[] | undefined> {
  let found: { readonly path: string; readonly overrides: readonly Override[] } | undefined;
  for (const name of [policyPath, rootPolicyPath]) {
    const path = root === '' ? name : `${root}/${name}`;
    const result = project.read(path);
    if ('problem' in result) {
      // What cannot be reached takes nothing out, so nothing is lost sight of.
      if (['missing', 'outside', 'unreadable'].includes(result.problem)) continue;
      throw new UserError(`the policy ${path} ${result.message}`);
    }
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
