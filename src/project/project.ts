import type { ReadProblem } from '../core/rule.js';

/** Files beyond this are not read: 4 MiB, far more than any configuration, and the most that is judged in seconds. */
export const largestFile = 4 * 1024 * 1024;

/** Most paths are normal already. */
const isOdd = /^\/|\/\/|\/$|(?:^|\/)\.\.?(?:\/|$)|\0/;

/**
 * The path without `.`, `..` and doubled slashes; undefined where it is absolute or climbs out of the root.
 * A backslash is a character like any other: paths in a Project are '/'-separated.
 */
export function normalizePath(path: string): string | undefined {
  if (!isOdd.test(path)) return path;
  if (path.startsWith('/') || path.includes('\0')) return undefined;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join('/');
}

/** The path of a name in a folder. */
export function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** The folder that a normal path lies in. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A normal path's folder, the one above it, and so on up to the root. */
export function foldersUp(folder: string): readonly string[] {
  const steps = folder === '' ? [] : folder.split('/');
  return [...steps.map((_, index) => steps.slice(0, steps.length - index).join('/')), ''];
}

const problemWords: Record<ReadProblem, string> = {
  missing: 'does not exist',
  unreadable: 'cannot be read',
  outside: 'lies outside the project, so it is not read',
  'too-large': `is larger than ${largestFile / 1024 / 1024} MiB, so it is not read`,
  'not-utf8': 'is not UTF-8 text',
  'not-a-file': 'is not a regular file',
};

/** A sentence part for each problem, without the path: reports put it behind the file's name. */
export function describeProblem(problem: ReadProblem): string {
  return problemWords[problem];
}
