import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, runCli } from './run-cli.js';

const clean = '{ "image": "debian:12", "remoteUser": "dev" }\n';
const privileged = '{ "image": "debian:12", "remoteUser": "dev", "privileged": true }\n';

/** A report of what lies below a folder. */
async function lintTree(cwd: string, ...argv: string[]) {
  const { code, stdout, stderr } = await runCli(['lint', '--format', 'json', ...argv], cwd);
  const report = stdout === '' ? undefined : JSON.parse(stdout);
  const findings = (report?.findings ?? []) as Record<string, unknown>[];
  return {
    code,
    stderr,
    files: report?.files as string[],
    skipped: report?.skipped,
    findings,
    scopes: findings.map(
      ({ location, scope, counts }) =>
        `${(location as { path: string }).path} ${scope}${counts ? '' : ' (does not count)'}`,
    ),
  };
}

const fill = (paths: readonly string[], text: string) =>
  Object.fromEntries(paths.map((path) => [path, text]));

describe('a folder with repositories', () => {
  test('has every configuration linted, in the order of names', async () => {
    const places = [
      'A/.devcontainer/devcontainer.json',
      'A/.devcontainer/db/devcontainer.json',
      'A/.devcontainer.json',
      'a/deep/er/.devcontainer.json',
      'b/.devcontainer/devcontainer.json',
      'b/packages/x/.devcontainer/devcontainer.json',
      'c/.hidden/.devcontainer.json',
    ];
    const { code, files } = await lintTree(folderWith(fill(places, clean)));
    expect({ code, files }).toEqual({ code: 0, files: places });
  });

  test('has what agents load linted where there is no dev container', async () => {
    const folder = folderWith({
      'a/.claude/settings.json': '{ "permissions": { "defaultMode": "bypassPermissions" } }',
      'b/.vscode/tasks.json': '{}',
      'b/.gitignore': '*.log',
      'c/README.md': '',
    });
    const { files, findings } = await lintTree(folder);
    expect(files).toEqual(['a/.claude/settings.json', 'b/.vscode/tasks.json']);
    expect(findings.map(({ ruleId }) => ruleId)).toContain('no-permission-bypass-default');
  });

  test('has a devcontainer.json linted that lies there to be copied, where no other is', async () => {
    const folder = folderWith({
      ...fill(
        ['a/devcontainer.json', 'a/docs/devcontainer.json', 'b/devcontainer.json', 'b/.devcontainer.json'],
        privileged,
      ),
      'schemas/devcontainer.json': '{ "properties": { "image": { "type": "string" } } }',
      'notes/devcontainer.json': 'image: none',
    });
    const expected = ['a/devcontainer.json template', 'b/.devcontainer.json nested'];
    const { files, scopes } = await lintTree(folder);
    expect(files).toEqual(['a/devcontainer.json', 'a/docs/devcontainer.json', 'b/.devcontainer.json']);
    expect(scopes.filter((scope) => !scope.includes('not count'))).toEqual(expected);
    expect((await lintTree(folder, 'a')).scopes[0]).toBe(expected[0]);
  });

  test.each([
    ['.mcp.json', '{ "mcpServers": { "a": { "command": "npx", "args": ["-y", "b"] } } }'],
    ['.codex/config.toml', 'approval_policy = "never"\nsandbox_mode = "danger-full-access"\n'],
    ['.cursor/mcp.json', '{ "mcpServers": { "a": { "command": "npx", "args": ["-y", "b"] } } }'],
    ['.gemini/settings.json', '{ "general": { "defaultApprovalMode": "yolo" } }'],
    ['.vscode/settings.json', '{ "chat.tools.global.autoApprove": true }'],
    ['.vscode/mcp.json', '{ "servers": { "a": { "command": "npx", "args": ["-y", "b"] } } }'],
    ['opencode.json', '{ "permission": "allow" }'],
    ['.aider.conf.yml', 'yes-always: true\n'],
    ['app.code-workspace', '{ "settings": { "chat.tools.global.autoApprove": true } }'],
  ])('has a lone %s linted, and mended', async (path, text) => {
    const folder = folderWith({ [path]: text });
    const { code, files, findings } = await lintTree(folder);
    expect({ code, files }).toEqual({ code: 1, files: [path] });
    expect(findings).toMatchObject([{ location: { path } }]);
    expect((await runCli(['lint', path], folder)).code).toBe(1);
    expect([0, 1]).toContain((await runCli(['fix', '--all'], folder)).code);
  });

  test.each(['.gitignore', '.claude/agents/a.md'])('refuses a %s that is named alone', async (path) => {
    const folder = folderWith({ [path]: 'x\n' });
    const error = `error: ${path} is not linted for itself; name the repository that it lies in\n`;
    expect(await runCli(['lint', path], folder)).toMatchObject({ code: 2, stderr: error });
    const argv = ['lint', '--stdin', '--stdin-filename', path];
    expect(await runCli(argv, folder, { stdin: 'x' })).toMatchObject({ code: 2, stderr: error });
  });

  test('says what each place is, and counts no examples', async () => {
    const folder = folderWith({
      ...fill(
        [
          '.devcontainer.json',
          'docs/a/.devcontainer.json',
          'demo/.git/HEAD',
          'demo/.devcontainer.json',
          'demo/tests/.devcontainer.json',
          'packages/a/.devcontainer.json',
          'templates/a/.devcontainer.json',
        ],
        privileged,
      ),
      'templates/a/devcontainer-template.json': '{}',
    });
    const { code, scopes } = await lintTree(folder);
    expect(code).toBe(1);
    expect(scopes).toEqual([
      '.devcontainer.json live',
      'demo/.devcontainer.json live',
      'demo/tests/.devcontainer.json example (does not count)',
      'docs/a/.devcontainer.json example (does not count)',
      'packages/a/.devcontainer.json nested',
      'templates/a/.devcontainer.json template',
    ]);
    const all = await lintTree(folder, '--scope', 'all');
    expect(all.scopes.filter((scope) => scope.endsWith('count)'))).toEqual([]);
    // What is named is meant.
    expect((await lintTree(folder, 'docs/a')).scopes).toEqual(['docs/a/.devcontainer.json live']);
    expect(await lintTree(folderWith(fill(['x/test/.devcontainer.json'], privileged)))).toMatchObject({
      code: 0,
    });
    const { stdout } = await runCli(['lint', 'demo'], folder);
    expect(stdout).toContain('1 finding in examples, tests and documentation: --scope all shows them.');
  });

  test('is linted once where it is named twice, each name counting', async () => {
    const folder = folderWith(
      fill(
        ['a/.devcontainer.json', 'a/node_modules/b/.devcontainer.json', 'c/.devcontainer.json'],
        privileged,
      ),
    );
    const { files } = await lintTree(folder, '.', 'a/node_modules/b', 'a', 'a/.devcontainer.json', 'c');
    expect(files).toEqual([
      'a/node_modules/b/.devcontainer.json',
      'a/.devcontainer.json',
      'c/.devcontainer.json',
    ]);
  });
});

describe('folders that are left out', () => {
  test('are counted', async () => {
    const folder = folderWith({
      ...fill(
        [
          '.devcontainer.json',
          'node_modules/a/.devcontainer/devcontainer.json',
          'node_modules/a/.devcontainer/b/devcontainer.json',
          'node_modules/a/devcontainer.json',
          'vendor/b/.devcontainer.json',
          'tmp/.devcontainer.json',
          '.git/modules/x/.devcontainer.json',
        ],
        clean,
      ),
      '.gitignore': '/tmp/\n',
    });
    const { files, skipped } = await lintTree(folder);
    expect({ files, skipped }).toEqual({
      files: ['.devcontainer.json'],
      skipped: { vendored: 3, ignored: 1, isPartial: false },
    });
    expect((await runCli(['lint'], folder)).stdout).toContain(
      'Not linted: 3 configurations in vendored folders and build outputs, 1\nconfiguration in folders that git ignores. Name a folder to lint it.',
    );
    expect((await lintTree(folder, 'tmp')).files).toEqual(['tmp/.devcontainer.json']);
  });

  test('are told of where there is nothing else', async () => {
    const { code, stderr } = await runCli(
      ['lint'],
      folderWith(fill(['node_modules/a/.devcontainer.json'], clean)),
    );
    expect(code).toBe(2);
    expect(stderr).toContain('Not linted: 1 configuration in vendored folders and build outputs.');
  });

  test('hide nothing that git tracks', async () => {
    const folder = folderWith({
      ...fill(['a/.devcontainer.json', 'b/.devcontainer.json'], clean),
      '.gitignore': '*',
    });
    execFileSync('git', ['init', '-q'], { cwd: folder });
    execFileSync('git', ['add', '-f', 'a/.devcontainer.json'], { cwd: folder });
    const { files, skipped } = await lintTree(folder);
    expect(files).toEqual(['a/.devcontainer.json']);
    expect(skipped.ignored).toBe(1);
  });

  test('are those that git ignores, file by file', async () => {
    const ignores: Record<string, string> = {
      '.gitignore': '*.tmp\n/top\nnest/*/deep\n!keep.tmp\n**/any/**\nx/\n# no\n\\#odd\ntrail \n',
      'nest/.gitignore': '!a.tmp\nonly/\n/anchored\n',
      'nest/in/.gitignore': '*\n!/back\n',
      'inner/.gitignore': 'mine\n',
      '.git/info/exclude': 'excluded\n',
    };
    const folders = [
      'a',
      'a.tmp',
      'keep.tmp',
      'top',
      'sub/top',
      'nest/a.tmp',
      'nest/b.tmp',
      'nest/only',
      'nest/s/only',
      'nest/anchored',
      'nest/s/anchored',
      'nest/q/deep',
      'nest/q/r/deep',
      'nest/in/back',
      'nest/in/gone',
      'nest/in/back/again',
      'any/thing',
      'p/any/thing',
      'x',
      'y/x/z',
      '#odd',
      'trail',
      'inner/mine',
      'inner/a.tmp',
      'excluded',
      's/excluded',
    ];
    const folder = folderWith(
      fill(
        folders.map((path) => `${path}/.devcontainer.json`),
        clean,
      ),
    );
    execFileSync('git', ['init', '-q'], { cwd: folder });
    execFileSync('git', ['init', '-q', 'inner'], { cwd: folder });
    for (const [path, text] of Object.entries(ignores)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const ignored = (cwd: string, paths: readonly string[]) =>
      spawnSync('git', ['check-ignore', '--stdin', '-z'], { cwd, input: paths.join('\0'), encoding: 'utf8' })
        .stdout.split('\0')
        .filter((path) => path !== '');
    const outer = folders.filter((path) => !path.startsWith('inner/'));
    const inner = folders.filter((path) => path.startsWith('inner/')).map((path) => path.slice(6));
    const gone = new Set([
      ...ignored(folder, outer),
      ...ignored(join(folder, 'inner'), inner).map((path) => `inner/${path}`),
    ]);
    const { files, skipped } = await lintTree(folder);
    const expected = folders.filter((path) => !gone.has(path)).map((path) => `${path}/.devcontainer.json`);
    expect([...files].sort()).toEqual(expected.sort());
    expect(skipped.ignored).toBe(gone.size);
  });
});

describe('a hostile tree', () => {
  test('links in loops and out of it are not followed', async () => {
    const folder = folderWith(fill(['in/a/.devcontainer.json', 'out/.devcontainer.json'], clean));
    symlinkSync('..', join(folder, 'in/a/up'));
    symlinkSync('loop', join(folder, 'in/loop'));
    symlinkSync(join(folder, 'out'), join(folder, 'in/out'));
    expect((await lintTree(join(folder, 'in'))).files).toEqual(['a/.devcontainer.json']);
  });

  test('deeper than paths can be said is a finding', async () => {
    const folder = folderWith(fill(['.devcontainer.json'], clean));
    const name = 'd'.repeat(200);
    const script = `const fs = require('fs'); for (let i = 0; i < 30; i += 1) { fs.mkdirSync('${name}'); process.chdir('${name}'); } fs.writeFileSync('.devcontainer.json', '{}');`;
    execFileSync(process.execPath, ['-e', script], { cwd: folder });
    const { code, findings } = await lintTree(folder);
    expect(code).toBe(2);
    expect(findings).toMatchObject([
      { ruleId: 'no-unreadable-file', message: expect.stringContaining('the folder cannot be read') },
    ]);
    execFileSync('rm', ['-rf', folder]);
  });

  test('names that would paint the terminal are shown harmless', async () => {
    const folder = folderWith(fill(['a\u001b[2J\n::error::x/.devcontainer.json'], privileged));
    for (const format of ['text', 'github', 'markdown', 'junit', 'gitlab', 'sarif', 'json']) {
      const { stdout } = await runCli(['lint', '--format', format], folder);
      expect(stdout, format).toContain('privileged');
      expect(stdout, format).not.toContain('\u001b');
      expect(stdout, format).not.toMatch(/^::error::x/m);
    }
  });

  test('files of other repositories are not read', async () => {
    const folder = folderWith({
      'a/.git/HEAD': '',
      'a/.devcontainer.json': '{ "build": { "dockerfile": "../b/secret" }, "remoteUser": "dev" }',
      'b/secret': 'FROM secret',
    });
    const { findings } = await lintTree(folder);
    expect(findings).toMatchObject([
      { message: 'the Dockerfile ../b/secret lies outside the project, so it is not read' },
    ]);
  });
});

test('fix mends what lint counts, in each repository', async () => {
  const twice =
    '{ "image": "debian:12", "remoteUser": "dev", "privileged": true, "capAdd": ["SYS_PTRACE"] }\n';
  const folder = folderWith(
    fill(['a/.devcontainer.json', 'b/c/.devcontainer.json', 'examples/.devcontainer.json'], twice),
  );
  const { stdout } = await runCli(['fix', '--all', '--dry-run'], folder);
  expect(stdout.match(/^\+\+\+ .*/gm)).toEqual([
    '+++ b/a/.devcontainer.json',
    '+++ b/b/c/.devcontainer.json',
  ]);
});

test('a baseline covers a tree', async () => {
  const folder = folderWith(fill(['a/.devcontainer.json', 'b/.devcontainer.json'], privileged));
  const argv = ['lint', '--rule', 'no-privileged', '--baseline', 'known.json'];
  const { code, stdout, stderr } = await runCli([...argv, '--update-baseline'], folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'note: known.json lists 2 findings now\n' });
  expect(stdout).toContain('No findings in 2 configurations.\n2 findings suppressed');
  writeFileSync(join(folder, 'b/.devcontainer.json'), clean);
  expect(await runCli(argv, folder)).toMatchObject({
    code: 0,
    stderr: 'note: 1 entry of known.json matches nothing any more; --update-baseline drops them\n',
  });
});
