import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { codes, errorLine, type Id, toLine } from '../mcp/message.js';
import type { OpenUpstream } from './upstream.js';

export interface HttpServer {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Longest answer in bytes. */
  readonly answer: number;
}

/**
 * A server that speaks streamable HTTP. The container never speaks HTTP to anybody here: the host makes the requests, to the
 * declared address and no other, so there is no Host or Origin that a page could forge.
 */
export function httpUpstream(server: HttpServer): OpenUpstream {
  return ({ onData, onGone }) => {
    const transport = new StreamableHTTPClientTransport(new URL(server.url), {
      requestInit: { headers: server.headers },
      fetch: onlyTo(server),
    });
    let isGone = false;
    const gone = (reason: string) => {
      if (isGone) return;
      isGone = true;
      onGone(reason);
    };
    transport.onmessage = (message) => {
      const version = protocolVersion(message);
      if (version !== undefined) transport.setProtocolVersion(version);
      onData(toLine(message));
    };
    transport.onclose = () => gone(`${server.name} has closed the session`);
    const started = transport.start();
    const send = async (message: JSONRPCMessage) => {
      try {
        await started;
        await transport.send(message);
      } catch (error) {
        const id = 'method' in message && 'id' in message ? (message.id as Id) : undefined;
        if (id !== undefined)
          onData(errorLine(id, codes.host, `${server.name} cannot be asked: ${reasonOf(error)}`));
      }
    };
    const end = async () => {
      await transport.terminateSession().catch(() => {});
      await transport.close();
      gone(`${server.name}: the session is over`);
    };
    return {
      send(line) {
        void send(JSON.parse(Buffer.from(line).toString('utf8')) as JSONRPCMessage);
        return true;
      },
      // What is on its way is bounded by the longest answer.
      pause() {},
      resume() {},
      finish: () => void setTimeout(() => void end(), 2000).unref(),
      stop: () => void end(),
    };
  };
}

/** Fetches the declared address alone, follows nothing, and ends an answer that is too long. */
function onlyTo({ url, name, answer }: HttpServer) {
  const only = new URL(url).href;
  return async (target: string | URL, init?: RequestInit): Promise<Response> => {
    if (new URL(target).href !== only) throw new Error(`${name} leads to another address`);
    const response = await fetch(only, { ...init, redirect: 'error' });
    if (!response.body) return response;
    const bounded = response.body.pipeThrough(atMost(answer, isStream(response)));
    return new Response(bounded, response);
  };
}

function isStream(response: Response): boolean {
  return response.headers.get('content-type')?.includes('text/event-stream') ?? false;
}

/** Of a stream of events each line counts alone: a session's stream may be open for hours. */
function atMost(most: number, byLine: boolean): TransformStream<Uint8Array, Uint8Array> {
  let length = 0;
  return new TransformStream({
    transform(chunk, controller) {
      const feed = byLine ? chunk.lastIndexOf(10) : -1;
      length = feed < 0 ? length + chunk.length : chunk.length - feed;
      if (length > most) controller.error(new Error(`the answer is longer than ${most} bytes`));
      else controller.enqueue(chunk);
    },
  });
}

function protocolVersion(message: JSONRPCMessage): string | undefined {
  if (!('result' in message)) return undefined;
  const { protocolVersion: version } = message.result as { protocolVersion?: unknown };
  return typeof version === 'string' ? version : undefined;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`.slice(0, 300);
}
