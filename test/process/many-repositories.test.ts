import { spawnSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderOf, program } from './program.js';

const count = 2000;
const config = '.devcontainer/devcontainer.json';
const clean = '{ "image": "debian:12", "remoteUser": "dev" }\n';
const privileged = '{ "image": "debian:12", "remoteUser": "dev", "privileged": true }\n';

test(`${count} repositories below one folder: each is linted once, ignored and vendored trees and loops are passed over`, () => {
  const files: Record<string, string> = {};
  const expected: string[] = [];
  const flagged: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const root = `team-${index % 20}/repository-${index}`;
    const isFlagged = index % 10 === 0;
    files[`${root}/${config}`] = isFlagged ? privileged : clean;
    expected.push(`${root}/${config}`);
    if (isFlagged) flagged.push(`${root}/${config}`);
    files[`${root}/.git/HEAD`] = 'ref: refs/heads/main\n';
    if (index % 4 === 0) {
      files[`${root}/.gitignore`] = 'build/\n';
      files[`${root}/build/${config}`] = privileged;
    }
    if (index % 4 === 1) files[`${root}/node_modules/x/${config}`] = privileged;
    if (index % 4 === 2) files[`${root}/src/deep/er/main.c`] = 'int main;\n';
  }
  const folder = folderOf(files);
  for (let index = 0; index < count; index += 50) {
    const root = join(folder, `team-${index % 20}/repository-${index}`);
    symlinkSync('..', join(root, 'up'));
    symlinkSync(folder, join(root, 'all'));
    symlinkSync('loop', join(root, 'loop'));
  }
  const { status, signal, stderr, stdout } = spawnSync(
    process.execPath,
    ['--max-old-space-size=250', program, 'lint', '--format', 'json'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 1e9 },
  );
  rmSync(folder, { recursive: true });
  expect({ status, signal, stderr }).toMatchObject({ status: 1, signal: null });
  const report = JSON.parse(stdout);
  expect([...report.files].sort()).toEqual(expected.sort());
  expect(report.complete).toBe(true);
  const places = report.findings.map(
    ({ ruleId, location }: { ruleId: string; location: { path: string } }) => `${ruleId} ${location.path}`,
  );
  expect(places.sort()).toEqual(flagged.map((path) => `no-privileged ${path}`).sort());
});
