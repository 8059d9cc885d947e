import type { PolicyProblem } from './check.js';
import { quote } from './messages.js';
import type { AgentTool, AllowedHost, AllowedRange, Options } from './options.js';
import type { Policy } from './policy.js';
import type { AgentPreset, PresetHost, Presets, StackPreset } from './presets.js';

const webPorts = [443, 80];

/**
 * Joins the policy with the presets of its stacks and agents. Pure: equal input gives equal output, in a stable order
 * (base, stacks, agents, then what the policy adds).
 */
export function resolveOptions(policy: Policy, presets: Presets): Options {
  const { stacks, agents, parts } = choose(policy, presets);
  const main = mainStack(stacks) ?? presets.base;
  return {
    name: policy.name,
    baseImage: main.image,
    copies: [
      ...stacks
        .filter((stack) => stack !== main)
        .flatMap(({ image, copies }) => copies.map(({ from, to }) => ({ image, from, to }))),
      ...agents.flatMap(({ copies }) => copies.map(({ image, from, to }) => ({ image, from, to }))),
    ],
    packages: unique(parts.flatMap((part) => part.packages)),
    agents: agents.map(toTool),
    volumes: uniqueBy(
      parts.flatMap((part) => part.volumes),
      (volume) => volume.target,
    ),
    environment: Object.assign({}, ...parts.map((part) => part.environment)),
    extensions: unique(parts.flatMap((part) => part.extensions)),
    sidecar: policy.shape === 'sidecar',
    gatewayImage: presets.base.image,
    observe: policy.mode === 'observe',
    allow: mergeHosts([...presetHosts(policy, presets).map(withoutRatings), ...policy.allow.map(toAllowed)]),
    ranges: openOnce(policy.ranges),
    publish: policy.publish.map(({ port, purpose }) => ({ port, purpose: purpose ?? 'named in the policy' })),
    forwards: policy.mcp.map(({ name, port, path }) => ({ name, port, path: path ?? '/mcp' })),
    servers: policy.servers.map(({ name, port }) => ({ name, port, transport: policy.mcpTransport })),
    usesHost: policy.mcp.length > 0 || (policy.servers.length > 0 && policy.mcpTransport === 'tls'),
    guards: policy.guards,
    caCertificates: policy.caCertificates,
  };
}

/** What the image installs of an agent. */
function toTool({ title, version, program, downloads, files, wheel, commands }: AgentPreset): AgentTool {
  return {
    title,
    ...(version && { version }),
    ...(program && { program }),
    downloads,
    files,
    ...(wheel && { wheel }),
    commands,
  };
}

function choose(policy: Policy, presets: Presets) {
  const stacks = policy.stacks.map((id) => presets.stacks[id]);
  const agents = policy.agents.map((id) => presets.agents[id]);
  return { stacks, agents, parts: [presets.base, ...stacks, ...agents] };
}

/** What the stacks and agents open, less what the policy keeps closed. */
export function presetHosts(policy: Policy, presets: Presets): readonly PresetHost[] {
  const hosts = choose(policy, presets).parts.flatMap((part) => part.hosts);
  return hosts.filter(({ host }) => !policy.without.includes(host));
}

/** What the policy keeps closed that nothing opens: a typing error would leave a host open. */
export function checkWithout(policy: Policy, presets: Presets): readonly PolicyProblem[] {
  const opened = presetHosts({ ...policy, without: [] }, presets).map(({ host }) => host);
  return policy.without.flatMap((host, index) => {
    if (opened.includes(host)) return [];
    const hosts = unique(opened).join(', ');
    const known = hosts === '' ? 'which open none' : `which open ${hosts}`;
    const message = `${quote(host)} is no host of the stacks and agents, ${known}`;
    return [{ pointer: `/without/${index}`, key: undefined, message }];
  });
}

function withoutRatings({ host, ports, reason }: PresetHost): AllowedHost {
  return { host, ports, reason };
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

/** The ranges with those of their ports that no earlier one of the same addresses opens. */
function openOnce(ranges: readonly AllowedRange[]): AllowedRange[] {
  const open = new Set<string>();
  const isNew = (port: string) => !open.has(port) && open.add(port);
  return ranges.flatMap((one) => {
    const ports = one.ports.filter((port) => isNew(`${one.range} ${port}`));
    return ports.length > 0 ? [{ ...one, ports }] : [];
  });
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

function uniqueBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [key(value), value])).values()];
}
