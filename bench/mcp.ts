/**
 * What the way through socat, the socket or TLS, and the gate costs an MCP call: round trips and bytes, compared with a
 * server that is started directly. In a container where there is an engine, and with the same programs on this machine.
 * Needs socat, and openssl for TLS.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { devContainer, missingEngine } from '../test/container/engine.js';
import { newProject, removeProjects } from '../test/container/project.js';
import { bringUp, type McpProject, mcpProject, stub } from '../test/process/mcp-project.js';
import { program } from '../test/process/program.js';

const measuring = join(import.meta.dirname, 'mcp-measure.mjs');

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
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
  run('node', [measuring, name, 'socat', '-', `TCP4:127.0.0.1:${port},nodelay`]);
  listener.kill();
}

const declared = (port?: number) => ({
  name: 'stub',
  command: ['node', stub],
  tools: ['echo', 'big'],
  ...(port !== undefined && { port }),
  limits: { messagesPerMinute: 1_000_000 },
});

function projectFor(transport: 'socket' | 'tls', port: number): McpProject {
  const project = mcpProject([declared(port)], { mcpTransport: transport });
  bringUp(project, ...(transport === 'tls' ? ['--listen', '127.0.0.1'] : []));
  return project;
}

/** From the agent's user in a real container, with the command of its own `.mcp.json`. */
function inContainer(transport: 'socket' | 'tls'): void {
  const home = mkdtempSync(join(tmpdir(), 'harden-bench-'));
  const policy = join(home, 'policy.jsonc');
  const content = { version: 1, name: 'bench', stacks: ['node'], mcpTransport: transport, mcp: [declared()] };
  writeFileSync(policy, JSON.stringify(content));
  const folder = newProject('--policy', policy);
  // Of a folder that is root's alone, the container's user would see nothing.
  chmodSync(folder, 0o755);
  const mcp = (...args: string[]) => {
    const [verb = '', ...flags] = args;
    const env = { PATH: process.env.PATH, HOME: home };
    const { status, stderr } = spawnSync('node', [program, 'mcp', verb, folder, ...flags], {
      env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`mcp ${verb}: ${stderr}`);
  };
  mcp('up', '--yes');
  mcp('review', '--yes');
  mcp('up');
  try {
    copyFileSync(measuring, join(folder, 'measure.mjs'));
    copyFileSync(stub, join(folder, 'server.mjs'));
    const { id } = devContainer(folder);
    const config = JSON.parse(readFileSync(join(folder, '.mcp.json'), 'utf8')) as {
      mcpServers: { stub: { command: string; args: string[] } };
    };
    const { command, args } = config.mcpServers.stub;
    const measure = (name: string, ...way: string[]) =>
      run('docker', [
        'exec',
        '--user',
        'dev',
        '--workdir',
        `/workspaces/${folder.split('/').at(-1)}`,
        id,
        'node',
        'measure.mjs',
        name,
        ...way,
      ]);
    if (transport === 'socket') measure('direct, in a container', 'node', 'server.mjs');
    measure(`from a container by ${transport}`, command, ...args);
  } finally {
    mcp('down');
    removeProjects();
  }
}

run('node', [measuring, 'direct', 'node', stub]);
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
if (missingEngine() === undefined) for (const transport of ['socket', 'tls'] as const) inContainer(transport);
else console.log('no container engine: nothing measured from inside of one');
