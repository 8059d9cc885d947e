import type { PolicyProblem } from './check.js';
import { splitForge } from './forges.js';
import { agentsBehind, checkGateway, checkModels, gatewayEnvironment, gatewayHosts } from './gateway.js';
import { gitEnvironment } from './git-environment.js';
import { byImage, planImage } from './images.js';
import type { Limits } from './limits.js';
import { quote } from './messages.js';
import type { AgentTool, AllowedHost, AllowedRange, Options } from './options.js';
import { gateEnvironment, packageGate } from './package-gate.js';
import type { Policy } from './policy.js';
import type { AgentPreset, PresetHost, Presets } from './presets.js';
import { listOverlays } from './protect.js';

/** Where nothing of the image can be written, editors put their server here. */
const home = { name: 'home', target: '/home/dev' };

const webPorts = [443, 80];

/**
 * Joins the policy with the presets of its stacks and agents. Pure: equal input gives equal output, in a stable order
 * (base, stacks, forges, agents, then what the policy adds).
 */
export function resolveOptions(policy: Policy, presets: Presets): Options {
  const { stacks, agents, models, parts } = choose(policy, presets);
  // What is in an image of the policy's own, only its user knows.
  const built = policy.image === undefined ? stacks : [];
  const plan = planImage(policy.image === undefined ? policy.stacks : [], presets);
  const image = { ...plan, base: policy.image ?? plan.base };
  const environments = [...parts, ...models].map((part) => part.environment);
  return {
    name: policy.name,
    baseImage: image.base,
    ownImage: policy.image !== undefined,
    copies: byImage([...image.parts, ...agents.flatMap((agent) => agent.copies)]),
    links: unique(built.flatMap((stack) => stack.links)),
    commands: [...built.flatMap((stack) => stack.setup), ...built.flatMap((stack) => stack.checks)],
    packages: unique([
      ...presets.base.packages,
      ...image.packages,
      ...agents.flatMap((agent) => agent.packages),
    ]),
    agents: agents.map(toTool),
    volumes: uniqueBy(
      [...(policy.limits.readOnlyRoot ? [home] : []), ...parts.flatMap((part) => part.volumes)],
      (volume) => volume.target,
    ),
    environment: Object.assign(
      {},
      ...environments,
      gateEnvironment(policy),
      gatewayEnvironment(policy, presets),
      gitEnvironment(),
    ),
    extensions: unique(parts.flatMap((part) => part.extensions)),
    sidecar: policy.shape === 'sidecar',
    composeFiles: policy.composeFiles,
    gatewayImage: planImage([], presets).base,
    mayLackFirewall: policy.acceptedLosses.includes('firewall'),
    observe: policy.mode === 'observe',
    allow: mergeHosts([
      ...presetHosts(policy, presets).map(withoutRatings),
      ...gatewayHosts(policy, presets),
      ...policy.allow.map(toAllowed),
    ]),
    ranges: openOnce(policy.ranges),
    publish: policy.publish.map(({ port, purpose }) => ({ port, purpose: purpose ?? 'named in the policy' })),
    forwards: policy.mcp.map(({ name, port, path }) => ({ name, port, path: path ?? '/mcp' })),
    servers: policy.servers.map(({ name, port }) => ({ name, port, transport: policy.mcpTransport })),
    models: models.map(({ id, port }) => ({ name: id, port })),
    usesHost:
      policy.mcp.length > 0 ||
      models.length > 0 ||
      (policy.servers.length > 0 && policy.mcpTransport === 'tls'),
    guards: policy.guards,
    gate: packageGate(policy),
    limits: withRoom(policy.limits),
    overlays: listOverlays(policy.protect),
    guardFiles: [],
    caCertificates: policy.caCertificates,
    trustsJava: policy.stacks.includes('java'),
    certificateVariables: unique(stacks.flatMap((stack) => stack.certificates)),
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
  const models = policy.models.local.map((id) => presets.models[id]);
  return { stacks, agents, models, parts: [presets.base, ...stacks, ...agents] };
}

/** What the stacks, forges and agents open, less what the policy or a gateway keeps closed. */
export function presetHosts(policy: Policy, presets: Presets): readonly PresetHost[] {
  const { stacks } = choose(policy, presets);
  const behind = agentsBehind(policy, presets);
  const hosts = [
    ...stacks.flatMap((stack) => stack.hosts),
    ...policy.forges.map(splitForge).flatMap(({ id, way }) => presets.forges[id][way]),
    ...policy.agents.filter((id) => !behind.includes(id)).flatMap((id) => presets.agents[id].hosts),
  ];
  return hosts.filter(({ host }) => !policy.without.includes(host));
}

/** What is wrong with a policy once it meets the presets. */
export function checkChoices(policy: Policy, presets: Presets): readonly PolicyProblem[] {
  return [
    ...checkGateway(policy, presets),
    ...checkModels(policy, presets),
    ...checkWithout(policy, presets),
  ];
}

/** What the policy keeps closed that nothing opens: a typing error would leave a host open. */
function checkWithout(policy: Policy, presets: Presets): readonly PolicyProblem[] {
  const opened = presetHosts({ ...policy, without: [] }, presets).map(({ host }) => host);
  return policy.without.flatMap((host, index) => {
    if (opened.includes(host)) return [];
    const hosts = unique(opened).join(', ');
    const known = hosts === '' ? 'which open none' : `which open ${hosts}`;
    const message = `${quote(host)} is no host of the stacks, forges and agents, ${known}`;
    return [{ pointer: `/without/${index}`, key: undefined, message }];
  });
}

/** Where nothing of the image can be written, what is temporary goes into memory. */
function withRoom(limits: Limits): Limits {
  return limits.readOnlyRoot && limits.temporary === undefined ? { ...limits, temporary: '1g' } : limits;
}

function withoutRatings({ host, ports, reason }: PresetHost): AllowedHost {
  return { host, ports, reason };
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
