import { describe, expect, test } from 'vitest';
import { parseDotEnv } from '../../../src/container/dot-env.js';
import { interpolate, unknownVariables } from '../../../src/container/interpolate.js';

const variables = new Map([
  ['SET', 'value'],
  ['EMPTY', ''],
]);

describe('interpolate', () => {
  test.each([
    ['$SET and ${SET}', 'value and value'],
    ['${SET}x$SET-x', 'valuexvalue-x'],
    ['$$SET $${SET} $', '$SET ${SET} $'],
    ['${NONE} $NONE', '${NONE} ${NONE}'],
    ['${SET:-d} ${EMPTY:-d} ${NONE:-d}', 'value d d'],
    ['${SET-d} ${EMPTY-d} ${NONE-d}', 'value  d'],
    ['${SET:?e} ${EMPTY:?e} ${NONE:?e} ${NONE?e}', 'value  ${NONE} ${NONE}'],
    ['${SET:+a} ${EMPTY:+a} ${EMPTY+a} ${NONE:+a}', 'a  a a'],
    ['${NONE:-${SET}}', 'value'],
    ['${NONE:-${OTHER:-x}/y}', 'x/y'],
    ['${NONE:-}', ''],
    ['${HOME:-/root}/.ssh', '${HOME}/.ssh'],
    ['${NONE', '${NONE'],
    ['${}', '${}'],
    ['${1A}', '${1A}'],
    ['${NONE:-$$}', '$'],
  ])('%s is %s', (text, value) => {
    expect(interpolate(text, variables)).toBe(value);
  });

  test('writes another sign where a dollar is meant', () => {
    expect(interpolate('$$HOME/${HOME}', variables, '#')).toBe('#HOME/${HOME}');
  });

  test('names what it did not know', () => {
    expect(unknownVariables(interpolate('$A ${B} ${A} ${SET} ${C:-d} $$D', variables, '#'))).toEqual([
      'A',
      'B',
    ]);
  });

  test.each([
    '${'.repeat(50_000),
    '${A:-'.repeat(20_000) + '}'.repeat(20_000),
    '$'.repeat(100_001),
    '${A}'.repeat(30_000),
  ])('reads a hostile text', (text) => {
    expect(() => interpolate(text, new Map([['A', 'x'.repeat(1000)]]))).not.toThrow();
  });

  test('does not grow without bounds', () => {
    const doubling = Array.from({ length: 60 }, (_, index) => `V${index + 1}=$V${index}$V${index}`).join(
      '\n',
    );
    const doubled = parseDotEnv(`V0=xxxxxxxxxx\n${doubling}\n`);
    expect(interpolate('$V60', doubled).length).toBeLessThanOrEqual(100_000);
  });
});

describe('parseDotEnv', () => {
  test.each([
    ['A=1', '1'],
    ['  export A = 1 ', '1'],
    ['A=a # comment', 'a'],
    ['A=a#b', 'a#b'],
    ["A='x $B # y'", 'x $B # y'],
    ['A="x # y" # z', 'x # y'],
    ['B=b\nA=$B/${B}', 'b/b'],
    ['A=1\nA=2', '2'],
    ['\uFEFFA=1\r\nC=2', '1'],
    ['A=', ''],
    ['A=#x', ''],
    ['# A=1\nA=2', '2'],
  ])('%j', (text, value) => {
    expect(parseDotEnv(text).get('A')).toBe(value);
  });

  test('leaves out what is no variable', () => {
    expect([...parseDotEnv('just text\n=x\n1A=x\n').keys()]).toEqual([]);
  });
});
