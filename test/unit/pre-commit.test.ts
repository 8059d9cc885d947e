import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { folderWith, runCli } from './cli/run-cli.js';

const hook = readFileSync(new URL('../../.pre-commit-hooks.yaml', import.meta.url), 'utf8');
const read = (key: string) => new RegExp(`^  ${key}: (.*)$`, 'm').exec(hook)?.[1] ?? '';

test('the hook for pre-commit lints what it is handed, whatever its name', async () => {
  const [program, ...argv] = read('entry').split(' ');
  expect(program).toBe('harden-devcontainer');
  const folder = folderWith({ '--help': '{ "privileged": true, "remoteUser": "dev" }' });
  const { code, stdout } = await runCli([...argv, '--help'], folder);
  expect(code).toBe(1);
  expect(stdout).toContain(' --> --help:1:17');
});

test.each([
  ['.devcontainer/devcontainer.json', true],
  ['.devcontainer.json', true],
  ['a/b/.devcontainer/c/devcontainer.json', true],
  ['devcontainer.json', false],
  ['.devcontainer/Dockerfile', false],
  ['x.devcontainer.json', false],
])('is handed %s: %s', (path, isTaken) => {
  expect(new RegExp(read('files')).test(path)).toBe(isTaken);
});
