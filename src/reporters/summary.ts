import type { LintResult } from '../core/lint.js';
import type { Coverage } from './reporter.js';

/** What a run has found. Severities and fixes are those of the findings that count. */
export interface Summary {
  error: number;
  warning: number;
  info: number;
  /** Findings with at least one fix, and among them those with one that `fix --safe` takes. */
  fixable: number;
  safelyFixable: number;
  suppressed: number;
  /** Findings in folders that only show or test something. */
  examples: number;
}

export interface Tally {
  readonly summary: Summary;
  /** Configurations that were looked at. */
  files: number;
  /** False where something could not be read or parsed. */
  complete: boolean;
}

export function newTally(): Tally {
  const summary = { error: 0, warning: 0, info: 0, fixable: 0, safelyFixable: 0, suppressed: 0, examples: 0 };
  return { summary, files: 0, complete: true };
}

export function addToTally(tally: Tally, result: LintResult): void {
  const { summary } = tally;
  for (const { severity, fixes } of result.findings) {
    summary[severity] += 1;
    if (fixes.length > 0) summary.fixable += 1;
    if (fixes.some((fix) => fix.safety === 'safe')) summary.safelyFixable += 1;
  }
  summary.suppressed += result.suppressed.length;
  summary.examples += result.examples.length;
  tally.files += result.files.length;
  tally.complete &&= result.complete;
}

/** `1 error`, `2 errors`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `1 error, 2 warnings`; '' where there is none. */
export function countFindings({ error, warning, info }: Summary): string {
  const counts = [countOf(error, 'error'), countOf(warning, 'warning'), `${info} info`];
  return [error, warning, info].flatMap((count, index) => (count > 0 ? [counts[index]] : [])).join(', ');
}

/** Sentences about what the report does not show. */
export function describeRest({ suppressed, examples }: Summary, coverage: Coverage): string[] {
  const { vendored, ignored, isPartial } = coverage;
  const lines: string[] = [];
  if (suppressed > 0)
    lines.push(`${countOf(suppressed, 'finding')} suppressed: --no-suppressions shows all.`);
  if (examples > 0)
    lines.push(
      `${countOf(examples, 'finding')} in examples, tests and documentation: --scope all shows them.`,
    );
  if (vendored + ignored > 0) {
    const least = isPartial ? 'at least ' : '';
    const parts = [
      ...(vendored > 0
        ? [`${least}${countOf(vendored, 'configuration')} in vendored folders and build outputs`]
        : []),
      ...(ignored > 0 ? [`${least}${countOf(ignored, 'configuration')} in folders that git ignores`] : []),
    ];
    lines.push(`Not linted: ${parts.join(', ')}. Name a folder to lint it.`);
  }
  return lines;
}
