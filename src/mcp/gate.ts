import type { CallRecord, Verdict } from './audit.js';
import { createClientSide } from './client-side.js';
import type { Limits } from './limits.js';
import type { LongLine } from './lines.js';
import { createListing, type Listing } from './listing.js';
import { codes, errorLine, type Id, idNear } from './message.js';
import type { Feature } from './methods.js';
import { createServerSide } from './server-side.js';
import type { Pins, ToolGrant } from './tools.js';

/** What is declared about one server, and what was reviewed. */
export interface Declared {
  readonly name: string;
  readonly tools: readonly ToolGrant[];
  readonly features: ReadonlySet<Feature>;
  readonly pins: Pins;
  /** What the log keeps of arguments. */
  readonly audit: 'hash' | 'full';
  readonly limits: Limits;
  /** Values that no answer may carry: the variables that the server was given. */
  readonly secrets: readonly string[];
}

/** What a gate does to the world. */
export interface Outlets {
  toClient(line: Uint8Array): void;
  toServer(line: Uint8Array): void;
  record(call: CallRecord): void;
  /** Whether calls can be written down; without that none is let through. */
  isLogOpen(): boolean;
  /** For the log beside the server's own. */
  note(text: string): void;
  /** The session is over. */
  close(reason: string): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/** A request of the client that waits for its answer. */
export interface Pending {
  readonly id: Id;
  readonly method: string;
  readonly target: string;
  readonly arguments: string;
  readonly start: number;
  readonly bytesIn: number;
}

/** What both directions of one session know. */
export interface Session {
  readonly declared: Declared;
  readonly out: Outlets;
  readonly name: string;
  /** By the id as JSON. */
  readonly pending: Map<string, Pending>;
  /** Requests of the server that the client may answer, by the id as JSON. */
  readonly asked: Map<string, Id>;
  readonly listing: Listing;
  record(pending: Omit<Pending, 'id'>, verdict: Verdict, bytesOut: number): void;
}

/**
 * One session between a client in the container and a server on the host: decides about every message. It knows lines,
 * not sockets.
 */
export interface Gate {
  fromClient(line: Buffer): void;
  fromServer(line: Buffer): void;
  longFromClient(line: LongLine): void;
  longFromServer(line: LongLine): void;
  /** To be called every second or so: answers what took too long, ends what is idle. */
  tick(): void;
  /** The server has ended, or never began: every request that waits gets an error. */
  serverGone(reason: string): void;
  /** The client has gone: what it asked for is written down as unanswered. */
  clientGone(): void;
}

export function createGate(declared: Declared, name: string, out: Outlets): Gate {
  const session: Session = {
    declared,
    out,
    name,
    pending: new Map(),
    asked: new Map(),
    listing: createListing(declared, (line) => out.toServer(line)),
    record({ method, target, arguments: given, start, bytesIn }, verdict, bytesOut) {
      const now = out.now();
      out.record({
        time: new Date(start).toISOString(),
        server: declared.name,
        session: name,
        method,
        target,
        arguments: given,
        verdict,
        milliseconds: now - start,
        bytesIn,
        bytesOut,
      });
    },
  };
  const client = createClientSide(session);
  const server = createServerSide(session);
  let last = out.now();
  const touch = () => {
    last = out.now();
  };
  const answerAll = (reason: string) => {
    for (const pending of session.pending.values()) refusePending(session, pending, reason);
    session.listing.fail(reason);
  };
  return {
    fromClient(line) {
      touch();
      client.take(line);
    },
    fromServer(line) {
      touch();
      server.take(line);
    },
    longFromClient(line) {
      touch();
      const message = `the message of ${line.bytes} bytes is longer than the ${declared.limits.request} that the gate of ${declared.name} lets through, or the host is busy with others; send less at once`;
      out.toClient(errorLine(idNear(line.head, line.tail), codes.request, message));
    },
    longFromServer(line) {
      touch();
      server.takeLong(line);
    },
    tick() {
      const now = out.now();
      for (const pending of session.pending.values()) {
        if (now - pending.start > declared.limits.call)
          refusePending(
            session,
            pending,
            `${declared.name} gave no answer within ${declared.limits.call / 1000} s`,
          );
      }
      session.listing.expire(now, declared.limits.call);
      if (now - last > declared.limits.idle) out.close('nothing was said for too long');
    },
    serverGone: answerAll,
    clientGone() {
      for (const pending of session.pending.values()) session.record(pending, 'unanswered', 0);
      session.pending.clear();
    },
  };
}

function refusePending(session: Session, pending: Pending, reason: string): void {
  session.pending.delete(JSON.stringify(pending.id));
  const line = errorLine(pending.id, codes.host, reason);
  session.record(pending, 'unanswered', line.length);
  session.out.toClient(line);
}
