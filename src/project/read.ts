import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
} from 'node:fs';
import type { Project, ReadResult, TrackedFiles } from '../core/rule.js';
import { type Failed, failed, failedWith } from './failed.js';
import { type ListedFolder, openFolders } from './folders.js';
import { parseGitIndex } from './git-index.js';
import { below, folderOf, largestFile, normalizePath } from './project.js';

/** What the indexes of Git say, by the folders in which they were looked for; undefined where there is none. */
export type Indexes = Map<string, TrackedFiles | undefined>;

/** An index of Git beyond this is not read: some hundred thousand files. */
const largestIndex = 32 * 1024 * 1024;

/** What was read already of a project. */
export interface KnownParts {
  readonly listed?: ListedFolder | undefined;
  /** Projects in one repository may share them. */
  readonly indexes?: Indexes | undefined;
}

/**
 * The files below `base` on disk; paths are relative to it. Each of `roots` (paths below `base`, `''` for all of it)
 * is a world of its own: what lies in one is followed through symlinks, but never out of it. Everything is taken as it
 * is when it is first asked for.
 */
export function openFolder(
  base: string,
  roots: readonly string[] = [''],
  { listed, indexes = new Map() }: KnownParts = {},
): Project {
  const files = new Map<string, ReadResult>();
  const { locate, list } = openFolders(base, roots, listed);
  const readIndex = (root: string): TrackedFiles | undefined => {
    const at = locate(below(root, '.git/index'));
    const bytes = 'problem' in at ? undefined : readBytes(at.real, largestIndex);
    const paths = Buffer.isBuffer(bytes) ? parseGitIndex(bytes) : undefined;
    return paths && { root, paths };
  };
  return {
    read(path) {
      const at = locate(path);
      if ('problem' in at) return at;
      // The same object each time: positions are remembered per file object.
      const known = files.get(at.normal);
      if (known) return known;
      const found = readText(at.real, at.normal);
      files.set(at.normal, found);
      return found;
    },
    list,
    tracked(folder) {
      let root = normalizePath(folder) ?? '';
      for (;;) {
        let found = indexes.get(root);
        if (!found && !indexes.has(root)) {
          found = readIndex(root);
          indexes.set(root, found);
        }
        if (found || root === '') return found;
        root = folderOf(root);
      }
    },
  };
}

function readText(real: string, path: string): ReadResult {
  const bytes = readBytes(real);
  if ('problem' in bytes) return bytes;
  const text = decode(bytes);
  return text === undefined ? failed('not-utf8') : { file: { path, text } };
}

// Non-blocking: opening a FIFO would wait for a writer. No following: the path is resolved already.
const readFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** The bytes of a file at an absolute path, which is not followed where it is a link. */
export function readBytes(real: string, largest = largestFile): Buffer | Failed {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(real, readFlags);
    const status = fstatSync(descriptor);
    if (!status.isFile()) return failed('not-a-file');
    if (status.size > largest) return failed('too-large');
    return status.size === 0 ? readFileSync(descriptor) : readUpTo(descriptor, status.size);
  } catch (error) {
    return failedWith(error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function readUpTo(descriptor: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let length = 0;
  while (length < size) {
    const more = readSync(descriptor, bytes, length, size - length, null);
    if (more === 0) break;
    length += more;
  }
  return length === size ? bytes : bytes.subarray(0, length);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Undefined where the bytes are not UTF-8. The BOM stays: offsets and edits count it. */
export function decode(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** What a path given by the user is; undefined where there is nothing. What cannot be looked at counts as a file. */
export function kindOf(path: string): 'folder' | 'file' | undefined {
  try {
    const status = statSync(path, { throwIfNoEntry: false });
    if (!status) return lstatSync(path, { throwIfNoEntry: false }) ? 'file' : undefined;
    return status.isDirectory() ? 'folder' : 'file';
  } catch {
    return 'file';
  }
}
