import { readdirSync, rmSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { hostLimits } from '../mcp/limits.js';
import { createBudget } from '../mcp/lines.js';
import { openAuditLog } from './audit-log.js';
import { type Children, endLeftovers, openChildren } from './children.js';
import { type Served, serveConnection } from './connection.js';
import { type HostStatus, openControl } from './control.js';
import { listenSocket, listenTls, type TlsPlace } from './listeners.js';
import { makePlaces, type Places } from './places.js';
import { type HostServer, openServer } from './servers.js';

export interface HostPlan {
  readonly places: Places;
  readonly servers: readonly HostServer[];
  /** Undefined: Unix sockets in the project. */
  readonly tls: TlsPlace | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  note(text: string): void;
}

/** A host side that runs. */
export interface Host {
  /** Ends every session and server, and takes sockets away. Keys go with it: they are for one run. */
  stop(): Promise<void>;
}

/**
 * Starts the host side of one project: a listener for each server and a gate for each connection. Resolves when everything
 * listens. `ended` is called when somebody has asked it to stop. @throws UserError where it runs already, a value is
 * missing, or a place cannot be listened on; nothing is left then.
 */
export async function startHost(plan: HostPlan, ended: () => void): Promise<Host> {
  const { places, note, env } = plan;
  makePlaces(places);
  const since = new Date().toISOString();
  const served = new Map<HostServer, Served>();
  const listeners: Server[] = [];
  const calls = new Map<string, number>();
  let children: Children | undefined;
  let ticking: NodeJS.Timeout | undefined;
  let stopping: Promise<void> | undefined;
  let isReady = false;
  const status = (): HostStatus => ({
    pid: process.pid,
    since,
    isReady,
    servers: Array.from(served, ([{ name, port }, { sessions }]) => ({
      name,
      place: plan.tls ? `${plan.tls.address}:${port}` : join(places.sockets, `${name}.sock`),
      sessions: sessions.size,
      calls: calls.get(name) ?? 0,
    })),
  });
  const stopAll = async () => {
    clearInterval(ticking);
    for (const listener of listeners) listener.close();
    for (const { sessions } of served.values()) for (const session of sessions) session.end();
    await until(() => (children?.running.size ?? 0) === 0, 5000);
    await endLeftovers(places.children, env);
    removeSockets(places);
  };
  const stop = () => {
    stopping ??= stopAll();
    return stopping;
  };
  const control = await openControl(places.control, status, async () => {
    await stop();
    // The answer goes out first.
    setImmediate(() => {
      control.close();
      ended();
    });
  });
  const left = await endLeftovers(places.children, env);
  if (left > 0) note(`ended ${left} servers that an earlier host process had left`);
  children = openChildren(places.children);
  const surroundings = { places, env, children, note };
  try {
    const log = openAuditLog(places, note);
    const audit = {
      isOpen: log.isOpen,
      record(call: Parameters<typeof log.record>[0]) {
        calls.set(call.server, (calls.get(call.server) ?? 0) + 1);
        log.record(call);
      },
    };
    const budget = createBudget(hostLimits.heldBytes);
    process.chdir(places.sockets);
    for (const server of plan.servers) {
      const one: Served = { ...(await openServer(server, surroundings)), sessions: new Set() };
      served.set(server, one);
      const accept = (socket: Socket) => serveConnection(socket, one, budget, audit, note);
      listeners.push(
        plan.tls
          ? await listenTls(plan.tls, server.port, accept)
          : await listenSocket(places.sockets, server.name, accept),
      );
    }
  } catch (error) {
    await stop();
    control.close();
    throw error;
  }
  isReady = true;
  ticking = setInterval(() => {
    for (const { sessions } of served.values()) for (const session of sessions) session.tick();
  }, 1000);
  return {
    async stop() {
      await stop();
      control.close();
    },
  };
}

/** The sockets of this project, and the certificates that its container was given. */
export function removeSockets({ sockets }: Places): void {
  for (const name of readdirSync(sockets))
    if (/\.sock$|^(?:client|host)\.pem$/.test(name)) rmSync(join(sockets, name), { force: true });
}

async function until(isDone: () => boolean, most: number): Promise<void> {
  const end = Date.now() + most;
  while (!isDone() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
}
