import { hostLimits } from '../mcp/limits.js';
import { createBudget, readLines } from '../mcp/lines.js';
import { createListing, type Tools } from '../mcp/listing.js';
import { type Message, parseBytes, readMessage, toLine } from '../mcp/message.js';
import { type HostServer, openServer, type ServerSurroundings } from './servers.js';

/** What a server says about itself: the tools that its grants name, and its instructions. */
export interface Inspection {
  readonly tools: Tools;
  readonly instructions: string | undefined;
}

const patience = 60_000;

/**
 * Starts a server once and asks what it offers, as a client without any ability. A sentence part where it does not say.
 */
export async function inspectServer(
  server: HostServer,
  surroundings: ServerSurroundings,
): Promise<Inspection | string> {
  const { declared, open } = await openServer(server, surroundings);
  return new Promise((resolve) => {
    let instructions: string | undefined;
    const finish = (result: Inspection | string) => {
      clearTimeout(timer);
      resolve(result);
      upstream.stop();
    };
    const take = (message: Message) => {
      if (listing.answer(message) || message.id !== 'review') return;
      const result = message.result && (parseBytes(message.result) as { instructions?: unknown } | undefined);
      if (!result) return finish('it refuses to be initialized');
      if (typeof result.instructions === 'string') instructions = result.instructions;
      upstream.send(toLine({ jsonrpc: '2.0', method: 'notifications/initialized' }));
      listing.get(Date.now(), (tools) => finish(typeof tools === 'string' ? tools : { tools, instructions }));
    };
    const budget = createBudget(hostLimits.heldBytes);
    const reader = readLines(
      declared.limits.answer,
      budget,
      (line) => {
        const message = readMessage(line);
        if (typeof message !== 'string' && message.isAnswer) take(message);
      },
      () => finish('its answer is too long'),
    );
    const upstream = open({ onData: (chunk) => reader.push(chunk), onDrain() {}, onGone: finish });
    const listing = createListing(declared, (line) => upstream.send(line));
    const timer = setTimeout(() => finish(`it does not answer within ${patience / 1000} s`), patience);
    const clientInfo = { name: 'harden-devcontainer', version: '1' };
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
    upstream.send(toLine({ jsonrpc: '2.0', id: 'review', method: 'initialize', params }));
  });
}
