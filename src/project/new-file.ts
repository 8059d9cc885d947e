import { writeFileSync } from 'node:fs';
import { UserError } from '../core/errors.js';

/** Writes a file that must not be there yet, for its owner alone. @throws UserError */
export function writeNewFile(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw new UserError(`${path} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}
