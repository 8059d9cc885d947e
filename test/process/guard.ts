import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toGuards } from '../../src/policy/guards.js';
import type { Options } from '../../src/policy/options.js';
import { renderGuardFile } from '../../src/scaffold/guard-file.js';

/** How the guard ended. */
export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The guard and its collector as in an image, with other paths, another port and our own uid. */
export interface Guard {
  readonly folder: string;
  /** A repository with nothing in it, where agents work. */
  readonly project: string;
  /** Gives the guard text on standard input. */
  run(
    agent: string,
    input: string | Buffer,
    options?: { env?: Record<string, string>; cwd?: string },
  ): Answer;
  /** A shell command as Codex tells its hook: 2 where it is blocked, 0 where it is let through. */
  command(text: string): Answer;
  /** Changes guard.json. */
  configure(change: Record<string, unknown>): void;
  /** Lines of the audit log. */
  log(): Record<string, string | number>[];
  startCollector(): Promise<void>;
  stopCollector(): void;
  remove(): void;
}

const templates = join(import.meta.dirname, '..', '..', 'templates', '.devcontainer', 'guard');
const programs = ['guard', 'check-package', 'git-hook', 'git-push', 'audit-collect', 'audit-grant'];

export async function layOutGuard(): Promise<Guard> {
  const folder = mkdtempSync(join(tmpdir(), 'harden-guard-'));
  const at = (...path: string[]): string => join(folder, ...path);
  const port = await freePort();
  for (const inner of ['lib/git-hooks', 'etc', 'log', 'project/.git'])
    mkdirSync(at(inner), { recursive: true });
  for (const name of readdirSync(templates)) {
    const text = readFileSync(join(templates, name), 'utf8')
      .replaceAll('/usr/local/lib/harden-devcontainer', at('lib'))
      .replaceAll('/etc/harden-devcontainer', at('etc'))
      .replaceAll('/var/log/harden-audit', at('log'))
      .replaceAll('collector_port=15090', `collector_port=${port}`)
      .replaceAll('collector_uid=59904', `collector_uid=${process.getuid?.()}`);
    const bare = name.replace(/\.sh$/, '');
    const path = at('lib', programs.includes(bare) ? bare : name);
    writeFileSync(path, text);
    chmodSync(path, 0o755);
  }
  for (const hook of ['pre-push', 'pre-commit', 'commit-msg', 'post-commit', 'reference-transaction'])
    symlinkSync('../git-hook', at('lib/git-hooks', hook));
  writeFileSync(at('project/.git/HEAD'), 'ref: refs/heads/feature/x\n');
  let content = JSON.parse(renderGuardFile({ guards: toGuards() } as Options)) as Record<string, unknown>;
  const configure = (change: Record<string, unknown>): void => {
    content = { ...content, ...change };
    writeFileSync(at('etc/guard.json'), JSON.stringify(content));
  };
  configure({});
  let collector: ChildProcess | undefined;
  const guard: Guard = {
    folder,
    project: at('project'),
    configure,
    run(agent, input, { env = {}, cwd = at('project') } = {}) {
      const options = {
        input,
        cwd,
        env: { PATH: process.env.PATH, ...env },
        encoding: 'utf8' as const,
        timeout: 60_000,
      };
      const { status, stdout, stderr } = spawnSync(at('lib/guard'), [agent], options);
      return { code: status, stdout, stderr };
    },
    command(text) {
      const tool_input = { command: text };
      return guard.run(
        'codex',
        JSON.stringify({ hook_event_name: 'PreToolUse', tool_name: 'Bash', tool_input, cwd: at('project') }),
      );
    },
    log: () =>
      readFileSync(at('log/audit.jsonl'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    async startCollector() {
      spawnSync(at('lib/audit-collect'), ['repair']);
      const listen = `TCP4-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork,backlog=256,max-children=32`;
      collector = spawn('socat', [listen, `EXEC:${at('lib/audit-collect')}`], { stdio: 'ignore' });
      const wanted = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`;
      while (!readFileSync('/proc/net/tcp', 'utf8').includes(wanted))
        await new Promise((done) => setTimeout(done, 10));
    },
    stopCollector() {
      collector?.kill('SIGKILL');
      const deadline = Date.now() + 2000;
      while (Date.now() < deadline && spawnSync('kill', ['-0', `${collector?.pid}`]).status === 0);
    },
    remove() {
      collector?.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await guard.startCollector();
  return guard;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
