import { applyEdits } from '../core/edit.js';
import { UserError } from '../core/errors.js';
import type { Edit } from '../core/rule.js';
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

type Server = Forward | GatedServer;

/** Where Claude Code looks for a project's MCP servers. */
export const mcpConfigPath = '.mcp.json';

export interface McpMerge {
  readonly text: string;
  /** Names of servers that pointed elsewhere before. */
  readonly replaced: readonly string[];
}

/**
 * `.mcp.json` with a server for each forward; whatever else an existing file holds stays, its comments too.
 *
 * @throws UserError where the existing file is not readable as JSON or has another shape.
 */
export function mergeMcpConfig(existing: SourceFile | undefined, forwards: readonly Server[]): McpMerge {
  if (!existing || existing.text.trim() === '') {
    const servers = Object.fromEntries(forwards.map((forward) => [forward.name, entryOf(forward)]));
    return { text: `${JSON.stringify({ mcpServers: servers }, null, 2)}\n`, replaced: [] };
  }
  const replaced: string[] = [];
  let text = existing.text;
  for (const forward of forwards) {
    const document = parseJson({ path: existing.path, text });
    const root = checked(document);
    const servers = member(root, 'mcpServers')?.value;
    const present = member(servers, forward.name)?.value;
    if (present && isSame(present, forward)) continue;
    if (present) replaced.push(forward.name);
    text = applyEdits(text, add(document, root, servers, forward));
  }
  return { text, replaced };
}

function add(
  document: JsonDocument,
  root: JsonNode,
  servers: JsonNode | undefined,
  forward: Server,
): readonly Edit[] {
  if (!servers) return setMember(document, root, 'mcpServers', { [forward.name]: entryOf(forward) });
  return setMember(document, servers, forward.name, entryOf(forward));
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

/** Whether the server is ours already; headers or a time limit that somebody added do not matter. */
function isSame(present: JsonNode, server: Server): boolean {
  const value = plainValue(present);
  if (typeof value !== 'object' || value === null) return false;
  const { command, args, url, type = 'stdio' } = value as Readonly<Record<string, unknown>>;
  const isHttp = 'url' in entryOf(server);
  const found = isHttp ? { type, url } : { command, args };
  const hasOther = isHttp ? command !== undefined : url !== undefined || type !== 'stdio';
  return !hasOther && JSON.stringify(found) === JSON.stringify(entryOf(server));
}

function checked(document: JsonDocument): JsonNode {
  const [problem] = document.problems;
  if (problem)
    throw new UserError(`not readable as JSON, so no server can be added: ${problem.message}`, {
      place: { file: document.file, at: problem.at },
    });
  const servers = member(document.root, 'mcpServers')?.value;
  const wrong =
    document.root?.type !== 'object' ? document.root : servers?.type !== 'object' ? servers : undefined;
  if (wrong || !document.root)
    throw new UserError('an object is expected here, so no server can be added', {
      place: wrong ? placeOf(document, wrong) : { file: document.file, at: { start: 0, end: 0 } },
    });
  return document.root;
}
