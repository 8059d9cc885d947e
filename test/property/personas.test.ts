import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isShown } from '../../src/core/lint.js';
import { lintFiles } from '../../src/index.js';
import { memoryProject } from '../../src/project/memory.js';
import { all, listLinted, replaceValue, seeds } from './example-values.js';
import type { Files } from './mutate.js';
import { isDeep, runs } from './runs.js';

/** A default run asks rules less: what they are not asked must be nothing that it would show. */
async function expectSame(files: Files): Promise<void> {
  const read = async (persona: 'default' | 'pedantic') =>
    (await lintFiles(listLinted(files), memoryProject(files), { persona })).findings.filter((finding) =>
      isShown(finding, 'default'),
    );
  expect(await read('default')).toEqual(await read('pedantic'));
}

test('a default run finds of every example what a pedantic run finds, without what it hides', async () => {
  for (const files of isDeep ? seeds : seeds.filter((_, index) => index % 14 === 0)) await expectSame(files);
});

test('and of examples in which a value is another one', async () => {
  const values = ['null', 'true', '"latest"', '"/"', '[]', '["--privileged"]', '{}', '{"a":"b"}'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...all), fc.constantFrom(...values), (one, value) =>
      expectSame(replaceValue(one, value)),
    ),
    { numRuns: runs(100) },
  );
});
