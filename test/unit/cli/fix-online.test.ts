import { readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { type FixCommandOptions, runFix } from '../../../src/cli/commands/fix.js';
import { json, status, useRegistries } from '../registry/registry-server.js';
import { folderWith, runCli } from './run-cli.js';

const hub = 'registry-1.docker.io';
const hosts = [
  hub,
  'ghcr.io',
  'registry.npmjs.org',
  'pypi.org',
  'marketplace.visualstudio.com',
  'npm.corp.test',
];
const registries = useRegistries(hosts);

const digest = `sha256:${'0a'.repeat(32)}`;
const old = '2025-01-01T00:00:00Z';
const npm = (name: string, version: string, time = old) =>
  registries().routes.set(
    `registry.npmjs.org/${name}`,
    json({ 'dist-tags': { latest: version }, versions: { [version]: {} }, time: { [version]: time } }),
  );

/** Runs `fix --online`, with every host of the internet on this machine. */
async function fixOnline(folder: string, more: Partial<FixCommandOptions> = {}) {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof texts) =>
    new PassThrough().setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  const io = {
    argv: [],
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    stdin: new PassThrough(),
    cwd: folder,
    env: {},
  };
  const options: FixCommandOptions = {
    paths: [],
    dryRun: false,
    safe: false,
    all: true,
    rules: [],
    persona: 'default',
    online: true,
    minAge: undefined,
    color: 'never',
    ...more,
  };
  const code = await runFix(options, io, undefined, registries().wires);
  return { code, ...texts };
}

const config = '.devcontainer/devcontainer.json';
const read = (folder: string, path: string) => readFileSync(join(folder, path), 'utf8');

test('fix --online names what registries say, and says whom it asked', async () => {
  registries().routes.set(
    `${hub}/v2/library/node/manifests/latest`,
    status(200, { 'docker-content-digest': digest }),
  );
  npm('@playwright%2fmcp', '0.0.41');
  registries().routes.set(
    'pypi.org/simple/mcp-server-time/',
    json({ files: [{ filename: 'mcp_server_time-2025.9.25.tar.gz', 'upload-time': old }] }),
  );
  const folder = folderWith({
    [config]: '\uFEFF{\r\n\t// kept\r\n\t"image": "node", // too\r\n\t"remoteUser": "node",\r\n}\r\n',
    '.mcp.json':
      '{ "mcpServers": { "b": { "command": "npx", "args": ["-y", "@playwright/mcp@latest"] } } }\n',
    '.codex/config.toml': "[mcp_servers.t]\ncommand = 'uvx'\nargs = ['mcp-server-time'] # time\n",
  });
  const { code, stdout, stderr } = await fixOnline(folder);
  expect([code, stderr]).toEqual([0, `asked pypi.org (1), ${hub} (1), registry.npmjs.org (1)\n`]);
  expect(stdout).toContain('3 findings fixed, 0 left.');
  expect(read(folder, config)).toBe(
    `\uFEFF{\r\n\t// kept\r\n\t"image": "node:latest@${digest}", // too\r\n\t"remoteUser": "node",\r\n}\r\n`,
  );
  expect(read(folder, '.mcp.json')).toContain('"@playwright/mcp@0.0.41"');
  expect(read(folder, '.codex/config.toml')).toBe(
    "[mcp_servers.t]\ncommand = 'uvx'\nargs = ['mcp-server-time==2025.9.25'] # time\n",
  );

  registries().requests.length = 0;
  expect(await fixOnline(folder)).toEqual({
    code: 0,
    stdout: 'No findings: nothing to fix.\n',
    stderr: 'asked no registry: nothing was left to ask\n',
  });
  expect(registries().requests).toEqual([]);
});

test('what one registry does not say keeps nothing else from being mended, and ends with 2', async () => {
  npm('known', '1.0.0');
  registries().routes.set('registry.npmjs.org/limited', status(429));
  const folder = folderWith({
    [config]: '{\n  "image": "ghcr.io/o/gone",\n  "remoteUser": "dev",\n  "privileged": true\n}\n',
    '.mcp.json':
      '{ "mcpServers": {\n  "a": { "command": "npx", "args": ["known"] },\n  "b": { "command": "npx", "args": ["limited"] }\n} }\n',
  });
  const { code, stdout, stderr } = await fixOnline(folder);
  expect(code).toBe(2);
  expect(read(folder, config)).not.toContain('privileged');
  expect(read(folder, '.mcp.json')).toContain('["known@1.0.0"]');
  expect(read(folder, '.mcp.json')).toContain('["limited"]');
  expect(stdout).toContain('2 findings fixed, 2 left (2 without a fix).');
  expect(stderr).toContain(
    `not pinned: ${config}:2:12 ghcr.io/o/gone: ghcr.io does not have ghcr.io/o/gone:latest (status 404)`,
  );
  expect(stderr).toContain('limited: registry.npmjs.org takes no more questions for now (status 429)');
  expect(stderr).not.toContain('our bug');
});

test('a lock file is written with all that its Features bring along, as the reference implementation writes it', async () => {
  const manifests = (name: string, version: string, dependsOn = {}) => {
    const annotations = { 'dev.containers.metadata': JSON.stringify({ dependsOn }) };
    registries().routes.set(`ghcr.io/v2/o/f/${name}/tags/list`, json({ tags: [version] }));
    registries().routes.set(`ghcr.io/v2/o/f/${name}/manifests/${version}`, json({ annotations }));
  };
  manifests('a', '1.2.3', { 'ghcr.io/o/f/b:2': {} });
  manifests('b', '2.0.1', { 'ghcr.io/o/f/c': {} });
  manifests('c', '3.0.0');
  const folder = folderWith({
    [config]:
      '{\n  "image": "debian:13",\n  "remoteUser": "dev",\n  "features": { "ghcr.io/o/f/a": {} }\n}\n',
  });
  const { code, stderr } = await fixOnline(folder, {
    persona: 'pedantic',
    rules: ['pin-feature-lockfile', 'pin-feature-version'],
  });
  expect([code, stderr]).toEqual([0, 'asked ghcr.io (6)\n']);
  expect(read(folder, config)).toContain('"ghcr.io/o/f/a": {}');
  const lock = JSON.parse(read(folder, '.devcontainer/devcontainer-lock.json'));
  expect(Object.keys(lock.features)).toEqual(['ghcr.io/o/f/a', 'ghcr.io/o/f/b:2', 'ghcr.io/o/f/c']);
  expect(lock.features['ghcr.io/o/f/a']).toEqual({
    version: '1.2.3',
    resolved: expect.stringMatching(/^ghcr\.io\/o\/f\/a@sha256:[0-9a-f]{64}$/),
    integrity: lock.features['ghcr.io/o/f/a'].resolved.split('@')[1],
    dependsOn: ['ghcr.io/o/f/b:2'],
  });
});

describe('the repository’s own npm settings', () => {
  const files = (npmrc: string) =>
    folderWith({
      '.npmrc': npmrc,
      [config]: '{ "image": "debian:13", "remoteUser": "dev" }\n',
      '.mcp.json': '{ "mcpServers": { "a": { "command": "npx", "args": ["@corp/a"] } } }\n',
    });

  test('say where a package is asked for', async () => {
    registries().routes.set(
      'npm.corp.test/npm/@corp%2fa',
      json({ 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': {} }, time: { '1.0.0': old } }),
    );
    const folder = files('@corp:registry=https://npm.corp.test/npm/\n//npm.corp.test/:_authToken=s3cret\n');
    expect((await fixOnline(folder)).code).toBe(0);
    expect(read(folder, '.mcp.json')).toContain('@corp/a@1.0.0');
    expect(registries().requests).toEqual(['GET npm.corp.test/npm/@corp%2fa']);
  });

  test.each(['registry=http://npm.corp.test/', '@corp:registry=${REGISTRY}', 'registry=nonsense'])(
    'that cannot be followed leave no other registry to ask: %s',
    async (npmrc) => {
      expect((await fixOnline(files(npmrc))).stderr).toBe('asked no registry: nothing was left to ask\n');
      expect(registries().requests).toEqual([]);
    },
  );
});

test('--min-age takes younger releases, too', async () => {
  npm('young', '1.0.0', new Date().toISOString());
  const files = { '.mcp.json': '{ "mcpServers": { "a": { "command": "npx", "args": ["young"] } } }\n' };
  const folder = folderWith(files);
  expect((await fixOnline(folder)).stderr).toContain(
    'the npm package young has only releases that are younger than --min-age',
  );
  expect((await fixOnline(folder, { minAge: '0' })).code).toBe(0);
  expect(read(folder, '.mcp.json')).toContain('young@1.0.0');
});

test('answers do not reach the terminal as they are', async () => {
  registries().routes.set('ghcr.io/v2/o/r/manifests/latest', status(302, { location: 'https://evil.test/' }));
  const { stderr } = await fixOnline(
    folderWith({ [config]: '{ "image": "ghcr.io/o/r", "remoteUser": "dev" }\n' }),
  );
  expect(stderr).toMatch(/not pinned: .*evil\.test cannot be asked/);
});

describe('without --online', () => {
  test('no connection is opened and no name is looked up, whatever there is to pin', async () => {
    const opened = vi.spyOn(net.Socket.prototype, 'connect');
    const looked = vi.spyOn((await import('node:dns')).promises, 'lookup');
    const folder = folderWith({
      [config]:
        '{ "image": "node", "features": { "ghcr.io/o/f/a": {} }, "extensions": ["a.b"], "postCreateCommand": "npm i -g x && pipx install y" }\n',
      '.mcp.json': '{ "mcpServers": { "a": { "command": "npx", "args": ["x"] } } }\n',
    });
    for (const args of [['lint'], ['fix', '--all', '--dry-run'], ['fix', '--safe'], ['fix', '--all']]) {
      await runCli([...args, '--persona', 'pedantic'], folder);
    }
    const { stdout } = await runCli(['fix', '--all'], folder);
    expect(stdout).toMatch(/of these (?:is|are) about versions that registries know: --online asks them\./);
    expect(opened).not.toHaveBeenCalled();
    expect(looked).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  test('nothing is left that --safe could take', async () => {
    const { code, stderr } = await runCli(['fix', '--safe', '--online'], folderWith({}));
    expect([code, stderr]).toEqual([2, expect.stringContaining('naming one is never safe')]);
  });

  test('--min-age has nothing to say', async () => {
    const { code, stderr } = await runCli(['fix', '--all', '--min-age', '3'], folderWith({}));
    expect([code, stderr]).toEqual([2, 'error: --min-age says which releases --online takes: give both\n']);
  });

  test('and with it, --min-age is a number of days', async () => {
    const folder = folderWith({ [config]: '{ "image": "node" }\n' });
    const { code, stderr } = await runCli(['fix', '--all', '--online', '--min-age', 'x'], folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining("--min-age wants a number of days, not 'x'")]);
  });
});
