import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.js';
import { parsePolicy } from '../../src/policy/parse.js';
import { type FakeEngine, fakeEngine } from '../unit/cli/fake-engine.js';
import { folderWith } from '../unit/cli/run-cli.js';
import { program } from './program.js';

const policyPath = '.devcontainer/harden-devcontainer.jsonc';
const allowlistPath = '.devcontainer/allowlist';
const inContainer = '/etc/harden-devcontainer/allowlist';

let folder: string;
let engine: FakeEngine;

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in the project. With answers it is a terminal, where each of them is typed as a line. */
async function run(argv: readonly string[], answers?: readonly string[]): Promise<Outcome> {
  const isTTY = answers !== undefined;
  const stdin = Object.assign(new PassThrough(), { isTTY });
  stdin.end((answers ?? []).map((answer) => `${answer}\n`).join(''));
  const texts = { out: '', err: '' };
  const collect = (name: 'out' | 'err', isTTY: boolean) => {
    const stream = new PassThrough({ encoding: 'utf8' });
    stream.on('data', (text: string) => {
      texts[name] += text;
    });
    return Object.assign(stream, { isTTY, columns: 80 });
  };
  const streams = { stdin, stdout: collect('out', isTTY), stderr: collect('err', false) };
  const code = await main({ argv, ...streams, cwd: folder, env: { ...engine.env, TERM: 'dumb' } });
  return { code, ...texts };
}

const allow = (argv: readonly string[], answers?: readonly string[]) => run(['egress', ...argv], answers);
const get = (path: string) => readFileSync(join(folder, path), 'utf8');
const put = (path: string, text: string) => writeFileSync(join(folder, path), text);
const reloads = () => engine.calls().filter((call) => / c1 \S+harden-reload$/.test(call)).length;

let written: string;

beforeAll(async () => {
  folder = folderWith({});
  engine = fakeEngine([]);
  await run(['init', '--yes', '--stack', 'python', '--agent', 'none', '--allow', 'old.example']);
  written = folder;
});

beforeEach(() => {
  folder = realpathSync(folderWith({}));
  cpSync(written, folder, { recursive: true });
  engine = fakeEngine([{ labels: { 'devcontainer.local_folder': folder } }]);
  engine.put(inContainer, get(allowlistPath));
  engine.put('/etc/harden-devcontainer/forwards', '');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => rmSync(written, { recursive: true, force: true }));

/** Both texts of the list, and the policy: what must be as it was when something fails. */
const state = () => ({
  policy: get(policyPath),
  list: get(allowlistPath),
  container: engine.get(inContainer),
});

describe('egress --allow', () => {
  test('adds to the policy with its comments, renders the list and gives it to the running container', async () => {
    const before = get(policyPath);
    const { code, out, err } = await allow(['--allow', 'new.example:8443', '--reason', 'the build cache']);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(parsePolicy({ path: policyPath, text: get(policyPath) }).allow.at(-1)).toMatchObject({
      host: 'new.example',
      ports: [8443],
      reason: 'the build cache',
    });
    for (const comment of before.match(/\/\/ .*/g) ?? []) expect(get(policyPath)).toContain(comment);
    expect(get(allowlistPath)).toMatch(/# the build cache\nnew\.example:8443/);
    expect(engine.get(inContainer)).toBe(get(allowlistPath));
    expect(reloads()).toBe(1);
    expect(err).toBe(
      `note: new.example: whoever runs this host, or may write to it, can be sent
      what the agent can read
  changed  .devcontainer/harden-devcontainer.jsonc
  changed  .devcontainer/allowlist
  changed  .devcontainer/README.md
box took the new list while it runs; connections stay
`,
    );
    expect((await run(['init', '--check'])).code).toBe(0);
  });

  test('takes several names, each with its ports', async () => {
    const names = ['--allow', 'a.example,b.example:22', '--allow', 'b.example:2222', '--allow', '.c.example'];
    expect((await allow([...names, '--reason', 'x'])).code).toBe(0);
    expect(parsePolicy({ path: policyPath, text: get(policyPath) }).allow.slice(1)).toMatchObject([
      { host: 'a.example', ports: undefined },
      { host: 'b.example', ports: [22, 2222] },
      { host: '.c.example', ports: undefined },
    ]);
  });

  test('changes nothing with --dry-run, and shows what it would', async () => {
    const before = state();
    const { code, out, err } = await allow(['--allow', 'new.example', '--reason', 'x', '--dry-run']);
    expect(code).toBe(0);
    expect(out).toMatch(/^\+ {6}"host": "new\.example",$/m);
    expect(out).toMatch(/^\+new\.example$/m);
    expect(err).toMatch(
      /box would take the new list while it runs; connections stay\nnothing was changed\n$/,
    );
    expect(state()).toEqual(before);
    expect(reloads()).toBe(0);
  });

  test('does nothing twice', async () => {
    await allow(['--allow', 'new.example', '--reason', 'x']);
    const before = state();
    const { code, err } = await allow(['--allow', 'new.example']);
    expect({ code, err }).toEqual({
      code: 0,
      err: 'note: the policy opens new.example already\nbox has this list already\n',
    });
    expect(state()).toEqual(before);
    expect(reloads()).toBe(1);
  });

  test('knows what the presets and suffixes open', async () => {
    await allow(['--allow', '.suffix.example', '--reason', 'x']);
    const { err } = await allow(['--allow', 'pypi.org:443,deep.suffix.example']);
    expect(err).toMatch(
      /the policy opens pypi\.org already\n.*the policy opens deep\.suffix\.example already/,
    );
  });

  test('gives the container a list that it does not have yet, and says what comes with it', async () => {
    engine.put(inContainer, `${get(allowlistPath)}gone.example # x\n`.replace('old.example', ''));
    const { code, err } = await allow(['--allow', 'new.example', '--reason', 'x']);
    expect(code).toBe(0);
    expect(err).toContain('note: with it come changes since it was built: old.example, not gone.example\n');
    expect(engine.get(inContainer)).toBe(get(allowlistPath));
  });
});

describe('a host that is a known way out', () => {
  test('needs --yes where nobody can be asked, and says why', async () => {
    const before = state();
    const { code, err } = await allow(['--allow', 'github.com', '--reason', 'git']);
    expect(code).toBe(2);
    expect(err).toMatch(
      /^warning: github\.com \(forge\): [\s\S]*push[\s\S]*error: github\.com: a known way out for data.*--yes/,
    );
    expect(state()).toEqual(before);
    expect((await allow(['--allow', 'github.com', '--reason', 'git', '--yes'])).code).toBe(0);
    expect(get(allowlistPath)).toMatch(/^github\.com$/m);
  });

  test('is only told of where much work needs it', async () => {
    const { code, err } = await allow(['--allow', 'api.openai.com', '--reason', 'a second model']);
    expect(code).toBe(0);
    expect(err).toMatch(/^warning: api\.openai\.com \(agent API\): /);
  });

  test('is asked about on a terminal, with no as the answer of Enter', async () => {
    const before = state();
    const { code, err } = await allow(['--allow', 'github.com', '--reason', 'git'], ['']);
    expect(code).toBe(2);
    expect(err).toMatch(/cancelled: nothing was changed\n$/);
    expect(state()).toEqual(before);
    expect((await allow(['--allow', 'github.com', '--reason', 'git'], ['y'])).code).toBe(0);
  });
});

describe('the reason', () => {
  test('is missing where nobody can be asked', async () => {
    const { code, err } = await allow(['--allow', 'new.example']);
    expect({ code, err }).toEqual({
      code: 2,
      err: 'error: --reason is missing: say why new.example is needed; it is written into the policy\n',
    });
  });

  test('is asked for on a terminal, until it is one', async () => {
    const { code, out } = await allow(['--allow', 'new.example'], ['', 'for the tests']);
    expect(code).toBe(0);
    expect(out).toMatch(/Why is new\.example needed\?/);
    expect(get(allowlistPath)).toContain('# for the tests\nnew.example');
  });
});

describe('where the container does not take the list', () => {
  const refuse = (times: number) =>
    engine.onExec(`[ "$1" = test ] && exit 0
n=$(cat "$here/n" 2>/dev/null || echo 0); echo $((n + 1)) >"$here/n"
[ "$n" -ge ${times} ] && exit 0
printf 'init-firewall: allowlist line 9 is \\033[2Jnot understood\\ninit-firewall: failed (exit 1)\\n' >&2
exit 1
`);

  test('everything is put back, and its words are shown but not obeyed', async () => {
    const before = state();
    refuse(1);
    const { code, err } = await allow(['--allow', 'new.example', '--reason', 'x']);
    expect(code).toBe(2);
    expect(err).toContain(
      'error: box did not take the new list: init-firewall: allowlist line 9 is \\u{1b}[2Jnot understood; init-firewall: failed (exit 1); box has its old list again; policy and files are as they were\n',
    );
    expect(state()).toEqual(before);
    expect(reloads()).toBe(2);
  });

  test('and not its old one either, that is said', async () => {
    const before = state();
    refuse(9);
    const { code, err } = await allow(['--allow', 'new.example', '--reason', 'x']);
    expect(code).toBe(2);
    expect(err).toMatch(
      /box did not take its old list back either: .*stays closed; restart it; policy and files are as they were\n$/,
    );
    expect(state()).toEqual(before);
  });

  test('because it went away, everything is put back', async () => {
    const before = state();
    engine.onExec(
      '[ "$1" = test ] && exit 0\necho "Error response from daemon: Container c1 is not running" >&2; exit 1\n',
    );
    const { code, err } = await allow(['--allow', 'new.example', '--reason', 'x']);
    expect(code).toBe(2);
    expect(err).toContain('Container c1 is not running');
    expect(state()).toEqual(before);
  });

  test('new files that came with it go again', async () => {
    rmSync(join(folder, allowlistPath));
    refuse(1);
    expect((await allow(['--allow', 'new.example', '--reason', 'x'])).code).toBe(2);
    expect(existsSync(join(folder, allowlistPath))).toBe(false);
  });
});

test('an interrupt in the middle waits until the files and the container say the same', async () => {
  engine.onExec('case "$1" in *reload) sleep 0.7; echo done >"$here/reloaded" ;; esac\n');
  const argv = [program, 'egress', '--allow', 'new.example', '--reason', 'x'];
  // A process group of its own, because Ctrl-C goes to all that are in one.
  const child = spawn(process.execPath, argv, {
    cwd: folder,
    env: engine.env,
    detached: true,
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  while (reloads() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  process.kill(-(child.pid ?? 0), 'SIGINT');
  expect(await ended).toEqual([null, 'SIGINT']);
  expect(get(policyPath)).toContain('new.example');
  expect(get(allowlistPath)).toContain('new.example');
  expect(engine.get(inContainer)).toBe(get(allowlistPath));
  expect(engine.get('/../reloaded')).toBe('done\n');
});

describe('without a container that could take it', () => {
  const allowed = async () => {
    const { code, err } = await allow(['--allow', 'new.example', '--reason', 'x']);
    expect(code).toBe(0);
    expect(get(allowlistPath)).toMatch(/^new\.example$/m);
    return err;
  };

  test('the files are written, and what is missing is said: no container', async () => {
    engine = fakeEngine([]);
    expect(await allowed()).toMatch(
      /note: there is no dev container of .*; the list is used when the container is built next\n$/,
    );
  });

  test('no engine', async () => {
    engine = { ...engine, env: { PATH: '/nowhere' } };
    expect(await allowed()).toMatch(/note: there is no container engine here: .*built next\n$/);
  });

  test('a container that has stopped', async () => {
    engine = fakeEngine([{ status: 'exited', labels: { 'devcontainer.local_folder': folder } }]);
    expect(await allowed()).toMatch(/note: the container box is not running but exited; .*built next\n$/);
  });

  test('a container of an earlier release', async () => {
    engine.onExec('exit 1\n');
    expect(await allowed()).toMatch(/was built before there was .*harden-reload; .*built next\n$/);
    expect(reloads()).toBe(0);
  });

  test('but one that was named must be there', async () => {
    const before = state();
    engine.before('[ "$1" != inspect ] || { echo "Error: No such container: x" >&2; exit 1; }');
    const { code, err } = await allow(['--allow', 'new.example', '--reason', 'x', '--container', 'x']);
    expect({ code, err }).toEqual({
      code: 2,
      err: 'error: docker cannot look at the container: Error: No such container: x\n',
    });
    expect(state()).toEqual(before);
  });
});

describe('files that somebody changed', () => {
  beforeEach(() => put(allowlistPath, `${get(allowlistPath)}by-hand.example\n`));

  test('are not replaced unseen', async () => {
    const before = state();
    const { code, err } = await allow(['--allow', 'new.example', '--reason', 'x']);
    expect(code).toBe(2);
    expect(err).toMatch(
      /error: \.devcontainer\/allowlist is not what init wrote for this policy; nothing was written/,
    );
    expect(state()).toEqual(before);
  });

  test('are replaced with --force, and after a look on a terminal', async () => {
    const { code, out } = await allow(['--allow', 'new.example', '--reason', 'x'], ['no']);
    expect(code).toBe(2);
    expect(out).toMatch(/^-by-hand\.example$/m);
    expect((await allow(['--allow', 'new.example', '--reason', 'x'], ['yes'])).code).toBe(0);
    put(allowlistPath, `${get(allowlistPath)}by-hand.example\n`);
    expect((await allow(['--allow', 'other.example', '--reason', 'x', '--force'])).code).toBe(0);
    expect(get(allowlistPath)).not.toContain('by-hand');
  });

  test('only in a comment lose nothing', async () => {
    put(allowlistPath, get(allowlistPath).replace('by-hand.example', '# by hand'));
    expect((await allow(['--allow', 'new.example', '--reason', 'x'])).code).toBe(0);
  });
});

test('what else is not as the policy says is left alone, and named', async () => {
  put('.devcontainer/Dockerfile', 'FROM mine\n');
  put('.devcontainer.json', '{}');
  const { code, err } = await allow(['--allow', 'new.example', '--reason', 'x']);
  expect(code).toBe(0);
  expect(err).toMatch(
    /note: not what the policy says: \.devcontainer\/Dockerfile; run init, then build the container again\n$/,
  );
  expect(get('.devcontainer/Dockerfile')).toBe('FROM mine\n');
  expect(existsSync(join(folder, '.devcontainer.json'))).toBe(true);
});

describe('egress --allow refuses', () => {
  test.each([
    [
      ['--allow', 'https://x.example'],
      '--allow: "https://x.example" is not a host name; write it without scheme and path',
    ],
    [
      ['--allow', 'x.example:0'],
      '--allow: "x.example:0" has no usable port; write a number from 1 to 65535 behind the colon',
    ],
    [['--allow', 'localhost'], /^--allow: "localhost" /],
    [['--allow', 'x.example', '--reason', 'a\nb'], /^--reason: "a\\nb" is not one line of plain text/],
  ])('%j', async (argv, message) => {
    const { code, err } = await allow(argv);
    expect(code).toBe(2);
    expect(err.replace(/^error: /, '').trim()).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
    expect(engine.calls()).toEqual([]);
  });

  test('a project without a policy', async () => {
    const empty = folderWith({});
    const { code, err } = await allow([empty, '--allow', 'x.example', '--reason', 'x']);
    expect(code).toBe(2);
    expect(err).toMatch(
      /there is no \.devcontainer\/harden-devcontainer\.jsonc to add to; write a dev container with init/,
    );
    expect(empty.startsWith(tmpdir())).toBe(true);
  });
});
