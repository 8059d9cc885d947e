import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, run } from './engine.js';

/** Something that reached a server of the fake internet. */
export interface Arrival {
  readonly via: 'dns' | 'tcp' | 'udp' | 'dns-garbage' | 'ready';
  /** Address, and port for tcp and udp. */
  readonly to: string;
  readonly data: string;
}

export interface Internet {
  readonly nameServer: string;
  readonly arrivals: () => readonly Arrival[];
  /** True when the token was seen by any server, in any form: an escape is what arrived, not what a client printed. */
  readonly arrived: (token: string) => boolean;
  readonly stop: () => void;
}

// Benchmark addresses: nothing on the real internet has them.
const servers4 = ['198.18.0.53', '198.18.0.10', '198.18.0.66'];
const servers6 = ['2001:2::53', '2001:2::10', '2001:2::66'];

/** Starts servers in a network namespace of their own, reachable from containers through the host, from nowhere else. */
export async function startInternet(): Promise<Internet> {
  const namespace = `harden-${process.pid}`;
  const link = `hd${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), 'harden-internet-'));
  const log = join(folder, 'arrivals');
  let server: ChildProcess | undefined;

  const stop = (): void => {
    server?.kill('SIGKILL');
    run('ip', ['link', 'delete', link]);
    run('ip', ['netns', 'delete', namespace]);
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    must('ip', ['netns', 'add', namespace]);
    must('ip', ['link', 'add', link, 'type', 'veth', 'peer', 'name', 'up0', 'netns', namespace]);
    const inside = (...args: string[]): string => must('ip', ['netns', 'exec', namespace, ...args]);
    must('ip', ['address', 'add', '198.18.0.1/24', 'dev', link]);
    must('ip', ['-6', 'address', 'add', '2001:2::1/64', 'dev', link, 'nodad']);
    must('ip', ['link', 'set', link, 'up']);
    inside('ip', 'link', 'set', 'lo', 'up');
    inside('ip', 'link', 'set', 'up0', 'up');
    for (const address of servers4) inside('ip', 'address', 'add', `${address}/24`, 'dev', 'up0');
    for (const address of servers6)
      inside('ip', '-6', 'address', 'add', `${address}/64`, 'dev', 'up0', 'nodad');
    inside('ip', 'route', 'add', 'default', 'via', '198.18.0.1');
    inside('ip', '-6', 'route', 'add', 'default', 'via', '2001:2::1');
    run('sh', ['-c', 'echo 1 >/proc/sys/net/ipv6/conf/all/forwarding']);

    const script = join(import.meta.dirname, 'internet-server.mjs');
    server = spawn('ip', ['netns', 'exec', namespace, process.execPath, script, log], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const arrivals = (): Arrival[] =>
      existsSync(log)
        ? readFileSync(log, 'utf8')
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as Arrival)
        : [];
    for (let tries = 0; !arrivals().some((one) => one.via === 'ready'); tries += 1) {
      if (tries > 100) throw new Error('the fake internet did not start');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return {
      nameServer: '198.18.0.53',
      arrivals,
      arrived: (token) => arrivals().some((one) => one.data.includes(token)),
      stop,
    };
  } catch (error) {
    stop();
    throw error;
  }
}
