import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { requestOf } from '../../../src/audit/records.js';
import { chainStart, hashLine } from '../../../src/mcp/audit.js';
import { type FakeEngine, fakeEngine } from './fake-engine.js';
import { folderWith, runCli } from './run-cli.js';

const log = '/var/log/harden-audit';
let folder: string;
beforeEach(() => {
  folder = realpathSync(folderWith({ 'package.json': '{}' }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const call = {
  time: new Date().toISOString(),
  agent: 'codex',
  tool: 'Bash',
  target: 'ls',
  arguments: '{}',
  verdict: 'allowed',
  reason: '',
  category: '',
  branches: '',
  request: '',
};
type Call = typeof call;

/** A record of something that was held, under the name that the guard gives it. */
function held(change: Partial<Call>): Partial<Call> {
  const record = { ...call, sequence: 0, verdict: 'held', ...change };
  return { ...record, request: requestOf(record) };
}

/** An engine whose container has a log of these calls. */
function engineWith(calls: readonly Partial<Call>[], status = 'running'): FakeEngine {
  const engine = fakeEngine([{ labels: { 'devcontainer.local_folder': folder }, status }]);
  let previous = chainStart;
  const lines = calls.map((change, index) => {
    const line = JSON.stringify({ sequence: index + 1, ...call, ...change, previous });
    previous = hashLine(line);
    return line;
  });
  engine.put(`${log}/audit.jsonl`, lines.map((line) => `${line}\n`).join(''));
  engine.put(`${log}/head`, `${previous} 000000000000001 000000000000001\n`);
  engine.onExec('printf "%s\\n" "$*" >>"$here/grants"');
  return engine;
}
const run = (engine: FakeEngine, ...argv: string[]) => runCli(argv, folder, { env: engine.env });

describe('audit', () => {
  const calls = [
    {},
    { target: 'npm publish', verdict: 'held', agent: 'claude-code' },
    { target: 'cat .env', verdict: 'refused' },
  ];

  test('shows calls, all of them or some', async () => {
    const engine = engineWith(calls);
    const all = await run(engine, 'audit');
    expect(all.stdout).toMatch(/codex +allowed +Bash +ls\n/);
    expect(all.stdout).toMatch(/claude-code +held +Bash +npm publish/);
    expect(all.code).toBe(0);
    const { stdout } = await run(engine, 'audit', '--blocked', '--agent', 'codex');
    expect(stdout).toContain('cat .env');
    expect(stdout).not.toMatch(/ ls\n|npm publish/);
    expect((await run(engine, 'audit', '--agent', 'nobody')).stdout).toBe('No tool call is in the log.\n');
  });

  test('reads a container that is stopped', async () => {
    expect((await run(engineWith(calls, 'exited'), 'audit', '--verify')).stdout).toMatch(
      /^3 calls, chain whole, head [0-9a-f]{64}\n$/,
    );
  });

  test('gives terminals nothing to obey', async () => {
    const engine = engineWith([
      { target: 'a\u001b[31mb\u202ec\n\u0007', tool: '\u001b]0;x\u0007', agent: '\u009b' },
    ]);
    const { stdout } = await run(engine, 'audit');
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(stdout.trim().split('\n')).toHaveLength(2);
  });

  test.each([
    ['changed', (text: string) => text.replace('cat .env', 'ls')],
    ['cut off', (text: string) => `${text.trim().split('\n').slice(0, -1).join('\n')}\n`],
    ['emptied', () => ''],
    ['added to', (text: string) => `${text}{"x":1}\n`],
    ['turned around', (text: string) => `${text.trim().split('\n').reverse().join('\n')}\n`],
  ])('exits with 1 where the log was %s', async (_, change) => {
    const engine = engineWith(calls);
    engine.put(`${log}/audit.jsonl`, change(engine.get(`${log}/audit.jsonl`) ?? ''));
    const { code, stdout, stderr } = await run(engine, 'audit', '--verify');
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining('not whole')]);
    expect((await run(engine, 'audit')).code).toBe(1);
    expect((await run(engine, 'approve')).code).toBe(2);
  });

  test('moves the log to a new file, once it is whole', async () => {
    const engine = engineWith(calls);
    expect((await run(engine, 'audit', '--rotate', 'moved.jsonl')).code).toBe(0);
    expect(readFileSync(join(folder, 'moved.jsonl'), 'utf8')).toBe(engine.get(`${log}/audit.jsonl`));
    expect(engine.calls().at(-1)).toMatch(/setpriv --reuid=harden-audit .* rotate [0-9a-f]{64}$/);
    expect((await run(engine, 'audit', '--rotate', 'moved.jsonl')).stderr).toMatch(/cannot be written/);
  });

  test('is for programs too', async () => {
    const report = JSON.parse((await run(engineWith(calls), 'audit', '--format', 'json')).stdout);
    expect(report.chain).toMatchObject({ lines: 3 });
    expect(report.records.map(({ verdict }: Call) => verdict)).toEqual(['allowed', 'held', 'refused']);
  });

  test('says so where there is no log', async () => {
    const engine = fakeEngine([{ labels: { 'devcontainer.local_folder': folder } }]);
    const { code, stderr } = await run(engine, 'audit');
    expect([code, stderr]).toEqual([2, expect.stringContaining('has no audit log')]);
  });
});

describe('approve', () => {
  const publish = held({ target: 'npm publish', category: 'publish' });
  const push = held({ target: 'git push origin main', category: 'push', branches: 'main' });
  const grants = (engine: FakeEngine): string[] => engine.calls().filter((line) => line.includes(' grant '));

  test('lists what waits, newest first, and grants it by name', async () => {
    const engine = engineWith([publish, push]);
    const { stdout, stderr } = await run(engine, 'approve');
    expect(stdout.split('\n').map((line) => line.slice(14))).toEqual([
      expect.stringMatching(/^push to main: git push origin main \(codex, /),
      expect.stringMatching(/^publish: npm publish/),
      '',
    ]);
    expect(stderr).toContain('--request ID');
    expect(grants(engine)).toEqual([]);
    const id = stdout.slice(0, 12);
    expect((await run(engine, 'approve', '--request', id)).stderr).toMatch(
      /^approved once, for 10 minutes: push to main/,
    );
    const [, request, until] = / grant ([0-9a-f]{64}) (\d+)$/.exec(grants(engine)[0] ?? '') ?? [];
    expect(request).toBe(push.request);
    expect(Number(until) - Date.now() / 1000).toBeCloseTo(600, -1);
  });

  test('grants nothing that nobody waits for', async () => {
    const old = new Date(Date.now() - 25 * 3600 * 1000).toISOString();
    const engine = engineWith([{ ...push, time: old }, publish, { ...publish, verdict: 'approved' }]);
    expect((await run(engine, 'approve')).stderr).toBe('nothing waits for approval\n');
    for (const id of ['', 'abc', 'x'.repeat(12), String(push.request).slice(0, 12)])
      expect((await run(engine, 'approve', '--request', id)).code).toBe(2);
    expect(grants(engine)).toEqual([]);
  });

  test('believes no record that shows something else than it asks for', async () => {
    const engine = engineWith([
      { ...publish, target: 'ls' },
      { ...push, branches: 'feature' },
      { ...publish, category: 'push' },
    ]);
    expect((await run(engine, 'approve')).stderr).toBe('nothing waits for approval\n');
  });

  test('needs the container to run', async () => {
    const { code, stderr } = await run(
      engineWith([push], 'exited'),
      'approve',
      '--request',
      String(push.request),
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining('is not running')]);
    expect(existsSync(join(folder, 'grants'))).toBe(false);
  });
});
