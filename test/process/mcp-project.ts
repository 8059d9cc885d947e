import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { folderOf, program } from './program.js';

export const stub = join(import.meta.dirname, 'mcp-server.mjs');

/** A project whose policy declares servers, with a home of its own for the host side's things. */
export interface McpProject {
  readonly folder: string;
  readonly home: string;
  readonly sockets: string;
  mcp(...args: string[]): { code: number | null; stdout: string; stderr: string };
  socket(name: string): string;
  /** The host process's id; fails where it is not up. */
  pid(): number;
}

export const token = 'ghp_notReallyAToken0123456789';

export function mcpProject(servers: readonly object[], more: object = {}): McpProject {
  const policy = { version: 1, name: 'demo', mcp: servers, ...more };
  const folder = folderOf({ '.devcontainer/harden-devcontainer.jsonc': JSON.stringify(policy) });
  const home = folderOf({});
  const sockets = join(folder, '.devcontainer/mcp/host');
  const project: McpProject = {
    folder,
    home,
    sockets,
    mcp(verb = '', ...args) {
      const result = spawnSync('node', [program, 'mcp', verb, folder, ...args], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: home, TOKEN: token, UNRELATED: 'unrelated-value' },
        timeout: 60_000,
      });
      return { code: result.status, stdout: result.stdout, stderr: result.stderr };
    },
    socket: (name) => join(sockets, `${name}.sock`),
    pid: () => Number(/process (\d+)/.exec(project.mcp('status').stderr)?.[1] ?? Number.NaN),
  };
  return project;
}

/** Agrees, reviews every tool, and starts the host side. */
export function bringUp(project: McpProject, ...flags: string[]): void {
  for (const args of [
    ['up', '--yes', ...flags],
    ['review', '--yes'],
    ['up', ...flags],
  ]) {
    const { code, stderr } = project.mcp(...args);
    if (code !== 0) throw new Error(`mcp ${args.join(' ')}: ${stderr}`);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: messages are looked into freely
export type Message = any;

/** A client that writes what it is told to. */
export interface LineClient {
  readonly socket: Duplex;
  send(message: object | string): void;
  /** The answer to an id; the error of it too. Rejects when the connection ends first. */
  answer(id: number | null): Promise<Message>;
  request(method: string, params: object): Promise<Message>;
  readonly ended: Promise<void>;
}

export function lineClient(target: string | Duplex): LineClient {
  const socket = typeof target === 'string' ? connect(target) : target;
  const answers = new Map<number | null, Message>();
  const waiting = new Map<number | null, (message: Message) => void>();
  let next = 1;
  let isOver = false;
  const lines = createInterface({ input: socket });
  // It repeats the errors of the socket; that it ends is what counts.
  lines.on('error', () => {});
  lines.on('line', (line) => {
    const message = JSON.parse(line) as Message;
    if (message.method !== undefined) return;
    const take = waiting.get(message.id);
    if (take) take(message);
    else answers.set(message.id, message);
  });
  const ended = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  void ended.then(() => {
    isOver = true;
  });
  socket.on('error', () => {});
  const client: LineClient = {
    socket,
    ended,
    send: (message) =>
      void socket.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`),
    answer: (id) =>
      new Promise((resolve, reject) => {
        const known = answers.get(id);
        if (known) return resolve(known);
        if (isOver) return reject(new Error('the connection has ended'));
        waiting.set(id, resolve);
        void ended.then(() => reject(new Error('the connection has ended')));
      }),
    request(method, params) {
      const id = next++;
      client.send({ jsonrpc: '2.0', id, method, params });
      return client.answer(id);
    },
  };
  return client;
}

/** A client that is past its greeting. */
export async function greetedClient(target: string | Duplex): Promise<LineClient> {
  const client = lineClient(target);
  const clientInfo = { name: 'test', version: '1' };
  await client.request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo });
  client.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return client;
}

export const callTool = (client: LineClient, name: string, given: object = {}): Promise<Message> =>
  client.request('tools/call', { name, arguments: given });

export const textOf = (answer: Message): string =>
  answer.result?.content?.[0]?.text ?? JSON.stringify(answer);

export const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}/stat`) && !isZombie(pid);

function isZombie(pid: number): boolean {
  return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').slice(0, 300));
}

/** Processes that have the text in their command line. */
export function processesOf(text: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Megabytes of memory that a process holds. */
export function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

export async function until(isTrue: () => boolean | Promise<boolean>, most = 10_000): Promise<boolean> {
  const end = Date.now() + most;
  while (Date.now() < end) {
    if (await isTrue()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
