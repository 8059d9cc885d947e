import type { Overlay } from './options.js';

/** What of the project the container sees otherwise than it is. Paths are '/'-separated, relative to the project. */
export interface Protection {
  /** Files and folders that can be read but not changed, because something on the host runs them later. */
  readonly readOnly: readonly string[];
  /** Files that look empty inside, and folders (with `/` behind) in which nothing is. */
  readonly mask: readonly string[];
}

/** The section with what it leaves out. */
export function toProtection({ readOnly = [], mask = [] }: Partial<Protection> = {}): Protection {
  return { readOnly, mask };
}

/**
 * The mounts that it takes. A folder above something read-only is mounted over itself: whoever works inside could rename
 * it otherwise, and put another one in its place.
 */
export function listOverlays({ readOnly, mask }: Protection): readonly Overlay[] {
  const overlays = new Map<string, Overlay['kind']>();
  for (const path of readOnly) for (const folder of foldersAbove(path)) overlays.set(folder, 'writable');
  for (const path of readOnly) overlays.set(path, 'read-only');
  for (const path of mask)
    overlays.set(path.replace(/\/$/, ''), path.endsWith('/') ? 'empty-folder' : 'empty-file');
  return [...overlays]
    .map(([path, kind]) => ({ path, kind }))
    .sort((a, b) => depth(a.path) - depth(b.path) || (a.path < b.path ? -1 : 1));
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

function depth(path: string): number {
  return path.split('/').length;
}
