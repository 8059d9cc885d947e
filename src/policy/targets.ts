import type { PolicyChange } from './change.js';
import type { PolicyProblem } from './check.js';
import { type Policy, type TargetId, targetIds } from './policy.js';
import type { Presets, TargetPreset } from './presets.js';

/** What of the policy cannot be where the container is to be started. */
export function checkTargets(policy: Policy, presets: Presets): readonly PolicyProblem[] {
  return policy.targets.flatMap((id, index) => {
    const reason = reasonAgainst(policy, presets.targets[id]);
    return reason === undefined ? [] : [{ pointer: `/targets/${index}`, key: undefined, message: reason }];
  });
}

function reasonAgainst(policy: Policy, target: TargetPreset): string | undefined {
  const { title, firewall, shapes, host, lost } = target;
  if (firewall === 'lost' && !policy.acceptedLosses.includes('firewall'))
    return `${title} cannot hold the firewall: ${lost[0]}. Who wants it all the same says --accept-loss firewall, or "acceptedLosses": ["firewall"]`;
  if (!shapes.includes(policy.shape))
    return `${title} needs the shape ${shapes.join(' or ')}, and the policy says ${policy.shape}: give --shape ${shapes[0]}`;
  const servers = policy.servers.length > 0;
  if (host === 'none' && (servers || policy.mcp.length > 0))
    return `${title} has no host of yours that MCP servers could run on; take "mcp" out of the policy, or the target`;
  if (host === 'tls' && servers && policy.mcpTransport === 'socket')
    return `sockets do not reach the container with ${title}; set "mcpTransport" to "tls"`;
  return undefined;
}

/** The change with what its targets need where it says nothing else: the shape, and the transport of MCP. */
export function adaptToTargets(change: PolicyChange, presets: Presets): PolicyChange {
  const targets = (change.targets ?? []).filter(isTarget).map((id) => presets.targets[id]);
  const needsSidecar = targets.some(({ shapes }) => !shapes.includes('single'));
  const needsTls = targets.some(({ host }) => host === 'tls');
  return {
    ...change,
    shape: change.shape ?? (needsSidecar ? 'sidecar' : undefined),
    mcpTransport: change.mcpTransport ?? (needsTls ? 'tls' : undefined),
  };
}

function isTarget(id: string): id is TargetId {
  return (targetIds as readonly string[]).includes(id);
}
