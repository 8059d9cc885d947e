import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/mcp/audit.js';
import { type Guard, layOutGuard } from './guard.js';

let guard: Guard;
beforeAll(async () => {
  guard = await layOutGuard();
});
afterAll(() => guard.remove());

const codex = (tool_name: string, tool_input: unknown): string =>
  JSON.stringify({ hook_event_name: 'PreToolUse', tool_name, tool_input, cwd: guard.project });
const lines = (): string[] =>
  readFileSync(join(guard.folder, 'log/audit.jsonl'), 'utf8').split('\n').slice(0, -1);
const head = (): string => readFileSync(join(guard.folder, 'log/head'), 'utf8').slice(0, 64);
const isWhole = async (): Promise<boolean> => !('problem' in (await verifyChain(lines(), head())));
/** What somebody who talks to the collector himself gets back. */
const tell = (line: string | Buffer): string =>
  spawnSync(join(guard.folder, 'lib/audit-collect'), { input: line, encoding: 'utf8' }).stdout.trim();
const record = (change: object = {}): string =>
  JSON.stringify({
    agent: 'codex',
    tool: 'Bash',
    target: 'ls',
    arguments: '{}',
    verdict: 'allowed',
    reason: '',
    category: '',
    branches: '',
    request: '',
    ...change,
  });

describe('the audit log', () => {
  it('keeps every text as it was, in a chain', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
        const { code } = guard.run('codex', codex('update_plan', { text }));
        expect(code).toBe(0);
        expect(JSON.parse(String(guard.log().at(-1)?.arguments))).toEqual({ text });
      }),
      { numRuns: 15, examples: [['\u0000'], ['a\u0000b']] },
    );
    expect(await isWhole()).toBe(true);
  });

  it.each([
    ['', ''],
    ['no JSON', 'hello\n'],
    ['no line end', record()],
    ['a verdict of its own', `${record({ verdict: 'approved' })}\n`],
    ['one member more', `${record().slice(0, -1)},"x":"y"}\n`],
    ['a second previous', `${record().slice(0, -1)},"previous":"${'0'.repeat(64)}"}\n`],
    [
      'a member out of a text',
      `${record({ target: 'X' }).replace('X', '","verdict":"allowed","reason":"')}\n`,
    ],
    ['a number', `${record().replace('"{}"', '1')}\n`],
    ['half an escape', `${record({ target: 'X' }).replace('X', '\\u00')}\n`],
    ['an escape that is put together', `${record({ target: 'X' }).replace('X', '\\u00\\\\41')}\n`],
    ['a lone backslash', `${record({ target: 'X' }).replace('X', '\\x')}\n`],
    [
      'bytes that are no text',
      Buffer.concat([
        Buffer.from(record().slice(0, 40)),
        Buffer.from([0xff]),
        Buffer.from(`${record().slice(40)}\n`),
      ]),
    ],
    ['a control character', `${record({ target: 'X' }).replace('X', '\u0007')}\n`],
    ['a request that is a path', `${record({ verdict: 'held', category: 'push', request: '../../x' })}\n`],
    ['more than it takes', `${record({ target: 'a'.repeat(200_000) })}\n`],
  ])('takes nothing where it is sent %s', (_, line) => {
    const before = lines().length;
    expect(['bad', '']).toContain(tell(line));
    expect(lines()).toHaveLength(before);
  });

  it('drops a line that was never whole, and takes one that was', async () => {
    const log = join(guard.folder, 'log/audit.jsonl');
    const kept = lines();
    writeFileSync(log, `${kept.join('\n')}\n{"sequence":9,"ti`);
    expect(tell(`${record({ target: 'after a torn line' })}\n`)).toBe('ok');
    expect(lines()).toHaveLength(kept.length + 1);
    expect(await isWhole()).toBe(true);
  });

  it('refuses where lines are gone, and where it is full', () => {
    const log = join(guard.folder, 'log/audit.jsonl');
    const text = readFileSync(log, 'utf8');
    truncateSync(log, 100);
    expect(tell(`${record()}\n`)).toBe('bad');
    expect(guard.command('ls').code).toBe(2);
    writeFileSync(log, text);
    const left = readFileSync(join(guard.folder, 'log/head'), 'utf8');
    const collect = join(guard.folder, 'lib/audit-collect');
    const program = readFileSync(collect, 'utf8');
    writeFileSync(collect, program.replace('most=50331648', 'most=10'));
    expect(tell(`${record()}\n`)).toBe('full');
    expect(guard.command('ls')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('audit log is full'),
    });
    writeFileSync(collect, program);
    expect(readFileSync(join(guard.folder, 'log/head'), 'utf8')).toBe(left);
    expect(guard.command('ls').code).toBe(0);
  });

  it('writes no more than a hash where the policy says so', () => {
    guard.configure({ arguments: 'hash' });
    guard.run('codex', codex('update_plan', { secret: 'x' }));
    guard.configure({ arguments: 'full' });
    expect(guard.log().at(-1)?.arguments).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('is in order where many call at once', async () => {
    const before = lines().length;
    const input = codex('update_plan', {});
    const script = `for i in $(seq 12); do printf '%s' "$1" | "$2" codex & done; wait`;
    spawnSync('bash', ['-c', script, '-', input, join(guard.folder, 'lib/guard')], { cwd: guard.project });
    expect(lines()).toHaveLength(before + 12);
    expect(await isWhole()).toBe(true);
  });

  it('lets a grant through once, and not after its time', () => {
    const ask = (): number | null => guard.command('npm publish').code;
    expect(ask()).toBe(2);
    const request = String(guard.log().at(-1)?.request);
    const grant = (until: number): void => {
      const { status } = spawnSync(join(guard.folder, 'lib/audit-grant'), ['grant', request, `${until}`]);
      expect(status).toBe(0);
    };
    grant(Math.floor(Date.now() / 1000) - 1);
    expect(ask()).toBe(2);
    grant(Math.floor(Date.now() / 1000) + 60);
    expect(guard.command('npm publish --tag next').code).toBe(2);
    expect(ask()).toBe(0);
    expect(guard.log().at(-1)).toMatchObject({ verdict: 'approved', category: 'publish' });
    expect(ask()).toBe(2);
  });
});

describe('tools other than a shell', () => {
  it.each([
    ['Read', { file_path: '/w/.env' }],
    ['Read', { file_path: '/home/dev/.ssh/id_ed25519' }],
    ['view', { path: 'config/.env.local' }],
    ['read_many_files', { paths: ['a.ts', '.env'] }],
    ['Grep', { pattern: 'KEY', path: '.env' }],
    ['Edit', { file_path: '.env', old_string: 'a', new_string: 'b' }],
    ['mcp__git__git_push', { repo: '.' }],
    ['mcp__github__merge_pull_request', { number: 1 }],
    ['mcp__shell__run', { command: 'git push origin main' }],
    ['shell', { command: ['bash', '-lc', 'git push origin main'] }],
    ['exec', { argv: ['git', 'push', 'origin', 'main'] }],
    ['write_stdin', { chars: 'git push origin main\n' }],
    ['Task', { nested: { deep: [{ command: 'git push origin main' }] } }],
  ])('blocks %s %j', (tool, input) => {
    expect(guard.run('codex', codex(tool, input)).code).toBe(2);
  });

  it.each([
    ['Read', { file_path: '/w/src/index.ts' }],
    ['Read', { file_path: '/w/.env.example' }],
    ['Write', { file_path: '/w/.env', content: 'A=1' }],
    ['apply_patch', { command: '*** Begin Patch\n+ git push origin main\n' }],
    ['WebFetch', { url: 'https://example.com/', prompt: 'git push origin main' }],
    ['mcp__tracker__list_issues', { query: 'deploy' }],
  ])('lets %s %j through', (tool, input) => {
    expect(guard.run('codex', codex(tool, input))).toMatchObject({ code: 0, stderr: '' });
  });

  it('follows a link to a secret', () => {
    spawnSync('ln', ['-s', '.env', join(guard.project, 'harmless.txt')]);
    expect(guard.run('codex', codex('Read', { file_path: join(guard.project, 'harmless.txt') })).code).toBe(
      2,
    );
  });
});

describe('what an agent could leave for the guard', () => {
  it('is not run: settings of jq and curl, startup files, variables', () => {
    const home = join(guard.folder, 'home');
    mkdirSync(home);
    const mark = join(guard.folder, 'mark');
    writeFileSync(
      join(home, '.jq'),
      'def fromjson: {hook_event_name: "PreToolUse", tool_name: "x", tool_input: {}};',
    );
    writeFileSync(join(home, '.curlrc'), `output = ${mark}`);
    writeFileSync(join(home, 'rc'), `touch ${mark}`);
    const env = {
      HOME: home,
      BASH_ENV: join(home, 'rc'),
      ENV: join(home, 'rc'),
      IFS: 'u',
      SHELLOPTS: 'xtrace',
      'BASH_FUNC_jq%%': `() { touch ${mark}; echo fields; echo end; }`,
      'BASH_FUNC_timeout%%': `() { touch ${mark}; }`,
      PATH: `${home}:/usr/bin:/bin`,
    };
    const input = codex('Bash', { command: 'git push origin main' });
    expect(guard.run('codex', input, { env }).code).toBe(2);
    expect(guard.log().at(-1)).toMatchObject({ verdict: 'held' });
    expect(guard.run('codex', codex('Bash', { command: 'ls' }), { env }).code).toBe(0);
    expect(existsSync(mark)).toBe(false);
  });

  it('is data: no text of a command is run or expanded', () => {
    const mark = join(guard.folder, 'mark');
    const texts = [
      `$(touch ${mark})`,
      `\`touch ${mark}\``,
      `x[$(touch ${mark})]=1`,
      `'; touch ${mark}; '`,
      `a[\`touch ${mark}\`]`,
      `\${x[$(touch ${mark})]}`,
    ];
    for (const text of texts) {
      guard.command(text);
      guard.command(`git push origin ${text}`);
      guard.command(`npm install ${text}`);
      guard.run('codex', codex(text, { command: text, file_path: text, path: text }));
    }
    expect(existsSync(mark)).toBe(false);
  });
});

describe('where a part is missing', () => {
  it.each([
    'etc/guard.json',
    'lib/guard.jq',
    'lib/judge.sh',
    'lib/read-shell.sh',
    'lib/record.sh',
    'lib/packages.sh',
    'lib/judge-git.sh',
  ])('everything is blocked without %s', (path) => {
    const file = join(guard.folder, path);
    const text = readFileSync(file, 'utf8');
    for (const broken of ['', '{', 'syntax (error']) {
      writeFileSync(file, broken);
      for (const agent of ['codex', 'claude-code'])
        expect([
          path,
          broken,
          guard.run(agent, codex('Bash', { command: 'git push origin main' })).code,
        ]).toEqual([path, broken, 2]);
    }
    writeFileSync(file, text);
    expect(guard.command('ls').code).toBe(0);
  });

  it('everything is blocked without the collector', async () => {
    guard.stopCollector();
    expect(guard.command('ls')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('collector does not answer'),
    });
    await guard.startCollector();
    expect(guard.command('ls').code).toBe(0);
  });
});

describe('hostile text', () => {
  it('never lets a push through, whatever stands around it', () => {
    const around = fc.string({
      unit: fc.constantFrom(...'ab \t\n;|&()<>{}[]*?!#~=-$`"\'\\/'),
      maxLength: 12,
    });
    fc.assert(
      fc.property(around, (before) => {
        // A line of its own is a command, unless the quotes before it make it text.
        const command = `: ${before.replace(/['"`\\<#]/g, '')}\ngit push origin main`;
        expect(guard.command(command).code).toBe(2);
      }),
      { numRuns: 25 },
    );
  });

  it('ends in time with every text', () => {
    const texts = [
      '('.repeat(20_000),
      '$('.repeat(20_000),
      '`'.repeat(20_001),
      "'".repeat(20_001),
      '<<a '.repeat(5000),
      `${'a '.repeat(30_000)}`,
      '\\'.repeat(40_000),
      'env '.repeat(10_000),
      'x;'.repeat(20_000),
      'é'.repeat(20_000),
    ];
    for (const text of texts) {
      const started = Date.now();
      const { code } = guard.command(text);
      expect([0, 2]).toContain(code);
      expect(Date.now() - started).toBeLessThan(45_000);
    }
  });

  it('blocks random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(guard.run('codex', Buffer.from(bytes)).code).toBe(2);
      }),
      { numRuns: 20 },
    );
  });
});
