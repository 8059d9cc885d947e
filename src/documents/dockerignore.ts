import type { SourceFile } from '../core/text.js';
import { matchesPath } from './gitignore.js';

/** Every path is compared with each line; a file with more is data. */
const mostLines = 2_000;

/**
 * Whether the builder leaves a path of the context out: the last line that matches it or a folder above it decides.
 * Patterns hold from the context on, and `!` takes back what stands deeper too.
 */
export function isDockerIgnored({ text }: SourceFile, path: string): boolean {
  const steps = path.split('/');
  const lines = text.split(/\r?\n/).slice(0, mostLines);
  let isIgnored = false;
  for (const line of lines) {
    const kept = line.replace(/^\uFEFF/, '').trim();
    if (kept === '' || kept.startsWith('#')) continue;
    const isNegated = kept.startsWith('!');
    const pattern = cleanPattern(isNegated ? kept.slice(1).trim() : kept);
    const matches = steps.some((_, index) => matchesPath(pattern, steps.slice(0, index + 1).join('/')));
    if (matches) isIgnored = !isNegated;
  }
  return isIgnored;
}

function cleanPattern(pattern: string): string {
  const steps = pattern.split('/').filter((step) => step !== '' && step !== '.');
  return steps.length === 0 ? '**' : steps.join('/');
}
