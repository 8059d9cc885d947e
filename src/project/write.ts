import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  linkSync,
  openSync,
  realpathSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import { isWithin } from './folders.js';
import { type Existing, hasCode, openTarget, readTarget, type Target } from './target.js';

export interface FileToWrite {
  /** '/'-separated, relative to the base. */
  readonly path: string;
  readonly text: string;
  /** Sets the execute bits wherever the file may be read; otherwise a file keeps its mode. */
  readonly executable?: boolean;
  /** What the file must hold now, byte for byte; undefined where it must not exist yet. */
  readonly expected: string | undefined;
  /** Write whatever stands there now: `expected` is not looked at. */
  readonly force?: boolean;
}

/**
 * Writes files below `base`, all or none, each replaced in one step: a reader sees the old file or the new one. Everything
 * is written next to its target first and then renamed; when a rename fails, those before it are undone. Mode bits
 * and, where permitted, ownership stay. A symbolic link stays a link, its target is replaced, but only inside the
 * innermost of `roots` (paths below `base`) that holds it. Missing folders are made. An interrupt waits until the set
 * is complete.
 *
 * @throws UserError where a path leads out of the root, a file is not as expected, or the system refuses; it says
 *   whether anything was changed.
 */
export async function writeFiles(
  base: string,
  files: readonly FileToWrite[],
  roots: readonly string[] = [''],
): Promise<void> {
  const innermost = [...roots].sort((a, b) => b.length - a.length);
  await holdSignals(() => writeAll(base, files, innermost));
}

interface Prepared {
  readonly file: FileToWrite;
  readonly target: Target;
  readonly before: Existing | undefined;
  /** Name of the file that waits next to the target. */
  readonly waiting: string;
}

function writeAll(base: string, files: readonly FileToWrite[], roots: readonly string[]): void {
  const made: string[] = [];
  const prepared: Prepared[] = [];
  let isDone = false;
  try {
    for (const file of files) prepared.push(naming(file, () => prepare(base, roots, file, made)));
    commitAll(prepared);
    isDone = true;
  } finally {
    for (const { target, waiting } of prepared) {
      attempt(() => unlinkSync(target.folder.at(waiting)));
      attempt(() => target.folder.close());
    }
    if (!isDone) for (const folder of made.reverse()) attempt(() => rmdirSync(folder));
  }
}

function prepare(base: string, roots: readonly string[], file: FileToWrite, made: string[]): Prepared {
  const root = roots.find((folder) => isWithin(file.path, folder, '/'));
  if (root === undefined) throw new UserError(`${file.path} lies outside the project`);
  const inner = file.path.slice(root === '' ? 0 : root.length + 1);
  const target = openTarget(realpathSync(join(base, root)), inner, file.path, made);
  try {
    const before = readTarget(target, file.path);
    if (!file.force) checkExpected(file, before);
    return {
      file,
      target,
      before,
      waiting: writeBeside(target, Buffer.from(file.text), before, file.executable),
    };
  } catch (error) {
    target.folder.close();
    throw error;
  }
}

function checkExpected({ path, expected }: FileToWrite, before: Existing | undefined): void {
  if (expected === undefined) {
    if (before) throw new UserError(`${path} exists already`);
  } else if (!before) throw new UserError(`${path} is gone since it was read`);
  else if (!before.bytes.equals(Buffer.from(expected)))
    throw new UserError(`${path} changed since it was read`);
}

function commitAll(prepared: readonly Prepared[]): void {
  const done: Prepared[] = [];
  for (const item of prepared) {
    try {
      commit(item);
      done.push(item);
    } catch (error) {
      const stuck = done.filter((other) => !attempt(() => undo(other))).map(({ file }) => file.path);
      const state =
        stuck.length === 0 ? 'nothing was written' : `already written and not undone: ${stuck.join(', ')}`;
      throw new UserError(`${item.file.path} cannot be written: ${reasonOf(error)}; ${state}`, {
        cause: error,
      });
    }
  }
  // The rename is done; a system that cannot flush a folder is no reason to call it failed.
  const folders = new Map(prepared.map(({ target: { folder } }) => [folder.real, folder]));
  for (const folder of folders.values()) attempt(() => folder.sync());
}

function commit({ file, target, before, waiting }: Prepared): void {
  const now = readTarget(target, file.path);
  const isSame = before ? now?.bytes.equals(before.bytes) : now === undefined;
  if (!isSame) throw new UserError('it changed while it was worked on');
  const from = target.folder.at(waiting);
  const to = target.folder.at(target.name);
  if (before) renameSync(from, to);
  else createFrom(from, to);
}

/** Like a rename, but never over a file that appeared in the meantime. */
function createFrom(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw error;
    // Some file systems have no hard links.
    renameSync(from, to);
  }
}

function undo({ target, before }: Prepared): void {
  const to = target.folder.at(target.name);
  if (before) renameSync(target.folder.at(writeBeside(target, before.bytes, before, false)), to);
  else unlinkSync(to);
}

/** Writes a new file in the target's folder, with the mode and owner that the target has, and gives its name. */
function writeBeside(
  { folder }: Target,
  bytes: Buffer,
  before: Existing | undefined,
  executable = false,
): string {
  const name = `.harden-devcontainer-${randomBytes(8).toString('hex')}.tmp`;
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const fd = openSync(folder.at(name), flags, executable ? 0o777 : 0o666);
  try {
    writeFileSync(fd, bytes);
    if (before) keepOwnerAndMode(fd, before, executable);
    // A power cut must not cost what was there before; of a new file there is nothing to lose.
    if (before) fsyncSync(fd);
    return name;
  } catch (error) {
    attempt(() => unlinkSync(folder.at(name)));
    throw error;
  } finally {
    closeSync(fd);
  }
}

function keepOwnerAndMode(fd: number, { stats }: Existing, executable: boolean): void {
  // Only a privileged user may give a file away; for anyone else it stays theirs.
  attempt(() => fchownSync(fd, stats.uid, stats.gid));
  const mode = stats.mode & 0o7777;
  fchmodSync(fd, executable ? mode | ((mode & 0o444) >> 2) : mode);
}

/** Runs a step for one file; whatever goes wrong becomes a sentence that names the file. */
function naming<T>({ path }: FileToWrite, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof UserError)
      throw new UserError(`${error.message}; nothing was written`, { cause: error });
    throw new UserError(`${path} cannot be written: ${reasonOf(error)}; nothing was written`, {
      cause: error,
    });
  }
}

function reasonOf(error: unknown): string {
  const words: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EEXIST: 'it appeared while it was worked on',
    ENAMETOOLONG: 'its name is too long',
    ENOENT: 'it does not exist',
    ENOTDIR: 'it is not a folder',
  };
  if (!(error instanceof Error)) return String(error);
  return words[(error as NodeJS.ErrnoException).code ?? ''] ?? error.message;
}

/** For steps whose failure must not hide the error that led to them. */
function attempt(step: () => void): boolean {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}

const held = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** An interrupt in the middle would leave half of something: it is kept, and sent again afterwards. */
export async function holdSignals(work: () => void | Promise<void>): Promise<void> {
  let caught: NodeJS.Signals | undefined;
  const keep = (signal: NodeJS.Signals) => {
    caught = signal;
  };
  for (const signal of held) process.on(signal, keep);
  try {
    await work();
  } finally {
    // Signals arrive with the event loop's next poll: one turn to get past this one, one to have polled.
    for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate);
    for (const signal of held) process.off(signal, keep);
    if (caught) process.kill(process.pid, caught);
  }
}
