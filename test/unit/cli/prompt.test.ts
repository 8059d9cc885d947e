import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { canPrompt, type Prompter } from '../../../src/cli/prompt.js';
import { menuPrompter, withoutColor } from '../../../src/cli/prompt-menu.js';
import { plainPrompter } from '../../../src/cli/prompt-plain.js';

const fruit = [
  { value: 'a', label: 'Apple', key: 'x' },
  { value: 'b', label: 'Banana', hint: 'yellow', key: 'y' },
  { value: 'c', label: 'Cherry', key: 'z' },
];

function open(make: typeof plainPrompter) {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  output.on('data', (chunk) => {
    shown += chunk;
  });
  return { input, prompter: make(input, output), shown: () => shown };
}

/** Asks while the lines are typed; the input ends after them. */
async function withLines<T>(lines: readonly string[], ask: (prompter: Prompter) => Promise<T>) {
  const { input, prompter, shown } = open(plainPrompter);
  input.end(lines.map((line) => `${line}\n`).join(''));
  const answer = await ask(prompter);
  prompter.close();
  return { answer, shown: shown() };
}

describe('plain lines', () => {
  test.each([
    ['y', true],
    ['NO', false],
    ['', false],
    ['maybe', undefined],
  ])('confirm %j', async (line, expected) => {
    const { answer, shown } = await withLines([line], (prompter) => prompter.confirm('Go on?', false));
    expect(answer).toBe(expected);
    expect(shown).toContain('Go on? [y/N] ');
  });

  test('choose lists the options and takes a key, a label or nothing', async () => {
    const choose = (prompter: Prompter) => prompter.choose('Which?', fruit, 'b');
    const { answer, shown } = await withLines(['z'], choose);
    expect(answer).toBe('c');
    expect(shown).toBe('Which?\n  x) Apple\n  y) Banana (yellow)\n  z) Cherry\nYour choice [y]: ');
    expect((await withLines(['apple'], choose)).answer).toBe('a');
    expect((await withLines([''], choose)).answer).toBe('b');
  });

  test('asks again after a wrong answer', async () => {
    const { answer, shown } = await withLines(['?', 'x'], (prompter) => prompter.choose('Which?', fruit));
    expect(answer).toBe('a');
    expect(shown).toContain('Please answer one of x, y, z.\n');
  });

  test('chooseSeveral', async () => {
    const several = (prompter: Prompter) => prompter.chooseSeveral('Which?', fruit, ['b']);
    expect((await withLines(['x, z'], several)).answer).toEqual(['a', 'c']);
    expect((await withLines([''], several)).answer).toEqual(['b']);
    expect((await withLines(['none'], several)).answer).toEqual([]);
    expect((await withLines(['x q', 'y'], several)).shown).toContain("There is no choice 'q'.");
  });

  test('text is checked', async () => {
    const validate = (answer: string) => (answer.includes(' ') ? 'No blanks.' : undefined);
    const { answer, shown } = await withLines(['a b', ''], (prompter) =>
      prompter.text('Name', { initial: 'dev', validate }),
    );
    expect(answer).toBe('dev');
    expect(shown).toBe('Name [dev]: No blanks.\nName [dev]: ');
  });

  test('several questions read one line each, and the end of input cancels', async () => {
    const { answer } = await withLines(['y', 'n'], async (prompter) => [
      await prompter.confirm('1?', true),
      await prompter.confirm('2?', true),
      await prompter.confirm('3?', true),
    ]);
    expect(answer).toEqual([true, false, undefined]);
  });
});

describe('menus', () => {
  const keys = {
    down: '\u001b[B',
    up: '\u001b[A',
    enter: '\r',
    space: ' ',
    cancel: '\u0003',
    x: 'x',
    y: 'Y',
    z: 'z',
  };

  async function press<T>(names: readonly (keyof typeof keys)[], ask: (prompter: Prompter) => Promise<T>) {
    const { input, prompter } = open(menuPrompter);
    const answer = ask(prompter);
    for (const name of names) {
      input.write(keys[name]);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return answer;
  }

  test('choose with arrows, from the initial one', async () => {
    const choose = (prompter: Prompter) => prompter.choose('Which?', fruit, 'b');
    expect(await press(['down', 'enter'], choose)).toBe('c');
    expect(await press(['enter'], choose)).toBe('b');
  });

  test.each<[keyof typeof keys, ...(keyof typeof keys)[]]>([
    ['x'],
    ['y'],
    ['z'],
    ['down', 'x'],
    ['up', 'up', 'z'],
    ['up', 'y'],
  ])("choose by an option's letter, wherever the mark is: %s %s %s", async (...names) => {
    const wanted = fruit.find(({ key }) => key === names.at(-1));
    expect(await press(names, (prompter) => prompter.choose('Which?', fruit, 'b'))).toBe(wanted?.value);
  });

  test('chooseSeveral toggles', async () => {
    const several = (prompter: Prompter) => prompter.chooseSeveral('Which?', fruit, ['a']);
    expect(await press(['down', 'space', 'enter'], several)).toEqual(['a', 'b']);
  });

  test('break long questions and answers to them at blanks', async () => {
    const { input, prompter, shown } = open(menuPrompter);
    const answer = prompter.text(`Name ${'word '.repeat(20)}`, { validate: () => 'wrong '.repeat(20) });
    input.write(keys.enter);
    await new Promise((resolve) => setTimeout(resolve, 5));
    input.write(keys.cancel);
    expect(await answer).toBeUndefined();
    const lines = shown()
      .split('\n')
      .map((line) => stripVTControlCharacters(line).trimEnd());
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines).toContainEqual(expect.stringMatching(/^│ {2}word/));
  });

  test('are drawn without colours where none are wanted', async () => {
    const { input, prompter, shown } = open((from, to) => menuPrompter(from, withoutColor(to)));
    const answer = prompter.choose('Which?', fruit);
    input.write(keys.enter);
    expect(await answer).toBe('a');
    expect(shown()).toContain('Banana');
    expect(shown()).not.toMatch(/\u001b\[[\d;]*m/);
  });

  test('Ctrl-C cancels whatever is asked', async () => {
    expect(await press(['cancel'], (prompter) => prompter.choose('Which?', fruit))).toBeUndefined();
    expect(await press(['cancel'], (prompter) => prompter.confirm('Go on?', true))).toBeUndefined();
    expect(await press(['cancel'], (prompter) => prompter.text('Name'))).toBeUndefined();
    expect(
      await press(['cancel'], (prompter) => prompter.chooseSeveral('Which?', fruit, [])),
    ).toBeUndefined();
  });
});

test('nobody is asked unless input and output are terminals', () => {
  const stream = (isTTY: boolean) => Object.assign(new PassThrough(), { isTTY });
  const io = (stdin: boolean, stdout: boolean) => ({
    argv: [],
    cwd: '/',
    env: {},
    stdin: stream(stdin),
    stdout: stream(stdout),
    stderr: stream(true),
  });
  expect([io(true, true), io(true, false), io(false, true)].map(canPrompt)).toEqual([true, false, false]);
});
