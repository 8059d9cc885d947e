import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderOf, program } from './program.js';

const clean = '{ "image": "debian:12", "remoteUser": "dev" }\n';

test('a folder that cannot be listed is a finding, and the rest is linted', async () => {
  const folder = folderOf({ 'a/x/.devcontainer.json': clean, 'b/.devcontainer.json': clean });
  chmodSync(join(folder, 'a/x'), 0);
  // root may read everything
  const env = { ...process.env, HOME: folder };
  chmodSync(folder, 0o755);
  const { status, stdout } = spawnSync(process.execPath, [program, 'lint', '--format', 'json'], {
    cwd: folder,
    env,
    encoding: 'utf8',
    ...(process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}),
  });
  chmodSync(join(folder, 'a/x'), 0o755);
  const { files, complete, findings } = JSON.parse(stdout);
  expect({ status, files, complete }).toEqual({
    status: 2,
    files: ['b/.devcontainer.json'],
    complete: false,
  });
  expect(findings).toMatchObject([
    {
      ruleId: 'no-unreadable-file',
      message: 'the folder cannot be read: permission denied',
      location: { path: 'a/x' },
    },
  ]);
});
