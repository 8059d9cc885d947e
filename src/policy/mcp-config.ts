import { applyEdits } from '../core/edit.js';
import { UserError } from '../core/errors.js';
import type { SourceFile } from '../core/text.js';
import {
  type JsonDocument,
  type JsonNode,
  member,
  parseJson,
  placeOf,
  plainValue,
} from '../documents/json.js';
import { setMember } from '../documents/json-edits.js';
import type { Forward, GatedServer } from './options.js';
import type { AgentId } from './policy.js';

type Server = Forward | GatedServer;

/** Where Claude Code and Copilot CLI look for a project's MCP servers. */
export const mcpConfigPath = '.mcp.json';

/** A file of a project in which a client looks for MCP servers, and how it writes them. */
export interface McpClientFile {
  readonly path: string;
  /** The member that the servers are below. */
  readonly key: string;
  /** The client says of a program that it is one, and of an address that it is one: `type`. */
  readonly typed: readonly ('stdio' | 'http')[];
  /** Undefined: rendered whichever agents there are. */
  readonly agent?: AgentId;
}

const claudeFile: McpClientFile = { path: mcpConfigPath, key: 'mcpServers', typed: ['http'] };

/**
 * What Codex, Gemini CLI and OpenCode know of servers stands in their enforced settings; Cline and Aider read no file of the
 * project. Sources: code.claude.com/docs/en/mcp, code.visualstudio.com/docs/copilot/reference/mcp-configuration,
 * cursor.com/docs/context/mcp, 2026-11.
 */
export const mcpClientFiles: readonly McpClientFile[] = [
  claudeFile,
  { path: '.vscode/mcp.json', key: 'servers', typed: ['stdio', 'http'], agent: 'copilot-cli' },
  { path: '.cursor/mcp.json', key: 'mcpServers', typed: [], agent: 'cursor' },
];

/** The files for some agents, and those of others that name a server of ours: it would still be started as it was. */
export function clientFilesOf(
  agents: readonly AgentId[],
  existing: readonly SourceFile[] = [],
  servers: readonly Server[] = [],
): readonly McpClientFile[] {
  return mcpClientFiles.filter(({ agent, path, key }) => {
    if (agent === undefined || agents.includes(agent)) return true;
    const file = existing.find((one) => one.path === path);
    const listed = file && member(parseJson(file).root, key)?.value;
    return servers.some(({ name }) => member(listed, name) !== undefined);
  });
}

export interface McpMerge {
  readonly text: string;
  /** Names of servers that pointed elsewhere before. */
  readonly replaced: readonly string[];
}

/**
 * A client's file with a server for each forward; whatever else an existing file holds stays, its comments too.
 *
 * @throws UserError where the existing file is not readable as JSON or has another shape.
 */
export function mergeMcpConfig(
  existing: SourceFile | undefined,
  forwards: readonly Server[],
  { key, typed }: McpClientFile = claudeFile,
): McpMerge {
  const write = (server: Server) => writeEntry(entryOf(server), typed);
  if (!existing || existing.text.trim() === '') {
    const servers = Object.fromEntries(forwards.map((forward) => [forward.name, write(forward)]));
    return { text: `${JSON.stringify({ [key]: servers }, null, 2)}\n`, replaced: [] };
  }
  const replaced: string[] = [];
  let text = existing.text;
  for (const forward of forwards) {
    const document = parseJson({ path: existing.path, text });
    const root = checked(document, key);
    const servers = member(root, key)?.value;
    const present = member(servers, forward.name)?.value;
    if (present && isSame(present, forward)) continue;
    if (present) replaced.push(forward.name);
    const entry = write(forward);
    const edits = servers
      ? setMember(document, servers, forward.name, entry)
      : setMember(document, root, key, { [forward.name]: entry });
    text = applyEdits(text, edits);
  }
  return { text, replaced };
}

/** How a client reaches a server: a program that it starts, or an address. */
export type ClientEntry =
  | { readonly type: string; readonly url: string }
  | { readonly command: string; readonly args: readonly string[] };

/** A gated server speaks over stdio, whatever it speaks on the host: no client has to be trusted with an address. */
export function entryOf(server: Server): ClientEntry {
  return 'transport' in server
    ? { command: 'socat', args: ['-', `TCP4:127.0.0.1:${server.port},nodelay`] }
    : { type: 'http', url: `http://127.0.0.1:${server.port}${server.path}` };
}

/** An entry with its `type` where the client wants one, and without where it does not. */
function writeEntry(entry: ClientEntry, typed: McpClientFile['typed']): Readonly<Record<string, unknown>> {
  const kind = 'url' in entry ? 'http' : 'stdio';
  const { type: _, ...rest } = { type: undefined, ...entry };
  return typed.includes(kind) ? { type: kind, ...rest } : rest;
}

/** Whether the server is ours already; headers or a time limit that somebody added do not matter. */
function isSame(present: JsonNode, server: Server): boolean {
  const value = plainValue(present);
  if (typeof value !== 'object' || value === null) return false;
  const entry = entryOf(server);
  const isHttp = 'url' in entry;
  const {
    command,
    args,
    url,
    type = isHttp && command === undefined ? 'http' : 'stdio',
  } = value as Readonly<Record<string, unknown>>;
  const found = isHttp ? { type, url } : { command, args };
  const hasOther = isHttp ? command !== undefined : url !== undefined || type !== 'stdio';
  return !hasOther && JSON.stringify(found) === JSON.stringify(entryOf(server));
}

function checked(document: JsonDocument, key: string): JsonNode {
  const [problem] = document.problems;
  if (problem)
    throw new UserError(`not readable as JSON, so no server can be added: ${problem.message}`, {
      place: { file: document.file, at: problem.at },
    });
  const servers = member(document.root, key)?.value;
  const wrong =
    document.root?.type !== 'object' ? document.root : servers?.type !== 'object' ? servers : undefined;
  if (wrong || !document.root)
    throw new UserError('an object is expected here, so no server can be added', {
      place: wrong ? placeOf(document, wrong) : { file: document.file, at: { start: 0, end: 0 } },
    });
  return document.root;
}
