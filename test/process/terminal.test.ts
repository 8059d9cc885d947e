import { describe, expect, test } from 'vitest';
import { folderOf, textsIn } from './program.js';
import { openTerminal } from './terminal.js';

const config = '.devcontainer/devcontainer.json';
const text = `{
  "image": "node:24",
  "remoteUser": "node",
  "privileged": true, // for tests
  "mounts": [
    "source=\${localEnv:HOME}/.ssh,target=/home/node/.ssh,type=bind",
    "source=\${localEnv:HOME}/.aws,target=/home/node/.aws,type=bind",
    "source=cache,target=/cache,type=volume"
  ]
}
`;
const question = 'Enter: confirm';

describe('the prompt of fix in a terminal of 80 columns', () => {
  test('takes letters, shows the next alternative, suppresses with a reason and sums up', async () => {
    const folder = folderOf({ [config]: text });
    const terminal = openTerminal(folder, ['fix']);
    await terminal.answer(question, 'y');
    await terminal.answer('Fixed.', '');
    await terminal.answer('fix 1 of 3', '');
    await terminal.answer(question, 'o');
    await terminal.answer('fix 2 of 3', '');
    await terminal.answer(question, 's');
    await terminal.answer('Why is it fine?', 'the keys are for tests\r');
    await terminal.answer('Suppressed.', '');
    await terminal.answer(question, 'n');
    const { code, lines } = await terminal.end();
    expect(lines.join('\n')).toMatch(/1 finding fixed, 1 skipped, 1 suppressed, 1 left/);
    expect(code).toBe(1);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(textsIn(folder)[config]).toContain('-- the keys are for tests\n');
  });

  test('takes arrows and Enter', async () => {
    const folder = folderOf({ [config]: text });
    const terminal = openTerminal(folder, ['fix', '--rule', 'no-privileged']);
    await terminal.answer(question, '\u001b[B');
    await terminal.answer('● n', '\u001b[A');
    await terminal.answer('● y', '\r');
    const { code } = await terminal.end();
    expect(code).toBe(0);
    expect(textsIn(folder)[config]).toBe(text.replace('  "privileged": true, // for tests\n', ''));
  });

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Escape', '\u001b'],
    ['q', 'q'],
  ])('keeps what was accepted, and nothing else, on %s', async (_, key) => {
    const folder = folderOf({ [config]: text });
    const terminal = openTerminal(folder, ['fix']);
    await terminal.answer(question, 'y');
    await terminal.answer('Fixed.', '');
    await terminal.answer('[2/', '');
    await terminal.answer(question, key);
    const { code, lines } = await terminal.end();
    expect(code).toBe(1);
    expect(lines.join('\n')).toContain('1 finding fixed, 2 left.');
    expect(Object.keys(textsIn(folder))).toEqual([config]);
  });

  test.each([{ ACCESSIBLE: '1' }, { TERM: 'dumb' }])(
    'is plain lines for a screen reader: %j',
    async (env) => {
      const folder = folderOf({ [config]: text });
      const terminal = openTerminal(folder, ['fix', '--color', 'never', '--rule', 'no-privileged'], env);
      await terminal.answer('Your choice [y]:', 'x\n');
      await terminal.answer('Please answer one of y, n, s, q.', 'y\n');
      const { code, raw } = await terminal.end();
      expect(raw).not.toContain('\u001b');
      expect(raw).toContain('y) Yes, apply it');
      expect(code).toBe(0);
      expect(textsIn(folder)[config]).not.toContain('privileged');
    },
  );

  test('shows no control sequences of the files', async () => {
    const evil = text.replace('for tests', 'for \u001b[2J\u001b]0;owned\u0007 tests \u009b31m');
    const folder = folderOf({ [config]: evil });
    const terminal = openTerminal(folder, ['fix']);
    await terminal.answer(question, 'q');
    const { raw } = await terminal.end();
    expect(raw).not.toContain('\u001b]0;');
    expect(raw).not.toContain('\u001b[2J');
    expect(raw).not.toContain('\u009b');
    expect(textsIn(folder)[config]).toBe(evil);
  });
});

test('without a terminal nothing is asked', async () => {
  const { spawnSync } = await import('node:child_process');
  const { program } = await import('./program.js');
  const folder = folderOf({ [config]: text });
  const { status, stderr } = spawnSync('node', [program, 'fix'], {
    cwd: folder,
    encoding: 'utf8',
    input: 'y\n',
  });
  expect(status).toBe(2);
  expect(stderr).toContain('there is no terminal to ask on');
  expect(textsIn(folder)[config]).toBe(text);
});
