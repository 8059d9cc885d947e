import { spawn, spawnSync } from 'node:child_process';
import { rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { folderOf, program, textsIn, writeAll } from './program.js';

/** Enough files that writing them takes a good part of a run. */
const count = 60;
const kills = 200;
const text = '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "privileged": true\n}\n';
const before = Object.fromEntries(
  Array.from({ length: count }, (_, index) => [`r${index}/.devcontainer/devcontainer.json`, text]),
);

/** A run of `fix --all`; `writing` ends when its first file appears. */
function startFix(folder: string) {
  const watcher = watch(join(folder, 'r0/.devcontainer'));
  const writing = new Promise<void>((resolve) => watcher.once('change', () => resolve()));
  const child = spawn('node', [program, 'fix', '--all'], { cwd: folder, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve)).finally(() =>
    watcher.close(),
  );
  return { child, writing, ended };
}

test(`fix, killed at ${kills} random moments, leaves each file as it was or as it becomes`, async () => {
  const folder = folderOf(before);
  const start = performance.now();
  const first = startFix(folder);
  await first.writing;
  const untilWriting = performance.now() - start;
  expect(await first.ended).toBe(0);
  const whole = performance.now() - start;
  const after = textsIn(folder);
  expect(new Set(Object.keys(after))).toEqual(new Set(Object.keys(before)));
  const outcomes = { untouched: 0, partly: 0, done: 0 };
  for (let round = 0; round < kills; round++) {
    writeAll(folder, before);
    const { child, writing, ended } = startFix(folder);
    // Every other one while files are written, which is a short part of a run.
    if (round % 2 === 0) await Promise.race([writing, ended]);
    await sleep(Math.random() * (round % 2 === 0 ? whole - untilWriting : whole));
    child.kill('SIGKILL');
    await ended;
    const now = textsIn(folder);
    const written = Object.keys(before).filter((path) => now[path] === after[path]);
    const kept = Object.keys(before).filter((path) => now[path] === before[path]);
    expect(written.length + kept.length).toBe(count);
    outcomes[written.length === 0 ? 'untouched' : kept.length === 0 ? 'done' : 'partly'] += 1;
    // What a killed run was about to put in a file's place stays beside it under a name of its own.
    const strangers = Object.keys(now).filter((path) => !(path in before));
    for (const path of strangers) {
      expect(path).toMatch(/\/\.harden-devcontainer-[0-9a-f]{16}\.tmp$/);
      rmSync(`${folder}/${path}`);
    }
  }
  console.log(outcomes);
  expect(outcomes.partly).toBeGreaterThan(0);
  writeAll(folder, before);
  expect(spawnSync('node', [program, 'fix', '--all'], { cwd: folder }).status).toBe(0);
  expect(textsIn(folder)).toEqual(after);
  rmSync(folder, { recursive: true });
});
