import type { AllowedHost, Options } from './options.js';
import type { Policy } from './policy.js';
import type { Presets, StackPreset } from './presets.js';

const webPorts = [443, 80];

/**
 * Joins the policy with the presets of its stacks and agents. Pure: equal input gives equal output, in a stable order
 * (base, stacks, agents, then what the policy adds).
 */
export function resolveOptions(policy: Policy, presets: Presets): Options {
  const stacks = policy.stacks.map((id) => presets.stacks[id]);
  const agents = policy.agents.map((id) => presets.agents[id]);
  const parts = [presets.base, ...stacks, ...agents];
  const main = mainStack(stacks) ?? presets.base;
  return {
    name: policy.name,
    baseImage: main.image,
    copies: stacks
      .filter((stack) => stack !== main)
      .flatMap(({ image, copies }) => copies.map(({ from, to }) => ({ image, from, to }))),
    packages: unique(parts.flatMap((part) => part.packages)),
    agents: agents.map(({ title, version, downloads }) => ({ title, version, downloads })),
    volumes: uniqueBy(
      parts.flatMap((part) => part.volumes),
      (volume) => volume.target,
    ),
    environment: Object.assign({}, ...parts.map((part) => part.environment)),
    extensions: unique(parts.flatMap((part) => part.extensions)),
    sidecar: policy.shape === 'sidecar',
    gatewayImage: presets.base.image,
    observe: policy.mode === 'observe',
    allow: mergeHosts([...parts.flatMap((part) => part.hosts), ...policy.allow.map(toAllowed)]),
    ranges: policy.ranges,
    publish: policy.publish.map(({ port, purpose }) => ({ port, purpose: purpose ?? 'named in the policy' })),
    forwards: policy.mcp.map(({ name, port, path }) => ({ name, port, path: path ?? '/mcp' })),
    caCertificates: policy.caCertificates,
  };
}

/** The stack whose image is the base: one that cannot be copied into another, else the first. */
function mainStack(stacks: readonly StackPreset[]): StackPreset | undefined {
  const fixed = stacks.filter((stack) => stack.copies.length === 0);
  if (fixed.length > 1)
    throw new Error(`the stacks ${fixed.map(({ id }) => id).join(', ')} cannot be combined`);
  return fixed[0] ?? stacks[0];
}

function toAllowed({
  host,
  ports,
  reason,
  private: isPrivate = false,
}: Policy['allow'][number]): AllowedHost {
  return {
    host,
    ports: ports ?? webPorts,
    reason: reason ?? 'named in the policy',
    ...(isPrivate && { private: true }),
  };
}

/** Each name once, in the order of first mention, with the ports and reasons of all its mentions. */
function mergeHosts(hosts: readonly AllowedHost[]): AllowedHost[] {
  const merged = new Map<string, { ports: number[]; reasons: string[]; isPrivate: boolean }>();
  for (const { host, ports, reason, private: isPrivate = false } of hosts) {
    const known = merged.get(host) ?? { ports: [], reasons: [], isPrivate };
    merged.set(host, known);
    known.isPrivate ||= isPrivate;
    known.ports.push(...ports);
    known.reasons.push(reason);
  }
  return Array.from(merged, ([host, { ports, reasons, isPrivate }]) => ({
    host,
    ports: unique(ports),
    reason: unique(reasons).join('; '),
    ...(isPrivate && { private: true }),
  }));
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

function uniqueBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [key(value), value])).values()];
}
