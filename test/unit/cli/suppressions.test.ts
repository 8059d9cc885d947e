import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, runCli } from './run-cli.js';

const config = '.devcontainer/devcontainer.json';
const policy = '.devcontainer/harden-devcontainer.jsonc';
const privileged = '{\n  "image": "debian:12",\n  "remoteUser": "dev",\n  "privileged": true\n}\n';

function policyWith(...overrides: object[]): string {
  return JSON.stringify({ version: 1, lint: { overrides } });
}

async function lint(folder: string, ...argv: string[]) {
  const run = await runCli(['lint', '--format', 'json', ...argv], folder);
  const report = run.stdout === '' ? undefined : JSON.parse(run.stdout);
  interface Item {
    ruleId: string;
    severity: string;
    counts: boolean;
    suppression: { kind: string; reason: string } | null;
  }
  const findings: Item[] = report?.findings ?? [];
  const shown = findings.map(({ ruleId, severity, suppression }) =>
    suppression ? `${ruleId} (${suppression.kind}: ${suppression.reason})` : `${severity} ${ruleId}`,
  );
  return { ...run, shown };
}

describe('the configuration', () => {
  const off = { rules: ['no-privileged'], severity: 'off', reason: 'a build box' };

  test.each([policy, 'harden-devcontainer.jsonc'])('in %s takes findings out, marked', async (path) => {
    const folder = folderWith({ [config]: privileged, [path]: policyWith(off) });
    expect(await lint(folder)).toMatchObject({
      code: 0,
      shown: ['no-privileged (configuration: a build box)'],
    });
    expect((await runCli(['lint'], folder)).stdout).toContain(
      '1 finding suppressed: --no-suppressions shows all.',
    );
    expect(await lint(folder, '--no-suppressions')).toMatchObject({
      code: 1,
      shown: ['error no-privileged'],
    });
    expect((await runCli(['fix', '--all', '--dry-run'], folder)).stdout).toBe('');
  });

  test('changes severities, for files that it names, the last word counting', async () => {
    const folder = folderWith({
      [config]: privileged,
      'harden-devcontainer.jsonc': policyWith(
        off,
        { ...off, severity: 'info', paths: ['.devcontainer/'] },
        { ...off, severity: 'off', paths: ['/devcontainer.json', '!.devcontainer/*'] },
      ),
    });
    const { code, shown } = await lint(folder);
    expect({ code, shown }).toEqual({
      code: 1,
      shown: ['info no-privileged', 'warning no-suppression-problem'],
    });
  });

  test('that has expired is a finding and changes nothing', async () => {
    const folder = folderWith({
      [config]: privileged,
      [policy]: policyWith({ ...off, until: '2020-02-29' }),
    });
    expect((await lint(folder)).shown).toEqual(['error no-privileged', 'warning no-suppression-problem']);
  });

  test('counts once for all projects of a repository, and only where each was looked at', async () => {
    const folder = folderWith({
      [policy]: policyWith({ ...off, paths: ['b/'] }, { ...off, paths: ['a'], until: '2020-02-29' }),
      'a/.devcontainer.json': privileged,
      'b/.devcontainer.json': privileged,
    });
    expect((await lint(folder)).shown).toEqual([
      'error no-privileged',
      'no-privileged (configuration: a build box)',
      'warning no-suppression-problem',
    ]);
    expect((await lint(folder, 'a/.devcontainer.json')).shown).toEqual(['error no-privileged']);
  });

  test('is the same one after a repository that lies between the projects', async () => {
    const folder = folderWith({
      [config]: privileged,
      [policy]: policyWith({ ...off, paths: ['z/'] }),
      'm/.git/HEAD': '',
      [`m/${config}`]: privileged,
      [`z/${config}`]: privileged,
    });
    const { shown } = await lint(folder);
    expect(shown).toEqual([
      'error no-privileged',
      'error no-privileged',
      'no-privileged (configuration: a build box)',
    ]);
  });

  test('for files that are not there is a finding where all were looked at', async () => {
    const folder = folderWith({ [config]: privileged, [policy]: policyWith({ ...off, paths: ['tools'] }) });
    expect((await lint(folder)).shown).toContain('warning no-suppression-problem');
    expect((await lint(folder, config)).shown).toEqual(['error no-privileged']);
  });

  test.each([
    [
      'a rule',
      policyWith({ ...off, rules: ['no-privileges'] }),
      'there is no rule "no-privileges"; did you mean no-privileged?',
    ],
    ['a key', policyWith({ ...off, path: ['x'] }), '"path" is no property here; did you mean paths?'],
    [
      'a severity',
      policyWith({ ...off, severity: 'warn' }),
      '"warn" is not a known severity (off, info, warning, error); did you mean warning?',
    ],
    [
      'the section',
      '{ "version": 1, "name": "x", "lnt": {} }',
      '"lnt" is no property here; did you mean lint?',
    ],
    ['a date', policyWith({ ...off, until: '2026-02-30' }), '"2026-02-30" is no day of the calendar'],
    ['the reason', policyWith({ ...off, reason: undefined }), '"reason" is missing'],
    ['the JSON', '{ "version": 1, ', 'not readable as JSON'],
  ])('with a mistake in %s ends the run, at the place', async (_what, text, message) => {
    const folder = folderWith({ [config]: privileged, [policy]: text });
    const { code, stdout, stderr } = await lint(folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: \.devcontainer\/harden-devcontainer\.jsonc:\d+:\d+: /);
    expect(stderr).toContain(message);
  });

  test('without a section lint says nothing; two that speak are an error', async () => {
    const none = folderWith({ [config]: privileged, [policy]: '{ "version": 1, "name": "x" }' });
    expect((await lint(none)).shown).toEqual(['error no-privileged']);
    const both = {
      [config]: privileged,
      [policy]: policyWith(off),
      'harden-devcontainer.jsonc': policyWith(off),
    };
    expect(await lint(folderWith(both))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('keep one'),
    });
  });

  test('that --config names counts instead', async () => {
    const folder = folderWith({
      [config]: privileged,
      [policy]: '{ "version": 1, "name": "x", "lint": 3 }',
      'ci.jsonc': policyWith(off),
      'x.jsonc': '{ "version": 1, "name": "x" }',
    });
    expect(await lint(folder, '--config', 'ci.jsonc')).toMatchObject({ code: 0 });
    expect(await lint(folder, '--config', 'x.jsonc')).toMatchObject({
      code: 2,
      stderr: 'error: x.jsonc has no section lint\n',
    });
    expect(await lint(folder, '--config', 'no.jsonc')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('does not exist'),
    });
  });

  test('says where things may come from, in the policy of the repository alone', async () => {
    const sources = '{ "version": 1, "lint": { "sources": { "images": ["mcr.microsoft.com/*"] } } }';
    const some = ['--rule', 'no-unlisted-source', '--persona', 'pedantic'];
    const folder = folderWith({ 'a/.devcontainer.json': privileged, 'harden-devcontainer.jsonc': sources });
    expect((await lint(folder, ...some)).shown).toEqual(['info no-unlisted-source']);
    expect(await lint(folder, ...some, '--config', 'harden-devcontainer.jsonc')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("only a repository's own policy may have"),
    });
    const wrong = folderWith({
      [config]: privileged,
      [policy]: '{ "version": 1, "lint": { "sources": { "images": [] } } }',
    });
    expect(await lint(wrong)).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('the baseline', () => {
  test('leaves out what was there, by its evidence, and shows what is new', async () => {
    const folder = folderWith({ [config]: privileged });
    const some = ['--rule', 'no-privileged', '--rule', 'no-dangerous-capability'];
    const first = await lint(folder, ...some, '--baseline', 'b.json', '--update-baseline');
    expect(first).toMatchObject({ code: 0, stderr: 'note: b.json lists 1 finding now\n' });
    writeFileSync(
      join(folder, config),
      `// moved\n\n${privileged.replace('"debian:12"', '"debian:12", "capAdd": ["SYS_ADMIN"]')}`,
    );
    expect((await lint(folder, ...some, '--baseline', 'b.json')).shown).toEqual([
      'error no-dangerous-capability',
      'no-privileged (baseline: in the baseline)',
    ]);
    expect(readFileSync(join(folder, 'b.json'), 'utf8')).toMatch(/^\{\n {2}"version": 1,\n/);
  });

  test('is not written over a file that is none', async () => {
    const folder = folderWith({ [config]: privileged, 'package.json': '{ "name": "x" }', 'empty.json': '' });
    const argv = ['lint', '--update-baseline', '--baseline'];
    const { code, stderr } = await runCli([...argv, 'package.json'], folder);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'error: package.json is no baseline of version 1; --update-baseline writes a new one elsewhere\n',
    });
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe('{ "name": "x" }');
    expect((await runCli([...argv, 'empty.json'], folder)).code).toBe(0);
    expect((await runCli([...argv, 'empty.json'], folder)).code).toBe(0);
  });

  test('that lists what is gone says so', async () => {
    const folder = folderWith({ [config]: privileged });
    await lint(folder, '--baseline', 'b.json', '--update-baseline');
    writeFileSync(join(folder, config), privileged.replace('true', 'false'));
    expect(await lint(folder, '--baseline', 'b.json')).toMatchObject({
      code: 0,
      stderr: 'note: 1 entry of b.json matches nothing any more; --update-baseline drops them\n',
    });
  });

  test.each([
    [['--baseline', 'no.json'], 'the baseline cannot be read: ENOENT'],
    [['--baseline', config], 'is no baseline of version 1'],
    [['--update-baseline'], '--update-baseline needs --baseline FILE'],
    [['--baseline', 'b.json', '--update-baseline', '--no-suppressions'], 'exclude each other'],
  ])('%j is an error', async (argv, message) => {
    const { code, stderr } = await lint(folderWith({ [config]: privileged }), ...argv);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('standard input', () => {
  test('is linted as the file that it is said to be', async () => {
    const folder = folderWith({ '.devcontainer/Dockerfile': 'FROM debian:12\nUSER dev\n' });
    const stdin = '{ "build": { "dockerfile": "Dockerfile" }, "privileged": true }';
    const { code, stdout } = await runCli(['lint', '--stdin'], folder, { stdin });
    expect(code).toBe(1);
    expect(stdout).toContain('--> .devcontainer/devcontainer.json:1:58');
    const named = await runCli(['lint', '--stdin', '--stdin-filename', 'a/.devcontainer.json'], folder, {
      stdin: '{ "privileged": true }',
    });
    expect(named.stdout).toContain('--> a/.devcontainer.json:1:');
  });

  test.each([
    [['--stdin', 'x'], "leave 'x' out"],
    [['--stdin-filename', 'x'], 'goes with --stdin only'],
    [['--stdin', '--stdin-filename', '../x'], 'outside the working directory'],
  ])('%j is an error', async (argv, message) => {
    const { code, stderr } = await runCli(['lint', ...argv], folderWith({}), { stdin: '{}' });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('that is no UTF-8 or too large is an error', async () => {
    const folder = folderWith({});
    expect(await runCli(['lint', '--stdin'], folder, { stdin: Buffer.from([0x7b, 0xff]) })).toMatchObject({
      code: 2,
      stderr: 'error: standard input is not UTF-8 text\n',
    });
    expect(await runCli(['lint', '--stdin'], folder, { stdin: Buffer.alloc(5_000_000, ' ') })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('larger than 4 MiB'),
    });
  });
});

test('--allow-partial lets what could be read decide', async () => {
  const folder = folderWith({ [config]: '{ "build": { "dockerfile": "gone" }, "remoteUser": "dev" }' });
  expect((await lint(folder)).code).toBe(2);
  expect((await lint(folder, '--allow-partial')).code).toBe(1);
  expect((await lint(folder, '--allow-partial', '--fail-on', 'error')).code).toBe(0);
});
