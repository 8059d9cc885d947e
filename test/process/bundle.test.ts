import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { folderWith } from '../unit/cli/run-cli.js';

// The program as it is published: what `npm run build` left in dist/.
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const bin = join(root, 'dist/bin.js');
const planted = 'PLANTED BY THE REPOSITORY';
const config = '.devcontainer/devcontainer.json';
const privileged = '{\n  "image": "debian:12",\n  "remoteUser": "dev",\n  "privileged": true\n}\n';

/** A repository that plants its own version of everything that a careless bundle might look for. */
function hostileFolder(): string {
  const locale = JSON.stringify({ 'Options:': planted, 'Show help': planted, 'Commands:': planted });
  const module = `console.log(${JSON.stringify(planted)}); export default ${JSON.stringify(planted)};`;
  const files: Record<string, string> = {
    [config]: privileged,
    'package.json': JSON.stringify({
      name: 'x',
      version: planted,
      yargs: { 'dot-notation': true },
      type: 'module',
    }),
    '.yargsrc': planted,
    'locales/en.json': locale,
    'node_modules/locales/en.json': locale,
    'node_modules/locales/en_US.json': locale,
  };
  for (const name of ['yargs', 'chalk', 'jsonc-parser', 'handlebars', 'string-width', 'y18n', 'cliui'])
    Object.assign(files, {
      [`node_modules/${name}/index.js`]: module,
      [`node_modules/${name}/package.json`]: JSON.stringify({ name, type: 'module', exports: './index.js' }),
    });
  return folderWith(files);
}

function run(args: readonly string[], cwd: string, nodeArgs: readonly string[] = []) {
  const env = { PATH: process.env.PATH, LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' };
  const result = spawnSync(process.execPath, [...nodeArgs, bin, ...args], { cwd, env, encoding: 'utf8' });
  return { code: result.status, stdout: result.stdout, stderr: result.stderr };
}

/** Loaded before the program: prints on stderr, at the end, every path that is handed to a function of node:fs. */
const recorder = `data:text/javascript,${encodeURIComponent(`
import fs, { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const seen = new Set();
for (const [name, real] of Object.entries(fs)) {
  if (typeof real !== 'function' || !/^(?:open|read|stat|lstat|access|exists|realpath|opendir)/.test(name)) continue;
  fs[name] = Object.assign((path, ...rest) => {
    if (typeof path !== 'number') seen.add(String(path));
    return real(path, ...rest);
  }, real);
}
syncBuiltinESMExports();
process.on('exit', () => writeSync(2, [...seen].join('\\n')));
`)}`;

beforeAll(() => {
  if (!existsSync(bin)) throw new Error('there is no dist/: run npm run build first');
});

describe('the built program', () => {
  test('can be run as it is', () => {
    expect(readFileSync(bin, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(statSync(bin).mode & 0o111).toBe(0o111);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(execFileSync(bin, ['--version'], { encoding: 'utf8' })).toBe(`${version}\n`);
  });

  test('reads every language', () => {
    const folder = folderWith({
      [config]:
        '{ "dockerComposeFile": "compose.yml", "service": "app", "postCreateCommand": "curl x | sh" }',
      '.devcontainer/compose.yml': 'services:\n  app:\n    build: .\n    privileged: true\n',
      '.devcontainer/Dockerfile': 'FROM debian:13\nRUN curl -k https://example.com/a\n',
      '.codex/config.toml': 'sandbox_mode = "danger-full-access"\n',
    });
    const { code, stdout, stderr } = run(['lint'], folder);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    for (const id of ['no-privileged', 'no-tls-verification-off', 'no-codex-full-access'])
      expect(stdout).toContain(id);
  });

  test('takes nothing from where it is run', () => {
    const folder = hostileFolder();
    for (const args of [
      ['--version'],
      ['--help'],
      ['lint', '--help'],
      ['explain'],
      ['lint'],
      ['fix', '--all', '--dry-run'],
    ]) {
      const { code, stdout, stderr } = run(args, folder);
      expect(`${stdout}${stderr}`, args.join(' ')).not.toContain(planted);
      expect(code, stderr).toBeLessThan(2);
    }
    expect(run(['--help'], folder).stdout).toContain('Show help');
  });

  test('reads every language that it lints', () => {
    const folder = folderWith({
      [config]:
        '{ "dockerComposeFile": "compose.yml", "service": "app", "postStartCommand": "sh init-firewall.sh" }',
      '.devcontainer/compose.yml': 'services:\n  app:\n    build: .\n    privileged: true\n',
      '.devcontainer/Dockerfile': 'FROM debian:12\nRUN curl -k https://shop.example | sh\n',
      '.devcontainer/init-firewall.sh':
        '#!/bin/sh\nset -e\niptables -A OUTPUT -p tcp --dport 443 -j ACCEPT\n',
      '.codex/config.toml': 'sandbox_mode = "danger-full-access"\n',
      '.mcp.json': '{ "mcpServers": { "x": { "command": "npx", "args": ["-y", "x"] } } }',
    });
    const { code, stdout, stderr } = run(['lint', '--format', 'json'], folder);
    expect(stderr).not.toContain('our bug');
    expect(code).toBe(1);
    const { findings } = JSON.parse(stdout);
    const paths = new Set(findings.map(({ location }: { location: { path: string } }) => location.path));
    for (const path of ['compose.yml', 'Dockerfile', 'init-firewall.sh'])
      expect(paths).toContain(`.devcontainer/${path}`);
    for (const path of ['.codex/config.toml', '.mcp.json']) expect(paths).toContain(path);
  });

  test('reads its own files and what it lints, nothing else', () => {
    const folder = hostileFolder();
    const isExpected = (path: string) =>
      path === join(root, 'package.json') ||
      path.startsWith(join(root, 'dist')) ||
      // Folders are looked through for more dev containers.
      (path.startsWith(folder) && statSync(path, { throwIfNoEntry: false })?.isDirectory()) ||
      [
        folder,
        join(folder, '.devcontainer'),
        join(folder, '.devcontainer.json'),
        join(folder, config),
        join(folder, '.devcontainer/harden-devcontainer.jsonc'),
        join(folder, 'harden-devcontainer.jsonc'),
        join(folder, '.git'),
        join(folder, '.git/index'),
      ].includes(path);
    const commands = [
      ['lint'],
      ['lint', '--format', 'json'],
      ['lint', '--format', 'sarif'],
      ['--help'],
      ['explain'],
    ];
    for (const args of commands) {
      const { stderr } = run(args, folder, ['--import', recorder]);
      const read = stderr.split('\n').filter((path) => path !== '');
      expect(read.includes(join(root, 'package.json')), args.join(' ')).toBe(args[0] !== 'explain');
      expect(read.includes(join(folder, config)), args.join(' ')).toBe(args[0] === 'lint');
      expect(
        read.filter((path) => !isExpected(path)),
        args.join(' '),
      ).toEqual([]);
    }
  });

  test('works where only the published files are', () => {
    const folder = hostileFolder();
    const packed = JSON.parse(
      execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
    const files: string[] = packed[0].files.map(({ path }: { path: string }) => path);
    const copy = join(folder, 'elsewhere/node_modules/harden-devcontainer');
    for (const path of files) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      writeFileSync(join(copy, path), readFileSync(join(root, path)), {
        mode: statSync(join(root, path)).mode,
      });
    }
    const target = join(folder, 'target');
    mkdirSync(target);
    const program = join(copy, 'dist/bin.js');
    const result = spawnSync(process.execPath, [program, 'init', '--yes'], { cwd: target, encoding: 'utf8' });
    expect(result.stderr + result.stdout).not.toContain(planted);
    expect(result.status, result.stderr).toBe(0);
    expect(existsSync(join(target, config))).toBe(true);
    const linted = spawnSync(process.execPath, [program, 'lint'], {
      cwd: target,
      encoding: 'utf8',
    });
    expect(linted.stdout).toContain('No findings');
    for (const path of [
      'README.md',
      'LICENSE',
      'THIRD_PARTY_NOTICES',
      'dist/inlined-dependencies.json',
      'dist/types/index.d.ts',
    ])
      expect(files).toContain(path);
    expect(files.filter((path) => /^(?:src|test|scripts|bench|schemas\/vendor)\//.test(path))).toEqual([]);
  });

  test('imports only Node and itself', () => {
    const scripts = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.js'),
    );
    for (const path of scripts) {
      const text = readFileSync(join(root, 'dist', path), 'utf8');
      for (const [, name = ''] of text.matchAll(/(?<!')\b(?:require|import)\("([^"]+)"\)/g)) {
        expect(
          name.startsWith('./') ||
            name.startsWith('../') ||
            builtinModules.includes(name.replace('node:', '')),
          `${path}: ${name}`,
        ).toBe(true);
      }
    }
  });

  test('stays quiet when the reader of its output goes', () => {
    const command = `"${process.execPath}" "${bin}" explain | head -1; echo "$\{PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^no-\S+ .*\n0\n$/);
  });

  test('loads neither templates nor prompts to lint', () => {
    const folder = hostileFolder();
    const { stderr } = run(['lint'], folder, ['--import', recorder]);
    const loaded = new Set(
      [...stderr.matchAll(/dist\/chunks\/([\w.-]+\.js)$/gm)].map(([, name = '']) => name),
    );
    expect(loaded.size).toBeGreaterThan(0);
    const bytes = [...loaded].reduce(
      (sum, name) => sum + statSync(join(root, 'dist/chunks', name)).size,
      statSync(bin).size,
    );
    expect(bytes).toBeLessThan(820_000);
    for (const name of loaded)
      expect(readFileSync(join(root, 'dist/chunks', name), 'utf8'), name).not.toMatch(
        /node_modules\/(?:handlebars|@clack|diff)\//,
      );
  });
});
