import type { ReadProblem } from '../core/rule.js';
import { describeProblem } from './project.js';

/** Why something on disk cannot be used; the message is a sentence part. */
export interface Failed {
  readonly problem: ReadProblem;
  readonly message: string;
}

export function failed(problem: ReadProblem, detail = ''): Failed {
  return { problem, message: describeProblem(problem) + detail };
}

/** What an error of `node:fs` says. */
export function failedWith(error: unknown): Failed {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  if (code === 'ENOENT') return failed('missing');
  if (code === 'ENOTDIR' || code === 'EISDIR' || code === 'ENXIO') return failed('not-a-file');
  const known: Readonly<Record<string, string>> = {
    EACCES: ': permission denied',
    EPERM: ': permission denied',
    ELOOP: ': its symbolic links form a loop',
  };
  return failed('unreadable', known[code] ?? ` (${code})`);
}
