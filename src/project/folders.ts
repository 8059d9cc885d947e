import { type Dirent, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import type { Listing } from '../core/rule.js';
import { type Failed, failed, failedWith } from './failed.js';
import { folderOf, normalizePath } from './project.js';

/** A folder on disk that was listed already. */
export interface ListedFolder {
  /** As in a {@link Project}. */
  readonly path: string;
  /** Its absolute path without links. */
  readonly real: string;
  readonly entries: readonly Dirent[];
}

/** Where the paths of a project lead on disk. Each folder is looked at once. */
export interface Folders {
  locate(path: string): Located;
  list(path: string): Listing;
}

/** No system opens a longer path. */
const longestPath = 4096;

export type Located = { readonly normal: string; readonly real: string } | Failed;

/** Whether a normal path is the folder or below it. */
export function isWithin(path: string, folder: string, separator: string): boolean {
  if (folder === '' || path === folder) return true;
  return path.startsWith(folder.endsWith(separator) ? folder : `${folder}${separator}`);
}

/** Paths below `base`, each inside the innermost of the roots that holds it: no link leads out of that one. */
export function openFolders(base: string, roots: readonly string[], listed?: ListedFolder): Folders {
  const innermost = [...roots].sort((a, b) => b.length - a.length);
  const located = new Map<string, { readonly real: string } | Failed>();
  const names = new Map<string, Names | Failed>();
  if (listed) {
    located.set(listed.path, listed);
    names.set(listed.path, toNames(listed.entries));
  }
  const rootOf = (path: string) => innermost.find((root) => isWithin(path, root, '/'));
  const find = (path: string, root: string): { readonly real: string } | Failed => {
    const known = located.get(path) ?? (path === root ? realOf(join(base, root)) : findBelow(path, root));
    located.set(path, known);
    return known;
  };
  const findBelow = (path: string, root: string) => {
    const above = folderOf(path);
    const folder = find(above, root);
    if ('problem' in folder) return folder;
    const real = join(folder.real, path.slice(path.lastIndexOf('/') + 1));
    const kind = kindOf(real, names.get(above));
    if (kind === 'plain') return { real };
    if (kind !== 'link') return kind;
    const end = realOf(real);
    const limit = find(root, root);
    if ('problem' in end || 'problem' in limit) return end;
    return isWithin(end.real, limit.real, sep) ? end : failed('outside');
  };
  const locate = (path: string): Located => {
    const normal = normalizePath(path);
    const root = normal === undefined ? undefined : rootOf(normal);
    if (normal === undefined || root === undefined) return failed('outside');
    if (normal.length > longestPath) return failed('unreadable', ': its path is too long');
    const found = find(normal, root);
    return 'problem' in found ? found : { normal, real: found.real };
  };
  return {
    locate,
    list(path) {
      const at = locate(path);
      if ('problem' in at) return at;
      const known = names.get(at.normal) ?? readNames(at.real);
      names.set(at.normal, known);
      return 'problem' in known ? known : { names: [...known.keys()] };
    },
  };
}

/** What is in a folder: its names in order, each with whether it is a link. */
type Names = ReadonlyMap<string, boolean>;

function readNames(real: string): Names | Failed {
  try {
    return toNames(readdirSync(real, { withFileTypes: true }));
  } catch (error) {
    return failedWith(error);
  }
}

function toNames(entries: readonly Dirent[]): Names {
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return new Map(sorted.map((entry) => [entry.name, entry.isSymbolicLink()]));
}

/** Whether a path is a link. What its folder's list does not have is looked for: names may differ in case alone. */
function kindOf(real: string, names: Names | Failed | undefined): 'plain' | 'link' | Failed {
  const isLink = names && !('problem' in names) ? names.get(basename(real)) : undefined;
  if (isLink !== undefined) return isLink ? 'link' : 'plain';
  try {
    const status = lstatSync(real, { throwIfNoEntry: false });
    return status ? (status.isSymbolicLink() ? 'link' : 'plain') : failed('missing');
  } catch (error) {
    return failedWith(error);
  }
}

function realOf(path: string): { readonly real: string } | Failed {
  try {
    return { real: realpathSync(path) };
  } catch (error) {
    return failedWith(error);
  }
}
