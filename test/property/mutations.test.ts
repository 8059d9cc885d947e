import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kindOf } from '../../src/documents/kinds.js';
import { lintFiles } from '../../src/index.js';
import { memoryProject } from '../../src/project/memory.js';
import { rules } from '../../src/rules/index.js';
import { runs } from './runs.js';

type Files = Readonly<Record<string, string>>;

/** The files of every rule's examples: real syntax of every kind that is read. */
const seeds: readonly Files[] = rules.flatMap(({ examples, good }) =>
  [...examples.map(({ bad }) => bad), ...good].map((files) =>
    Object.fromEntries(
      Object.entries(typeof files === 'string' ? { '.devcontainer/devcontainer.json': files } : files).map(
        ([path, text]) => [path, text.replace(/[«»]/g, '')],
      ),
    ),
  ),
);

const pieces = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    ',',
    ':',
    '\\',
    '\n',
    '=',
    '[[',
    ']]',
    '"""',
    '$(',
    '`',
    '|',
    '&&',
    '*',
    '**',
  ],
  ...[
    'null',
    'true',
    '0',
    '-1',
    '""',
    '{}',
    '[]',
    '\u0000',
    '\ud800',
    '\uFEFF',
    '\u001b[2J',
    '${',
    '${}',
    '!',
    '#',
  ],
  ...[
    '"__proto__": 1,',
    '"hooks": 1,',
    '"mcpServers": [],',
    '"permissions": "allow",',
    '"args": {"a": 1},',
    '://',
    '~',
    '/',
  ],
  // Of YAML and compose.
  ...['&a ', '*a', '<<: *a\n', '\n- ', '? ', '!reset ', '!!set ', '---\n', '>-\n', '\t', 'extends: app\n'],
];

interface Mutation {
  readonly at: number;
  readonly cut: number;
  readonly piece: string;
  readonly times: number;
}

const mutation = fc.record<Mutation>({
  at: fc.nat(100_000),
  cut: fc.oneof(fc.constant(0), fc.nat(30)),
  piece: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })),
  times: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(500) }),
});

const mutated = fc
  .tuple(fc.constantFrom(...seeds), fc.nat(20), fc.array(mutation, { minLength: 1, maxLength: 4 }))
  .map(([files, which, mutations]): Files => {
    const paths = Object.keys(files);
    const path = paths[which % paths.length] ?? '';
    let text = files[path] ?? '';
    for (const { at, cut, piece, times } of mutations) {
      const start = text.length === 0 ? 0 : at % text.length;
      text = text.slice(0, start) + piece.repeat(times) + text.slice(start + cut);
    }
    return { ...files, [path]: text };
  });

async function lintAll(files: Files) {
  const linted = Object.keys(files).filter((path) => ![undefined, 'ignore-file'].includes(kindOf(path)));
  return lintFiles(linted, memoryProject(files), { persona: 'pedantic' });
}

describe('mutated files of every kind', () => {
  test('never crash a rule, and every finding and edit lies inside its file', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (files) => {
        const { findings } = await lintAll(files);
        for (const { place, message, related = [], fixes, ruleId } of findings) {
          expect(message, ruleId).not.toBe('');
          const spans = [
            [place.file.path, place.at] as const,
            ...related.map((one) => [one.place.file.path, one.place.at] as const),
            ...fixes.flatMap(({ edits }) => edits.map(({ file, at }) => [file, at] as const)),
          ];
          for (const [path, { start, end }] of spans) {
            expect(start, ruleId).toBeGreaterThanOrEqual(0);
            expect(end, ruleId).toBeGreaterThanOrEqual(start);
            expect(end, ruleId).toBeLessThanOrEqual((files[path] ?? '').length);
          }
        }
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
