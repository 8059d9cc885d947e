import { speaksFor } from '../core/listing.js';
import type { Project } from '../core/rule.js';
import type { Place } from '../core/text.js';
import { member, members, parseJson, placeOf, stringValue } from '../documents/json.js';
import { agents, forges, type HostUser, stacks } from '../generated/egress-catalogue.js';
import type { Container } from './container.js';

/** A host that something in the repository asks for. */
export interface Need {
  readonly host: string;
  readonly port: string;
  /** What asks, for messages: `the MCP server docs`. */
  readonly what: string;
  /** Where it asks; undefined where only the presence of a file does. */
  readonly place: Place | undefined;
}

/** The project's root for a folder with a devcontainer.json: what holds `.devcontainer`. */
export function rootOf(folder: string): string {
  const steps = folder.split('/');
  const at = steps.lastIndexOf('.devcontainer');
  return steps.slice(0, at < 0 ? steps.length : at).join('/');
}

/** Stacks that no file at the project's root speaks for. */
function absentStacks(names: ReadonlySet<string>): readonly HostUser[] {
  return stacks.filter(({ detect = [] }) => !speaksFor(detect, names));
}

/** How a container or the command of an MCP server says that it uses a stack. */
const mentions: Readonly<Record<string, RegExp>> = {
  node: /\b(?:node|nodejs|npm|npx|pnpm|yarn|bun)\b/i,
  python: /\b(?:python\d?|pip\d?|pipx|uvx?|poetry)\b/i,
  go: /\b(?:go|golang|gopls)\b/i,
  rust: /\b(?:rust|rustc|rustup|cargo)\b/i,
  java: /\b(?:java|jdk|jre|openjdk|temurin|maven|mvn|gradle|kotlin|scala)\b/i,
  ruby: /\b(?:ruby|gem|bundle|bundler|rails)\b/i,
  php: /\b(?:php|composer|laravel)\b/i,
  dotnet: /\b(?:dotnet|nuget|csharp|powershell)\b/i,
  elixir: /\b(?:elixir|erlang|mix|hex)\b/i,
  cpp: /\b(?:c\+\+|cpp|gcc|clang|cmake|conan|vcpkg)/i,
};

/** Stacks that neither the project's root nor its container nor an MCP server speaks for. */
export function unusedStacks(
  root: string,
  names: ReadonlySet<string>,
  project: Project,
  container: Container | undefined,
): readonly HostUser[] {
  const absent = absentStacks(names);
  if (absent.length === 0) return [];
  const texts = [
    container?.file.text ?? '',
    container?.dockerfile?.text ?? '',
    ...configFiles(root, names, project).map(({ file }) => file.text),
  ];
  return absent.filter(({ id }) => !texts.some((text) => mentions[id]?.test(text)));
}

/** Whether nothing but its stack is a reason to open a host: archives of a forge are read for much else. */
export function isItsOwn({ host }: { readonly host: string }): boolean {
  return !forges.some(({ hosts }) => hosts.some((known) => known.host === host));
}

/** A preset's title without the version that it installs. */
export function nameOf({ title }: HostUser): string {
  return title.replace(/ [\d.]+$/, '');
}

/** Required hosts of the stacks that files speak for and of the agents whose Feature is used. */
export function needsOfTools(names: ReadonlySet<string>, container: Container | undefined): Need[] {
  const absent = absentStacks(names);
  const present = stacks.filter((stack) => !absent.includes(stack));
  const installed = agents.flatMap((agent) => {
    const feature = container?.features.find(({ value }) => value.id.split('/').at(-1) === agent.id);
    return feature ? [{ user: agent, place: feature.place }] : [];
  });
  return [...present.map((user) => ({ user, place: undefined })), ...installed].flatMap(({ user, place }) =>
    user.hosts
      .filter(({ required }) => required)
      .map(({ host, ports: [port = 443] }) => ({ host, port: String(port), what: nameOf(user), place })),
  );
}

/** Where MCP clients look, and the key under which each lists its servers. */
const configs: readonly (readonly [path: string, key: string])[] = [
  ['.mcp.json', 'mcpServers'],
  ['.vscode/mcp.json', 'servers'],
  ['.cursor/mcp.json', 'mcpServers'],
];

function configFiles(root: string, names: ReadonlySet<string>, project: Project) {
  return configs.flatMap(([path, key]) => {
    if (!names.has(path.split('/')[0] ?? '')) return [];
    const result = project.read(root === '' ? path : `${root}/${path}`);
    return 'file' in result ? [{ file: result.file, key }] : [];
  });
}

/** Hosts of MCP servers that are reached over the network. Addresses with variables in them are not known. */
export function needsOfServers(root: string, names: ReadonlySet<string>, project: Project): Need[] {
  return configFiles(root, names, project).flatMap(({ file, key }) => {
    const document = parseJson(file);
    return members(member(document.root, key)?.value).flatMap((server) => {
      const node = member(server.value, 'url')?.value;
      const target = readUrl(stringValue(node));
      return node && target
        ? [{ ...target, what: `the MCP server ${server.key.slice(0, 60)}`, place: placeOf(document, node) }]
        : [];
    });
  });
}

function readUrl(text: string | undefined): { host: string; port: string } | undefined {
  if (text === undefined || text.includes('$') || !URL.canParse(text)) return undefined;
  const { protocol, hostname, port } = new URL(text);
  const isLocal = /^(?:localhost|127\.[\d.]+|\[::1\]|.*\.internal)$/.test(hostname);
  if (!/^https?:$/.test(protocol) || isLocal || hostname === '') return undefined;
  return { host: hostname.toLowerCase(), port: port || (protocol === 'http:' ? '80' : '443') };
}
