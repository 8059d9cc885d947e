import { removeFile } from '../project/remove.js';
import { writeFiles } from '../project/write.js';
import { unifiedDiff } from './diff.js';
import { formatDiff } from './diff-view.js';
import { listFiles, type PlannedFile } from './init-changes.js';
import { type ColorChoice, chalkFor, type Io, write } from './io.js';

/** The diff on stdout, the list of files on stderr. */
export async function showFiles(files: readonly PlannedFile[], io: Io, color: ColorChoice): Promise<void> {
  const diff = await unifiedDiff(files);
  // Only a terminal gets the form for people: a file or pipe gets a patch, byte for byte.
  const shown = io.stdout.isTTY ? formatDiff(diff, await chalkFor(io.stdout, color, io.env)) : diff;
  await write(io.stdout, shown);
  await write(io.stderr, listFiles(files));
}

/** Writes all of them or none, and then removes. @throws UserError where a file changed since it was planned. */
export async function storeFiles(files: readonly PlannedFile[], root: string): Promise<void> {
  const written = files.flatMap(({ path, before, after, executable }) =>
    after === undefined ? [] : [{ path, text: after, executable, expected: before }],
  );
  await writeFiles(root, written);
  for (const { path, before, after } of files) {
    if (after === undefined && before !== undefined) removeFile(root, path, before);
  }
}
