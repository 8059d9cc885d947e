import type { Pending, Session } from './gate.js';
import { readMembers } from './members.js';
import {
  bytesOf,
  codes,
  errorLine,
  type Id,
  type Message,
  parseBytes,
  readMessage,
  rebuild,
  toLine,
} from './message.js';
import { clientNotices, clientRequests, isDeclared, keepClientCapabilities, recorded } from './methods.js';
import { createRate } from './rate.js';
import { grantFor, hashBytes } from './tools.js';

/** Malformed lines of one session, before it ends: nobody sends so many by mistake. */
const mostMistakes = 100;

/** What the client in the container sends: everything is suspect, and nothing goes on that is not known. */
export function createClientSide(session: Session): { take(line: Buffer): void } {
  const { declared, out } = session;
  const { limits } = declared;
  const isInTime = createRate(limits.messagesPerMinute, out.now());
  let mistakes = 0;
  let isGreeted = false;
  const refuse = (id: Id | undefined, code: number, message: string) =>
    out.toClient(errorLine(id, code, message));

  const takeRequest = (message: Message, id: Id, line: Buffer) => {
    const method = message.method ?? '';
    const known = Object.hasOwn(clientRequests, method) ? clientRequests[method] : undefined;
    if (!known || !isDeclared(known.needs, declared.features))
      return refuse(
        id,
        codes.method,
        `${shown(method)} is not allowed: the policy does not open it for ${declared.name}`,
      );
    if (session.pending.has(JSON.stringify(id)))
      return refuse(id, codes.request, `the id ${shown(String(id))} waits for an answer already`);
    if (session.pending.size >= limits.pending)
      return refuse(
        id,
        codes.host,
        `${limits.pending} requests wait for an answer already; wait for one of them`,
      );
    if (method === 'initialize') {
      if (isGreeted) return refuse(id, codes.request, 'the session was initialized already');
      isGreeted = true;
      return greet(session, message, id, line.length);
    }
    if (!isGreeted && method !== 'ping') return refuse(id, codes.request, 'initialize comes first');
    if (method === 'tools/list') return list(session, id);
    const request = rebuild(method, id, message.params, known.params);
    if (!request) return refuse(id, codes.params, 'params is no object, or has two members of one name');
    const pending = describe(session, message, id, line.length);
    if (recorded.has(method) && !out.isLogOpen())
      return refuse(
        id,
        codes.host,
        'the audit log takes no more lines, so no call is let through; somebody on the host has to look',
      );
    if (method === 'tools/call') return call(session, pending, request);
    forward(session, pending, request);
  };

  const takeNotice = (message: Message) => {
    const method = message.method ?? '';
    const known = Object.hasOwn(clientNotices, method) ? clientNotices[method] : undefined;
    if (!known || !isGreeted) return;
    const notice = rebuild(method, undefined, message.params, known.params);
    if (notice) out.toServer(notice);
  };

  return {
    take(line) {
      if (line.length === 0) return;
      const message = parseBytes(line) === undefined ? 'it is not JSON' : readMessage(line);
      if (typeof message === 'string') {
        refuse(undefined, codes.parse, `the line is no message of the protocol: ${message}`);
        mistakes += 1;
        if (mistakes >= mostMistakes) out.close(`the client sent ${mostMistakes} lines that are no messages`);
        return;
      }
      if (!isInTime(out.now())) {
        if (!message.isAnswer && message.id !== undefined)
          refuse(
            message.id,
            codes.host,
            `more than ${limits.messagesPerMinute} messages in a minute; slow down`,
          );
        return;
      }
      if (message.isAnswer) {
        const key = JSON.stringify(message.id);
        if (session.asked.delete(key)) out.toServer(Buffer.concat([line, Buffer.from('\n')]));
      } else if (message.id === undefined) takeNotice(message);
      else takeRequest(message, message.id, line);
    },
  };
}

function forward({ pending, out }: Session, request: Pending, line: Uint8Array): void {
  pending.set(JSON.stringify(request.id), request);
  out.toServer(line);
}

/** The server learns of the client's abilities only what the policy opens. */
function greet(session: Session, message: Message, id: Id, bytesIn: number): void {
  const given = (message.params && parseBytes(message.params)) as Record<string, unknown> | undefined;
  const { protocolVersion, clientInfo } = given ?? {};
  const capabilities = keepClientCapabilities(given?.capabilities, session.declared.features);
  const params = { protocolVersion, capabilities, clientInfo };
  const pending = { id, method: 'initialize', target: '', arguments: '', start: session.out.now(), bytesIn };
  forward(session, pending, toLine({ jsonrpc: '2.0', id, method: 'initialize', params }));
}

function list({ listing, out }: Session, id: Id): void {
  listing.get(out.now(), (tools) => {
    out.toClient(
      typeof tools === 'string'
        ? errorLine(id, codes.host, tools)
        : toLine({ jsonrpc: '2.0', id, result: { tools: tools.allowed } }),
    );
  });
}

function call(session: Session, pending: Pending, request: Uint8Array): void {
  const { declared, listing, out } = session;
  const refuse = (verdict: 'refused' | 'held' | 'failed', code: number, reason: string) => {
    const line = errorLine(pending.id, code, reason);
    session.record(pending, verdict, line.length);
    out.toClient(line);
  };
  const tool = shown(pending.target);
  if (!grantFor(pending.target, declared.tools)) {
    const reason = `the tool ${tool} is not allowed: the policy does not list it for ${declared.name}`;
    refuse('refused', codes.params, reason);
    return;
  }
  const key = JSON.stringify(pending.id);
  // Two calls under one id must not both wait for the list.
  session.pending.set(key, pending);
  listing.get(out.now(), (tools) => {
    if (!session.pending.has(key)) return;
    const state = typeof tools === 'string' ? undefined : tools.states.get(pending.target);
    if (state === 'allowed') return out.toServer(request);
    session.pending.delete(key);
    if (typeof tools === 'string') return refuse('failed', codes.host, tools);
    if (state === undefined) return refuse('failed', codes.params, `${declared.name} has no tool ${tool}`);
    const why =
      state === 'new'
        ? 'nobody has reviewed it yet'
        : 'what it says about itself has changed since it was reviewed';
    refuse(
      'held',
      codes.host,
      `the tool ${tool} is held: ${why}; somebody on the host runs \`harden-devcontainer mcp review\``,
    );
  });
}

function describe({ declared, out }: Session, message: Message, id: Id, bytesIn: number): Pending {
  const method = message.method ?? '';
  const pending = { id, method, target: '', arguments: '', start: out.now(), bytesIn };
  if (!recorded.has(method)) return pending;
  const members = message.params && readMembers(message.params);
  const bytes = (key: string) => message.params && members && bytesOf(message.params, members, key);
  const named = bytes('name') ?? bytes('uri');
  const target = named && parseBytes(named);
  // As they were written: what is nested a hundred thousand times deep has no other form that could be made of it.
  const given = Buffer.from(bytes('arguments') ?? '{}');
  return {
    ...pending,
    target: typeof target === 'string' ? target : '',
    arguments: declared.audit === 'full' ? given.toString() : hashBytes(given),
  };
}

/** What a client sent, short enough for a message. */
function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
