import { type Dirent, readdirSync } from 'node:fs';
import { sep } from 'node:path';
import { type Failed, failedWith } from './failed.js';

/** What is in folders, by their absolute paths without links: a walk and the projects on its way share it, so nothing is listed twice. */
export type Listings = Map<string, readonly Dirent[]>;

/** What is in a folder, sorted by name; why it cannot be listed. */
export function listEntries(real: string): readonly Dirent[] | Failed {
  try {
    const entries = readdirSync(real, { withFileTypes: true });
    // Most systems' bytes come in the same order.
    return isSorted(entries) ? entries : entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    return failedWith(error);
  }
}

function isSorted(entries: readonly Dirent[]): boolean {
  for (let at = 1; at < entries.length; at += 1)
    if ((entries[at]?.name ?? '') < (entries[at - 1]?.name ?? '')) return false;
  return true;
}

/** The path of a name in a folder. Both are normal already: that is what `join` would spend its time on. */
export function inFolder(real: string, name: string): string {
  return real.endsWith(sep) ? real + name : real + sep + name;
}
