import type { LintResult } from '../core/lint.js';

/** What a run has not looked into although it may hold dev containers. */
export interface Coverage {
  /** Configurations in folders of other people's code and of build outputs. */
  readonly vendored: number;
  /** Configurations in folders that git ignores. */
  readonly ignored: number;
  /** Whether there was too much to count it all: the numbers are then the least. */
  readonly isPartial: boolean;
}

export const fullCoverage: Coverage = { vendored: 0, ignored: 0, isPartial: false };

/** Writes a report piece by piece, so that a run over thousands of repositories need not hold them. */
export interface Reporter {
  /** What the report says about one more result; the pieces in order are the report. */
  add(result: LintResult): string;
  /** What stands behind the last result. */
  end(coverage: Coverage): string;
}

/** A whole report about these results. */
export function reportAll(
  reporter: Reporter,
  results: readonly LintResult[],
  coverage: Coverage = fullCoverage,
): string {
  return results.map((result) => reporter.add(result)).join('') + reporter.end(coverage);
}
