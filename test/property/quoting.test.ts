import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { json, sh } from '../../src/scaffold/helpers.js';
import { anyCharacter } from './any-character.js';
import { runs } from './runs.js';

const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCodePoint(code)),
  maxLength: 60,
});

it('a shell reads back exactly what sh() quoted', () => {
  const values = fc.sample(fc.array(printable, { minLength: 50, maxLength: 50 }), 4).flat();
  const printed = execFileSync(
    'sh',
    ['-c', values.map((value) => `printf '%s\\n' ${sh(value)}`).join('\n')],
    { encoding: 'utf8' },
  );
  expect(printed).toBe(values.map((value) => `${value}\n`).join(''));
});

it('json() gives one JSON string without a substitution, or refuses', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 40 }), (value) => {
      let quoted: string;
      try {
        quoted = json(value);
      } catch {
        return;
      }
      expect(JSON.parse(quoted)).toBe(value);
      expect(quoted).not.toMatch(/\$\{|[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
    }),
    { numRuns: runs(100) },
  );
});
