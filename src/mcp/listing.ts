import { randomBytes } from 'node:crypto';
import type { Declared } from './gate.js';
import { type Message, parseBytes, toLine } from './message.js';
import { grantFor, type ListedTool, stateOf, type ToolState } from './tools.js';

/** The server's tools as the gate itself has asked for them. */
export interface Tools {
  /** Those that the client gets to see. */
  readonly allowed: readonly ListedTool[];
  /** Of each granted tool, by name. */
  readonly states: ReadonlyMap<string, ToolState>;
  /** All that the server lists, for whoever reviews them. */
  readonly listed: readonly ListedTool[];
}

export interface Listing {
  /** Calls back with the tools, at once where they are known, or with why there are none. */
  get(now: number, take: (tools: Tools | string) => void): void;
  /** Whether the answer is to the gate's own question; then it is taken here. */
  answer(message: Message): boolean;
  /** They may have changed. */
  forget(): void;
  fail(reason: string): void;
  expire(now: number, most: number): void;
}

const mostPages = 50;
const mostTools = 2000;

/**
 * Asks the server for its tools when somebody needs them, and again after it said that they changed. The client's own
 * `tools/list` is answered from it, so what it sees and what is checked at each call is the same.
 */
export function createListing(declared: Declared, send: (line: Uint8Array) => void): Listing {
  let known: Tools | undefined;
  let waiting: ((tools: Tools | string) => void)[] = [];
  let asked: { id: string; start: number; pages: number; tools: ListedTool[] } | undefined;
  const ask = (start: number, pages: number, tools: ListedTool[], cursor?: string) => {
    // Nobody can guess it, so no client takes it for a request of its own.
    asked = { id: `gate-${randomBytes(12).toString('hex')}`, start, pages, tools };
    const params = cursor === undefined ? {} : { cursor };
    send(toLine({ jsonrpc: '2.0', id: asked.id, method: 'tools/list', params }));
  };
  const settle = (result: Tools | string) => {
    const takers = waiting;
    waiting = [];
    asked = undefined;
    for (const take of takers) take(result);
  };
  return {
    get(now, take) {
      if (known) return take(known);
      waiting.push(take);
      if (!asked) ask(now, 1, []);
    },
    answer(message) {
      if (!asked || message.id !== asked.id) return false;
      const page = readPage(message);
      const { start, pages, tools } = asked;
      if (typeof page === 'string') settle(page);
      else {
        tools.push(...page.tools);
        if (tools.length > mostTools || pages > mostPages) settle(`${declared.name} lists too many tools`);
        else if (page.cursor !== undefined) ask(start, pages + 1, tools, page.cursor);
        else {
          known = judge(tools, declared);
          settle(known);
        }
      }
      return true;
    },
    forget() {
      known = undefined;
      // An answer that is on its way may be the old one.
      if (asked) ask(asked.start, 1, []);
    },
    fail: settle,
    expire(now, most) {
      if (asked && now - asked.start > most) settle(`${declared.name} does not say which tools it has`);
    },
  };
}

function readPage(message: Message): { tools: ListedTool[]; cursor: string | undefined } | string {
  const result =
    message.result && (parseBytes(message.result) as { tools?: unknown; nextCursor?: unknown } | undefined);
  if (!result || !Array.isArray(result.tools)) return 'the server does not list its tools';
  const tools = (result.tools as unknown[]).filter(
    (tool): tool is ListedTool =>
      typeof tool === 'object' && tool !== null && typeof (tool as ListedTool).name === 'string',
  );
  return { tools, cursor: typeof result.nextCursor === 'string' ? result.nextCursor : undefined };
}

function judge(tools: readonly ListedTool[], { tools: grants, pins }: Declared): Tools {
  const states = new Map<string, ToolState>();
  const allowed: ListedTool[] = [];
  for (const tool of tools) {
    if (!grantFor(tool.name, grants)) continue;
    const state = stateOf(tool, pins);
    // Of two tools with one name nobody knows which is called.
    if (states.has(tool.name)) {
      states.set(tool.name, 'changed');
      continue;
    }
    states.set(tool.name, state);
    allowed.push(tool);
  }
  return { allowed: allowed.filter(({ name }) => states.get(name) === 'allowed'), states, listed: tools };
}
