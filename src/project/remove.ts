import { lstatSync, realpathSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import { openTarget, readTarget } from './target.js';

/**
 * Removes a file below the root. @throws UserError where it leads out of the root or does not hold the expected text:
 * then somebody changed it since it was shown. Of a symbolic link the link goes, not what it leads to.
 */
export function removeFile(root: string, path: string, expected: string): void {
  const file = join(root, path);
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) {
    unlinkSync(file);
    return;
  }
  const target = openTarget(realpathSync(root), path, path, []);
  try {
    const before = readTarget(target, path);
    if (!before?.bytes.equals(Buffer.from(expected)))
      throw new UserError(`${path} changed since it was read`);
    unlinkSync(target.folder.at(target.name));
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${path} cannot be removed: ${reason}`, { cause: error });
  } finally {
    target.folder.close();
  }
}
