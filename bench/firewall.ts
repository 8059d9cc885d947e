// What the firewall costs: time until it is ready and memory of its helpers by the length of the allowlist, time of a new
// connection and speed of a download against the same image without it. Medians, and ratios within this run.
// Needs root and a container engine.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseImages, ensureImage } from '../test/container/base-images.js';
import { docker, harden, missingEngine } from '../test/container/engine.js';
import { median } from './median.js';
import { measureTraffic } from './traffic.js';

const starts = 5;

function buildImage(folder: string): string {
  const { code, stderr } = harden('init', folder, '--yes', '--stack', 'none', '--agent', 'none');
  if (code !== 0) throw new Error(stderr);
  for (const image of baseImages(readFileSync(join(folder, '.devcontainer', 'Dockerfile'), 'utf8')))
    ensureImage(image);
  return docker('build', '--quiet', join(folder, '.devcontainer'));
}

/** KiB that a process holds, pages shared with others counted in part. */
function proportionalMemory(pid: string): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid.trim()}/smaps_rollup`, 'utf8'))?.[1]);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Runs the image with its firewall, as init writes it, and this allowlist; gives the container's id. */
function startGuarded(image: string, list: string, ...flags: string[]): string {
  const capabilities = ['NET_ADMIN', 'NET_RAW', 'NET_BIND_SERVICE', 'SETUID', 'SETGID', 'SETPCAP', 'KILL'];
  return docker(
    'run',
    '--detach',
    '--cap-drop=ALL',
    ...capabilities.map((name) => `--cap-add=${name}`),
    '--security-opt=no-new-privileges',
    `--volume=${list}:/etc/harden-devcontainer/allowlist:ro`,
    '--entrypoint=/bin/bash',
    ...flags,
    image,
    '-c',
    ': >/run/begun; exec /usr/local/sbin/harden-entrypoint',
  );
}

function startOpen(image: string, ...flags: string[]): string {
  return docker('run', '--detach', '--cap-drop=ALL', '--entrypoint=sleep', ...flags, image, 'infinity');
}

/**
 * Milliseconds from the first instruction of PID 1 to the ready mark, and KiB of memory of all helpers. What the engine
 * does before that (namespaces, mounts) is the same for every container, and not counted.
 */
function measureStart(image: string, list: string): { ready: number; memory: number } {
  const id = startGuarded(image, list);
  try {
    const pid = docker('inspect', '--format', '{{.State.Pid}}', id);
    const run = `/proc/${pid}/root/run`;
    const mark = `${run}/harden-devcontainer/ready`;
    for (let tries = 0; !existsSync(mark); tries += 1) {
      if (tries > 600) throw new Error(`the container did not become ready: ${docker('logs', id)}`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
    const pids = docker('top', id, '-o', 'pid').split('\n').slice(1);
    return {
      ready: statSync(mark).mtimeMs - statSync(`${run}/begun`).mtimeMs,
      memory: sum(pids.map(proportionalMemory)),
    };
  } finally {
    docker('rm', '--force', id);
  }
}

/** Prints one line for each length of the list; the ratio is to 1 000 names. */
function benchStarts(image: string, folder: string): void {
  const counts = [10, 100, 1000, 10_000];
  const rows = counts.map((names) => {
    const list = join(folder, `allowlist-${names}`);
    const line = (index: number): string => `host${index}.site${index % 97}.example\n`;
    writeFileSync(list, Array.from({ length: names }, (_, index) => line(index)).join(''));
    const results = Array.from({ length: starts }, () => measureStart(image, list));
    const ready = median(results.map((result) => result.ready));
    return { names, ready, memory: median(results.map((result) => result.memory)) / 1024 };
  });
  const base = rows.find(({ names }) => names === 1000)?.ready ?? Number.NaN;
  for (const { names, ready, memory } of rows) {
    const ratio = (ready / base).toFixed(2);
    console.log(
      `${String(names).padStart(6)} names: ready after ${ready.toFixed(0)} ms (${ratio} x), helpers hold ${memory.toFixed(1)} MiB`,
    );
  }
}

async function benchTraffic(image: string, folder: string): Promise<void> {
  const list = join(folder, 'allowlist-far');
  writeFileSync(list, 'far.example\n');
  const { guarded, open } = await measureTraffic(
    (...flags) => startGuarded(image, list, ...flags),
    (...flags) => startOpen(image, ...flags),
  );
  const speed = (bytes: number): string => `${((bytes * 8) / 1e9).toFixed(2)} Gbit/s`;
  const ratio = (a: number, b: number): string => (a / b).toFixed(3);
  console.log(
    `new TLS connection: ${guarded.connect.toFixed(2)} ms, ${open.connect.toFixed(2)} ms without: ${(guarded.connect - open.connect).toFixed(2)} ms more`,
  );
  for (const [name, key] of [
    ['1 Gbit/s link', 'shaped'],
    ['unshaped link', 'unshaped'],
  ] as const)
    console.log(
      `download, ${name}: ${speed(guarded[key])}, ${speed(open[key])} without: ${ratio(guarded[key], open[key])} x`,
    );
}

const missing = missingEngine();
if (missing === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'harden-bench-'));
  try {
    const image = buildImage(folder);
    benchStarts(image, folder);
    await benchTraffic(image, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else {
  console.error(`nothing measured: ${missing}`);
  process.exitCode = 2;
}
