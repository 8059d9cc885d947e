import { type Dirent, lstatSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { join, sep } from 'node:path';
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
  /** Takes what else is listed, by absolute paths: whoever walks on need not look again. */
  readonly looked: Map<string, readonly Dirent[]>;
}

/** Where the paths of a project lead on disk. Each folder is looked at once. */
export interface Folders {
  locate(path: string): Located;
  list(path: string): Listing;
}

/** No system opens a longer path. */
const longestPath = 4096;

export type Located = (Found & { readonly normal: string }) | Failed;

interface Found {
  readonly real: string;
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
  const innermost = [...roots].sort((a, b) => b.length - a.length);
  const located = new Map<string, Found | Failed>();
  const ends = new Map<string, Located>();
  const names = new Map<string, Names | Failed>();
  if (listed) {
    located.set(listed.path, { real: listed.real });
    names.set(listed.path, toNames(listed.entries));
  }
  const rootOf = (path: string) => innermost.find((root) => isWithin(path, root, '/'));
  const find = (path: string, root: string): Found | Failed => {
    const known = located.get(path) ?? (path === root ? realOf(join(base, root)) : findBelow(path, root));
    located.set(path, known);
    return known;
  };
  const findBelow = (path: string, root: string): Found | Failed => {
    const above = folderOf(path);
    const folder = find(above, root);
    if ('problem' in folder) return folder;
    const name = path.slice(path.lastIndexOf('/') + 1);
    // Nothing in it is to be made normal, which is what `join` would spend its time on.
    const real = folder.real.endsWith(sep) ? `${folder.real}${name}` : `${folder.real}${sep}${name}`;
    const kind = look(real, name, names.get(above));
    if (typeof kind !== 'string') return kind;
    if (kind !== 'link') return { real, isFolder: kind === 'folder' };
    const end = realOf(real);
    const limit = find(root, root);
    if ('problem' in end || 'problem' in limit) return end;
    return isWithin(end.real, limit.real, sep) ? end : failed('outside');
  };
  const locate = (path: string): Located => {
    const known = ends.get(path) ?? follow(path);
    ends.set(path, known);
    return known;
  };
  const follow = (path: string): Located => {
    const normal = normalizePath(path);
    const root = normal === undefined ? undefined : rootOf(normal);
    if (normal === undefined || root === undefined) return failed('outside');
    if (normal.length > longestPath) return failed('unreadable', ': its path is too long');
    const found = find(normal, root);
    return 'problem' in found ? found : { ...found, normal };
  };
  const list = (path: string): Listing => {
    const at = locate(path);
    if ('problem' in at) return at;
    // Asking the system makes an error, and that takes longer than all the rest.
    if (at.isFolder === false) return failed('not-a-file');
    const known = names.get(at.normal) ?? readNames(at.real, listed?.looked);
    names.set(at.normal, known);
    return 'problem' in known ? known : { names: [...known.keys()] };
  };
  const listings = new Map<string, Listing>();
  return {
    locate,
    list(path) {
      const known = listings.get(path) ?? list(path);
      listings.set(path, known);
      return known;
    },
  };
}

type Kind = 'folder' | 'link' | 'other';

/** What is in a folder, its names in order. */
type Names = ReadonlyMap<string, Kind>;

function readNames(real: string, looked?: ListedFolder['looked']): Names | Failed {
  try {
    const entries = readdirSync(real, { withFileTypes: true });
    looked?.set(real, entries);
    return toNames(entries);
  } catch (error) {
    return failedWith(error);
  }
}

function toNames(entries: readonly Dirent[]): Names {
  const sorted = entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return new Map(sorted.map((entry) => [entry.name, kindOf(entry)]));
}

function kindOf(entry: Dirent | Stats): Kind {
  if (entry.isSymbolicLink()) return 'link';
  return entry.isDirectory() ? 'folder' : 'other';
}

/** What stands at a path. What its folder's list does not have is looked for where it may have it by another name. */
function look(real: string, name: string, names: Names | Failed | undefined): Kind | Failed {
  if (names && !('problem' in names)) {
    const known = names.get(name) ?? (mayBeAnother(name, names) ? undefined : failed('missing'));
    if (known) return known;
  }
  try {
    const status = lstatSync(real, { throwIfNoEntry: false });
    return status ? kindOf(status) : failed('missing');
  } catch (error) {
    return failedWith(error);
  }
}

const foldedNames = new WeakMap<Names, ReadonlySet<string>>();

/** Whether a system may take a name for one that is written otherwise: in other letters, composed, or a short one. */
function mayBeAnother(name: string, names: Names): boolean {
  if (!/^[\w.@+-]+$/.test(name)) return true;
  const folded = foldedNames.get(names) ?? new Set([...names.keys()].map(fold));
  foldedNames.set(names, folded);
  return folded.has(fold(name));
}

function fold(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

function realOf(path: string): Found | Failed {
  try {
    return { real: realpathSync(path) };
  } catch (error) {
    return failedWith(error);
  }
}
