import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { remember } from '../../src/core/remember.js';

function counted(bounds?: { readonly entries?: number; readonly longest?: number }) {
  const asked: string[] = [];
  const ask = remember((text: string) => {
    asked.push(text);
    return text.toUpperCase();
  }, bounds);
  return { asked, ask };
}

test('computes once for the same text', () => {
  const { asked, ask } = counted();
  expect([ask('a'), ask('b'), ask('a')]).toEqual(['A', 'B', 'A']);
  expect(asked).toEqual(['a', 'b']);
});

test('forgets what was not asked for lately, and keeps what was', () => {
  const { asked, ask } = counted({ entries: 10 });
  for (let turn = 0; turn < 100; turn += 1) {
    ask('kept');
    ask(`${turn}`);
  }
  expect(asked.filter((text) => text === 'kept')).toHaveLength(1);
  ask('1');
  expect(asked.filter((text) => text === '1')).toHaveLength(2);
});

test('does not keep what is long', () => {
  const { asked, ask } = counted({ longest: 3 });
  for (const text of ['abc', 'abcd', 'abc', 'abcd']) expect(ask(text)).toBe(text.toUpperCase());
  expect(asked).toEqual(['abc', 'abcd', 'abcd']);
});

test('keeps nothing of the file that a text is a part of', () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const ask = remember((text) => ({ name: text.slice(0, 40) }));
  const partOf = (index: number) => `${index}${' '.repeat(1_000_000)}`.slice(0, 100);
  gc();
  const before = process.memoryUsage().heapUsed;
  for (let index = 0; index < 40; index += 1) ask(partOf(index));
  gc();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
});
