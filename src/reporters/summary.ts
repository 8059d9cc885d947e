import type { LintResult } from '../core/lint.js';
import type { Severity } from '../core/rule.js';

export interface Summary {
  readonly error: number;
  readonly warning: number;
  readonly info: number;
  /** Findings with at least one fix, and among them those with one that `fix --safe` takes. */
  readonly fixable: number;
  readonly safelyFixable: number;
}

export function summarize({ findings }: LintResult): Summary {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return {
    error: count('error'),
    warning: count('warning'),
    info: count('info'),
    fixable: findings.filter((finding) => finding.fixes.length > 0).length,
    safelyFixable: findings.filter((finding) => finding.fixes.some((fix) => fix.safety === 'safe')).length,
  };
}

/** `1 error`, `2 errors`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
