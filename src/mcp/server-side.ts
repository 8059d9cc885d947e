import type { Pending, Session } from './gate.js';
import { hostLimits } from './limits.js';
import type { LongLine } from './lines.js';
import { codes, errorLine, idNear, type Message, parseBytes, readMessage, toLine } from './message.js';
import { isDeclared, keepServerCapabilities, serverNotices, serverRequests } from './methods.js';
import { createRedaction } from './redaction.js';
import { hashOf, instructionsPin } from './tools.js';

const mostAsked = 64;

/** What the server on the host sends: answers go on as they are, everything else only as declared. */
export function createServerSide(session: Session): {
  take(line: Buffer): void;
  takeLong(line: LongLine): void;
} {
  const { declared, out } = session;
  const redact = createRedaction(declared.secrets);
  const pass = (line: Uint8Array) => {
    const clean = redact(line);
    out.toClient(clean);
    out.toClient(lineFeed);
    return clean.length + 1;
  };

  const answer = (message: Message, line: Buffer) => {
    if (session.listing.answer(message)) return;
    const key = JSON.stringify(message.id);
    const pending = session.pending.get(key);
    if (!pending) return;
    session.pending.delete(key);
    const bytes =
      pending.method === 'initialize' ? welcome(session, pending, message, line, pass) : pass(line);
    if (pending.target !== '') session.record(pending, message.result ? 'allowed' : 'failed', bytes);
  };

  const ask = (message: Message, line: Buffer) => {
    const { id, method = '' } = message;
    if (id === undefined) return;
    const needs = Object.hasOwn(serverRequests, method) ? serverRequests[method] : undefined;
    const isOpen = needs && isDeclared(needs, declared.features);
    if (!isOpen || line.length > hostLimits.notice || session.asked.size >= mostAsked)
      return out.toServer(errorLine(id, codes.method, `${method} is not open here`));
    session.asked.set(JSON.stringify(id), id);
    pass(line);
  };

  const notify = ({ method = '' }: Message, line: Buffer) => {
    const needs = Object.hasOwn(serverNotices, method) ? serverNotices[method] : undefined;
    if (!needs || !isDeclared(needs, declared.features) || line.length > hostLimits.notice) return;
    if (method === 'notifications/tools/list_changed') session.listing.forget();
    pass(line);
  };

  return {
    take(line) {
      const message = readMessage(line);
      if (typeof message === 'string') {
        if (line.length > 0) out.note(`${declared.name} printed something that is no message: ${message}`);
      } else if (message.isAnswer) answer(message, line);
      else if (message.id !== undefined) ask(message, line);
      else notify(message, line);
    },
    takeLong(line) {
      const id = idNear(line.head, line.tail);
      const pending = id === undefined ? undefined : session.pending.get(JSON.stringify(id));
      const reason = `${declared.name} answered with ${line.bytes} bytes, more than the ${declared.limits.answer} that its gate lets through, or the host is busy with others`;
      out.note(reason);
      if (!pending) return;
      session.pending.delete(JSON.stringify(id));
      const error = errorLine(pending.id, codes.host, reason);
      session.record(pending, 'failed', error.length);
      out.toClient(error);
    },
  };
}

const lineFeed = Buffer.from('\n');

/** The client learns of the server's abilities only what the policy opens, and reads its instructions only when reviewed. */
function welcome(
  { declared, out }: Session,
  { id }: Pending,
  message: Message,
  line: Buffer,
  pass: (line: Uint8Array) => number,
): number {
  const result = message.result && (parseBytes(message.result) as Record<string, unknown> | undefined);
  if (!result || typeof result !== 'object') return pass(line);
  const capabilities = keepServerCapabilities(result.capabilities, declared.features);
  const { instructions, protocolVersion, serverInfo } = result;
  const isReviewed = instructions !== undefined && declared.pins[instructionsPin] === hashOf(instructions);
  if (instructions !== undefined && !isReviewed)
    out.note(`${declared.name}: its instructions are held until they are reviewed`);
  const kept = { protocolVersion, capabilities, serverInfo, ...(isReviewed && { instructions }) };
  return pass(toLine({ jsonrpc: '2.0', id, result: kept }).subarray(0, -1));
}
