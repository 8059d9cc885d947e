import { type ChildProcess, spawn } from 'node:child_process';
import type { Children } from './children.js';
import type { OpenUpstream } from './upstream.js';

export interface StdioServer {
  readonly name: string;
  /** Absolute. */
  readonly program: string;
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Never the project: what an agent writes there must not decide what runs here. */
  readonly folder: string;
  /** Where stderr goes. */
  log(text: Buffer): void;
}

/** Time to end after the client has gone, and after being asked to. */
const patience = 2000;

/**
 * A server that is started for one session: pipes, no terminal, a process group of its own, which is ended with it.
 */
export function stdioUpstream(server: StdioServer, children: Children): OpenUpstream {
  return ({ onData, onDrain, onGone }) => {
    const child = spawn(server.program, server.args, {
      cwd: server.folder,
      env: server.env,
      stdio: 'pipe',
      detached: true,
      windowsHide: true,
    });
    let isGone = false;
    const gone = (reason: string) => {
      if (isGone) return;
      isGone = true;
      endGroup(child, 'SIGKILL');
      if (child.pid !== undefined) children.remove(child.pid);
      onGone(reason);
    };
    if (child.pid !== undefined) children.add(child.pid);
    child.on('error', (error) => gone(`${server.name} cannot be started: ${error.message}`));
    child.on('close', (code, signal) => gone(`${server.name} has ended (${signal ?? `exit code ${code}`})`));
    // A process that it left behind may keep its output open for ever.
    child.on('exit', () => setTimeout(() => child.stdout.destroy(), patience).unref());
    child.stdout.on('data', onData);
    child.stderr.on('data', server.log);
    child.stdin.on('drain', onDrain);
    child.stdin.on('error', () => {});
    const stop = () => {
      endGroup(child, 'SIGTERM');
      setTimeout(() => endGroup(child, 'SIGKILL'), patience).unref();
    };
    return {
      send: (line) => child.stdin.write(line),
      pause: () => child.stdout.pause(),
      resume: () => child.stdout.resume(),
      finish() {
        child.stdin.end();
        setTimeout(() => isGone || stop(), patience).unref();
      },
      stop: () => isGone || stop(),
    };
  };
}

function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}
