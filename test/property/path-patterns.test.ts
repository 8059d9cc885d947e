import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { coversFile, readPatterns } from '../../src/core/path-patterns.js';
import { runs } from './runs.js';

const folder = mkdtempSync(join(tmpdir(), 'harden-devcontainer-patterns-'));
afterAll(() => rmSync(folder, { recursive: true }));

const names = ['a', 'b', 'ab', 'a.b', '.x'];
const paths = names.flatMap((first) => [
  first,
  ...names.flatMap((second) => [`${first}d/${second}`, `${first}d/${second}d/a`]),
]);
for (const path of paths) {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), '');
}
execFileSync('git', ['init', '-q'], { cwd: folder });

const part = fc.constantFrom('a', 'b', 'd', 'ad', 'a.b', '.x', '*', '?', '[ab]', '[!a]', '\\a', '[a-c]d');
// Beside other signs git reads `**` as its version pleases; it stands for folders only alone.
const segment = fc.oneof(
  { weight: 1, arbitrary: fc.constant('**') },
  {
    weight: 4,
    arbitrary: fc
      .array(part, { minLength: 1, maxLength: 2 })
      .map((words) => words.join('').replace('**', '*')),
  },
);
const pattern = fc
  .tuple(
    fc.constantFrom('', '', '', '!', '/'),
    fc.array(segment, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '', '/', ' '),
  )
  .map(([start, parts, end]) => `${start}${parts.join('/')}${end}`);

describe('path patterns', () => {
  test('mean what they mean to git', () => {
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 4 }), (lines) => {
        writeFileSync(join(folder, '.gitignore'), `${lines.join('\n')}\n`);
        const { stdout } = spawnSync('git', ['check-ignore', '--no-index', '--stdin'], {
          cwd: folder,
          input: paths.join('\n'),
          encoding: 'utf8',
        });
        const patterns = readPatterns(lines);
        const ours = paths.filter((path) => coversFile(patterns, path));
        expect(ours, JSON.stringify(lines)).toEqual(stdout.split('\n').filter((line) => line !== ''));
      }),
      { numRuns: runs(20) },
    );
  });

  test('are compared in bounded time', () => {
    const patterns = readPatterns(Array.from({ length: 1000 }, () => `${'a*'.repeat(200)}b`));
    for (let index = 0; index < 100; index += 1)
      expect(coversFile(patterns, `${'a'.repeat(250)}/${index}`)).toBe(false);
  });
});
