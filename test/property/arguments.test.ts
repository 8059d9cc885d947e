import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readArguments } from '../../src/cli/arguments.js';
import { commandSpecs, globalFlags } from '../../src/cli/flags.js';
import { parseFully } from '../../src/cli/full-parser.js';
import { readPlainly } from '../../src/cli/parse.js';
import { runs } from './runs.js';

const io = {
  argv: [],
  stdin: new PassThrough(),
  stdout: new PassThrough(),
  stderr: new PassThrough(),
  cwd: '/',
  env: {},
};

const values = [
  '',
  'help',
  '.',
  '-',
  '--',
  '-1',
  '1e3',
  'a.b',
  'a,b',
  'text',
  'true',
  'false',
  '--x',
  '-x',
  '-C',
];
const wordsFor = (names: readonly string[]) =>
  fc.array(
    fc.oneof(
      fc.constantFrom(...names.map((name) => `--${name}`)),
      fc.constantFrom(...values),
      fc
        .tuple(fc.constantFrom(...names, 'no-stdin', 'constructor', '__proto__'), fc.constantFrom(...values))
        .map(([name, value]) => `--${name}=${value}`),
    ),
    { maxLength: 6 },
  );

const outcome = (read: () => unknown) => {
  try {
    return JSON.stringify(read());
  } catch (error) {
    return String(error);
  }
};

describe('a command line that is read without all of yargs', () => {
  test.each(commandSpecs.map((spec) => [spec.name, spec] as const))('means the same to it: %s', (_, spec) => {
    const flags = { ...spec.flags, ...globalFlags };
    const names = [...Object.keys(flags), 'help', 'version'];
    const read = ({ positionals, text, list, on }: ReturnType<typeof readArguments>) => [
      positionals,
      Object.entries(flags).map(([name, { type }]) =>
        type === 'boolean' ? on(name) : type === 'list' ? list(name) : text(name),
      ),
    ];
    let plain = 0;
    fc.assert(
      fc.property(wordsFor(names), (words) => {
        const argv = readPlainly(spec, words);
        if (!argv) return;
        plain += 1;
        const ours = outcome(() => read(readArguments(spec, argv)));
        const theirs = outcome(() => {
          const parsed = parseFully(io, spec, words);
          return 'given' in parsed ? read(parsed.given) : parsed;
        });
        expect(ours, JSON.stringify(words)).toBe(theirs);
      }),
      { numRuns: runs(100) },
    );
    expect(plain).toBeGreaterThan(5);
  });
});
