import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { must, run } from './run.js';

// Network namespaces are named after the process that made them, so that a later run can clear away what a killed one left.

const prefix = `harden-${process.pid}`;
let made = 0;

/** A new network namespace with its loopback up. */
export function newNamespace(): string {
  made += 1;
  const name = `${prefix}-${made}`;
  must('ip', ['netns', 'add', name]);
  inside(name, 'ip link set lo up');
  return name;
}

/** Runs a shell script in the namespace, as root; '' is the machine's own. */
export function inside(namespace: string, script: string): string {
  const shell = ['sh', '-euc', script] as const;
  return namespace ? must('ip', ['netns', 'exec', namespace, ...shell]) : must(shell[0], shell.slice(1));
}

/** A server that ends with its standard input, and so with this process. */
export function startInside(namespace: string, command: string, ...args: string[]): ChildProcess {
  const all = namespace ? ['netns', 'exec', namespace, command, ...args] : args;
  return spawn(namespace ? 'ip' : command, all, { stdio: ['pipe', 'inherit', 'inherit'] });
}

/** Writes what comes in through a link to a file until it is killed; the file is there when it listens. */
export async function capture(namespace: string, link: string, file: string): Promise<ChildProcess> {
  const tcpdump = ['tcpdump', '-Z', 'root', '-U', '--immediate-mode', '-s', '0', '-B', '16384'];
  const child = spawn('ip', ['netns', 'exec', namespace, ...tcpdump, '-w', file, '-i', link, '-Q', 'in'], {
    stdio: 'ignore',
  });
  await until(() => existsSync(file), `a capture on ${link}`);
  return child;
}

/** Waits up to 25 seconds. */
export async function until(happened: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !happened(); tries += 1) {
    if (tries > 1000) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Ends what runs in a namespace and takes it away, with every link that has an end in it. */
export function removeNamespace(name: string): void {
  for (const pid of run('ip', ['netns', 'pids', name]).stdout.split('\n').filter(Boolean)) {
    run('kill', ['-9', pid]);
  }
  run('ip', ['netns', 'delete', name]);
}

/** Takes away the namespaces of runs that are dead: their addresses would swallow this run's packets. */
export function removeDeadNamespaces(): void {
  for (const [, name = '', pid = ''] of run('ip', ['netns', 'list']).stdout.matchAll(
    /^(harden-(\d+)-\d+)/gm,
  )) {
    if (!existsSync(join('/proc', pid))) removeNamespace(name);
  }
}
