import { toLimits } from './limits.js';
import type { Policy } from './policy.js';

/**
 * Whether a policy only chooses among stacks, agents, shapes and guards. The tests render all pairs of these and
 * lint them with every rule, so that `init` need not do it again: it took four fifths of its time. Whatever a policy says
 * in words of its own is judged each time.
 */
export function isOrdinary(policy: Policy): boolean {
  const { allow, ranges, publish, mcp, servers, without, forges, models, protect } = policy;
  const { targets, acceptedLosses, composeFiles } = policy;
  const lists = [allow, ranges, publish, mcp, servers, without, forges, models.local];
  const own = [...lists, targets, acceptedLosses, composeFiles];
  return (
    own.every((list) => list.length === 0) &&
    protect.readOnly.length + protect.mask.length === 0 &&
    models.gateway === undefined &&
    policy.caCertificates === undefined &&
    policy.image === undefined &&
    Object.keys(policy.devcontainer).length === 0 &&
    policy.mode === 'enforce' &&
    JSON.stringify(policy.limits) === JSON.stringify(toLimits())
  );
}
