import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type FixCommandOptions, runFix } from '../../../src/cli/commands/fix.js';
import { main } from '../../../src/cli/main.js';
import type { Option, Prompter } from '../../../src/cli/prompt.js';
import type { AnyRule, Report } from '../../../src/core/rule.js';
import * as load from '../../../src/rules/load.js';

// One more rule, whose fix never works, to see what becomes of such a fix.
beforeAll(() => {
  const { loadRules } = load;
  vi.spyOn(load, 'loadRules').mockImplementation(async (subjects) => [
    ...(await loadRules(subjects)),
    evilRule(),
  ]);
});

afterAll(() => {
  vi.restoreAllMocks();
});

function evilRule(): AnyRule {
  return {
    id: 'no-evil',
    on: 'container',
    severity: 'info',
    confidence: 'high',
    persona: 'default',
    summary: 'Do not write evil',
    why: 'It is evil.',
    references: [],
    examples: [],
    good: [],
    *check({ file }): Iterable<Report> {
      const start = file.text.indexOf('evil');
      if (start < 0) return;
      const at = { start, end: start + 4 };
      const edits = [
        {
          file: file.path,
          at: { start: file.text.indexOf('{') + 1, end: file.text.indexOf('{') + 1 },
          text: ' ',
        },
      ];
      const fix = { title: 'add a blank', safety: 'review', consequence: 'nothing', edits } as const;
      yield { place: { file, at }, message: 'it is evil', fixes: [fix] };
    },
  };
}

const config = '.devcontainer/devcontainer.json';
const lines = [
  '{',
  '  // what we build on',
  '  "image": "node:24", // keep',
  '  "remoteUser": "node",',
  '  "privileged": true, // for tests',
  '  "mounts": [',
  '    "source=cache,target=/cache,type=volume", // the cache',
  '    "source=${localEnv:HOME}/.ssh,target=/home/node/.ssh,type=bind",',
  '    "source=${localEnv:HOME}/.aws,target=/home/node/.aws,type=bind"',
  '  ]',
  '}',
  '',
];
const fixed = [
  ...lines.slice(0, 4),
  '  "mounts": [',
  '    "source=cache,target=/cache,type=volume" // the cache',
  '  ]',
  '}',
  '',
];

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fix-'));
  mkdirSync(join(root, '.devcontainer'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (text: string) => writeFileSync(join(root, config), text);
const read = (folder = root) => readFileSync(join(folder, config), 'utf8');

interface Terminal {
  readonly isTTY?: boolean;
  readonly env?: Record<string, string>;
}

function openIo(argv: readonly string[], { isTTY = false, env = {} }: Terminal = {}) {
  const shown = { out: '', err: '' };
  const stream = (key: 'out' | 'err') => {
    const output = Object.assign(new PassThrough(), { isTTY, columns: 80 });
    output.on('data', (chunk) => {
      shown[key] += chunk;
    });
    return output;
  };
  const stdin = Object.assign(new PassThrough(), { isTTY });
  return { io: { argv, stdin, stdout: stream('out'), stderr: stream('err'), cwd: root, env }, shown };
}

async function fix(...flags: string[]) {
  const { io, shown } = openIo(['fix', ...flags]);
  const code = await main(io);
  return { code, ...shown };
}

describe('what to do without a terminal', () => {
  test('has to be said', async () => {
    put(lines.join('\n'));
    const { code, out, err } = await fix();
    expect(code).toBe(2);
    expect(out).toBe('');
    for (const flag of ['--safe', '--all', '--dry-run']) expect(err).toContain(flag);
    expect(read()).toBe(lines.join('\n'));
  });

  test.each([
    [['--safe', '--all'], '--safe and --all exclude each other'],
    [['--all', '--rule', 'no-privilged'], "there is no rule 'no-privilged'; did you mean no-privileged?"],
    [['--all', 'nowhere'], 'nowhere does not exist'],
    [['--all', '--persona', 'strict'], '--persona takes default, pedantic'],
  ])('%j is refused', async (flags, message) => {
    put(lines.join('\n'));
    const { code, err } = await fix(...flags);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe('--all', () => {
  test.each([
    ['as it stands', same],
    [
      'CRLF, a BOM and tabs',
      (text: string) => `\uFEFF${text.replaceAll('\n', '\r\n').replaceAll('  ', '\t')}`,
    ],
  ])('mends everything and touches nothing else, %s', async (_, write) => {
    put(write(lines.join('\n')));
    chmodSync(join(root, config), 0o640);
    const { code, out, err } = await fix('--all');
    expect(err).toBe('');
    expect(read()).toBe(write(fixed.join('\n')));
    expect(statSync(join(root, config)).mode & 0o777).toBe(0o640);
    expect(code).toBe(0);
    expect(out).toContain('3 findings fixed, 0 left.');
    expect(out).toContain('Rebuild the container');
    expect(out).toMatch(
      /^fixed \.devcontainer\/devcontainer\.json:8:[35] no-credential-mount: remove the mount$/m,
    );
  });

  test('changes nothing the second time', async () => {
    put(lines.join('\n'));
    await fix('--all');
    const before = statSync(join(root, config));
    const { code, out } = await fix('--all');
    expect(code).toBe(0);
    expect(out).toBe('No findings: nothing to fix.\n');
    expect(statSync(join(root, config))).toMatchObject({ mtimeMs: before.mtimeMs, ino: before.ino });
  });

  test('with --rule mends and counts only that rule', async () => {
    put(lines.join('\n'));
    const { code, out } = await fix('--all', '--rule', 'no-privileged');
    expect(read()).toBe(lines.filter((line) => !line.includes('privileged')).join('\n'));
    expect(code).toBe(0);
    expect(out).toContain('1 finding fixed, 0 left.');
  });

  test('rolls a fix back that does not work, keeps the others, and says it is our bug', async () => {
    put(lines.join('\n').replace('// keep', '// evil'));
    const { code, err } = await fix('--all');
    expect(code).toBe(3);
    expect(read()).toBe(fixed.join('\n').replace('// keep', '// evil'));
    expect(err).toContain(
      "rolled back: the fix 'add a blank' of no-evil: the finding did not go away (it is evil)",
    );
    expect(err).toContain('This is our bug');
  });

  test('gives no misspelt property an effect that is dangerous, and says why', async () => {
    const text =
      '{ "image": "mcr.microsoft.com/devcontainers/base:noble", "priviledged": true, "capadd": ["KILL"] }';
    put(text);
    const { code, out, err } = await fix('--all');
    expect(read()).toBe(text.replace('capadd', 'capAdd'));
    expect(out).toContain('1 finding fixed, 1 left.');
    expect(err).toBe(
      `not done: 'call it "privileged"' of no-invalid-property: it would bring up another finding (no-privileged: runs the container privileged (privileged))\n`,
    );
    expect(code).toBe(1);
  });

  test('keeps what another part has its reason from, and says why', async () => {
    const text =
      '{ "image": "mcr.microsoft.com/devcontainers/base:noble", "capAdd": ["NET_ADMIN"], "features": { "ghcr.io/tailscale/codespace/tailscale:1.0.7": {} } }';
    put(text);
    const { code, err } = await fix('--all');
    expect(err).not.toContain('our bug');
    expect(code).not.toBe(3);
  });

  test('leaves a file alone that cannot be parsed, and says so by its exit code', async () => {
    put('{ "image": node }');
    expect((await fix('--all')).code).toBe(2);
    expect(read()).toBe('{ "image": node }');
  });
});

test('--safe takes out what has no effect, and nothing else', async () => {
  put(
    '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "privileged": true,\n  "capAdd": ["SYS_ADMIN"],\n  "securityOpt": ["seccomp=unconfined", "no-new-privileges=false"]\n}\n',
  );
  const { code, out } = await fix('--safe');
  expect(read()).toBe('{\n  "image": "node:24",\n  "remoteUser": "node",\n  "privileged": true\n}\n');
  expect(out).toContain('3 findings fixed, 1 left.');
  expect(code).toBe(1);
});

test('--safe leaves what changes a working container', async () => {
  put(lines.join('\n'));
  const { code, out } = await fix('--safe');
  expect(code).toBe(1);
  expect(read()).toBe(lines.join('\n'));
  expect(out).toContain('0 findings fixed, 3 left.');
  expect(out).toContain('What is left has no safe fix');
  expect(out).toMatch(/^left {2}\.devcontainer\/devcontainer\.json:8:5 no-credential-mount: mounts/m);
});

describe('--dry-run', () => {
  const tools: [string, readonly string[]][] = [
    ['git', ['apply', '--whitespace=nowarn']],
    ['patch', ['-p1', '-s']],
  ];

  test.each(tools)('%s makes of it what the real run writes', async (tool, flags) => {
    put(`\uFEFF${lines.join('\r\n')}`);
    const copy = `${root}-copy`;
    cpSync(root, copy, { recursive: true });
    const { code, out, err } = await fix('--dry-run');
    expect(read()).toBe(read(copy));
    expect(code).toBe(0);
    expect(err).toContain('3 findings would be fixed, 0 left.');
    try {
      execFileSync(tool, flags, { cwd: copy, input: out, stdio: 'pipe' });
      await fix('--all');
      expect(read(copy)).toBe(read());
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });

  test('shows only the chosen rules, and nothing on stdout where nothing changes', async () => {
    put(lines.join('\n'));
    const { out } = await fix('--dry-run', '--all', '--rule', 'no-privileged');
    expect(out.split('\n').filter((line) => /^[-+] /.test(line))).toEqual([
      '-  "privileged": true, // for tests',
    ]);
    expect((await fix('--dry-run', '--safe')).out).toBe('');
  });

  test('escapes control characters on a terminal only', async () => {
    put(lines.join('\n').replace('// for tests', '// \u001b[2J'));
    const { io, shown } = openIo(['fix', '--dry-run', '--color', 'never'], { isTTY: true });
    await main(io);
    expect(shown.out).toContain('-  "privileged": true, // \\u{1b}[2J\n');
    expect((await fix('--dry-run')).out).toContain('\u001b[2J');
  });
});

describe('the prompt', () => {
  const options: FixCommandOptions = {
    paths: [],
    dryRun: false,
    safe: false,
    all: false,
    rules: [],
    persona: 'default',
    online: false,
    minAge: undefined,
    color: 'never',
  };

  /** Answers by key; a function does something first. */
  async function answer(...keys: (string | (() => string))[]) {
    const { io, shown } = openIo([], { isTTY: true });
    const script = [...keys];
    let closed = false;
    const questions: string[] = [];
    const prompter = {
      async text(question, { validate } = {}) {
        questions.push(question);
        const key = script.shift();
        const reason = typeof key === 'function' ? key() : key;
        if (reason !== undefined) expect(validate?.(reason)).toBeUndefined();
        return reason;
      },
      async choose<T>(_: string, choices: readonly Option<T>[]) {
        const key = script.shift();
        const wanted = typeof key === 'function' ? key() : key;
        return choices.find((choice) => choice.key === wanted)?.value;
      },
      close: () => {
        closed = true;
      },
    } as Prompter;
    const result = await runFix(options, io, async () => prompter).then(
      (code) => ({ code, error: undefined }),
      (error: unknown) => ({ code: undefined, error }),
    );
    expect(closed).toBe(true);
    return { ...result, ...shown, questions };
  }

  test('mends what is confirmed', async () => {
    put(lines.join('\n'));
    const { code, out } = await answer('y', 'y', 'y');
    expect(read()).toBe(fixed.join('\n'));
    expect(code).toBe(0);
    expect(out).toContain('[1/3]');
    expect(out).toContain('why:');
    expect(out).toContain('3 findings fixed, 0 left.');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('quitting keeps what was accepted', async () => {
    put(lines.join('\n'));
    const { code, out } = await answer('y', 'q');
    expect(code).toBe(1);
    expect(out).toContain('1 finding fixed, 2 left.');
    expect(read()).not.toBe(lines.join('\n'));
  });

  test('suppresses with a reason, by a comment above the line', async () => {
    put(lines.join('\n'));
    const { out, questions } = await answer('s', 'only tests run here', 'n', 'n');
    expect(questions).toEqual(['Why is it fine? It is written as a comment above the line']);
    expect(out).toContain('0 findings fixed, 2 skipped, 1 suppressed, 2 left.');
    const comment = '  // harden-devcontainer-ignore no-privileged -- only tests run here';
    expect(read().split('\n')).toEqual([...lines.slice(0, 4), comment, ...lines.slice(4)]);
    expect((await answer('q')).out).toContain('2 left.');
  });

  test.each([
    [undefined, 'harden-devcontainer.jsonc'],
    ['{\n  "version": 1,\n  "name": "shop" // ours\n}\n', '.devcontainer/harden-devcontainer.jsonc'],
    [
      '{ "version": 1, "lint": { "overrides": [{ "rules": ["no-privileged"], "severity": "info", "reason": "r" }] } }\n',
      'harden-devcontainer.jsonc',
    ],
  ])('suppresses in the policy what stands in a file without comments: %j', async (policy, path) => {
    put('{ "image": "node:24", "remoteUser": "node" }');
    if (policy !== undefined) writeFileSync(join(root, path), policy);
    mkdirSync(join(root, '.claude'));
    const settings = '{ "permissions": { "allow": ["Bash(*)"] } }\n';
    writeFileSync(join(root, '.claude/settings.json'), settings);
    const { out, questions } = await answer('s', 'the container is thrown away');
    expect(questions).toEqual([
      `Why is it fine? It is written in ${path}, which turns no-broad-shell-allow off for all of .claude/settings.json`,
    ]);
    expect(out).toContain('1 suppressed, 0 left.');
    const written = readFileSync(join(root, path), 'utf8');
    expect(written).toContain('"/.claude/settings.json"');
    expect(written).toContain('"the container is thrown away"');
    if (policy?.includes('// ours')) expect(written).toContain('"name": "shop", // ours');
    expect(readFileSync(join(root, '.claude/settings.json'), 'utf8')).toBe(settings);
    expect((await answer()).out).toBe('No findings: nothing to fix.\n');
  });

  test('writes nothing where no reason is given', async () => {
    put(lines.join('\n'));
    const { out } = await answer('s', () => undefined as unknown as string);
    expect(out).toContain('0 findings fixed, 3 left.');
    expect(read()).toBe(lines.join('\n'));
  });

  test('refuses to write over a change that somebody made meanwhile', async () => {
    put(lines.join('\n'));
    const { error } = await answer('n', () => {
      put('{}');
      return 'y';
    });
    expect(String(error)).toContain('devcontainer.json changed since it was read; nothing was written');
    expect(read()).toBe('{}');
  });
});

test('help tells the exit codes', async () => {
  const { out } = await fix('--help');
  expect(out.replaceAll(/\s+/g, ' ')).toContain('3 when a fix did not work and was rolled back');
});

function same(text: string): string {
  return text;
}
