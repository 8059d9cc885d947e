import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lintFiles } from '../../src/index.js';
import { memoryProject } from '../../src/project/memory.js';
import { all, listLinted, replaceValue, seeds, type Value } from './example-values.js';
import { misplaced } from './mutate.js';
import { isDeep, runs } from './runs.js';

const values = ['null', 'true', '-1', '""', '[]', '{}', '[[1, null]]', '{"a":{"b":[]}}'];

async function lintWith(one: Value, value: string): Promise<void> {
  const changed = replaceValue(one, value);
  const { findings } = await lintFiles(listLinted(changed), memoryProject(changed), { persona: 'pedantic' });
  expect(misplaced(findings, changed)).toEqual([]);
}

test('a value of any type in place of any other crashes no rule', async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom(...all), fc.constantFrom(...values), lintWith), {
    numRuns: runs(300),
  });
});

test('nor does it for the options of a Feature, each of them', async () => {
  const options = all.filter(({ files }) => files === seeds[0]);
  for (const [turn, one] of options.entries())
    for (const [index, value] of values.entries())
      if (isDeep || (index + turn) % 4 === 0) await lintWith(one, value);
});
