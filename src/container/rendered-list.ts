import type { JsonNode } from '../documents/json.js';
import { agents, agentsOfGateways, forges, stacks } from '../generated/egress-catalogue.js';
import { type AllowEntry, type ListEntry, openingsOf } from './allow-entry.js';
import type { PolicyDocument } from './policy-document.js';
import { groupBySubject, groupPorts, removeLine, removerFor } from './rendered-edits.js';

/** A policy beside the list that `init` has rendered from it. */
export interface JoinedList {
  /** The policy's entries; taking one out takes its lines out too. */
  readonly declared: readonly AllowEntry[];
  /** Lines that the policy does not explain. */
  readonly residual: readonly ListEntry[];
  /** What the list lacks, hosts by the node of the policy that asks for them. */
  readonly missing: ReadonlyMap<JsonNode, readonly string[]>;
  /** What the policy and its stacks and agents open. */
  readonly openings: ReadonlySet<string>;
}

/** `lines` is undefined where nothing has been rendered yet. */
export function joinRendered(policy: PolicyDocument, lines: readonly ListEntry[] | undefined): JoinedList {
  const preset = presetOpenings(policy);
  const origins = addDeclared(preset, policy);
  const bySubject = groupBySubject(lines ?? []);
  const remover = removerFor(policy, bySubject, groupPorts(preset.keys()));
  const declaredPorts = groupPorts(origins.keys());
  const isExplained = (line: ListEntry) => {
    const openings = openingsOf(line);
    return openings.length > 0 && openings.every((opening) => origins.has(opening));
  };
  return {
    declared: policy.allow.map((entry) => ({ ...entry, ...remover(entry) })),
    residual: (lines ?? [])
      .filter((line) => !isExplained(line))
      .map((line) => ({ ...line, remove: () => removeLine(line, bySubject, declaredPorts) })),
    missing: lines ? findMissing(origins, lines) : new Map(),
    openings: new Set(origins.keys()),
  };
}

type Origins = ReadonlyMap<string, JsonNode>;

/** What the policy opens besides, with the place of its list. */
function addDeclared(preset: Origins, { allow, allowNode }: PolicyDocument): Origins {
  const origins = new Map(preset);
  for (const entry of allow) {
    // What init refuses is never rendered.
    if (entry.flaws.length > 0 || !allowNode) continue;
    for (const opening of openingsOf(entry)) if (!origins.has(opening)) origins.set(opening, allowNode);
  }
  return origins;
}

function findMissing(
  origins: Origins,
  lines: readonly ListEntry[],
): ReadonlyMap<JsonNode, readonly string[]> {
  const rendered = new Set(lines.flatMap(openingsOf));
  const missing = new Map<JsonNode, string[]>();
  for (const [opening, node] of origins) {
    const host = opening.split(' ')[0] ?? '';
    const hosts = missing.get(node) ?? [];
    if (rendered.has(opening) || hosts.at(-1) === host) continue;
    hosts.push(host);
    missing.set(node, hosts);
  }
  return missing;
}

/** What the stacks, forges, agents and gateway of a policy open, with the element that names each. */
function presetOpenings({ users, without, gateway }: PolicyDocument): Origins {
  const isBehind = (id: string) => agentsOfGateways.includes(id) && (gateway?.agents?.has(id) ?? true);
  const facing = agents.filter(({ id }) => !gateway || !isBehind(id));
  const openings: [string, JsonNode][] = gateway ? [[`${gateway.host} ${gateway.port}`, gateway.node]] : [];
  return new Map([
    ...openings,
    ...[...stacks, ...forges, ...facing].flatMap(({ id, hosts }) => {
      const node = users.get(id);
      const open = node ? hosts.filter(({ host }) => !without.has(host)) : [];
      return open.flatMap(({ host, ports }) =>
        ports.flatMap((port) => (node ? [[`${host} ${port}`, node] as const] : [])),
      );
    }),
  ]);
}
