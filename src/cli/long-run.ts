import { setFlagsFromString } from 'node:v8';

/**
 * Tells V8 to optimize only what runs very often. Linting is hundreds of short functions, all of them warm: of a tree
 * of 1 600 configurations, V8 11 (Node 20) spends half the time on optimizing them, more than it ever wins back. Newer
 * engines have a cheaper compiler in between, and no such flag. Not to be set at the start: it costs the engine its
 * own code cache.
 */
export function optimizeLess(versions: { readonly v8?: string } = process.versions): void {
  if (versions.v8?.startsWith('11.')) setFlagsFromString('--interrupt-budget=1350000');
}
