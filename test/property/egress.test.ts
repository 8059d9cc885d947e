import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineSplitter } from '../../src/egress/split-lines.js';
import { type EgressTally, openLogCounter } from '../../src/egress/tally.js';
import { answeredLookup, asked, connection, refusedLookup } from '../unit/egress/lines.js';
import { anyCharacter } from './any-character.js';
import { runs } from './runs.js';

/** Lines that say something, lines that nearly do, and bytes. */
const name = fc.oneof(
  fc.constantFrom('a.example', 'b.example', 'c is d.example', '-', ''),
  fc.string({ unit: anyCharacter, maxLength: 40 }),
);
const lines = fc.oneof(
  name.map((name) => refusedLookup(name)),
  name.map((name) => answeredLookup(name, '198.18.0.10')),
  fc
    .record({
      name,
      port: fc.integer(),
      verdict: fc.constantFrom('allowed', 'refused', 'no-tls', 'x'),
      up: fc.nat(),
    })
    .map((values) => [connection(values)]),
  fc.string({ unit: anyCharacter, maxLength: 60 }).map((text) => [asked(text), text]),
);
/** Files of a log, each whole questions with their answers. */
const files = fc.array(
  fc.array(lines, { maxLength: 6 }).map((groups) => groups.flat()),
  { maxLength: 5 },
);

function count(files: readonly (readonly string[])[]): EgressTally {
  const counter = openLogCounter((name) => name === 'a.example');
  for (const line of files.flat()) {
    counter.proxyLine(line);
    counter.resolverLine(line);
  }
  return counter.finish();
}

describe('counting hostile lines', () => {
  test('never fails, and never counts more than there are lines', () => {
    fc.assert(
      fc.property(files, (files) => {
        const { entries, unreadable } = count(files);
        const total = entries.reduce(
          (sum, { lookups, connections }) => sum + lookups + connections,
          unreadable,
        );
        expect(total).toBeLessThanOrEqual(files.flat().length);
        for (const { up, down, first, last } of entries) {
          expect(Number.isSafeInteger(up) && Number.isSafeInteger(down)).toBe(true);
          expect(first).toBeLessThanOrEqual(last);
        }
      }),
      { numRuns: runs(100) },
    );
  });

  test('gives the same whatever the order of the rotated files', () => {
    const shuffled = files.chain((files) =>
      fc.tuple(fc.constant(files), fc.shuffledSubarray([...files.keys()], { minLength: files.length })),
    );
    fc.assert(
      fc.property(shuffled, ([files, order]) => {
        const plain = (tally: EgressTally) =>
          JSON.stringify(tally.entries.map((e) => [e, [...e.causes].sort()]));
        expect(plain(count(order.map((index) => files[index] ?? [])))).toBe(plain(count(files)));
      }),
      { numRuns: runs(100) },
    );
  });
});

test('lines are the same however the file comes in pieces, but for one that is not ended', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter }), fc.array(fc.nat({ max: 50 })), (text, cuts) => {
      const bytes = Buffer.from(text);
      const split = lineSplitter();
      const points = [0, ...cuts.filter((cut) => cut <= bytes.length).sort((a, b) => a - b), bytes.length];
      const pieces = points.slice(1).map((end, index) => bytes.subarray(points[index], end));
      expect(pieces.flatMap(split)).toEqual(bytes.toString().split('\n').slice(0, -1));
    }),
    { numRuns: runs(100) },
  );
});

test('a line without an end is not held, and what follows it is read', () => {
  const split = lineSplitter();
  const piece = Buffer.from('x'.repeat(50_000));
  for (let i = 0; i < 100; i += 1) expect(split(piece)).toEqual([]);
  expect(split(Buffer.from('tail\nnext\n'))).toEqual(['next']);
});

/** A log of this size in which nearly every name is another one: what a tunnel leaves. */
function tunnelLog(megabytes: number): Buffer {
  const lines = [
    ...refusedLookup(`%.${'x'.repeat(30)}.tunnel.example`),
    connection({ name: 'n%.example', verdict: 'refused' }),
    ...answeredLookup('ok.example', '198.18.0.10'),
  ];
  const parts = `${lines.join('\n')}\n`.split('%');
  const count = (megabytes * 1e6) / parts.join('').length;
  return Buffer.from(Array.from({ length: count }, (_, index) => parts.join(index.toString(36))).join(''));
}

test('ten megabytes are counted in well under a second, and the time grows with the log, not with its square', () => {
  // The processor's time, so that other tests on this machine do not count.
  const timeOf = (log: Buffer): number => {
    const start = process.cpuUsage();
    const split = lineSplitter();
    const counter = openLogCounter(() => true);
    for (let from = 0; from < log.length; from += 65_536) {
      for (const line of split(log.subarray(from, from + 65_536))) {
        counter.proxyLine(line);
        counter.resolverLine(line);
      }
    }
    expect(counter.finish().entries.length).toBeGreaterThan(1000);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  const large = tunnelLog(10);
  const small = large.subarray(0, large.length / 5);
  // The first run is the compiler's.
  timeOf(small);
  const [short, long] = [timeOf(small), timeOf(large)];
  expect(long).toBeLessThan(1000);
  expect(long).toBeLessThan(15 * short);
});
