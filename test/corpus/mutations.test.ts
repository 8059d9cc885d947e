import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findConfigurations, isJudged, lintFiles, memoryProject } from '../../src/index.js';
import { misplaced, mutated } from '../property/mutate.js';
import { corpus, listRepositories, readTexts } from './repositories.js';

const runs = 30;

test.each(listRepositories())(
  '%s, damaged: no crash, and every finding and edit has its place',
  async (name) => {
    const texts = [...readTexts(join(corpus, name))];
    const files = Object.fromEntries(
      texts.map(([path, text]) => [path, Buffer.from(text, 'latin1').toString('utf8')]),
    );
    const linted = findConfigurations(memoryProject(files), '').filter(isJudged);
    await fc.assert(
      fc.asyncProperty(mutated([files]), async (damaged) => {
        const { findings } = await lintFiles(linted, memoryProject(damaged), { persona: 'pedantic' });
        expect(misplaced(findings, damaged)).toEqual([]);
      }),
      { numRuns: runs },
    );
  },
);
