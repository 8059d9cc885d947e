import type { AnyRule } from '../../core/rule.js';
import { noMcpDrift } from '../mcp/no-mcp-drift.js';
import { requireMcpReview } from '../mcp/require-mcp-review.js';
import { noAllowlistDrift } from '../network/no-allowlist-drift.js';
import { noBroadAllowlistEntry } from '../network/no-broad-allowlist-entry.js';
import { noExfilCapableHost } from '../network/no-exfil-capable-host.js';
import { noMalformedAllowlistEntry } from '../network/no-malformed-allowlist-entry.js';
import { noObserveMode } from '../network/no-observe-mode.js';

/** The rules on: egress. `npm run new-rule` writes the list, and a test compares it with the folders. */
export const rules: readonly AnyRule[] = [
  noAllowlistDrift,
  noBroadAllowlistEntry,
  noExfilCapableHost,
  noMalformedAllowlistEntry,
  noMcpDrift,
  noObserveMode,
  requireMcpReview,
];

export { readEgress, readSandbox } from '../../container/egress.js';
