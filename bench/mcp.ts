/**
 * What the way through socat, the socket or TLS, and the gate costs an MCP call: round trips and bytes, compared with a
 * server that is started directly. The same programs as in the container, on this machine. Needs socat, and openssl for TLS.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bringUp, type McpProject, mcpProject, stub } from '../test/process/mcp-project.js';

const rounds = 2000;
const megabytes = 50;

interface Way {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
}

const toLine = (message: object): string => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;
const call = (name: string, given: object): string =>
  toLine({ id: 1, method: 'tools/call', params: { name, arguments: given } });

/** Milliseconds until a whole line is back; what is in it is not looked at, so that this end costs as little as it can. */
async function ask(child: ChildProcess, line: string): Promise<number> {
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error('no pipes');
  const start = performance.now();
  return new Promise((resolve) => {
    const take = (chunk: Buffer) => {
      if (chunk.at(-1) !== 10) return;
      stdout.off('data', take);
      resolve(performance.now() - start);
    };
    stdout.on('data', take);
    stdin.write(line);
  });
}

async function measure({ name, program, args }: Way): Promise<void> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const params = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1' },
  };
  await ask(child, toLine({ id: 0, method: 'initialize', params }));
  child.stdin?.write(toLine({ method: 'notifications/initialized' }));
  const small = call('echo', { message: 'x' });
  for (let i = 0; i < 200; i++) await ask(child, small);
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) times.push(await ask(child, small));
  times.sort((a, b) => a - b);
  const speeds: number[] = [];
  for (let i = 0; i < 5; i++)
    speeds.push((megabytes * 1000) / (await ask(child, call('big', { megabytes }))));
  child.kill();
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(2);
  console.log(
    `${name.padEnd(24)} median ${at(0.5)} ms, 95 % ${at(0.95)} ms, ${Math.max(...speeds).toFixed(0)} MB/s`,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** The container's listener, as entrypoint.sh starts it. */
async function throughListener(name: string, target: string): Promise<void> {
  const port = await freePort();
  const script = join(mkdtempSync(join(tmpdir(), 'harden-bench-')), 'connect.sh');
  writeFileSync(script, `#!/bin/bash -p\nsocat -b 65536 -t 30 - '${target}'\n`, { mode: 0o755 });
  const listen = `TCP4-LISTEN:${port},bind=127.0.0.1,reuseaddr,nodelay,fork,backlog=256,max-children=256`;
  const listener = spawn('socat', [listen, `EXEC:${script},nofork`], {
    stdio: 'inherit',
  });
  await sleep(500);
  await measure({ name, program: 'socat', args: ['-', `TCP4:127.0.0.1:${port},nodelay`] });
  listener.kill();
}

function projectFor(transport: 'socket' | 'tls', port: number): McpProject {
  const limits = { messagesPerMinute: 1_000_000 };
  const server = { name: 'stub', command: ['node', stub], tools: ['echo', 'big'], port, limits };
  const project = mcpProject([server], { mcpTransport: transport });
  bringUp(project, ...(transport === 'tls' ? ['--listen', '127.0.0.1'] : []));
  return project;
}

await measure({ name: 'direct', program: 'node', args: [stub] });
for (const transport of ['socket', 'tls'] as const) {
  const port = await freePort();
  const project = projectFor(transport, port);
  try {
    const pem = (name: string) => `${project.sockets}/${name}.pem`;
    const target =
      transport === 'socket'
        ? `UNIX-CONNECT:${project.socket('stub')}`
        : `OPENSSL:127.0.0.1:${port},cert=${pem('client')},cafile=${pem('host')},verify=1,commonname=harden-mcp-host`;
    await throughListener(`through ${transport} and gate`, target);
  } finally {
    project.mcp('down');
  }
}
