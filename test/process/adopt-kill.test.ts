import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { folderOf, program, textsIn } from './program.js';

const kills = 25;
const before = {
  '.devcontainer.json': '{ "image": "debian:bookworm", "postCreateCommand": "make", "privileged": true }\n',
  '.devcontainer/Dockerfile': 'FROM debian\n',
};
const flags = ['init', '--yes', '--adopt', '--agent', 'none', '--name', 'x'];

test(`init --adopt, killed at ${kills} random moments, leaves each file old or new`, async () => {
  const whole = folderOf(before);
  const start = performance.now();
  expect(spawnSync('node', [program, ...flags], { cwd: whole }).status).toBe(0);
  const duration = performance.now() - start;
  const after = textsIn(whole);
  expect(after['.devcontainer.json']).toBeUndefined();
  for (let round = 0; round < kills; round++) {
    const folder = folderOf(before);
    const child = spawn('node', [program, ...flags], { cwd: folder, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('close', resolve));
    // Writing is the last tenth of a run.
    await sleep(duration * (0.85 + Math.random() * 0.2));
    child.kill('SIGKILL');
    await ended;
    const now = textsIn(folder);
    for (const [path, text] of Object.entries(now)) {
      if (/\/\.harden-devcontainer-[0-9a-f]{16}\.tmp$/.test(path)) continue;
      expect([before[path as keyof typeof before], after[path]], path).toContain(text);
    }
    // What was the user's is there in its old place or in the one that it was moved to.
    const config = now['.devcontainer.json'] ?? now['.devcontainer/before-adoption/devcontainer.jsonc'];
    expect(config).toBe(before['.devcontainer.json']);
    rmSync(folder, { recursive: true });
  }
  rmSync(whole, { recursive: true });
});
