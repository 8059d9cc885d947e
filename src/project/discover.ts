import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../core/errors.js';
import type { Project } from '../core/rule.js';
import { isWithin, kindOf, openFolder } from './read.js';

const fileName = 'devcontainer.json';
const folderName = '.devcontainer';

/** Where the dev container tools look, for messages. */
export const searchedPlaces = `${folderName}/${fileName}, .${fileName} or ${folderName}/<folder>/${fileName}`;

/**
 * The devcontainer.json files of the repository at `root`, in the order in which the tools look for them. What is
 * there but cannot be read is among them: reading it says why. Throws a {@link UserError} where the repository itself
 * cannot be listed.
 */
export function discover(project: Project, root: string): string[] {
  const below = (...parts: string[]) => [root, ...parts].filter((part) => part !== '').join('/');
  const top = project.list(root);
  if ('problem' in top) throw new UserError(`${root || '.'} ${top.message}`);
  const found: string[] = [];
  if (top.names.includes(folderName)) found.push(...discoverInFolder(project, below(folderName)));
  if (top.names.includes(`.${fileName}`)) found.push(below(`.${fileName}`));
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

/** What a command line's paths stand for. */
export interface OpenProject {
  readonly project: Project;
  /** devcontainer.json files, relative to the project, each once. */
  readonly files: readonly string[];
  /** Absolute path of the project. */
  readonly base: string;
  /** The repositories, relative to the project: nothing outside them is read, or to be written. */
  readonly roots: readonly string[];
  /** The project as seen from the working directory; '' where they are the same. Put before paths in messages. */
  readonly prefix: string;
  /** Given folders in which there was nothing to lint. */
  readonly empty: readonly string[];
  /** Whether the repositories are meant as a whole, not single files of them. */
  readonly isWhole: boolean;
}

/**
 * Finds what to lint. A folder is a repository; a file is linted whatever its name. Throws a {@link UserError} where
 * a path does not exist or there is nothing to lint at all.
 */
export function openProject(cwd: string, paths: readonly string[]): OpenProject {
  const targets = (paths.length > 0 ? paths : ['.']).map((path) => locate(cwd, path));
  const base = commonBase(cwd, targets);
  const toPath = (absolute: string) => relative(base, absolute).split(sep).join('/');
  const roots = [...new Set(targets.map((target) => toPath(target.root)))];
  const project = openFolder(base, roots);
  const files = new Set<string>();
  const empty: string[] = [];
  for (const target of targets) {
    const found = target.file ? [toPath(target.file)] : discover(project, toPath(target.root));
    for (const file of found) files.add(file);
    if (found.length === 0) empty.push(target.given);
  }
  if (files.size === 0)
    throw new UserError(
      `nothing to lint: there is no ${searchedPlaces} in ${empty.map(nameOf).join(', ')}; name other folders or files, or write a dev container with init`,
    );
  return {
    project,
    files: [...files],
    base,
    roots,
    prefix: prefixOf(cwd, base),
    empty,
    isWhole: targets.every(({ file }) => file === undefined),
  };
}

function nameOf(folder: string): string {
  return folder === '.' ? 'this folder' : folder;
}

/** One path of the command line: the repository that may be read, and the file where one is meant. */
interface Target {
  readonly given: string;
  readonly root: string;
  readonly file: string | undefined;
}

function locate(cwd: string, given: string): Target {
  const absolute = resolve(cwd, given);
  const kind = given === '' ? undefined : kindOf(absolute);
  if (kind === undefined) throw new UserError(`${given || "''"} does not exist`);
  if (kind === 'file') return { given, root: repositoryOf(dirname(absolute)), file: absolute };
  // `.devcontainer` itself, or one of its folders: somebody pointed at the place rather than the repository.
  if (basename(absolute) === folderName) return { given, root: dirname(absolute), file: undefined };
  const inner = join(absolute, fileName);
  const isPlace = basename(dirname(absolute)) === folderName && kindOf(inner) !== undefined;
  return isPlace
    ? { given, root: repositoryOf(absolute), file: inner }
    : { given, root: absolute, file: undefined };
}

/** The repository that a folder with a devcontainer.json belongs to, by the places the tools know. */
function repositoryOf(folder: string): string {
  if (basename(folder) === folderName) return dirname(folder);
  if (basename(dirname(folder)) === folderName) return dirname(dirname(folder));
  return folder;
}

/** The working directory where it holds all targets, so that messages show paths as the user would type them. */
function commonBase(cwd: string, targets: readonly Target[]): string {
  const roots = targets.map((target) => target.root);
  const holdsAll = (folder: string) => roots.every((root) => isWithin(root, folder, sep));
  if (holdsAll(resolve(cwd))) return resolve(cwd);
  let folder = roots[0] ?? cwd;
  while (!holdsAll(folder)) folder = dirname(folder);
  return folder;
}

function prefixOf(cwd: string, base: string): string {
  const path = relative(cwd, base);
  if (path === '') return '';
  // Far away, an absolute path is easier to read than a ladder of '..'.
  const shown = isAbsolute(path) || path.startsWith(join('..', '..', '..')) ? base : path;
  return `${shown.split(sep).join('/')}/`.replace(/\/\/$/, '/');
}
