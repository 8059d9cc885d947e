import { PassThrough, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { reportError } from '../../../src/cli/failure.js';
import { commandSpecs } from '../../../src/cli/flags.js';
import { colorLevel } from '../../../src/cli/io.js';
import { main } from '../../../src/cli/main.js';
import { UserError } from '../../../src/core/errors.js';
import { listRules } from '../../../src/index.js';
import { folderWith, runCli } from './run-cli.js';

const cwd = folderWith({
  '.devcontainer/devcontainer.json': '{ "image": "debian:12", "remoteUser": "dev" }\n',
});

describe('a wrong command line is an error with advice, exit 2', () => {
  test.each([
    [['lnit'], "there is no command 'lnit'; did you mean lint?"],
    [
      ['delete'],
      "there is no command 'delete'; there are init, lint, fix, egress, audit, approve, mcp, doctor, explain",
    ],
    [['lint', '--fromat', 'json'], 'there is no option --fromat; did you mean --format?'],
    [['lint', '-x'], 'there is no option -x'],
    [
      ['lint', '--format', 'jsn'],
      "--format takes text, json, sarif, github, gitlab, junit, markdown, not 'jsn'; did you mean json?",
    ],
    [['lint', '--format'], '--format needs a value'],
    [['lint', '--rule', ''], '--rule needs a value'],
    [['lint', '--skip-rule=,'], '--skip-rule needs a value'],
    [
      ['lint', '--rule', 'no-privileged, no-home-mount', '--skip-rule', 'no-home-mount'],
      '--rule no-home-mount and --skip-rule no-home-mount exclude each other: keep one',
    ],
    [['lint', '--rule', 'no-privilege'], "there is no rule 'no-privilege'; did you mean no-privileged?"],
    [
      ['lint', '--rule', 'no-privilege-r'],
      "there is no rule 'no-privilege-r'; did you mean no-privilege-raising-feature?",
    ],
    [['lint', '--format', 'json', '--format', 'text'], '--format is given 2 times, but takes one value'],
    [['lint', '--a.b=1'], 'there is no option --a.b'],
    [['lint', '--no-color'], 'there is no option --no-color'],
    [['lint', '--dry-run'], 'there is no option --dry-run'],
    [['lint', '--rule', 'no-privilegd'], "there is no rule 'no-privilegd'; did you mean no-privileged?"],
    [['lint', '--skip-rule', 'x'], "there is no rule 'x'; explain lists all"],
    [['lint', 'nowhere'], 'nowhere does not exist'],
    [['lint', ''], "'' does not exist"],
    [['init', 'a', 'b'], "init does not take 'b' as well; see init --help"],
    [['init', '--yes=maybe'], "--yes takes no value, but 'maybe' is given"],
    [['explain', 'no-privilegd'], "there is no rule 'no-privilegd'; did you mean no-privileged?"],
    [['help'], "there is no command 'help'; write --help, alone or behind a command"],
    [['--color', 'lint'], "--color takes auto, always, never, not 'lint'"],
    [['--color', 'sometimes', 'lint'], "--color takes auto, always, never, not 'sometimes'"],
  ])('%j', async (argv, message) => {
    expect(await runCli(argv, cwd)).toEqual({ code: 2, stdout: '', stderr: `error: ${message}\n` });
  });

  test('no command shows the commands on stderr', async () => {
    const { code, stdout, stderr } = await runCli([], cwd);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const name of ['init', 'lint', 'fix', 'explain'])
      expect(stderr).toContain(`harden-devcontainer ${name} [`);
  });

  test('escapes what it repeats', async () => {
    const { stderr } = await runCli(['lint', '\u001b[2J'], cwd);
    expect(stderr).toBe('error: \\u{1b}[2J does not exist\n');
  });
});

describe('help and version', () => {
  test('-h is --help', async () => {
    expect(await runCli(['lint', '-h'], cwd)).toEqual(await runCli(['lint', '--help'], cwd));
  });

  test('the examples in help name rules that exist', async () => {
    const ids = (await listRules()).map(({ id }) => id);
    const words = commandSpecs.flatMap(({ examples }) => examples.flatMap(([line]) => line.split(' ')));
    expect(words.filter((word) => /^(?:no|require|pin)-/.test(word) && !ids.includes(word))).toEqual([]);
  });

  test('--help lists the commands and the exit codes', async () => {
    const { code, stdout, stderr } = await runCli(['--help'], cwd);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Exit codes: 0 clean, 1 findings, 2 usage');
  });

  test.each(['init', 'lint', 'fix', 'explain'])('%s --help has examples', async (name) => {
    const { code, stdout } = await runCli([name, '--help'], cwd);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^harden-devcontainer ${name} \\[`));
    expect(stdout).toMatch(new RegExp(`Examples:\\n  harden-devcontainer ${name}`));
  });

  test('lint --help in full', async () => {
    expect((await runCli(['lint', '--help'], cwd)).stdout).toMatchInlineSnapshot(`
      "harden-devcontainer lint [path..]

      Report what is dangerous in dev container configurations

      path: Repositories, or single files that lint knows (default: .)

      Options:
        --help             Show help                                         [boolean]
        --format           Form of the report: text, json, sarif, github, gitlab,
                           junit, markdown                  [string] [default: "text"]
        --output           Write the report there, not to stdout: FILE        [string]
        --fail-on          Exit 1 from this severity up: error, warning, info, never
                                                         [string] [default: "warning"]
        --persona          pedantic adds hardening wishes and less certain findings:
                           default, pedantic             [string] [default: "default"]
        --rule             Only this rule (repeatable): ID                     [array]
        --skip-rule        Leave this rule out (repeatable): ID                [array]
        --config           Take the section lint of this file instead of the
                           repository's policy: FILE                          [string]
        --baseline         Leave out the findings that this file lists: FILE  [string]
        --update-baseline  Write what is found now into the baseline         [boolean]
        --no-suppressions  Show what comments, the configuration and the baseline take
                           out                                               [boolean]
        --scope            all counts what lies in examples, tests and documentation
                           too: counted, all             [string] [default: "counted"]
        --allow-partial    Do not exit 2 for what could not be analysed; it stays a
                           finding                                           [boolean]
        --stdin            Lint the text on standard input                   [boolean]
        --stdin-filename   Where that text belongs (default:
                           .devcontainer/devcontainer.json): PATH             [string]
        --color            Colour the output: auto, always, never
                                                            [string] [default: "auto"]
        --version          Show version number                               [boolean]

      Examples:
        harden-devcontainer lint
            the repository in this folder, or all that are below it
        harden-devcontainer lint path/to/devcontainer.json
            one file
        harden-devcontainer lint --format sarif --output lint.sarif
            for code scanning
        harden-devcontainer lint --rule no-privileged --fail-on never
            one rule, exit 0 whatever it finds
        harden-devcontainer lint --baseline lint-baseline.json --update-baseline
            accept what is there, report what is new
        harden-devcontainer lint --stdin --stdin-filename .devcontainer.json
            from an editor

      A finding that was judged is taken out by a comment on its line or the line
      above, harden-devcontainer-ignore RULE[, RULE] [until YYYY-MM-DD] -- REASON (for
      a whole file harden-devcontainer-ignore-file at its top), or by an override in
      the section lint of .devcontainer/harden-devcontainer.jsonc or
      harden-devcontainer.jsonc. It stays in JSON and SARIF, marked.

      Folders are searched to the bottom. Left out are version control's own, other
      people's code (node_modules, vendor), build outputs, and what .gitignore files
      name unless git tracks it; the summary counts the configurations there. Links
      are not followed. What lies in folders for examples, tests and documentation is
      counted, but neither shown nor a reason to fail, unless --scope all says so or
      the folder is named.

      Exit codes: 0 clean, 1 findings, 2 usage, configuration or unreadable input, 3
      our bug.
      "
    `);
  });

  test('--version, also behind a command', async () => {
    const expected = { code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' };
    expect(await runCli(['--version'], cwd)).toEqual(expected);
    expect(await runCli(['lint', '--version'], cwd)).toEqual(expected);
  });
});

describe('arguments', () => {
  test('an option before the command belongs to it', async () => {
    const { code, stdout } = await runCli(['--color', 'always', 'explain', 'no-privileged'], cwd);
    expect(code).toBe(0);
    expect(stdout).toContain('\u001b[1mno-privileged');
  });

  test('paths behind -- may look like options', async () => {
    expect(await runCli(['lint', '--', '--weird'], cwd)).toMatchObject({
      stderr: 'error: --weird does not exist\n',
    });
  });

  test('a number is a path like any other', async () => {
    expect(await runCli(['lint', '1e3'], cwd)).toMatchObject({ stderr: 'error: 1e3 does not exist\n' });
  });
});

describe('colour', () => {
  const stream = (isTTY: boolean) => Object.assign(new PassThrough(), { isTTY });

  test.each([
    ['a terminal', true, 'auto', {}, 1],
    ['a pipe', false, 'auto', {}, 0],
    ['NO_COLOR', true, 'auto', { NO_COLOR: '1' }, 0],
    ['an empty NO_COLOR', true, 'auto', { NO_COLOR: '' }, 1],
    ['NO_COLOR before FORCE_COLOR', false, 'auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, 0],
    ['FORCE_COLOR', false, 'auto', { FORCE_COLOR: '' }, 1],
    ['FORCE_COLOR=0', true, 'auto', { FORCE_COLOR: '0' }, 0],
    ['FORCE_COLOR=3', false, 'auto', { FORCE_COLOR: '3' }, 3],
    ['a dumb terminal', true, 'auto', { TERM: 'dumb' }, 0],
    ['256 colours', true, 'auto', { TERM: 'xterm-256color' }, 2],
    ['always', false, 'always', { NO_COLOR: '1' }, 1],
    ['never', true, 'never', { FORCE_COLOR: '1' }, 0],
  ] as const)('%s', (_name, isTTY, choice, env, level) => {
    expect(colorLevel(stream(isTTY), choice, env)).toBe(level);
  });
});

describe('output and errors', () => {
  const io = (stdout: Writable, stderr: Writable) => {
    return { argv: ['explain'], stdout, stderr, stdin: new PassThrough(), cwd, env: {} };
  };
  const failingWith = (code: string) => {
    const error = Object.assign(new Error(`write ${code}`), { code, syscall: 'write' });
    return new Writable({ write: (_chunk, _encoding, done) => done(error) });
  };

  test('a reader that has gone is no error', async () => {
    const stderr = new PassThrough({ encoding: 'utf8' });
    expect(await main(io(failingWith('EPIPE'), stderr))).toBe(0);
    expect(stderr.read()).toBe(null);
  });

  test('a full disk is one', async () => {
    const stderr = new PassThrough({ encoding: 'utf8' });
    expect(await main(io(failingWith('ENOSPC'), stderr))).toBe(2);
    expect(stderr.read()).toBe('error: the output cannot be written: write ENOSPC\n');
  });

  test('an error with a place says it', async () => {
    const stderr = new PassThrough({ encoding: 'utf8' });
    const file = { path: 'policy.jsonc', text: '{\n  "a": 1\n}' };
    const error = new UserError('"a" is no property', { place: { file, at: { start: 4, end: 7 } } });
    expect(await reportError(error, io(new PassThrough(), stderr))).toBe(2);
    expect(stderr.read()).toBe('error: policy.jsonc:2:3: "a" is no property\n');
  });

  test('a bug of ours shows the stack, exit 3', async () => {
    const stderr = new PassThrough({ encoding: 'utf8' });
    expect(await reportError(new TypeError('x is undefined'), io(new PassThrough(), stderr))).toBe(3);
    expect(stderr.read()).toMatch(/^TypeError: x is undefined\n {4}at [\s\S]*This is our bug, not yours/);
  });
});
