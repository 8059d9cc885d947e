import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import type { Listing, Project, ReadProblem, ReadResult, TrackedFiles } from '../core/rule.js';
import { parseGitIndex } from './git-index.js';
import { below, describeProblem, foldersUp, largestFile, normalizePath } from './project.js';

/**
 * The files below `base` on disk; paths are relative to it. Each of `roots` (paths below `base`, `''` for all of it)
 * is a world of its own: what lies in one is followed through symlinks, but never out of it.
 */
export function openFolder(base: string, roots: readonly string[] = ['']): Project {
  const files = new Map<string, ReadResult>();
  const indexes = new Map<string, { readonly files: TrackedFiles | undefined }>();
  const innermost = [...roots].sort((a, b) => b.length - a.length);
  const locate = (path: string): Located => {
    const normal = normalizePath(path);
    const root = innermost.find((root) => normal !== undefined && isWithin(normal, root, '/'));
    if (normal === undefined || root === undefined) return failed('outside');
    return { normal, ...resolveInside(join(base, normal), join(base, root)) };
  };
  const readIndex = (root: string): TrackedFiles | undefined => {
    const at = locate(below(root, '.git/index'));
    const bytes = 'problem' in at ? undefined : readBytes(at.real);
    const paths = Buffer.isBuffer(bytes) ? parseGitIndex(bytes) : undefined;
    return paths && { root, paths };
  };
  return {
    read(path) {
      const at = locate(path);
      if ('problem' in at) return at;
      // The same object each time: positions are remembered per file object.
      const known = files.get(at.normal) ?? readText(at.real, at.normal);
      files.set(at.normal, known);
      return known;
    },
    list(path): Listing {
      const at = locate(path);
      if ('problem' in at) return at;
      try {
        return { names: readdirSync(at.real).sort() };
      } catch (error) {
        return failedWith(error);
      }
    },
    tracked(folder) {
      for (const root of foldersUp(normalizePath(folder) ?? '')) {
        const known = indexes.get(root) ?? { files: readIndex(root) };
        indexes.set(root, known);
        if (known.files) return known.files;
      }
      return undefined;
    },
  };
}

type Failed = { readonly problem: ReadProblem; readonly message: string };
type Located = { readonly normal: string; readonly real: string } | Failed;

function resolveInside(path: string, root: string): { real: string } | Failed {
  try {
    const real = realpathSync(path);
    return isWithin(real, realpathSync(root), sep) ? { real } : failed('outside');
  } catch (error) {
    return failedWith(error);
  }
}

/** Whether a normal path is the folder or below it. */
export function isWithin(path: string, folder: string, separator: string): boolean {
  if (folder === '' || path === folder) return true;
  return path.startsWith(folder.endsWith(separator) ? folder : `${folder}${separator}`);
}

function readText(real: string, path: string): ReadResult {
  const bytes = readBytes(real);
  if ('problem' in bytes) return bytes;
  const text = decode(bytes);
  return text === undefined ? failed('not-utf8') : { file: { path, text } };
}

/** The bytes of a file at an absolute path, which is not followed where it is a link. */
export function readBytes(real: string): Buffer | Failed {
  let descriptor: number | undefined;
  try {
    // Non-blocking: opening a FIFO would wait for a writer. No following: the path is resolved already.
    descriptor = openSync(
      real,
      constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0),
    );
    const status = fstatSync(descriptor);
    if (!status.isFile()) return failed('not-a-file');
    if (status.size > largestFile) return failed('too-large');
    return readFileSync(descriptor);
  } catch (error) {
    return failedWith(error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Undefined where the bytes are not UTF-8. The BOM stays: offsets and edits count it. */
export function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function failed(problem: ReadProblem, detail = ''): Failed {
  return { problem, message: `${describeProblem(problem)}${detail}` };
}

function failedWith(error: unknown): Failed {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  if (code === 'ENOENT') return failed('missing');
  if (code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENXIO') return failed('not-a-file');
  const known: Readonly<Record<string, string>> = {
    EACCES: ': permission denied',
    EPERM: ': permission denied',
    ELOOP: ': its symbolic links form a loop',
  };
  return failed('unreadable', known[code] ?? ` (${code})`);
}

/** What an error of `node:fs` says about a path, as a sentence part. */
export function describeError(error: unknown): string {
  return failedWith(error).message;
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
