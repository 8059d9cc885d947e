import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must, run } from '../firewall/run.js';
import { type DevContainer, devContainer, docker, missingEngine } from './engine.js';
import { freePort, newProject, removeProjects } from './project.js';

const skip = missingEngine() !== undefined;
const bin = join(import.meta.dirname, '..', '..', 'dist', 'bin.js');
const token = 'tok_4f9b2c7d1e8a6053';
/** The reference servers, exactly these; installed once for the file. */
const reference = [
  '@modelcontextprotocol/server-everything@2026.8.31',
  '@modelcontextprotocol/server-filesystem@2026.8.31',
];

let folder: string;
let bearer: ChildProcess;
let port: number;

beforeAll(async () => {
  if (skip) return;
  folder = mkdtempSync(join(tmpdir(), 'harden-mcp-'));
  must(
    'npm',
    ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', ...reference],
    { timeout: 300_000 },
  );
  mkdirSync(join(folder, 'shared'));
  writeFileSync(join(folder, 'shared/notes.txt'), 'what the host shares');
  port = await freePort('127.0.0.1');
  bearer = spawn(process.execPath, [join(import.meta.dirname, 'bearer-server.mjs'), `${port}`, token], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (bearer.stdout) await once(bearer.stdout, 'data');
});

afterAll(() => {
  bearer?.kill();
  removeProjects();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

function servers(): object[] {
  const program = (name: string) => join(folder, 'node_modules/@modelcontextprotocol', name, 'dist/index.js');
  const stub = join(import.meta.dirname, '../process/mcp-server.mjs');
  return [
    {
      name: 'everything',
      command: ['node', program('server-everything'), 'stdio'],
      tools: ['echo', 'get-sum', 'get-env'],
      environment: { SERVICE_TOKEN: { env: 'TOKEN' } },
    },
    {
      name: 'files',
      command: ['node', program('server-filesystem'), join(folder, 'shared')],
      tools: ['read_text_file', 'list_*'],
    },
    {
      name: 'remote',
      url: `http://127.0.0.1:${port}/mcp`,
      headers: { Authorization: { env: 'TOKEN', prefix: 'Bearer ' } },
      tools: ['whoami', 'leak'],
    },
    { name: 'stub', command: ['node', stub], tools: ['big', 'echo'] },
  ];
}

/** A project with its host side up, and its container. */
interface Lab {
  readonly container: DevContainer;
  readonly project: string;
  mcp(...args: string[]): string;
  /** What the SDK's client in the container got. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every kind
  client(server: string, ...steps: unknown[][]): Promise<any[]>;
}

/** The processes of a container, by the host's numbers, that have a text in their memory, where environment and words lie too. */
function processesWith(id: string, text: string): readonly string[] {
  const [, ...processes] = docker('top', id, '-eo', 'pid').split('\n');
  return processes
    .map((line) => line.trim())
    .filter((pid) => memoryOf(pid).some((part) => part.includes(text)));
}

/** What a process may write to in its memory, region by region; what ended meanwhile has none. */
function memoryOf(pid: string): readonly Buffer[] {
  if (!existsSync(`/proc/${pid}/mem`)) return [];
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const regions = readFileSync(`/proc/${pid}/maps`, 'utf8').matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw/gm);
  const parts = [...regions].map(([, from = '', to = '']) => {
    const part = Buffer.alloc(Math.min(Number.parseInt(to, 16) - Number.parseInt(from, 16), largestRegion));
    readSync(memory, part, 0, part.length, BigInt(`0x${from}`));
    return part;
  });
  closeSync(memory);
  return parts;
}

const largestRegion = 64 * 1024 * 1024;

function openLab(transport: string, shape: 'single' | 'sidecar'): Lab {
  const policy = join(folder, 'policy.jsonc');
  writeFileSync(
    policy,
    JSON.stringify({
      version: 1,
      name: 'demo',
      stacks: ['node'],
      mcpTransport: transport,
      shape,
      mcp: servers(),
    }),
  );
  const project = newProject('--policy', policy);
  // Of a project that is root's, the container's user would see nothing at all.
  chmodSync(project, 0o755);
  const home = join(folder, `home-${transport}-${shape}`);
  mkdirSync(home);
  const mcp = (verb: string, ...args: string[]) => {
    const result = run(process.execPath, [bin, 'mcp', verb, project, ...args], {
      env: { PATH: process.env.PATH, HOME: home, TOKEN: token },
    });
    if (result.code !== 0) throw new Error(`mcp ${verb}: ${result.stderr}`);
    return result.stdout;
  };
  mcp('up', '--yes');
  mcp('review', '--yes');
  mcp('up');
  buildSync({
    entryPoints: [join(import.meta.dirname, 'mcp-client.mjs')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: join(project, 'mcp-client.mjs'),
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  const container = devContainer(project);
  return {
    container,
    project,
    mcp,
    async client(server, ...steps) {
      const { stdout, stderr } = await container.attempt(
        `cd ${shape === 'single' ? '/workspaces/*' : '/workspace'} && node mcp-client.mjs .mcp.json ${server} '${JSON.stringify(steps)}'`,
      );
      if (stdout === '') throw new Error(stderr);
      return JSON.parse(stdout);
    },
  };
}

describe.skipIf(skip).each(['socket', 'tls'])('MCP over %s', (transport) => {
  let lab: Lab;
  beforeAll(() => {
    lab = openLab(transport, 'single');
  }, 600_000);
  afterAll(() => {
    lab?.mcp('down');
  });

  it('gives the reference servers to the SDK in the container, with the allowed tools alone', async () => {
    const [tools, sum, env, refused, resources] = await lab.client(
      'everything',
      ['tools'],
      ['call', 'get-sum', { a: 2, b: 3 }],
      ['call', 'get-env', {}],
      ['call', 'get-tiny-image', {}],
      ['resources'],
    );
    expect(tools).toEqual(['echo', 'get-env', 'get-sum']);
    expect(sum).toContain('5');
    expect(env).toContain('SERVICE_TOKEN');
    expect(env).not.toContain(token);
    expect(refused.error).toContain('is not allowed');
    expect(resources.error).toContain('is not allowed');
  });

  it('gives the files that the policy shares, whatever roots the client names', async () => {
    const [tools, shared, outside] = await lab.client(
      'files',
      ['tools'],
      ['call', 'read_text_file', { path: join(folder, 'shared/notes.txt') }],
      ['call', 'read_text_file', { path: '/etc/passwd' }],
    );
    expect(tools).toEqual([
      'list_allowed_directories',
      'list_directory',
      'list_directory_with_sizes',
      'read_text_file',
    ]);
    expect(shared).toBe('what the host shares');
    expect(outside).toContain('Access denied');
  });

  it('reaches a server over HTTP that demands a token, which stays on the host', async () => {
    const [tools, who, leak, destroy] = await lab.client(
      'remote',
      ['tools'],
      ['call', 'whoami', {}],
      ['call', 'leak', {}],
      ['call', 'destroy', {}],
    );
    expect(tools).toEqual(['leak', 'whoami']);
    expect(who).toBe('whoami: the bot');
    expect(leak).toBe('it is [withheld by the gate]');
    expect(destroy.error).toContain('is not allowed');
  });

  it('has the token nowhere: files, environment, memory of processes, image, engine', async () => {
    const { container } = lab;
    await lab.client('remote', ['call', 'leak', {}]);
    const pattern = join(lab.project, 'pattern');
    writeFileSync(pattern, `${token}\n`);
    const found = run('docker', [
      'exec',
      '--user',
      'root',
      container.id,
      'sh',
      '-c',
      `grep -rlF -f /workspaces/*/pattern / --exclude-dir=proc --exclude-dir=sys`,
    ]).stdout;
    // Itself is what shows that the search sees everything.
    expect(found.trim()).toMatch(/^\/workspaces\/[\w.-]+\/pattern$/);
    const marker = `marker_${token.slice(0, 4)}${process.pid}`;
    docker('exec', '--detach', container.id, 'sh', '-c', `MARK=${marker} sleep 60`);
    await expect.poll(() => processesWith(container.id, marker).length).toBeGreaterThan(0);
    expect(processesWith(container.id, token)).toEqual([]);
    rmSync(pattern);
    const image = docker('inspect', '--format', '{{.Image}}', container.id);
    const words = [
      docker('inspect', container.id),
      docker('history', '--no-trunc', image),
      docker('inspect', image),
      docker('logs', container.id),
    ];
    for (const text of words) expect(text).not.toContain(token);
    const whole = join(folder, `${transport}.tar`);
    docker('export', '--output', whole, container.id);
    expect(must('grep', ['-acF', 'mcp-connect', whole])).not.toBe('0');
    expect(run('grep', ['-acF', token, whole]).stdout.trim()).toBe('0');
    rmSync(whole);
  });

  it('keeps the agent from the mount: only the forwarder gets there', async () => {
    const tried = await lab.container.attempt(
      'ls /run/harden-mcp/host; ls -A /workspaces/*/.devcontainer/mcp; cat /run/harden-mcp/host/client.pem',
    );
    expect(tried.stdout).toBe('');
    expect(tried.code).not.toBe(0);
  });

  it('refuses another container on the same bridge', async () => {
    const image = docker('inspect', '--format', '{{.Image}}', lab.container.id);
    const [place] = lab
      .mcp('status')
      .split('\n')
      .filter((line) => line.startsWith('stub'));
    const where = /\s(\S+:\d+|\S+\.sock)/.exec(place ?? '')?.[1] ?? '';
    const target =
      transport === 'tls'
        ? `OPENSSL:${where},verify=0,connect-timeout=5`
        : `UNIX-CONNECT:/run/harden-mcp/host/stub.sock`;
    const plain = transport === 'tls' ? `TCP4:${where},connect-timeout=5` : target;
    const request =
      '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}';
    for (const each of [target, plain]) {
      const { stdout } = run('docker', [
        'run',
        '--rm',
        '--user',
        'root',
        '--entrypoint',
        'sh',
        image,
        '-c',
        `(echo '${request}'; sleep 2) | socat -t 3 - ${each}`,
      ]);
      expect(stdout).not.toContain('serverInfo');
    }
  });

  it('refuses other ports of the host, and its own to everybody but the forwarder', async () => {
    const bridge = /inet ([0-9.]+)/.exec(must('ip', ['-4', '-o', 'address', 'show', 'docker0']))?.[1] ?? '';
    const other = spawn(
      process.execPath,
      [
        '-e',
        `require('net').createServer((s) => s.end('reached')).listen(0, '${bridge}', function () { console.log(this.address().port) })`,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    try {
      const [data] = (await once(other.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
      for (const to of [data.toString().trim(), '20001']) {
        const { stdout } = await lab.container.attempt(
          `socat -T 3 - TCP4:${bridge}:${to},connect-timeout=3 </dev/null`,
        );
        expect(stdout).toBe('');
      }
    } finally {
      other.kill();
    }
  });

  it('carries 200 sessions at once, and an answer of 50 MB whole', async () => {
    expect(await lab.client('stub', ['many', 200, 'echo'])).toEqual([200]);
    const [big] = await lab.client('stub', ['big', 'big', { megabytes: 50 }]);
    const { createHash } = await import('node:crypto');
    const text = '0123456789abcdef'.repeat(50 * 65_536);
    expect(big).toMatchObject({
      length: text.length,
      sha256: createHash('sha256').update(text).digest('hex'),
    });
  }, 300_000);

  it('comes back after the container and the host side were started again, and says when the host side is down', async () => {
    docker('restart', lab.container.id);
    expect((await lab.container.exec('/usr/local/bin/harden-ready')).code).toBe(0);
    expect(await lab.client('stub', ['call', 'echo', { message: 'a' }])).toEqual(['Echo: a']);
    lab.mcp('up');
    expect(await lab.client('stub', ['call', 'echo', { message: 'b' }])).toEqual(['Echo: b']);
    lab.mcp('down');
    const [down] = await lab.client('stub', ['tools']);
    expect(down.error).toContain('its host side is not up');
    expect(readdirSync(join(lab.project, '.devcontainer/mcp/host'))).toEqual(['.gitignore']);
    lab.mcp('up');
    expect(await lab.client('stub', ['call', 'echo', { message: 'c' }])).toEqual(['Echo: c']);
    expect(lab.mcp('audit', '--verify')).toContain('chain whole');
    lab.mcp('down');
  }, 120_000);
});

describe.skipIf(skip)('MCP beside a gateway', () => {
  it.each(['socket', 'tls'])(
    'is reached over %s from the workspace, which has no mount of it',
    async (transport) => {
      const lab = openLab(transport, 'sidecar');
      expect(await lab.client('stub', ['tools'], ['call', 'echo', { message: 'x' }])).toEqual([
        ['big', 'echo'],
        'Echo: x',
      ]);
      expect(
        (await lab.container.attempt('ls /run/harden-mcp; ls -A /workspace/.devcontainer/mcp')).stdout,
      ).toBe('');
      lab.mcp('down');
    },
    600_000,
  );
});
