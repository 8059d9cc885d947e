import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UserError } from '../core/errors.js';
import { isWithin } from './folders.js';
import { kindOf } from './read.js';

const fileName = 'devcontainer.json';
const folderName = '.devcontainer';

/** What one path of a command line stands for. Paths are relative to {@link Targets.base}. */
export interface Target {
  /** As it was given. */
  readonly given: string;
  /** What may be read: the repository, or the folder of repositories. */
  readonly root: string;
  /** The one file that is meant; undefined for what lies in the root. */
  readonly file: string | undefined;
  /** Whether what lies below the root is meant as well. */
  readonly isTree: boolean;
}

export interface Targets {
  /** Absolute path that all others are relative to. */
  readonly base: string;
  /** The base as seen from the working directory; '' where they are the same, else with a slash at its end. */
  readonly prefix: string;
  readonly targets: readonly Target[];
}

/** Finds what the paths of a command line are; the working directory where there is none. @throws UserError where one does not exist. */
export function openTargets(cwd: string, paths: readonly string[]): Targets {
  const located = (paths.length > 0 ? paths : ['.']).map((path) => locate(cwd, path));
  const base = commonBase(
    cwd,
    located.map(({ root }) => root),
  );
  const toPath = (absolute: string) => relative(base, absolute).split(sep).join('/');
  return {
    base,
    prefix: prefixOf(cwd, base),
    targets: located.map((target) => ({
      ...target,
      root: toPath(target.root),
      file: target.file === undefined ? undefined : toPath(target.file),
    })),
  };
}

/** With absolute paths. */
function locate(cwd: string, given: string): Target {
  const absolute = resolve(cwd, given);
  const kind = given === '' ? undefined : kindOf(absolute);
  if (kind === undefined) throw new UserError(`${given || "''"} does not exist`);
  if (kind === 'file') return { given, root: repositoryOf(dirname(absolute)), file: absolute, isTree: false };
  // `.devcontainer` itself, or one of its folders: somebody pointed at the place rather than the repository.
  if (basename(absolute) === folderName)
    return { given, root: dirname(absolute), file: undefined, isTree: false };
  const inner = join(absolute, fileName);
  const isPlace = basename(dirname(absolute)) === folderName && kindOf(inner) !== undefined;
  return isPlace
    ? { given, root: repositoryOf(absolute), file: inner, isTree: false }
    : { given, root: absolute, file: undefined, isTree: true };
}

/** The repository that a folder with a devcontainer.json belongs to, by the places the tools know. */
function repositoryOf(folder: string): string {
  if (basename(folder) === folderName) return dirname(folder);
  if (basename(dirname(folder)) === folderName) return dirname(dirname(folder));
  return folder;
}

/** The working directory where it holds all roots, so that messages show paths as the user would type them. */
function commonBase(cwd: string, roots: readonly string[]): string {
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
