import type { PolicyChange } from './change.js';
import { agentIds, policySchemaUrl, stackIds } from './policy.js';

/**
 * The text of a new policy file, with what each part is for. The change has been checked. `section` is the text of the
 * project's own part of devcontainer.json: an object, with its comments.
 */
export function createPolicy(change: PolicyChange & { readonly name: string }, section?: string): string {
  const { name, stacks = [], agents = [], allow = [], mcp = [], servers = [], publish = [] } = change;
  const { caCertificates } = change;
  const last = [
    ...(caCertificates === undefined ? [] : [`  "caCertificates": ${JSON.stringify(caCertificates)}`]),
    ...(section === undefined ? [] : [sectionLines(section)]),
  ];
  const published =
    publish.length === 0
      ? []
      : [
          '  // Ports that the host may connect to, on 127.0.0.1 there.',
          `  "publish": ${inline(publish)},`,
          '',
        ];
  const lines = [
    '// What this dev container is for and what it may reach. After a change, run `harden-devcontainer init` again.',
    '{',
    `  "$schema": ${JSON.stringify(policySchemaUrl)},`,
    '  "version": 1,',
    `  "name": ${JSON.stringify(name)},`,
    '',
    `  // Language stacks, in any mix: ${stackIds.join(', ')}. Each opens its registry for reading; empty is plain Debian.`,
    `  "stacks": ${inline(stacks)},`,
    '',
    `  // Agents in the image: ${agentIds.map((id) => JSON.stringify(id)).join(', ')}.`,
    '  // Each opens the hosts it cannot work without.',
    `  "agents": ${inline(agents)},`,
    '',
    ...forgeLines(change),
    ...modelLines(change),
    ...imageLines(change),
    ...shapeLines(change),
    ...composeLines(change),
    ...targetLines(change),
    ...published,
    ...withoutLines(change),
    ...protectLines(change),
    '  // Further hosts: "name", ".suffix" (the name and all below it), "name:port", or { "host", "ports", "reason" },',
    '  // with "private": true where the name resolves to an address of your own network. Where a service has no name:',
    '  // { "range": "ADDRESS/LENGTH", "ports", "reason" }.',
    '  // Everything listed is also a way out for data: a forge takes pushes from any token that a prompt brings along.',
    `  "allow": ${block(allow.map((entry) => JSON.stringify(entry)))},`,
    '',
    '  // MCP servers that run on the host: { "name": "tracker", "port": 8123 } opens that one port and no other.',
    `  "mcp": ${block([...mcp.map((server) => inlineObject(server)), ...servers.map(nested)])}${last.length > 0 ? ',' : ''}`,
    ...last.map((text, index) => `\n${text}${index + 1 < last.length ? ',' : ''}`),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function withoutLines({ without = [] }: PolicyChange): string[] {
  if (without.length === 0) return [];
  return ['  // Hosts of the stacks and agents that stay closed.', `  "without": ${inline(without)},`, ''];
}

function forgeLines({ forges = [] }: PolicyChange): string[] {
  if (forges.length === 0) return [];
  return [
    '  // Forges: "github" is git over HTTPS, "github:api" the API, "github:ssh" git over SSH. Each takes pushes with any token.',
    `  "forges": ${inline(forges)},`,
    '',
  ];
}

function modelLines({ localModels = [], gateway }: PolicyChange): string[] {
  if (localModels.length === 0 && gateway === undefined) return [];
  const members = [
    ...(localModels.length > 0 ? [`"local": ${inline(localModels)}`] : []),
    ...(gateway === undefined ? [] : [`"gateway": { "url": ${JSON.stringify(gateway)} }`]),
  ];
  return [
    "  // Model servers on the host, a port each; and a gateway in the place of the agents' vendors.",
    `  "models": { ${members.join(', ')} },`,
    '',
  ];
}

function protectLines({ protect }: PolicyChange): string[] {
  const { readOnly = [], mask = [] } = protect ?? {};
  if (readOnly.length + mask.length === 0) return [];
  const quoted = (paths: readonly string[]) =>
    block(paths.map((path) => JSON.stringify(path))).replaceAll('\n', '\n  ');
  return [
    '  // "readOnly": what the host runs later can be read but not changed. "mask": these look empty inside.',
    '  "protect": {',
    `    "readOnly": ${quoted(readOnly)},`,
    `    "mask": ${quoted(mask)}`,
    '  },',
    '',
  ];
}

function imageLines({ image }: PolicyChange): string[] {
  if (image === undefined) return [];
  return [
    "  // What the image is built on, in place of the stacks' own: Debian or Ubuntu.",
    `  "image": ${JSON.stringify(image)},`,
    '',
  ];
}

function composeLines({ composeFiles = [] }: PolicyChange): string[] {
  if (composeFiles.length === 0) return [];
  return [
    '  // Services beside the workspace, such as a database: compose files of your own in this folder.',
    `  "composeFiles": ${inline(composeFiles)},`,
    '',
  ];
}

function targetLines({ targets = [], acceptedLosses = [], mcpTransport }: PolicyChange): string[] {
  const lines = [
    ...(targets.length > 0 ? [`  "targets": ${inline(targets)},`] : []),
    ...(acceptedLosses.length > 0 ? [`  "acceptedLosses": ${inline(acceptedLosses)},`] : []),
    ...(mcpTransport === undefined ? [] : [`  "mcpTransport": ${JSON.stringify(mcpTransport)},`]),
  ];
  if (lines.length === 0) return [];
  return ['  // Where the container is started; what each place cannot hold is in README.md.', ...lines, ''];
}

function sectionLines(section: string): string {
  return [
    "  // The project's own part of devcontainer.json; init joins it with what it renders.",
    `  "devcontainer": ${section.replaceAll('\n', '\n  ')}`,
  ].join('\n');
}

/** The lines for what is not the default. */
function shapeLines({ shape, mode }: PolicyChange): string[] {
  return [
    ...(shape === 'sidecar'
      ? [
          "  // The firewall is in a container of its own; the agent's has no capability at all.",
          '  "shape": "sidecar",',
          '',
        ]
      : []),
    ...(mode === 'observe'
      ? [
          '  // "observe": EVERY name and port is let out and logged. "enforce", or `harden-devcontainer init --enforce`, closes it.',
          '  "mode": "observe",',
          '',
        ]
      : []),
  ];
}

function inline(values: readonly (string | number)[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;
}

function inlineObject({ name, port }: { readonly name: string; readonly port: number | string }): string {
  return `{ "name": ${JSON.stringify(name)}, "port": ${JSON.stringify(port)} }`;
}

/** On lines of its own, within a list of the policy. */
function nested(value: object): string {
  return JSON.stringify(value, undefined, 2).replaceAll('\n', '\n    ');
}

function block(items: readonly string[]): string {
  return items.length === 0 ? '[]' : `[\n${items.map((item) => `    ${item}`).join(',\n')}\n  ]`;
}
