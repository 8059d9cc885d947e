import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { kindPlaces } from '../../src/documents/kinds.js';
import { folderWith, runCli } from './cli/run-cli.js';

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly files: string;
  readonly pass_filenames?: boolean;
}

const hooks: readonly Hook[] = parse(
  readFileSync(new URL('../../.pre-commit-hooks.yaml', import.meta.url), 'utf8'),
);
const [onFiles, onRepository] = hooks as [Hook, Hook];

/** Python's verbose form, as this language knows it. */
const pattern = ({ files }: Hook) => new RegExp(files.replace(/^\(\?x\)/, '').replace(/\s+/g, ''));

const argvOf = ({ entry }: Hook) => {
  const [program, ...argv] = entry.split(' ');
  expect(program).toBe('harden-devcontainer');
  return argv;
};

/** Paths in the places of the table, with `a` for every `*`. */
const places = kindPlaces.map(({ kind, segments }) => ({
  kind,
  path: segments.map((segment) => segment.replaceAll('*', 'a')).join('/'),
}));

describe('the hook on files', () => {
  test('lints what it is handed, whatever its name', async () => {
    const folder = folderWith({
      '--help': '{ "privileged": true, "remoteUser": "dev", "image": "debian:12" }',
    });
    const { code, stdout } = await runCli([...argvOf(onFiles), '--help'], folder);
    expect(code).toBe(1);
    expect(stdout).toContain(' --> --help:1:17');
  });

  test.each([
    ['.devcontainer/devcontainer.json', true],
    ['.devcontainer.json', true],
    ['a/b/.devcontainer/c/devcontainer.json', true],
    ['.devcontainer/Dockerfile', true],
    ['.devcontainer/db/Dockerfile.dev', true],
    ['devcontainer.json', false],
    ['Dockerfile', false],
    ['x.devcontainer.json', false],
    ['settings.json', false],
    ['.vscode/extensions.json', false],
    ['not.mcp.json', false],
  ])('is handed %s: %s', (path, isTaken) => {
    expect(pattern(onFiles).test(path)).toBe(isTaken);
  });

  test('is handed every file that agents and editors load and lint judges alone', () => {
    const left = places.filter(
      ({ kind, path }) =>
        /\.(?:jsonc?|toml|ya?ml|code-workspace)$/.test(path) &&
        kind !== 'policy' &&
        kind !== 'compose' &&
        !pattern(onFiles).test(path),
    );
    expect(left).toEqual([{ kind: 'devcontainer', path: 'devcontainer.json' }]);
  });
});

describe('the hook on the repository', () => {
  test('lints all of it', async () => {
    expect(onRepository.pass_filenames).toBe(false);
    const folder = folderWith({
      '.devcontainer/devcontainer.json': '{ "image": "debian:12", "remoteUser": "dev" }',
      'a/.mcp.json': '{ "mcpServers": { "a": { "command": "npx", "args": ["-y", "b"] } } }',
    });
    const { code, stdout } = await runCli(argvOf(onRepository), folder);
    expect(code).toBe(1);
    expect(stdout).toContain('a/.mcp.json');
  });

  test('runs when anything that lint reads has changed', () => {
    const other = ['agent-definition', 'ignore-file', 'firewall-script'];
    const left = places.filter(
      ({ kind, path }) => !other.includes(kind) && !pattern(onRepository).test(path),
    );
    expect(left).toEqual([{ kind: 'devcontainer', path: 'devcontainer.json' }]);
    expect(pattern(onRepository).test('.devcontainer/post-create.sh')).toBe(true);
    expect(pattern(onRepository).test('src/main.ts')).toBe(false);
  });
});
