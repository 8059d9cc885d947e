import type { Place } from './text.js';

/**
 * Something the user can put right: wrong usage, a bad configuration, an unreadable input. Exit code 2.
 * The message is a whole sentence for people; `place` says where in a file, when there is one.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly place: Place | undefined;

  constructor(message: string, options: { place?: Place; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.place = options.place;
  }
}

/** A rule that crashed: our bug, but one that can be named and skipped. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly ruleId: string;

  constructor(ruleId: string, cause: unknown) {
    super(`the rule ${ruleId} crashed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.ruleId = ruleId;
  }
}

/** Exit codes of every command; documented in README and `--help`. */
export const ExitCode = { clean: 0, findings: 1, usage: 2, bug: 3 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
