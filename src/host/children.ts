import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { runCommand } from '../project/command.js';

/** The servers that run, on disk: whoever comes after a host process that was killed ends what it has left. */
export interface Children {
  add(pid: number): void;
  remove(pid: number): void;
  readonly running: ReadonlySet<number>;
}

export function openChildren(path: string): Children {
  rmSync(path, { force: true });
  const running = new Set<number>();
  const write = (line: string) => appendFileSync(path, `${line}\n`, { mode: 0o600 });
  return {
    running,
    add(pid) {
      running.add(pid);
      write(`+${pid} ${startOf(pid) ?? ''}`);
    },
    remove(pid) {
      running.delete(pid);
      write(`-${pid}`);
    },
  };
}

/** Ends the process groups that a killed host process has left, and says how many. A number that was given to another is spared. */
export async function endLeftovers(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return 0;
  }
  const left = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [, sign, pid = '', start = ''] = /^([+-])(\d+)(?: (\d*))?$/.exec(line) ?? [];
    if (sign === '+') left.set(Number(pid), start);
    else left.delete(Number(pid));
  }
  let ended = 0;
  for (const [pid, start] of left) {
    if (!(await isGroupOf(pid, start, env))) continue;
    try {
      process.kill(-pid, 'SIGKILL');
      ended += 1;
    } catch {
      // It has ended by itself.
    }
  }
  rmSync(path, { force: true });
  return ended;
}

/** Linux tells when a process was started; elsewhere it must at least still lead a group. */
async function isGroupOf(
  pid: number,
  start: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  if (process.platform === 'linux') {
    const now = startOf(pid);
    // Its leader may have gone before the rest of the group; the number is not given away until the group is empty.
    return now === undefined ? hasGroup(pid) : now === start;
  }
  const { stdout } = await runCommand('/bin/ps', ['-o', 'pgid=', '-p', String(pid)], { env, timeout: 5000 });
  return Number(stdout.trim()) === pid;
}

function hasGroup(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** In clock ticks since the system's start; undefined where the process is gone or the system does not say. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
