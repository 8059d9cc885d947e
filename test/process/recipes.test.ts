import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { folderWith, runCli } from '../unit/cli/run-cli.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const guide = readFileSync(join(root, 'docs/ci.md'), 'utf8');
const config = '.devcontainer/devcontainer.json';
const clean = '{ "image": "debian:12", "remoteUser": "dev" }\n';
const privileged = '{ "image": "debian:12", "remoteUser": "dev", "privileged": true }\n';

/** The fenced blocks of one language in the guide, below a heading or anywhere. */
function blocks(language: string, heading?: string): string[] {
  const part = heading === undefined ? guide : (guide.split(`\n## ${heading}\n`)[1] ?? '').split('\n## ')[0];
  return [...(part ?? '').matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, block = '']) => block,
  );
}

interface Step {
  readonly id: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run: string;
}

const action: {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
} = parse(readFileSync(join(root, 'action.yml'), 'utf8'));

interface ActionRun {
  readonly code: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** A `npm` that installs what this checkout has built, and says from where it was called with what. */
const npm = `#!/bin/sh
echo "npm in $PWD: $*" >&2
while [ "$#" -gt 1 ]; do [ "$1" != --prefix ] || prefix=$2; shift; done
mkdir -p "$prefix/node_modules" && ln -s "$PACKAGE" "$prefix/node_modules/harden-devcontainer"
`;

/** A folder for \`PATH\` with that \`npm\`. */
function fakeNpm(): string {
  const folder = mkdtempSync(join(tmpdir(), 'harden-devcontainer-test-'));
  writeFileSync(join(folder, 'npm'), npm);
  chmodSync(join(folder, 'npm'), 0o755);
  return folder;
}

/** Runs the steps of the action as the runner does, as far as their scripts and variables go. */
function runAction(
  workspace: string,
  inputs: Readonly<Record<string, string>> = {},
  actionPath: string = root,
): ActionRun {
  const temporary = mkdtempSync(join(tmpdir(), 'harden-devcontainer-test-'));
  const outputs = new Map<string, string>();
  const contexts = (expression: string) => {
    const [, kind, name = '', output] =
      /^\$\{\{ (inputs|steps)\.([\w-]+)(?:\.outputs\.([\w-]+))? \}\}$/.exec(expression) ?? [];
    if (kind === undefined) return expression;
    return kind === 'inputs'
      ? (inputs[name] ?? action.inputs[name]?.default ?? '')
      : (outputs.get(`${name}.${output}`) ?? '');
  };
  let log = '';
  let code: number | null = 0;
  for (const { id, env = {}, run } of action.runs.steps) {
    const files = { GITHUB_OUTPUT: join(temporary, id), GITHUB_STEP_SUMMARY: join(temporary, 'summary') };
    for (const file of Object.values(files)) writeFileSync(file, '', { flag: 'a' });
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run],
      {
        cwd: workspace,
        encoding: 'utf8',
        env: {
          ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, contexts(value)])),
          ...files,
          PATH: `${fakeNpm()}:${process.env.PATH}`,
          HOME: temporary,
          RUNNER_TEMP: temporary,
          GITHUB_ACTION_PATH: actionPath,
          PACKAGE: root,
        },
      },
    );
    log += stdout + stderr;
    code = status;
    for (const line of readFileSync(files.GITHUB_OUTPUT, 'utf8').split('\n').filter(Boolean)) {
      const at = line.indexOf('=');
      outputs.set(`${id}.${line.slice(0, at)}`, line.slice(at + 1));
    }
    if (code !== 0) break;
  }
  const summary = join(temporary, 'summary');
  return {
    code,
    log,
    outputs: Object.fromEntries(
      [...outputs].flatMap(([name, value]) => (name.startsWith('lint.') ? [[name.slice(5), value]] : [])),
    ),
    summary: existsSync(summary) ? readFileSync(summary, 'utf8') : '',
  };
}

describe('the action', () => {
  test('annotates, summarises, writes SARIF and fails', () => {
    const { code, log, outputs, summary } = runAction(folderWith({ [config]: privileged }));
    expect(code).toBe(1);
    expect(log).toMatch(/^::error file=\.devcontainer\/devcontainer\.json,line=1,.*title=no-privileged::/m);
    expect(summary).toContain('**1 error** in 1 configuration.');
    expect(outputs['exit-code']).toBe('1');
    const { runs } = JSON.parse(readFileSync(outputs.sarif ?? '', 'utf8'));
    expect(runs[0].results).toHaveLength(1);
  });

  test('is content with a clean repository, and with findings below fail-on', () => {
    const { code, outputs, summary } = runAction(folderWith({ [config]: clean }));
    expect({ code, exit: outputs['exit-code'] }).toEqual({ code: 0, exit: '0' });
    expect(summary).toContain('No findings');
    expect(runAction(folderWith({ [config]: privileged }), { 'fail-on': 'never' })).toMatchObject({
      code: 0,
    });
  });

  test('hands over its inputs', () => {
    const folder = folderWith({
      [`a/${config}`]: privileged,
      [`b b/${config}`]: '{ "image": "debian:12", "remoteUser": "root" }',
      'other.jsonc':
        '{ "version": 1, "lint": { "overrides": [{ "rules": ["no-privileged"], "severity": "off", "reason": "x" }] } }',
    });
    const both = runAction(folder, { path: 'a\nb b\n', config: 'other.jsonc', 'fail-on': 'error' });
    expect(both.code).toBe(0);
    expect(both.log).toContain('file=b b/.devcontainer/devcontainer.json');
    expect(both.log).not.toContain('no-privileged');
    expect(runAction(folder, { path: 'a', config: 'other.jsonc', suppressions: 'false' }).code).toBe(1);
    expect(runAction(folder, { path: 'b b', persona: 'pedantic' }).log).toContain('require-cap-drop-all');
    expect(runAction(folder, { path: 'a', baseline: 'missing.json' })).toMatchObject({ code: 2 });
  });

  test.each([
    ['path', '$(touch pwned)'],
    ['path', '--output=pwned'],
    ['path', "'; touch pwned; '"],
    ['config', '`touch pwned`'],
    ['baseline', '--update-baseline'],
    ['fail-on', 'never; touch pwned'],
    ['persona', 'default --output pwned'],
    ['suppressions', '"; touch pwned #'],
  ])('takes a hostile %s for a value: %s', (name, value) => {
    const folder = folderWith({ [config]: privileged });
    const { code, outputs } = runAction(folder, { [name]: value });
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
    expect(code).toBe(name === 'suppressions' ? 1 : 2);
    expect(outputs.sarif === undefined).toBe(code === 2);
  });

  test('interpolates nothing into a script', () => {
    for (const { run } of action.runs.steps) expect(run).not.toContain('${{');
  });

  test('installs its own version, and nothing that the repository chooses', () => {
    const checkout = folderWith({ 'package.json': JSON.stringify({ version: '9.8.7' }) });
    const workspace = folderWith({
      [config]: clean,
      '.npmrc': 'registry=https://registry.invalid/',
      'node_modules/.bin/harden-devcontainer': '#!/bin/sh\ntouch pwned\n',
      'node_modules/harden-devcontainer/dist/bin.js': 'process.exit(7)',
    });
    const { code, log } = runAction(workspace, {}, checkout);
    expect({ code, log }).toMatchObject({ code: 0 });
    expect(log).toMatch(
      /^npm in .*\/harden-devcontainer\.\w+: install .*--ignore-scripts.* harden-devcontainer@9\.8\.7$/m,
    );
    expect(log).not.toContain(`npm in ${workspace}`);
  });
});

describe('the guide', () => {
  test('names the inputs, the hooks and the version that there are', () => {
    const rows = [...guide.matchAll(/^\| `([\w-]+)` \| (?:`(.*?)`)? ?\|/gm)].map(([, name, value = '']) => [
      name,
      value,
    ]);
    expect(Object.fromEntries(rows)).toEqual(
      Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default])),
    );
    expect(
      [...guide.matchAll(/harden-devcontainer@v?(\d+\.\d+\.\d+)|rev: v(.*)/g)].map(([, a, b]) => a ?? b),
    ).toEqual([version, version, version]);
    const [{ repos }] = blocks('yaml', 'pre-commit').map((text) => parse(text)) as [
      { repos: [{ hooks: [{ id: string }] }] },
    ];
    const known = parse(readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8')) as { id: string }[];
    const ids = known.map(({ id }) => id);
    expect(ids).toContain(repos[0].hooks[0].id);
    expect(guide).toContain(`\`${ids[1]}\``);
  });

  test('has a job for GitHub that uses outputs which the action has', () => {
    const [text = ''] = blocks('yaml', 'GitHub');
    const used = [...text.matchAll(/steps\.lint\.outputs\.([\w-]+)/g)].map(([, name]) => name);
    const { outputs } = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
    expect(used.length).toBeGreaterThan(0);
    for (const name of used) expect(Object.keys(outputs)).toContain(name);
    expect(Object.keys(parse(text).jobs)).toEqual(['dev-containers']);
  });

  test('has a job for GitLab that writes the report which it hands over', () => {
    const job = parse(blocks('yaml', 'GitLab')[0] ?? '')['harden-devcontainer'];
    const checkout = folderWith({ [config]: privileged, '.npmrc': 'registry=https://registry.invalid/' });
    const home = mkdtempSync(join(tmpdir(), 'harden-devcontainer-test-'));
    const script = [...job.before_script, ...job.script].join('\n').replaceAll('/opt', home);
    const { status, stderr } = spawnSync('sh', ['-e', '-c', script], {
      cwd: checkout,
      encoding: 'utf8',
      env: { PATH: `${fakeNpm()}:${process.env.PATH}`, CI_PROJECT_DIR: checkout, PACKAGE: root },
    });
    expect(status, stderr).toBe(1);
    expect(stderr).toContain(`npm in /: install --prefix ${home}/harden-devcontainer`);
    const report = JSON.parse(readFileSync(join(checkout, job.artifacts.reports.codequality), 'utf8'));
    expect(report).toMatchObject([{ check_name: 'no-privileged', location: { path: config } }]);
  });

  test('has command lines that work', async () => {
    const folder = folderWith({
      [config]: privileged,
      [`path/to/all/repositories/a/${config}`]: privileged,
      'path/to/all/repositories/b/.mcp.json': '{}',
    });
    const lines = blocks('sh')
      .flatMap((block) => block.trim().split('\n'))
      .filter((line) => line.startsWith('harden-devcontainer '));
    const codes = [];
    for (const line of lines) codes.push((await runCli(line.split(' ').slice(1), folder)).code);
    expect(lines).toHaveLength(3);
    expect(codes).toEqual([1, 0, 0]);
    expect(readFileSync(join(folder, 'lint.xml'), 'utf8')).toContain('<testsuites');
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')).files).toHaveLength(2);
    expect((await runCli(['lint', '--baseline', 'lint-baseline.json'], folder)).code).toBe(0);
  });

  test('has a comment and an override that take findings out', async () => {
    const [comment = '', override = ''] = blocks('jsonc', 'Findings that are judged');
    const commented = await runCli(['lint'], folderWith({ [config]: comment }));
    expect(commented).toMatchObject({ code: 0 });
    expect(commented.stdout).toContain('1 finding suppressed');
    const folder = folderWith({ 'harden-devcontainer.jsonc': override });
    for (const path of ['labs/a', 'other']) {
      mkdirSync(join(folder, path, '.devcontainer'), { recursive: true });
      writeFileSync(join(folder, path, config), privileged);
    }
    const { stdout } = await runCli(['lint', '--format', 'json'], folder);
    const { findings } = JSON.parse(stdout);
    expect(
      findings.map(
        ({ severity, location }: { severity: string; location: { path: string } }) =>
          `${severity} ${location.path}`,
      ),
    ).toEqual([`info labs/a/${config}`, `error other/${config}`]);
  });
});
