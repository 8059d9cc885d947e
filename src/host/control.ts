import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { UserError } from '../core/errors.js';

/** What a running host process tells about itself. */
export interface HostStatus {
  readonly pid: number;
  /** ISO 8601. */
  readonly since: string;
  /** Whether every server can be reached. */
  readonly isReady: boolean;
  readonly servers: readonly {
    readonly name: string;
    /** A socket's path, or ADDRESS:PORT. */
    readonly place: string;
    readonly sessions: number;
    readonly calls: number;
  }[];
}

type Command = 'status' | 'stop';

/**
 * Answers questions about the host process on a socket that only its own user can reach. @throws UserError where another
 * process of the project answers there already.
 */
export async function openControl(
  path: string,
  status: () => HostStatus,
  stop: () => Promise<void>,
): Promise<Server> {
  if (await askHost(path, 'status')) throw new UserError('the host side of this project is up already');
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => {});
    const lines = createInterface({ input: socket });
    // It repeats the errors of the socket.
    lines.on('error', () => {});
    lines.on('line', async (line) => {
      if (line === 'stop') await stop();
      socket.end(`${JSON.stringify(status())}\n`);
    });
  });
  // Made by nobody else: the folder is closed to others.
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  return server;
}

/** Ends the host process, and waits until it is gone. Undefined where none answered. */
export async function stopHost(path: string): Promise<HostStatus | undefined> {
  const status = await askHost(path, 'stop');
  const end = Date.now() + 10_000;
  while (status && isRunning(status.pid) && Date.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return status;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** What the host process answers; undefined where none does. After `stop` it has ended everything that it had started. */
export function askHost(path: string, command: Command): Promise<HostStatus | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(path);
    socket.setTimeout(15_000, () => socket.destroy());
    socket.on('error', () => {});
    socket.on('connect', () => socket.write(`${command}\n`));
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text === '' ? undefined : (JSON.parse(text) as HostStatus)));
  });
}
