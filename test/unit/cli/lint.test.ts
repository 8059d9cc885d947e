import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, runCli } from './run-cli.js';

const config = '.devcontainer/devcontainer.json';
const clean = '{ "image": "debian:12", "remoteUser": "dev" }\n';
const privileged = '{\n  "image": "debian:12",\n  "remoteUser": "dev",\n  "privileged": true\n}\n';

interface JsonFinding {
  readonly ruleId: string;
  readonly message: string;
  readonly location: {
    readonly path: string;
    readonly start: { readonly line: number; readonly column: number };
  };
}

/** The findings of a JSON report as `path:line:column rule`. */
async function lintJson(cwd: string, ...argv: string[]) {
  const { code, stdout, stderr } = await runCli(['lint', '--format', 'json', ...argv], cwd);
  const report = stdout === '' ? undefined : JSON.parse(stdout);
  const findings: JsonFinding[] = report?.findings ?? [];
  const places = findings.map(
    ({ ruleId, location: { path, start } }) => `${path}:${start.line}:${start.column} ${ruleId}`,
  );
  return { code, stderr, files: report?.files as string[] | undefined, places, findings };
}

describe('exit codes', () => {
  test('0 for a clean configuration', async () => {
    const { code, stdout, stderr } = await runCli(['lint'], folderWith({ [config]: clean }));
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'No findings in 1 configuration.\n',
      stderr: '',
    });
  });

  test('1 for a finding, at its place', async () => {
    const { code, places } = await lintJson(folderWith({ [config]: privileged }));
    expect({ code, places }).toEqual({ code: 1, places: [`${config}:4:17 no-privileged`] });
  });

  test('--fail-on moves the threshold', async () => {
    const folder = folderWith({ [config]: privileged });
    expect((await runCli(['lint', '--fail-on', 'error'], folder)).code).toBe(1);
    expect((await runCli(['lint', '--fail-on', 'never'], folder)).code).toBe(0);
  });

  test('2 where there is nothing to lint', async () => {
    const { code, stdout, stderr } = await runCli(['lint'], folderWith({ 'README.md': '' }));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^error: nothing to lint: there is no \.devcontainer\/devcontainer\.json, .* in this folder; .*\n$/,
    );
  });

  test('a broken file is 2, its errors are placed and the rest is still linted', async () => {
    const broken = '{\n  "image": "debian:12"\n  "remoteUser": "dev",\n  "privileged": true\n}\n';
    const { code, places } = await lintJson(folderWith({ [config]: broken }));
    expect(code).toBe(2);
    expect(places).toEqual([`${config}:3:3 no-unreadable-file`, `${config}:4:17 no-privileged`]);
    expect((await lintJson(folderWith({ [config]: broken }), '--fail-on', 'never')).code).toBe(2);
  });

  test.each([
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'the file is not UTF-8 text'],
    ['too large', Buffer.alloc(4 * 1024 * 1024 + 1, ' '), 'the file is larger than 4 MiB, so it is not read'],
    ['empty', '', 'the file is empty; an object in braces is expected'],
    ['not an object', '[]', 'an object in braces is expected, not array'],
    ['nothing but brackets', '['.repeat(100_000), expect.stringContaining('nested more than')],
  ])('%s is 2, at a place', async (_name, content, message) => {
    const { code, findings } = await lintJson(folderWith({ [config]: content }));
    expect(code).toBe(2);
    expect(findings[0]).toMatchObject({ ruleId: 'no-unreadable-file', message, location: { path: config } });
  });

  test('a flood of syntax errors is cut, and said so', async () => {
    const { findings } = await lintJson(folderWith({ [config]: `{ ${'x\n'.repeat(500)}}` }));
    expect(findings).toHaveLength(3);
    expect(findings.at(-1)?.message).toMatch(/\(and errors of syntax on \d+ more lines\)/);
  });

  test.each([
    ['{image: "node:24"}', 'unexpected text: names and texts stand in double quotes'],
    ["{'image': 'node:24'}", 'unexpected text: names and texts stand in double quotes'],
    ['{ "image": node }', 'unexpected text: names and texts stand in double quotes'],
    ['{ "mounts": ["a", "b" }\n', 'this bracket does not close the one that is open'],
    ['{ "name": "a" "image": "b" }', 'a comma is expected before this'],
    ['{ "name": "a" }}', 'unexpected text behind the end of the object'],
    ['{\n  "mounts": [\n    "a"\n', "the closing ']' is missing"],
    ['{ "name": "a\n}', 'the string is not closed'],
    ['name: a\nimage: b\n', 'unexpected text: names and texts stand in double quotes'],
  ])('one mistake is one finding: %j', async (text, message) => {
    const { findings } = await lintJson(folderWith({ [config]: text }));
    expect(findings.filter(({ ruleId }) => ruleId === 'no-unreadable-file')).toMatchObject([{ message }]);
  });

  test.each([
    ['is missing', '../Dockerfile', 'the Dockerfile ../Dockerfile does not exist'],
    [
      'lies outside',
      '../../Dockerfile',
      'the Dockerfile ../../Dockerfile lies outside the project, so it is not read',
    ],
    ['is a folder', '../folder', 'the Dockerfile ../folder is not a regular file'],
  ])('a Dockerfile that %s is 2, at the reference', async (_name, dockerfile, message) => {
    const text = JSON.stringify({ build: { dockerfile }, remoteUser: 'dev' });
    const { code, findings } = await lintJson(folderWith({ [config]: text, 'folder/x': '' }));
    expect(code).toBe(2);
    expect(findings).toMatchObject([
      {
        ruleId: 'no-unresolved-reference',
        message,
        location: { path: config, start: { line: 1, column: 24 } },
      },
    ]);
  });

  test('a Dockerfile whose name only the host knows is not missing', async () => {
    const text = '{ "build": { "dockerfile": "${localEnv:VARIANT}.Dockerfile" }, "remoteUser": "dev" }';
    expect((await lintJson(folderWith({ [config]: text }))).code).toBe(0);
  });

  test('a CRLF file with a BOM is placed right', async () => {
    const text = `\ufeff${privileged.replaceAll('\n', '\r\n')}`;
    expect((await lintJson(folderWith({ [config]: text }))).places).toEqual([`${config}:4:17 no-privileged`]);
  });
});

describe('what is linted', () => {
  test('every configuration of a repository', async () => {
    const folder = folderWith({
      [config]: clean,
      '.devcontainer.json': clean,
      '.devcontainer/b/devcontainer.json': clean,
      '.devcontainer/a/devcontainer.json': clean,
      '.devcontainer/a/deeper/devcontainer.json': clean,
      '.devcontainer/notes/README.md': '',
    });
    expect((await lintJson(folder)).files).toEqual([
      config,
      '.devcontainer/a/devcontainer.json',
      '.devcontainer/b/devcontainer.json',
      '.devcontainer.json',
    ]);
  });

  test('a file by any name, a folder, and both together once', async () => {
    const folder = folderWith({ 'some/name.jsonc': privileged, [`repo/${config}`]: clean });
    expect((await lintJson(folder, 'some/name.jsonc')).places).toEqual([
      'some/name.jsonc:4:17 no-privileged',
    ]);
    const { files } = await lintJson(
      folder,
      'repo',
      `repo/${config}`,
      'repo/.devcontainer',
      join(folder, 'repo'),
    );
    expect(files).toEqual([`repo/${config}`]);
  });

  test('a project elsewhere is shown by the way to it', async () => {
    const folder = folderWith({ [`repo/${config}`]: privileged, 'here/x': '' });
    const { stdout } = await runCli(['lint', '../repo'], join(folder, 'here'));
    expect(stdout).toContain(`--> ../repo/${config}:4:17`);
  });

  test('folders with nothing are noted beside others', async () => {
    const folder = folderWith({ [`repo/${config}`]: clean, 'empty/x': '' });
    expect(await runCli(['lint', 'repo', 'empty'], folder)).toMatchObject({
      code: 0,
      stderr: 'note: there is nothing to lint in empty\n',
    });
  });

  test('--rule and --skip-rule choose', async () => {
    const folder = folderWith({ [config]: privileged });
    expect((await lintJson(folder, '--rule', 'no-host-device')).places).toEqual([]);
    expect((await lintJson(folder, '--skip-rule', 'no-privileged,no-host-device')).places).toEqual([]);
    expect(
      (await lintJson(folder, '--rule', 'no-host-device', '--rule', 'no-privileged')).places,
    ).toHaveLength(1);
  });
});

describe('links', () => {
  test('inside the repository are followed', async () => {
    const folder = folderWith({ 'config/devcontainer.json': privileged });
    symlinkSync('config', join(folder, '.devcontainer'));
    expect((await lintJson(folder)).places).toEqual([`${config}:4:17 no-privileged`]);
  });

  test.each([
    ['the folder', '.devcontainer', '../outside', config],
    ['the file', config, '../../outside/devcontainer.json', config],
    ['a nested folder', '.devcontainer/nested', '../../outside', '.devcontainer/nested/devcontainer.json'],
  ])('%s leading outside is not read, and not skipped', async (_name, link, target, path) => {
    const folder = folderWith({ 'outside/devcontainer.json': privileged, 'repo/x': '' });
    if (link.includes('/')) mkdirSync(join(folder, 'repo/.devcontainer'));
    symlinkSync(target, join(folder, 'repo', link));
    const { code, findings } = await lintJson(join(folder, 'repo'));
    expect(code).toBe(2);
    expect(findings).toMatchObject([
      {
        ruleId: 'no-unreadable-file',
        location: { path },
        message: expect.stringContaining('outside the project'),
      },
    ]);
  });

  test('that form a loop are survived and reported', async () => {
    const folder = folderWith({});
    symlinkSync('.devcontainer', join(folder, '.devcontainer'));
    const { code, findings } = await lintJson(folder);
    expect(code).toBe(2);
    expect(findings[0]?.message).toContain('symbolic links form a loop');
  });

  test('a folder in the place of the file is reported', async () => {
    const folder = folderWith({ [`${config}/x`]: '' });
    expect(await lintJson(folder)).toMatchObject({ code: 2, places: [`${config}:1:1 no-unreadable-file`] });
  });

  test('what may not be read is reported', async () => {
    const folder = folderWith({ [config]: clean });
    chmodSync(folder, 0o755);
    // Loads whatever lint needs, while everything may be read.
    expect(await lintJson(folder)).toMatchObject({ code: 0 });
    chmodSync(join(folder, config), 0);
    // Modes do not hold root back.
    const isRoot = process.getuid?.() === 0;
    if (isRoot) process.seteuid?.(65534);
    try {
      const { code, findings } = await lintJson(folder);
      expect(code).toBe(2);
      expect(findings).toMatchObject([
        { ruleId: 'no-unreadable-file', message: 'the file cannot be read: permission denied' },
      ]);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });
});

describe('output', () => {
  test('goes to the file that --output names, stdout stays empty', async () => {
    const folder = folderWith({ [config]: privileged });
    const { code, stdout } = await runCli(['lint', '--format', 'sarif', '--output', 'lint.sarif'], folder);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(JSON.parse(readFileSync(join(folder, 'lint.sarif'), 'utf8'))).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ ruleId: 'no-privileged' }] }],
    });
  });

  test('that cannot be written is an error', async () => {
    const folder = folderWith({ [config]: privileged });
    const { code, stderr } = await runCli(['lint', '--output', 'no/such/folder'], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: the report cannot be written: ENOENT/);
  });

  test('has colour on a terminal only', async () => {
    const folder = folderWith({ [config]: privileged });
    expect((await runCli(['lint'], folder)).stdout).not.toContain('\u001b');
    expect((await runCli(['lint'], folder, { isTTY: true })).stdout).toContain('\u001b[31m');
    expect((await runCli(['lint', '--color', 'never'], folder, { isTTY: true })).stdout).not.toContain(
      '\u001b',
    );
  });

  test('shows hostile names and contents as escapes', async () => {
    const folder = folderWith({ 'a\u001b[2Jb.json': '{ "image": "\u001b[31m\u202e", "privileged": true }' });
    writeFileSync(join(folder, 'x'), '');
    const { stdout } = await runCli(['lint', 'a\u001b[2Jb.json'], folder);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(stdout).toContain('a\\u{1b}[2Jb.json:1:');
  });
});

describe('explain', () => {
  test('lists the rules, and says everything about one', async () => {
    const folder = folderWith({});
    const list = await runCli(['explain'], folder);
    expect(list.code).toBe(0);
    expect(list.stdout).toMatch(/^no-privileged +error +[A-Z]/m);
    const { code, stdout } = await runCli(['explain', 'no-privileged'], folder);
    expect(code).toBe(0);
    for (const part of ['Why\n', 'Bad\n', 'Fixed\n', 'References\n  https://'])
      expect(stdout).toContain(part);
    expect(stdout).not.toMatch(/[«»]/);
  });
});
