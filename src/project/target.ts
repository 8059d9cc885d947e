import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { UserError } from '../core/errors.js';
import { normalizePath } from './project.js';

/** A folder that was found inside the root, held open so that nobody can put another one in its place. */
export interface OpenFolder {
  readonly real: string;
  /** A path for a name in this very folder. Throws where the folder was swapped since. */
  at(name: string): string;
  /** Flushes the folder's entries to the disk, where the system can. */
  sync(): void;
  close(): void;
}

/** Where a file is to be written: symbolic links resolved, inside the root for certain. */
export interface Target {
  readonly folder: OpenFolder;
  readonly name: string;
}

/** What stands at a target. */
export interface Existing {
  readonly bytes: Buffer;
  readonly stats: Stats;
}

/**
 * Finds where `inner` leads, below the root that `rootReal` is the real path of. A link is followed only where it
 * ends inside; missing parent folders are made and added to `made`. `path` is what messages call the file.
 *
 * @throws UserError where the path leads outside or something stands in its way.
 */
export function openTarget(rootReal: string, inner: string, path: string, made: string[]): Target {
  const segments = normalizePath(inner)?.split('/') ?? [];
  const name = segments.pop();
  if (!name || inner.split('/').includes('..'))
    throw new UserError(`'${path}' is not a path inside the project`);
  const real = resolveFolder(rootReal, segments, path, made);
  const found = lstatSync(join(real, name), { throwIfNoEntry: false });
  if (!found?.isSymbolicLink()) return { folder: openFolder(real), name };
  const end = resolveLink(rootReal, join(real, name), path);
  if (end === rootReal) throw new UserError(`${path} is not a regular file`);
  return { folder: openFolder(dirname(end)), name: basename(end) };
}

/** The file at the target; undefined where there is none. Anything but a regular file is a UserError. */
export function readTarget({ folder, name }: Target, path: string): Existing | undefined {
  // Without O_NONBLOCK a named pipe would hang us.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  let fd: number;
  try {
    fd = openSync(folder.at(name), flags);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    if (hasCode(error, 'ELOOP')) throw new UserError(`${path} became a symbolic link while it was worked on`);
    throw error;
  }
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new UserError(`${path} is not a regular file`);
    return { bytes: readFileSync(fd), stats };
  } finally {
    closeSync(fd);
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}

function resolveFolder(rootReal: string, segments: readonly string[], path: string, made: string[]): string {
  let real = rootReal;
  for (const segment of segments) {
    const next = join(real, segment);
    const found = lstatSync(next, { throwIfNoEntry: false });
    if (found?.isSymbolicLink()) real = resolveLink(rootReal, next, path);
    else if (found && !found.isDirectory())
      throw new UserError(`${path} lies below '${segment}', which is no folder`);
    else {
      if (!found) {
        mkdirSync(next);
        made.push(next);
      }
      real = next;
    }
  }
  return real;
}

function resolveLink(rootReal: string, link: string, path: string): string {
  let end: string;
  try {
    end = realpathSync(link);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'ELOOP')) throw error;
    throw new UserError(`${path} goes through a symbolic link that leads nowhere`);
  }
  const inside = relative(rootReal, end);
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
    throw new UserError(`${path} goes through a symbolic link that leads out of the project`);
  return end;
}

/**
 * Linux has a name for an open folder, which makes every later step independent of its path. Elsewhere the path
 * is resolved again each time: a smaller door, but not a closed one.
 */
function openFolder(real: string): OpenFolder {
  if (process.platform === 'win32')
    return { real, at: (name) => join(checked(real), name), sync() {}, close() {} };
  const fd = openSync(real, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  const held = `/proc/self/fd/${fd}`;
  const isHeld = existsSync(held);
  try {
    if (isHeld && readlinkSync(held) !== real) throw swapped(real);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return {
    real,
    at: (name) => join(isHeld ? held : checked(real), name),
    sync: () => fsyncSync(fd),
    close: () => closeSync(fd),
  };
}

function checked(real: string): string {
  if (realpathSync(real) !== real) throw swapped(real);
  return real;
}

function swapped(real: string): UserError {
  return new UserError(`the folder ${real} was moved or replaced while it was worked on`);
}
