import { expect, test } from 'vitest';
import { once } from '../../src/core/once.js';

test('loads once, however many ask at the same time', async () => {
  let calls = 0;
  const load = once(async () => {
    calls += 1;
    return calls;
  });
  expect(await Promise.all([load(), load()])).toEqual([1, 1]);
  expect(await load()).toBe(1);
});

test('tries again where it failed', async () => {
  let calls = 0;
  const load = once(async () => {
    calls += 1;
    if (calls === 1) throw new Error('not there yet');
    return calls;
  });
  await expect(Promise.all([load(), load()])).rejects.toThrow('not there yet');
  expect(await load()).toBe(2);
});
