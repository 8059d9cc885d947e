import type { Container } from '../container/container.js';
import type { Place } from '../core/text.js';
import { elements, type JsonNode, member, members, placeOf, stringValue } from '../documents/json.js';
import { removeSettings, type SettingsDocument } from '../documents/settings.js';
import type { RemoteExecution } from '../documents/shell.js';
import { type AgentName, type ImageUse, type Setting, settingAt } from './agent-settings.js';
import type { SettingsCommand } from './settings-commands.js';

declare module '../core/rule.js' {
  interface Subjects {
    'mcp-config': McpConfig;
  }
}

/** The MCP servers that one file names, whatever its client's format. */
export interface McpConfig {
  readonly client: AgentName;
  readonly document: SettingsDocument;
  /** Those that are switched off are left out. */
  readonly servers: readonly McpServer[];
  /** Settings of the whole file that let servers run without a look at them. */
  readonly trusted: readonly McpTrust[];
  readonly image: ImageUse | undefined;
  /** The dev containers of the project: a server of the file runs in them when its client does. */
  readonly containers: readonly Container[];
  /** All configurations of the project, this one too. */
  readonly siblings: readonly McpConfig[];
}

/** One text of a server's definition, and where it stands. */
export interface McpText {
  readonly text: string;
  readonly place: Place;
  readonly node: JsonNode;
}

export interface McpValue extends McpText {
  readonly name: string;
}

export interface McpServer extends Setting {
  readonly name: string;
  /** The name in the file: where a finding about the whole server points. */
  readonly place: Place;
  readonly transport: 'stdio' | 'http' | 'sse' | 'ws';
  /** The program and its arguments, of a list as of a command and a list; empty for a remote server. */
  readonly words: readonly McpText[];
  readonly env: readonly McpValue[];
  /** A file of variables that the client reads for the server. */
  readonly envFile: McpText | undefined;
  readonly url: McpText | undefined;
  readonly headers: readonly McpValue[];
  /** Variables of the environment that are sent as a header: Codex names them apart. */
  readonly headerVariables: readonly McpText[];
  /** A command of which the output is sent as headers. */
  readonly headersCommand: SettingsCommand | undefined;
  /** What makes its tools run without asking. */
  readonly trusted: readonly McpTrust[];
  /** Remote content that a shell among its words runs: `sh -c "curl … | sh"`. */
  readonly remoteExecutions: readonly RemoteExecution[];
  readonly node: JsonNode;
}

/** A setting that lets tools of a server run without asking. */
export interface McpTrust extends Setting {
  /** The setting's name: `trust`, `alwaysAllow` ... */
  readonly key: string;
  /** The tool, `*` for all. */
  readonly tool: string;
}

/** What is not read from the text itself. */
export type ServerExtras = Pick<McpServer, 'headersCommand' | 'remoteExecutions'>;

/** The nodes that hold servers by name, for each way in which a client writes them. */
const holders: readonly (readonly string[])[] = [
  ['mcpServers'],
  ['servers'],
  ['mcp_servers'],
  ['mcp-servers'],
  ['context_servers'],
  ['amp.mcpServers'],
  ['mcp', 'servers'],
  ['settings', 'mcp', 'servers'],
  ['customizations', 'vscode', 'mcp', 'servers'],
];

/** Reads the servers of a file; without what needs a shell's grammar, which `extend` adds. */
export async function readServers(
  document: SettingsDocument,
  client: AgentName,
  extend: (server: Omit<McpServer, keyof ServerExtras>) => Promise<ServerExtras>,
): Promise<readonly McpServer[]> {
  const servers: McpServer[] = [];
  for (const [name, keyNode, node] of serverNodes(document, client)) {
    if (node.type !== 'object' || isOff(node)) continue;
    const server = readServer(document, client, name, keyNode, node);
    servers.push({ ...server, ...(await extend(server)) });
  }
  return servers;
}

function serverNodes(
  { root }: SettingsDocument,
  client: AgentName,
): readonly (readonly [name: string, keyNode: JsonNode, node: JsonNode])[] {
  const paths = client === 'opencode' ? [['mcp']] : holders;
  return paths.flatMap((path) => {
    let holder = root;
    for (const key of path) holder = member(holder, key)?.value;
    if (!holder) return [];
    // Continue writes a list in which each server says its name.
    const listed = elements(holder).map((node) => {
      const name = member(node, 'name')?.value;
      return [stringValue(name) ?? '', name ?? node, node] as const;
    });
    return [...listed, ...members(holder).map(({ key, keyNode, value }) => [key, keyNode, value] as const)];
  });
}

function isOff(node: JsonNode): boolean {
  return member(node, 'disabled')?.value.value === true || member(node, 'enabled')?.value.value === false;
}

function readServer(
  document: SettingsDocument,
  client: AgentName,
  name: string,
  keyNode: JsonNode,
  node: JsonNode,
): Omit<McpServer, keyof ServerExtras> {
  const at = (one: JsonNode | undefined) => textAt(document, one);
  const first = (...keys: readonly string[]) =>
    keys.map((key) => member(node, key)?.value).find((value) => value !== undefined);
  const url = at(first('url', 'httpUrl', 'serverUrl'));
  return {
    name,
    node,
    place: placeOf(document, keyNode),
    remove: () => removeSettings(document, [node]),
    transport: transportOf(node, client, url?.text),
    words: readWords(document, node),
    env: pairsAt(document, first('env', 'environment')).concat(
      pairsAt(document, member(member(node, 'command')?.value, 'env')?.value),
    ),
    envFile: at(first('envFile', 'env_file')),
    url,
    headers: pairsAt(document, first('headers', 'http_headers')),
    headerVariables: [
      ...pairsAt(document, first('env_http_headers')),
      ...[at(first('bearer_token_env_var'))].flatMap((text) => text ?? []),
    ],
    trusted: readTrust(document, node),
  };
}

function textAt(document: SettingsDocument, node: JsonNode | undefined): McpText | undefined {
  const text = stringValue(node);
  return node && text !== undefined ? { text, node, place: placeOf(document, node) } : undefined;
}

function pairsAt(document: SettingsDocument, node: JsonNode | undefined): readonly McpValue[] {
  return members(node).flatMap(({ key, value }) => {
    const text = value.type === 'string' || value.type === 'number' ? String(value.value) : undefined;
    return text === undefined ? [] : [{ name: key, text, node: value, place: placeOf(document, value) }];
  });
}

function readWords(document: SettingsDocument, node: JsonNode): readonly McpText[] {
  const command = member(node, 'command')?.value;
  // Zed nests them: `"command": { "path": …, "args": […] }`.
  const inner = command?.type === 'object' ? command : undefined;
  const program = inner ? member(inner, 'path')?.value : command;
  const args = member(inner ?? node, 'args')?.value;
  return [
    ...(program?.type === 'array' ? elements(program) : splitProgram(program)),
    ...elements(args),
  ].flatMap((one) =>
    'type' in one ? (textAt(document, one) ?? []) : { ...one, place: placeOf(document, one.node) },
  );
}

/** `uv run python` in one text is several words; a path with blanks is one. */
function splitProgram(node: JsonNode | undefined): readonly Omit<McpText, 'place'>[] {
  const text = stringValue(node);
  if (!node || text === undefined) return [];
  const isPath = /^(?:[~.]?[\\/]|[A-Za-z]:)/.test(text.trim());
  const words = isPath ? [text] : text.trim().split(/\s+/);
  return words.map((word) => ({ text: word, node }));
}

function transportOf(node: JsonNode, client: AgentName, url: string | undefined): McpServer['transport'] {
  const stated = stringValue((member(node, 'type') ?? member(node, 'transport'))?.value)?.toLowerCase();
  if (stated === 'sse' || stated === 'ws') return stated;
  if (url === undefined) return 'stdio';
  if (/^wss?:/i.test(url)) return 'ws';
  // Gemini CLI takes `url` for SSE and `httpUrl` for the newer transport.
  const isGemini = client === 'gemini' || client === 'qwen';
  return stated === undefined && isGemini && member(node, 'url') ? 'sse' : 'http';
}

const approvals = ['autoApprove', 'alwaysAllow', 'autoAllow'];

function readTrust(document: SettingsDocument, node: JsonNode): readonly McpTrust[] {
  const found: McpTrust[] = [];
  const trust = member(node, 'trust');
  if (trust?.value.value === true)
    found.push({ ...settingAt(document, trust.value), key: 'trust', tool: '*' });
  const mode = member(node, 'default_tools_approval_mode');
  if (mode?.value.value === 'approve')
    found.push({ ...settingAt(document, mode.value), key: mode.key, tool: '*' });
  for (const { key, value } of members(member(node, 'tools')?.value)) {
    const approval = member(value, 'approval_mode')?.value;
    if (approval?.value === 'approve')
      found.push({ ...settingAt(document, approval), key: 'approval_mode', tool: key });
  }
  for (const key of approvals) {
    const value = member(node, key)?.value;
    if (value?.value === true) found.push({ ...settingAt(document, value), key, tool: '*' });
    for (const element of elements(value)) {
      const tool = stringValue(element);
      if (tool !== undefined) found.push({ ...settingAt(document, element), key, tool });
    }
  }
  return found;
}
