import type { RuleInfo } from '../core/lint.js';

/** What reporters say besides the findings. */
export interface Metadata {
  readonly version: string;
  /** Rules to tell about, in a fixed order: all of them for a report that declares every rule. */
  readonly rules: readonly RuleInfo[];
  /** Put before paths shown to people: the project as seen from the working directory, '' or ending in '/'. */
  readonly prefix: string;
}
