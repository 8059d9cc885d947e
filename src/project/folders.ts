import { type Dirent, lstatSync, realpathSync, type Stats } from 'node:fs';
import { join, sep } from 'node:path';
import type { Listing } from '../core/rule.js';
import { inFolder, type Listings, listEntries } from './entries.js';
import { type Failed, failed, failedWith } from './failed.js';
import { folderOf, normalizePath } from './project.js';

/** A folder on disk that was listed already. */
export interface ListedFolder {
  /** As in a {@link Project}. */
  readonly path: string;
  /** Its absolute path without links. */
  readonly real: string;
  /** The innermost root that holds it, in the same two ways. No link lies between it and the folder. */
  readonly repository: string;
  readonly repositoryReal: string;
  readonly entries: readonly Dirent[];
  /** What else is listed, and takes what will be: whoever walks on need not look again. */
  readonly listings: Listings;
}

/** Where the paths of a project lead on disk. Each folder is looked at once. */
export interface Folders {
  locate(path: string): Located;
  list(path: string): Listing;
}

/** No system opens a longer path. */
const longestPath = 4096;

export type Located = Found | Failed;

interface Found {
  readonly real: string;
  /** The path that leads there, made normal. */
  readonly normal: string;
  /** Undefined where nobody has looked. */
  readonly isFolder?: boolean;
}

/** Whether a normal path is the folder or below it. */
export function isWithin(path: string, folder: string, separator: string): boolean {
  if (folder === '' || path === folder) return true;
  return path.startsWith(folder.endsWith(separator) ? folder : `${folder}${separator}`);
}

/** Paths below `base`, each inside the innermost of the roots that holds it: no link leads out of that one. */
export function openFolders(base: string, roots: readonly string[], listed?: ListedFolder): Folders {
  const innermost = roots.length < 2 ? roots : [...roots].sort((a, b) => b.length - a.length);
  // By normal paths, and for those that are not by these as well.
  const located = new Map<string, Located>();
  const names = new Map<string, Names | Failed>();
  if (listed) {
    located.set(listed.repository, { real: listed.repositoryReal, normal: listed.repository });
    located.set(listed.path, { real: listed.real, normal: listed.path });
    names.set(listed.path, toNames(listed.entries));
  }
  const find = (path: string, root: string): Located => {
    const known = located.get(path);
    if (known) return known;
    const found = path === root ? realOf(join(base, root), path) : findBelow(path, root);
    located.set(path, found);
    return found;
  };
  const findBelow = (path: string, root: string): Located => {
    const above = folderOf(path);
    const folder = find(above, root);
    if ('problem' in folder) return folder;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const real = inFolder(folder.real, name);
    // It was walked through.
    if (listed && path.length < listed.path.length && isWithin(listed.path, path, '/'))
      return { real, normal: path, isFolder: true };
    const kind = look(real, name, namesIn(above, folder.real, false));
    if (typeof kind !== 'string') return kind;
    if (kind !== 'link') return { real, normal: path, isFolder: kind === 'folder' };
    const end = realOf(real, path);
    const limit = find(root, root);
    if ('problem' in end || 'problem' in limit) return end;
    return isWithin(end.real, limit.real, sep) ? end : failed('outside');
  };
  const follow = (path: string): Located => {
    const normal = normalizePath(path);
    const root = normal === undefined ? undefined : rootOf(normal, innermost);
    if (normal === undefined || root === undefined) return failed('outside');
    if (normal.length > longestPath) return failed('unreadable', ': its path is too long');
    const found = find(normal, root);
    if (path !== normal) located.set(path, found);
    return found;
  };
  const locate = (path: string): Located => located.get(path) ?? follow(path);
  /** What is known of a folder; undefined where it is not to be looked at for that. */
  const namesIn = (path: string, real: string, isWanted: boolean): Names | Failed | undefined => {
    const known = names.get(path);
    if (known) return known;
    const entries = listed?.listings.get(real) ?? (isWanted ? listEntries(real) : undefined);
    if (!entries) return undefined;
    const isClosed = 'problem' in entries;
    if (!isClosed) listed?.listings.set(real, entries);
    const found = isClosed ? entries : toNames(entries);
    names.set(path, found);
    return found;
  };
  return {
    locate,
    list(path) {
      const at = locate(path);
      if ('problem' in at) return at;
      // Asking the system makes an error, and that takes longer than all the rest.
      if (at.isFolder === false) return failed('not-a-file');
      return namesIn(at.normal, at.real, true) ?? failed('missing');
    },
  };
}

function rootOf(path: string, innermost: readonly string[]): string | undefined {
  for (const root of innermost) if (isWithin(path, root, '/')) return root;
  return undefined;
}

type Kind = 'folder' | 'link' | 'other';

/** What is in a folder. */
interface Names {
  /** In order. */
  readonly names: readonly string[];
  /** In the same order. */
  readonly entries: readonly Dirent[];
  /** All names, each between two slashes, as a system that knows no case may compare them. Made when it is asked for. */
  folded: string | undefined;
}

function toNames(entries: readonly Dirent[]): Names {
  return { names: entries.map(({ name }) => name), entries, folded: undefined };
}

function kindIn({ names, entries }: Names, name: string): Kind | undefined {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] ?? '') < name) low = middle + 1;
    else high = middle;
  }
  const entry = names[low] === name ? entries[low] : undefined;
  return entry && kindOf(entry);
}

function kindOf(entry: Dirent | Stats): Kind {
  if (entry.isSymbolicLink()) return 'link';
  return entry.isDirectory() ? 'folder' : 'other';
}

/** What stands at a path. What its folder's list does not have is looked for where it may have it by another name. */
function look(real: string, name: string, names: Names | Failed | undefined): Kind | Failed {
  if (names && !('problem' in names)) {
    const known = kindIn(names, name) ?? (mayBeAnother(name, names) ? undefined : failed('missing'));
    if (known) return known;
  }
  try {
    const status = lstatSync(real, { throwIfNoEntry: false });
    return status ? kindOf(status) : failed('missing');
  } catch (error) {
    return failedWith(error);
  }
}

/** Whether a system may take a name for one that is written otherwise: in other letters, composed, or a short one. */
function mayBeAnother(name: string, names: Names): boolean {
  if (!/^[\w.@+-]+$/.test(name)) return true;
  // All at once: each call costs more than the letters do. No name has a slash in it.
  names.folded ??= fold(`/${names.names.join('/')}/`);
  return names.folded.includes(`/${name.toLowerCase()}/`);
}

function fold(text: string): string {
  // Letters that have one form only, as most names have no others.
  const composed = /[^ -~]/.test(text) ? text.normalize('NFKC') : text;
  return composed.toLowerCase();
}

function realOf(absolute: string, normal: string): Located {
  try {
    return { real: realpathSync(absolute), normal };
  } catch (error) {
    return failedWith(error);
  }
}
