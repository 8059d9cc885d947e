import { existsSync } from 'node:fs';
import { corpus } from './repositories.js';

/** Says what is missing instead of passing without a test. */
export default function prepare(): void {
  if (!existsSync(corpus))
    throw new Error(`there are no configurations to try in ${corpus}: name their folder in HARDEN_CORPUS`);
}
