import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode, UserError } from '../core/errors.js';
import { printable } from '../core/printable.js';
import { approve, unapproved } from '../host/approvals.js';
import { endLeftovers } from '../host/children.js';
import { askHost, type HostStatus, stopHost } from '../host/control.js';
import { type HostPlan, startHost } from '../host/host.js';
import { makePlaces } from '../host/places.js';
import type { HostServer } from '../host/servers.js';
import { createRate } from '../mcp/rate.js';
import { findProgram, runCommand } from '../project/command.js';
import { lastWords } from '../project/engine.js';
import { packageRoot } from '../project/package.js';
import { type Io, write } from './io.js';
import { type McpCommandOptions, type McpProject, openMcpProject } from './mcp-project.js';
import { canPrompt, openPrompter } from './prompt.js';

/** Starts the host side in the background, or in the foreground for a service manager. One that runs already is replaced. */
export async function mcpUp(options: McpCommandOptions, io: Io): Promise<ExitCode> {
  const project = openMcpProject(options, io);
  makePlaces(project.places);
  if (!(await agree(project, options, io))) {
    await write(io.stderr, 'cancelled: nothing was started\n');
    return ExitCode.usage;
  }
  await stopHost(project.places.control);
  await endLeftovers(project.places.children, io.env);
  if (options.foreground) return stay(project, options, io);
  const status = await startBehind(project, options, io);
  for (const { name, place } of status.servers) await write(io.stdout, `${name}  ${printable(place)}\n`);
  const bare = project.servers.filter(
    ({ tools, pins }) => tools.length === 0 || Object.keys(pins).length === 0,
  );
  if (bare.length > 0)
    await write(
      io.stderr,
      `no tool can be called yet of ${bare.map(({ name }) => name).join(', ')}: list them under "tools" in the policy, then run \`harden-devcontainer mcp review\`\n`,
    );
  return ExitCode.clean;
}

/** What a repository's policy says runs on this machine only after somebody here has seen it. */
async function agree({ servers, places }: McpProject, options: McpCommandOptions, io: Io): Promise<boolean> {
  const fresh = unapproved(servers, places);
  if (fresh.length === 0) return true;
  await write(io.stderr, `${fresh.map(describe).join('')}`);
  if (!options.yes) {
    const names = fresh.map(({ name }) => name).join(', ');
    if (!canPrompt(io) || options.foreground)
      throw new UserError(
        `${names}: nobody on this machine has agreed yet to what the policy says of it, or it has changed since; look at it, then run mcp up on a terminal or with --yes`,
      );
    const prompter = await openPrompter(io);
    try {
      if (
        !(await prompter.confirm(
          'The above will run on this machine, outside of the container. Agree?',
          false,
        ))
      )
        return false;
    } finally {
      prompter.close();
    }
  }
  approve(servers, places);
  return true;
}

function describe(server: HostServer): string {
  const what = server.command
    ? server.command.map((word) => JSON.stringify(word)).join(' ')
    : (server.url ?? '');
  const sources = Object.entries(server.command ? server.environment : server.headers).map(
    ([name, { prefix: _, ...source }]) => `    ${name} from ${JSON.stringify(source)}\n`,
  );
  const tools = server.tools.map(({ tool, access }) => `${tool} (${access})`).join(', ') || 'none';
  return printableBlock([`${server.name}: ${what}\n`, ...sources, `    tools: ${tools}\n`]);
}

function printableBlock(lines: readonly string[]): string {
  return lines.map((line) => `${printable(line.slice(0, -1))}\n`).join('');
}

const notesPerMinute = 120;

async function stay(project: McpProject, options: McpCommandOptions, io: Io): Promise<ExitCode> {
  // A server that prints without end must not fill the disk by what is said about it.
  const isInTime = createRate(notesPerMinute, Date.now());
  const note = (text: string) => {
    if (isInTime(Date.now())) void write(io.stderr, `${new Date().toISOString()} ${printable(text)}\n`);
  };
  const plan: HostPlan = {
    places: project.places,
    servers: project.servers,
    tls: await tlsPlace(project, options, io),
    env: io.env,
    note,
  };
  return new Promise((resolve, reject) => {
    const end = () => resolve(ExitCode.clean);
    startHost(plan, end).then((host) => {
      note(`up: ${project.servers.map(({ name }) => name).join(', ')}`);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
        process.once(signal, () => void host.stop().then(end));
    }, reject);
  });
}

async function tlsPlace({ policy, places }: McpProject, options: McpCommandOptions, io: Io) {
  if (policy.mcpTransport !== 'tls') {
    if (options.listen !== undefined) throw new UserError('--listen is for "mcpTransport": "tls"');
    return undefined;
  }
  const address = options.listen ?? (await defaultAddress(io.env));
  if (/^(?:0\.0\.0\.0|::|\*|)$/.test(address))
    throw new UserError(
      `--listen ${address} would be every network of this machine; name the engine's bridge or 127.0.0.1`,
    );
  const { makeCertificates } = await import('../host/certificates.js');
  return makeCertificates(places, address, io.env);
}

/**
 * Where host.docker.internal leads: the engine's own bridge, or this machine's loopback where the engine is in a virtual machine.
 * Node does not list the bridge while no container is attached to it, so the system's own tool is asked.
 */
async function defaultAddress(env: Io['env']): Promise<string> {
  const program = process.platform === 'linux' ? findProgram('ip', env) : undefined;
  if (program === undefined) return '127.0.0.1';
  const args = ['-4', '-o', 'address', 'show', 'dev', 'docker0'];
  const { stdout } = await runCommand(program, args, { env, timeout: 5000 });
  return /inet ([0-9.]+)/.exec(stdout)?.[1] ?? '127.0.0.1';
}

/** Longer than it takes to read every value from a password manager that asks somebody. */
const longestStart = 90_000;

async function startBehind(
  { places, root }: McpProject,
  options: McpCommandOptions,
  io: Io,
): Promise<HostStatus> {
  const log = openSync(places.log, 'w', 0o600);
  const listen = options.listen === undefined ? [] : ['--listen', options.listen];
  const args = [join(packageRoot(), 'dist', 'bin.js'), 'mcp', 'up', root, '--foreground', ...listen];
  const child = spawn(process.execPath, args, {
    cwd: places.work,
    env: io.env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  let hasEnded = false;
  child.on('exit', () => {
    hasEnded = true;
  });
  child.unref();
  const end = Date.now() + longestStart;
  while (!hasEnded && Date.now() < end) {
    const status = await askHost(places.control, 'status');
    if (status && status.pid === child.pid && status.isReady) return status;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const words = lastWords(readFileSync(places.log, 'utf8'), 3).replace(/^error: /, '');
  if (!hasEnded) child.kill();
  throw new UserError(hasEnded ? words : `the host side does not start: ${words}`);
}
