// How long a container takes until it is ready, by the length of its allowlist, and what its helpers hold in memory.
// Needs root and a container engine; prints medians of five starts each, and ratios to ten names.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseImages, ensureImage } from '../test/container/base-images.js';
import { docker, harden, missingEngine } from '../test/container/engine.js';

const starts = 5;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

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

/**
 * Milliseconds from the first instruction of PID 1 to the ready mark, and KiB of memory of all helpers. What the engine
 * does before that (namespaces, mounts) is the same for every container, and not counted.
 */
function start(image: string, list: string): { ready: number; memory: number } {
  const capabilities = ['NET_ADMIN', 'NET_RAW', 'NET_BIND_SERVICE', 'SETUID', 'SETGID', 'SETPCAP', 'KILL'];
  const id = docker(
    'run',
    '--detach',
    '--cap-drop=ALL',
    ...capabilities.map((name) => `--cap-add=${name}`),
    '--security-opt=no-new-privileges',
    `--volume=${list}:/etc/harden-devcontainer/allowlist:ro`,
    '--entrypoint=/bin/bash',
    image,
    '-c',
    ': >/run/begun; exec /usr/local/sbin/harden-entrypoint',
  );
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

const missing = missingEngine();
if (missing === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'harden-bench-'));
  try {
    const image = buildImage(folder);
    let base = Number.NaN;
    for (const names of [10, 100, 1000, 10_000]) {
      const list = join(folder, `allowlist-${names}`);
      writeFileSync(
        list,
        Array.from({ length: names }, (_, index) => `host${index}.site${index % 97}.example\n`).join(''),
      );
      const results = Array.from({ length: starts }, () => start(image, list));
      const ready = median(results.map((result) => result.ready));
      if (names === 10) base = ready;
      const memory = median(results.map((result) => result.memory)) / 1024;
      console.log(
        `${String(names).padStart(6)} names: ready after ${ready.toFixed(0)} ms (${(ready / base).toFixed(2)} x), helpers hold ${memory.toFixed(1)} MiB`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else {
  console.error(`nothing measured: ${missing}`);
  process.exitCode = 2;
}
