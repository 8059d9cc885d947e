import type { AnyRule } from '../../core/rule.js';
import { noSuppressionProblem } from '../documents/no-suppression-problem.js';

/** The rules on: suppression. `npm run new-rule` writes the list, and a test compares it with the folders. */
export const rules: readonly AnyRule[] = [noSuppressionProblem];
