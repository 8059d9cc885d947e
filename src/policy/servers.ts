import type { PolicyProblem } from './check.js';
import { quote } from './messages.js';

/** Where a value comes from that the host gives to a server. Exactly one of the first four is there. */
export interface ValueSource {
  readonly env?: string;
  /** Absolute, or below `~/`. */
  readonly file?: string;
  readonly command?: readonly string[];
  readonly value?: string;
  readonly prefix?: string;
}

export type Access = 'read' | 'write';

/** Tools that an agent may call. */
export interface ServerTool {
  /** A name; `*` stands for any run of characters. */
  readonly tool: string;
  readonly access: Access;
  readonly reason: string | undefined;
}

export type ServerFeature = 'resources' | 'prompts' | 'sampling' | 'elicitation';

/** An MCP server behind the gate on the host: a program that speaks over stdio, or an address. */
export interface PolicyServer {
  readonly name: string;
  readonly command: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, ValueSource>>;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, ValueSource>>;
  /** Inside the container, and with `tls` on the host. */
  readonly port: number;
  readonly tools: readonly ServerTool[];
  readonly features: readonly ServerFeature[];
  readonly purpose: string | undefined;
  readonly reaches: string | undefined;
  readonly owner: string | undefined;
  /** YYYY-MM-DD. */
  readonly reviewed: string | undefined;
  readonly reviewAgain: string | undefined;
  readonly audit: 'hash' | 'full';
  readonly limits: ServerLimits;
}

/** What a policy may set of a session's limits. */
export interface ServerLimits {
  readonly callSeconds?: number;
  readonly idleMinutes?: number;
  readonly messagesPerMinute?: number;
  readonly answerMegabytes?: number;
}

/** As the schema accepts it. */
export interface RawServer extends Partial<Omit<PolicyServer, 'name' | 'tools'>> {
  readonly name: string;
  readonly tools?: readonly (string | { tool: string; access?: Access; reason?: string })[];
}

/** The first of the ports of servers that name none; the next ones follow in the order of the list. */
const firstPort = 20_001;

/** Whether an entry of `mcp` is behind the gate; the others are ports of the host that are opened as they are. */
export function isServer<T extends object>(entry: T): entry is T & RawServer {
  return 'command' in entry || 'url' in entry;
}

export function portOf(entry: { readonly port?: number | undefined }, index: number): number {
  return entry.port ?? firstPort + index;
}

export function toServer(raw: RawServer, index: number): PolicyServer {
  return {
    name: raw.name,
    command: raw.command,
    environment: raw.environment ?? {},
    url: raw.url,
    headers: raw.headers ?? {},
    port: portOf(raw, index),
    tools: (raw.tools ?? []).map((entry) =>
      typeof entry === 'string'
        ? { tool: entry, access: 'read', reason: undefined }
        : { tool: entry.tool, access: entry.access ?? 'read', reason: entry.reason },
    ),
    features: raw.features ?? [],
    purpose: raw.purpose,
    reaches: raw.reaches,
    owner: raw.owner,
    reviewed: raw.reviewed,
    reviewAgain: raw.reviewAgain,
    audit: raw.audit ?? 'hash',
    limits: raw.limits ?? {},
  };
}

/** What the schema cannot say about servers. */
export function* checkServers(entries: readonly object[]): Generator<PolicyProblem> {
  for (const [index, entry] of entries.entries()) {
    if (!isServer(entry)) continue;
    for (const key of ['reviewed', 'reviewAgain'] as const) {
      const date = entry[key];
      if (date !== undefined && !isDate(date))
        yield {
          pointer: `/mcp/${index}/${key}`,
          key: undefined,
          message: `${quote(date)} is no day of the calendar`,
        };
    }
    const { reviewed, reviewAgain } = entry;
    if (reviewed && reviewAgain && reviewAgain <= reviewed)
      yield {
        pointer: `/mcp/${index}/reviewAgain`,
        key: undefined,
        message: `${quote(reviewAgain)} is not after the review of ${reviewed}`,
      };
  }
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
