import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kindOf, kindPlaces } from '../../src/documents/kinds.js';
import { lintFiles } from '../../src/index.js';
import { memoryProject } from '../../src/project/memory.js';
import { rules } from '../../src/rules/index.js';
import { type Files, misplaced, mutated } from './mutate.js';
import { runs } from './runs.js';

/** The files of every rule's examples: real syntax of every kind that is read. */
/** Of kinds that no rule's example shows. */
const others: Files = {
  '.devcontainer/devcontainer.json': '{ "image": "debian:12", "remoteUser": "dev" }',
  '.github/copilot/settings.json': '{ "hooks": { "preToolUse": [{ "type": "command", "bash": "./a.sh" }] } }',
  '.zed/settings.json':
    '{ // ours\n  "context_servers": { "a": { "command": "npx", "args": ["-y", "x"], "env": { "TOKEN": "x" } } }\n}',
  '.claude/agents/a.md':
    '---\nname: a\ntools: Bash(curl *), Read\npermissionMode: bypassPermissions\n---\nDo it.\n',
};

const seeds: readonly Files[] = [
  others,
  ...rules.flatMap(({ examples, good }) =>
    [...examples.map(({ bad }) => bad), ...good].map((files) =>
      Object.fromEntries(
        Object.entries(typeof files === 'string' ? { '.devcontainer/devcontainer.json': files } : files).map(
          ([path, text]) => [path, text.replace(/[«»]/g, '')],
        ),
      ),
    ),
  ),
];

async function lintAll(files: Files) {
  const linted = Object.keys(files).filter((path) => ![undefined, 'ignore-file'].includes(kindOf(path)));
  return lintFiles(linted, memoryProject(files), { persona: 'pedantic' });
}

describe('mutated files of every kind', () => {
  test('are of every kind', () => {
    const paths = new Set(seeds.flatMap((files) => Object.keys(files)));
    const found = new Set([...paths].map(kindOf));
    expect(kindPlaces.map(({ kind }) => kind).filter((kind) => !found.has(kind))).toEqual([]);
  });

  test('never crash a rule, and every finding and edit lies inside its file', async () => {
    await fc.assert(
      fc.asyncProperty(mutated(seeds), async (files) => {
        const { findings } = await lintAll(files);
        expect(misplaced(findings, files)).toEqual([]);
      }),
      { numRuns: runs(150) },
    );
  });

  test('keep their secrets, in messages and in the text that a frame shows', async () => {
    const secret = 'ghp_Zk9wQ2mT7rLx4VbN8sHd3JfYp6GcAe1uRi5o';
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...seeds), fc.nat(20), fc.nat(100_000), async (files, which, at) => {
        const paths = Object.keys(files);
        const path = paths[which % paths.length] ?? '';
        const text = files[path] ?? '';
        // Inside of a text of the file, where there is one: the rest of it stays what it was.
        const quotes = [...text.matchAll(/"/g)].map(({ index }) => index + 1);
        const start = quotes[at % Math.max(1, quotes.length)] ?? 0;
        const { findings } = await lintAll({
          ...files,
          [path]: `${text.slice(0, start)}${secret} ${text.slice(start)}`,
        });
        for (const { message, place, related = [], fixes } of findings) {
          expect(message).not.toContain(secret);
          expect(JSON.stringify(fixes)).not.toContain(secret);
          expect(place.file.text).not.toContain(secret);
          for (const one of related) {
            expect(one.message).not.toContain(secret);
            expect(one.place.file.text).not.toContain(secret);
          }
        }
      }),
      { numRuns: runs(50) },
    );
  });
});
