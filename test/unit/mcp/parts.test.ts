import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CallRecord, chainLine, chainStart, verifyChain } from '../../../src/mcp/audit.js';
import { createBudget, readLines } from '../../../src/mcp/lines.js';
import { readMembers } from '../../../src/mcp/members.js';
import { canonical, hashOf, matchesPattern } from '../../../src/mcp/tools.js';

describe('readMembers', () => {
  test('finds what JSON.parse finds', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        const bytes = Buffer.from(text);
        const found = readMembers(bytes)?.map(({ key, start, end }) => [
          key,
          JSON.parse(bytes.subarray(start, end).toString()),
        ]);
        expect(found).toEqual(Object.entries(JSON.parse(text)));
      }),
    );
  });

  test.each([
    '',
    '{',
    '[]',
    '{"a":1',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{"a":1}x',
    '{"a":1}{}',
    '{a:1}',
    '{"a":1,"a":2}',
  ])('%j is no object that everybody reads alike', (text) => {
    expect(readMembers(Buffer.from(text))).toBeUndefined();
  });

  test('reads 50 MB', () => {
    const line = Buffer.from(JSON.stringify({ result: { text: '\\"x'.repeat(7_000_000) }, id: 1 }));
    expect(readMembers(line)).toHaveLength(2);
  });
});

describe('readLines', () => {
  const read = (most: number, room = Number.MAX_SAFE_INTEGER) => {
    const lines: string[] = [];
    const long: number[] = [];
    const budget = createBudget(room);
    const reader = readLines(
      most,
      budget,
      (line) => lines.push(line.toString()),
      ({ bytes }) => long.push(bytes),
    );
    return { lines, long, reader, budget };
  };

  test('gives the same lines however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string().filter((text) => !text.includes('\n'))),
        fc.integer({ min: 1, max: 9 }),
        (texts, size) => {
          const { lines, reader } = read(1000);
          const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
          for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
          expect(lines).toEqual(texts);
        },
      ),
    );
  });

  test('throws away what is too long, and reads on behind it', () => {
    const { lines, long, reader } = read(10);
    for (let i = 0; i < 1000; i++) reader.push(Buffer.alloc(1000, 'x'));
    reader.push(Buffer.from('\nnext\n'));
    expect({ lines, long }).toEqual({ lines: ['next'], long: [1_000_000] });
  });

  test('holds no more than the budget of all, and gives it back', () => {
    const { lines, long, reader, budget } = read(10_000_000, 1_000_000);
    reader.push(Buffer.alloc(2_000_000, 'x'));
    reader.push(Buffer.from('\n'));
    expect({ lines: lines.length, long }).toEqual({ lines: 0, long: [2_000_000] });
    reader.push(Buffer.alloc(900_000, 'y'));
    expect(budget.take(200_000)).toBe(false);
    reader.push(Buffer.from('\n'));
    expect(lines).toHaveLength(1);
    expect(budget.take(1_000_000)).toBe(true);
  });
});

describe('patterns of tools', () => {
  test.each([
    ['get_*', 'get_issue', true],
    ['get_*', 'forget_issue', false],
    ['*', 'anything', true],
    ['*_read', 'file_read', true],
    ['a*b*c', 'aXbYc', true],
    ['a*a', 'a', false],
    ['get_issue', 'GET_ISSUE', false],
    ['.*', 'x', false],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(matchesPattern(pattern, name)).toBe(expected);
  });
});

test('a hash does not depend on the order of members', () => {
  expect(hashOf({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(hashOf({ b: [{ d: 3, c: 2 }], a: 1 }));
  expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: '1' }));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

describe('the chain of the audit log', () => {
  const record = (target: string): CallRecord => ({
    time: '2026-11-21T10:00:00.000Z',
    server: 's',
    session: 'x',
    method: 'tools/call',
    target,
    arguments: 'sha256:0',
    verdict: 'allowed',
    milliseconds: 1,
    bytesIn: 1,
    bytesOut: 1,
  });
  const chain = (count: number) => {
    let previous = chainStart;
    const lines = Array.from({ length: count }, (_, index) => {
      const { line, hash } = chainLine(record(`t${index}`), previous);
      previous = hash;
      return line;
    });
    return { lines, head: previous };
  };

  test('is whole as it was written', async () => {
    const { lines, head } = chain(5);
    expect(await verifyChain(lines, head)).toEqual({ lines: 5, head });
    expect(await verifyChain([], undefined)).toEqual({ lines: 0, head: chainStart });
  });

  test.each([
    ['a changed line', (lines: string[]) => lines.with(1, (lines[1] ?? '').replace('allowed', 'refused')), 3],
    ['a removed line', (lines: string[]) => lines.toSpliced(2, 1), 3],
    [
      'two lines that changed places',
      (lines: string[]) => [lines[1] ?? '', lines[0] ?? '', ...lines.slice(2)],
      1,
    ],
    ['a log that was cut off', (lines: string[]) => lines.slice(0, 3), 3],
    ['a changed last line', (lines: string[]) => lines.with(4, (lines[4] ?? '').replace('t4', 't5')), 5],
    ['a line that is none', (lines: string[]) => lines.with(0, 'x'), 1],
  ])('shows %s', async (_what, change, line) => {
    const { lines, head } = chain(5);
    const result = await verifyChain(change(lines), head);
    expect(result).toMatchObject({ problem: expect.stringContaining(`line ${line}`) });
  });
});
