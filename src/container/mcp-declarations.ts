import type { Project } from '../core/rule.js';
import type { Place } from '../core/text.js';
import {
  elements,
  type JsonDocument,
  type JsonNode,
  member,
  members,
  parseJson,
  placeOf,
  stringValue,
} from '../documents/json.js';

/** What is missing from what a policy says about a server of the host that the agent may use. */
export type ServerFlaw =
  /** A port of the host that is opened as it is: nobody limits its tools. */
  | { readonly kind: 'ungated'; readonly place: Place; readonly server: string }
  | {
      readonly kind: 'unreviewed';
      readonly place: Place;
      readonly server: string;
      readonly missing: readonly string[];
    }
  | { readonly kind: 'overdue'; readonly place: Place; readonly server: string; readonly since: string }
  | { readonly kind: 'unreasoned'; readonly place: Place; readonly server: string; readonly tool: string };

/** How the policy's servers and the configuration of a client have come apart. */
export type ServerDrift =
  | { readonly kind: 'missing'; readonly place: Place; readonly server: string }
  | { readonly kind: 'elsewhere'; readonly place: Place; readonly server: string }
  | { readonly kind: 'undeclared'; readonly place: Place; readonly server: string };

/** Without a day for the next review it is due after half a year. */
const reviewDays = 183;

/** What people need to know of each server before the agent uses it. `today` is YYYY-MM-DD. */
export function serverFlaws(document: JsonDocument, today: string): ServerFlaw[] {
  return elements(member(document.root, 'mcp')?.value).flatMap((entry) => {
    const nameNode = member(entry, 'name')?.value;
    const server = stringValue(nameNode);
    if (!nameNode || server === undefined) return [];
    const place = placeOf(document, nameNode);
    if (!isGated(entry)) return [{ kind: 'ungated', place, server }];
    return [...reviewFlaws(document, entry, server, place, today), ...toolFlaws(document, entry, server)];
  });
}

function isGated(entry: JsonNode): boolean {
  return member(entry, 'command') !== undefined || member(entry, 'url') !== undefined;
}

function reviewFlaws(
  document: JsonDocument,
  entry: JsonNode,
  server: string,
  place: Place,
  today: string,
): ServerFlaw[] {
  const missing = ['purpose', 'reaches', 'owner', 'reviewed'].filter((key) => !member(entry, key));
  if (missing.length > 0) return [{ kind: 'unreviewed', place, server, missing }];
  const again = member(entry, 'reviewAgain')?.value;
  const reviewed = member(entry, 'reviewed')?.value;
  const due = stringValue(again) ?? addDays(stringValue(reviewed) ?? '', reviewDays);
  const node = again ?? reviewed;
  return due !== undefined && due < today && node
    ? [{ kind: 'overdue', place: placeOf(document, node), server, since: due }]
    : [];
}

function toolFlaws(document: JsonDocument, entry: JsonNode, server: string): ServerFlaw[] {
  return elements(member(entry, 'tools')?.value).flatMap((node): ServerFlaw[] => {
    const tool = stringValue(member(node, 'tool')?.value);
    const isWrite = stringValue(member(node, 'access')?.value) === 'write';
    if (tool === undefined || !isWrite || member(node, 'reason')) return [];
    return [{ kind: 'unreasoned', place: placeOf(document, node), server, tool }];
  });
}

function addDays(date: string, days: number): string | undefined {
  const start = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(start) ? undefined : new Date(start + days * 86_400_000).toISOString().slice(0, 10);
}

/** Where clients look for a project's servers, and what they list them below; the first is the one that each project has. */
const clients = [
  ['.mcp.json', 'mcpServers'],
  ['.vscode/mcp.json', 'servers'],
  ['.cursor/mcp.json', 'mcpServers'],
] as const;

/** Compares the policy's servers with the clients' files of the project, as far as they are there. */
export function serverDrift(document: JsonDocument, root: string, project: Project): ServerDrift[] {
  return clients.flatMap(([path, key], index) => {
    const result = project.read(root === '' ? path : `${root}/${path}`);
    if (!('file' in result)) return [];
    const drift = driftOf(document, parseJson(result.file), key);
    return drift.filter(({ kind }) => index === 0 || kind !== 'missing');
  });
}

function driftOf(document: JsonDocument, config: JsonDocument, key: string): ServerDrift[] {
  const entries = elements(member(document.root, 'mcp')?.value);
  const configured = new Map(
    members(member(config.root, key)?.value).map(({ key, keyNode, value }) => [key, { keyNode, value }]),
  );
  const declared = new Map<string, { readonly port: number; readonly node: JsonNode }>();
  for (const [index, entry] of entries.entries()) {
    const node = member(entry, 'name')?.value;
    const name = stringValue(node);
    if (!node || name === undefined || !isGated(entry)) continue;
    declared.set(name, { port: Number(member(entry, 'port')?.value.value ?? firstPort + index), node });
  }
  const drift: ServerDrift[] = [];
  for (const [server, { port, node }] of declared) {
    const found = configured.get(server);
    if (!found) drift.push({ kind: 'missing', place: placeOf(document, node), server });
    else if (forwardedPort(found.value) !== port)
      drift.push({ kind: 'elsewhere', place: placeOf(config, found.keyNode), server });
  }
  for (const [server, { keyNode, value }] of configured)
    if (!declared.has(server) && forwardedPort(value) !== undefined)
      drift.push({ kind: 'undeclared', place: placeOf(config, keyNode), server });
  return drift;
}

/** As `init` counts them for servers that name none; a test holds the two together. */
const firstPort = 20_001;

/** The port that an entry of ours connects to: `socat - TCP4:127.0.0.1:PORT,nodelay`. */
function forwardedPort(entry: JsonNode): number | undefined {
  if (stringValue(member(entry, 'command')?.value) !== 'socat') return undefined;
  const words = elements(member(entry, 'args')?.value).map((node) => stringValue(node) ?? '');
  const found = words
    .map((word) => /^TCP4:127\.0\.0\.1:(\d{1,5})(?:,nodelay)?$/.exec(word)?.[1])
    .find(Boolean);
  return found === undefined ? undefined : Number(found);
}
