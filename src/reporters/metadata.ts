import type { RuleInfo } from '../core/lint.js';

/** What reporters say besides the findings. */
export interface Metadata {
  readonly version: string;
  /** All rules, in a fixed order. */
  readonly rules: readonly RuleInfo[];
  /** Put before paths shown to people: the project as seen from the working directory, '' or ending in '/'. */
  readonly prefix: string;
}
