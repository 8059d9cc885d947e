import { expect, test } from 'vitest';
import { compareVersions, newest, readRange } from '../../../src/core/versions.js';

test.each([
  ['', '1.2.3', true],
  ['latest', '9.0.0', true],
  ['1', '1.9.0', true],
  ['1', '10.0.0', false],
  ['1.3', '1.3.7', true],
  ['1.x', '1.0.0', true],
  ['^1.2.3', '1.9.0', true],
  ['^1.2.3', '1.2.2', false],
  ['^0.2.3', '0.2.9', true],
  ['^0.2.3', '0.3.0', false],
  ['~1.2.3', '1.2.9', true],
  ['~1.2.3', '1.3.0', false],
  ['>=24', '25.1', true],
  ['>=24', '9.9', false],
])('%s lets %s in: %s', (range, version, isIn) => {
  expect(readRange(range)?.(version)).toBe(isIn);
});

test.each([
  'next',
  '>1',
  '<2',
  '1 || 2',
  '1 - 2',
  '!=3',
  '~=2.1',
  '${V}',
  '1.2.3.4.5.6.7',
  'x'.repeat(90_000),
])('what %s means is not guessed', (range) => expect(readRange(range)).toBeUndefined());

test('versions are compared by their numbers', () => {
  const sorted = ['1.10.0', '1.9.0', '2.0.0-rc.1', '2.0.0', '1.9', '2025.9.25'].toSorted(compareVersions);
  expect(sorted).toEqual(['1.9.0', '1.9', '1.10.0', '2.0.0-rc.1', '2.0.0', '2025.9.25']);
});

test('the newest is one that has been out for long enough', () => {
  const releases = [
    { version: '1.0.0', published: 1 },
    { version: '1.2.0', published: 5 },
    { version: '1.1.0', published: 3 },
    { version: '1.3.0', published: Number.POSITIVE_INFINITY },
  ];
  expect(newest(releases, 4)).toEqual({ version: '1.1.0' });
  expect(newest(releases, 5)).toEqual({ version: '1.2.0' });
  expect(newest(releases, Number.POSITIVE_INFINITY)).toEqual({ version: '1.3.0' });
  expect(newest(releases, 0)).toHaveProperty('problem');
  expect(newest([], 9)).toHaveProperty('problem');
});
