import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, runCli } from './run-cli.js';

const configPath = '.devcontainer/devcontainer.json';
const basePath = '.devcontainer/harden-devcontainer-base.json';
const dockerfile = '.devcontainer/Dockerfile';

function edit(folder: string, path: string, from: string | RegExp, to: string): void {
  const before = read(folder, path);
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(join(folder, path), after);
}

function read(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

async function written(...flags: readonly string[]): Promise<string> {
  const folder = folderWith({});
  expect((await runCli(['init', '--yes', '--name', 'x', ...flags], folder)).code).toBe(0);
  return folder;
}

describe('init again', () => {
  it('keeps an extension, a comment and a variable that were added, and renders what changed', async () => {
    const folder = await written('--agent', 'none');
    edit(folder, configPath, '"extensions": []', '"extensions": ["a.mine"]');
    edit(folder, configPath, '"waitFor"', '// a comment of mine\n  "waitFor"');
    edit(folder, configPath, '"BROWSER": "",', '"BROWSER": "",\n    "MINE": "1",');
    expect((await runCli(['init', '--check'], folder)).code).toBe(0);
    const { code, stderr } = await runCli(
      ['init', '--yes', '--stack', 'node', '--agent', 'claude-code'],
      folder,
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining(`edits by hand stay in ${configPath}`)]);
    const config = read(folder, configPath);
    expect(config).toContain('// a comment of mine');
    expect(config).toMatch(/"extensions": \[.*"a\.mine"/);
    expect(config).toContain('"MINE": "1"');
    expect(config).toContain('NPM_CONFIG');
    const again = await runCli(['init', '--yes'], folder);
    expect(again.stderr).toContain('nothing to change');
  });

  it.each([
    ['weakens', configPath, '"no-new-privileges"', '', 'a rendered value was changed'],
    [
      'adds what lint refuses',
      configPath,
      '"waitFor"',
      '"initializeCommand": "./x.sh",\n  "waitFor"',
      'weaker',
    ],
    [
      'takes a line of the image',
      dockerfile,
      /ENTRYPOINT .*\n/,
      '',
      'a rendered line was changed or removed',
    ],
    ['is in a list', '.devcontainer/allowlist', /$/, 'evil.test\n', 'lint cannot judge'],
    ['is no JSON', configPath, '"remoteUser"', '"remoteUser', 'edited'],
  ])('stops at an edit that %s: exit 2, the place, nothing written', async (_, path, from, to, message) => {
    const folder = await written();
    edit(folder, path, from, to);
    const before = read(folder, path);
    const { code, stderr } = await runCli(['init', '--yes', '--allow', 'b.test'], folder);
    expect([code, stderr]).toEqual([2, expect.stringMatching(new RegExp(`${path}:\\d+: .*${message}`))]);
    expect(read(folder, path)).toBe(before);
    expect(read(folder, '.devcontainer/harden-devcontainer.jsonc')).not.toContain('b.test');
    const checked = await runCli(['init', '--check'], folder);
    expect([checked.code, checked.stderr]).toEqual([1, expect.stringContaining(message)]);
    expect((await runCli(['init', '--yes', '--force'], folder)).code).toBe(0);
    expect((await runCli(['init', '--check'], folder)).code).toBe(0);
  });

  it('asks about a conflict on a terminal, shows it, and remembers the answer', async () => {
    const folder = await written();
    edit(folder, configPath, '"name": "x"', '"name": "mine"');
    edit(folder, '.devcontainer/harden-devcontainer.jsonc', '"name": "x"', '"name": "y"');
    const env = { TERM: 'dumb' };
    const { code, stdout } = await runCli(['init'], folder, { isTTY: true, env, stdin: 'n\ny\n' });
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/-.*"mine"[\s\S]*\+.*"y"[\s\S]*line 3: edited here/),
    ]);
    expect(read(folder, configPath)).toContain('"mine"');
    expect((await runCli(['init', '--check'], folder)).code).toBe(0);
  });

  it('takes away what is rendered no longer, unless it was edited', async () => {
    const folder = await written('--shape', 'sidecar');
    expect((await runCli(['init', '--yes', '--shape', 'single'], folder)).code).toBe(0);
    expect(existsSync(join(folder, '.devcontainer/compose.yaml'))).toBe(false);
    expect((await runCli(['init', '--yes', '--shape', 'sidecar'], folder)).code).toBe(0);
    edit(folder, '.devcontainer/compose.yaml', /$/, '# mine\n');
    const { code, stderr } = await runCli(['init', '--yes', '--shape', 'single'], folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining('rendered no longer')]);
  });

  it('leaves a README of somebody else alone, and one that was removed away', async () => {
    const folder = folderWith({ '.devcontainer/README.md': 'mine\n' });
    expect((await runCli(['init', '--yes'], folder)).code).toBe(0);
    expect(read(folder, '.devcontainer/README.md')).toBe('mine\n');
    const other = await written();
    rmSync(join(other, '.devcontainer/README.md'));
    expect((await runCli(['init', '--check'], other)).code).toBe(0);
  });

  it('writes again what was removed', async () => {
    const folder = await written();
    rmSync(join(folder, '.devcontainer/entrypoint.sh'));
    expect((await runCli(['init', '--check'], folder)).stderr).toContain('entrypoint.sh: it is missing');
    expect((await runCli(['init', '--yes'], folder)).code).toBe(0);
    expect(existsSync(join(folder, '.devcontainer/entrypoint.sh'))).toBe(true);
  });

  it.each([
    [undefined, 'there is no'],
    ['{ "version": 9 }', 'is damaged'],
  ])('overwrites no edit without a record it can read: %s', async (record, message) => {
    const folder = await written();
    if (record === undefined) rmSync(join(folder, basePath));
    else writeFileSync(join(folder, basePath), record);
    edit(folder, configPath, '"waitFor"', '// mine\n  "waitFor"');
    const { code, stderr } = await runCli(['init', '--yes'], folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(read(folder, configPath)).toContain('// mine');
  });

  it('refuses to take back what a newer release mended', async () => {
    const folder = await written();
    edit(folder, basePath, /"changes": \d+/, '"changes": 9999');
    const { code, stderr } = await runCli(['init', '--yes'], folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining('newer release')]);
  });

  it('says in --check what a newer template mends', async () => {
    const folder = await written();
    edit(folder, basePath, /"changes": \d+/, '"changes": 0');
    edit(folder, '.devcontainer/harden-devcontainer.jsonc', '"agents": ["claude-code"]', '"agents": []');
    const { code, stderr } = await runCli(['init', '--check'], folder);
    expect([code, stderr]).toEqual([1, expect.stringContaining('what is rendered for it has changed')]);
  });
});
