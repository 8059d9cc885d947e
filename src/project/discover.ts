import { UserError } from '../core/errors.js';
import type { Project } from '../core/rule.js';
import { below } from './project.js';

const fileName = 'devcontainer.json';
const folderName = '.devcontainer';

/** Where the dev container tools look, and what else is linted, for messages. */
export const searchedPlaces = `${folderName}/${fileName}, .${fileName} or ${folderName}/<folder>/${fileName} and no settings of agents, editors or MCP clients`;

/**
 * The devcontainer.json files of the repository at `root`, in the order in which the tools look for them. What is
 * there but cannot be read is among them: reading it says why. Throws a {@link UserError} where the repository itself
 * cannot be listed.
 */
export function discover(project: Project, root: string): string[] {
  const top = project.list(root);
  if ('problem' in top) throw new UserError(`${root || '.'} ${top.message}`);
  const found: string[] = [];
  if (top.names.includes(folderName)) found.push(...discoverInFolder(project, below(root, folderName)));
  if (top.names.includes(`.${fileName}`)) found.push(below(root, `.${fileName}`));
  return found;
}

function discoverInFolder(project: Project, folder: string): string[] {
  const listing = project.list(folder);
  if ('problem' in listing) return isHidden(listing.problem) ? [`${folder}/${fileName}`] : [];
  const nested = listing.names.filter((name) => {
    const inner = project.list(`${folder}/${name}`);
    return 'problem' in inner
      ? isHidden(inner.problem) && !looksLikeFile(name)
      : inner.names.includes(fileName);
  });
  return [
    ...(listing.names.includes(fileName) ? [`${folder}/${fileName}`] : []),
    ...nested.map((name) => `${folder}/${name}/${fileName}`),
  ];
}

/** A folder that is there but closed to us may hold a configuration: silence would be a false 'clean'. */
function isHidden(problem: string): boolean {
  return problem === 'outside' || problem === 'unreadable';
}

// What cannot be looked into cannot be told from a file (a `.env` linked from elsewhere) but by its name.
function looksLikeFile(name: string): boolean {
  return name.includes('.');
}
