import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { CallRecord } from '../mcp/audit.js';
import { createGate, type Declared } from '../mcp/gate.js';
import { hostLimits } from '../mcp/limits.js';
import { type Budget, readLines } from '../mcp/lines.js';
import { codes, errorLine } from '../mcp/message.js';
import type { OpenUpstream, Upstream } from './upstream.js';

/** A server as the host serves it. */
export interface Served {
  readonly declared: Declared;
  readonly open: OpenUpstream;
  readonly sessions: Set<Connection>;
}

export interface Connection {
  tick(): void;
  end(): void;
}

export interface Recorder {
  record(call: CallRecord): void;
  /** Whether calls can be written down. */
  isOpen(): boolean;
}

/** How long what was written last may take to get out, before the connection is cut. */
const lastWords = 2000;
/** Bytes for a client that reads too slowly, before the server is made to wait. */
const waiting = 1024 * 1024;
/** Beyond one answer: then a client that does not read loses its session. */
const mostUnread = 64 * 1024 * 1024;

/** Joins one connection to a server of its own. The server is started when the client has said something that goes on to it. */
export function serveConnection(
  socket: Socket,
  served: Served,
  budget: Budget,
  audit: Recorder,
  note: (text: string) => void,
): void {
  socket.on('error', () => {});
  const { declared, sessions } = served;
  if (sessions.size >= hostLimits.sessions) {
    socket.end(
      errorLine(undefined, codes.host, `${declared.name} has ${sessions.size} sessions already; close one`),
    );
    socket.resume();
    setTimeout(() => socket.destroy(), lastWords).unref();
    return;
  }
  const start = Date.now();
  let upstream: Upstream | undefined;
  let isOver = false;
  const finish = () => {
    if (isOver) return;
    isOver = true;
    sessions.delete(connection);
    fromClient.end();
    fromServer.end();
    gate.clientGone();
    upstream?.stop();
    socket.end();
    setTimeout(() => socket.destroy(), lastWords).unref();
  };
  // What nobody thought of ends one session, not the host side of all.
  const guard = (step: () => void) => {
    if (isOver) return;
    try {
      step();
    } catch (error) {
      note(
        `${declared.name}: a session ends by a message that cannot be handled: ${(error as Error).message}`,
      );
      finish();
    }
  };
  const begin = () =>
    served.open({
      onData: (chunk) => guard(() => fromServer.push(chunk)),
      onDrain: () => socket.resume(),
      onGone(reason) {
        note(reason);
        gate.serverGone(reason);
        finish();
      },
    });
  const gate = createGate(declared, randomBytes(6).toString('hex'), {
    toClient(line) {
      if (isOver || socket.destroyed) return;
      // What is written in one turn leaves in one packet.
      socket.cork();
      socket.write(line);
      process.nextTick(() => socket.uncork());
      if (socket.writableLength > waiting) upstream?.pause();
      // A server over HTTP cannot be made to wait.
      if (socket.writableLength > mostUnread + declared.limits.answer) finish();
    },
    toServer(line) {
      if (isOver) return;
      upstream ??= begin();
      if (!upstream.send(line)) socket.pause();
    },
    record: (call) => audit.record(call),
    isLogOpen: () => audit.isOpen(),
    note,
    close(reason) {
      note(`${declared.name}: ${reason}`);
      finish();
    },
    now: Date.now,
  });
  const fromClient = readLines(
    declared.limits.request,
    budget,
    (line) => gate.fromClient(line),
    (line) => gate.longFromClient(line),
  );
  const fromServer = readLines(
    declared.limits.answer,
    budget,
    (line) => gate.fromServer(line),
    (line) => gate.longFromServer(line),
  );
  const connection: Connection = {
    tick() {
      // Whatever it has sent until then: nothing of it was worth to go on.
      if (!upstream && Date.now() - start > hostLimits.greeting) finish();
      else gate.tick();
    },
    end: finish,
  };
  sessions.add(connection);
  socket.on('data', (chunk) => {
    guard(() => fromClient.push(chunk));
  });
  socket.on('drain', () => upstream?.resume());
  socket.on('end', () => (upstream ? upstream.finish() : finish()));
  socket.on('close', finish);
}
