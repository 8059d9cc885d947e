import { describe, expect, test } from 'vitest';
import { applyEdits, editBetween, editsByFile, mapSpan, newBatch } from '../../src/core/edit.js';
import type { Edit, Fix } from '../../src/core/rule.js';

const edit = (start: number, end: number, text: string, file = 'a.json'): Edit => ({
  file,
  at: { start, end },
  text,
});
const fix = (...edits: Edit[]): Fix => ({ title: 'change it', safety: 'safe', consequence: 'none', edits });

describe('applyEdits', () => {
  test('replaces, inserts and deletes', () => {
    expect(applyEdits('one two three', [edit(8, 13, ''), edit(0, 3, '1'), edit(4, 4, 'and ')])).toBe(
      '1 and two ',
    );
  });

  test('keeps the given order of insertions at one point', () => {
    expect(applyEdits('[]', [edit(1, 1, 'a'), edit(1, 1, 'b')])).toBe('[ab]');
  });

  test('puts an insertion before the replacement that begins at its point, however they are given', () => {
    expect(applyEdits('[x]', [edit(1, 2, 'y'), edit(1, 1, 'a')])).toBe('[ay]');
    expect(applyEdits('[x]', [edit(1, 1, 'a'), edit(1, 2, 'y')])).toBe('[ay]');
  });

  test.each([
    ['before the text', [edit(-1, 0, '')]],
    ['beyond the text', [edit(3, 4, '')]],
    ['backwards', [edit(2, 1, '')]],
    ['not a number', [edit(Number.NaN, 1, '')]],
    ['overlapping', [edit(0, 2, ''), edit(1, 3, '')]],
    ['the same twice', [edit(0, 2, ''), edit(0, 2, '')]],
    ['an insertion inside a deletion', [edit(0, 3, ''), edit(1, 1, 'x')]],
  ])('refuses edits that are %s', (_, edits) => {
    expect(() => applyEdits('abc', edits)).toThrow(RangeError);
  });
});

describe('conflicts', () => {
  const conflicts = (...fixes: Fix[]) => {
    const batch = newBatch();
    return !fixes.map((one) => batch.add(one)).every(Boolean);
  };

  test('is about one file', () => {
    expect(conflicts(fix(edit(0, 5, '')), fix(edit(0, 5, '', 'b.json')))).toBe(false);
  });

  test('sees any overlapping pair of edits', () => {
    expect(conflicts(fix(edit(0, 5, ''), edit(50, 60, '')), fix(edit(20, 30, ''), edit(55, 58, '')))).toBe(
      true,
    );
  });

  test('counts spans that touch, and insertions at one point', () => {
    expect(conflicts(fix(edit(0, 5, '')), fix(edit(5, 9, '')))).toBe(true);
    expect(conflicts(fix(edit(5, 5, 'a')), fix(edit(5, 5, 'b')))).toBe(true);
    expect(conflicts(fix(edit(0, 5, '')), fix(edit(6, 9, '')))).toBe(false);
  });
});

test('editsByFile groups by file', () => {
  const [a, b, c] = [edit(0, 1, ''), edit(0, 1, '', 'b.json'), edit(3, 4, '')];
  expect([...editsByFile([a, b, c])]).toEqual([
    ['a.json', [a, c]],
    ['b.json', [b]],
  ]);
});

describe('mapSpan', () => {
  const span = { start: 10, end: 20 };
  test.each([
    ['an edit before', [edit(0, 4, 'x')], { start: 7, end: 17 }],
    ['an edit after', [edit(30, 34, 'x')], span],
    ['an insertion at its start stays outside', [edit(10, 10, 'xx')], { start: 12, end: 22 }],
    ['an insertion at its end stays outside', [edit(20, 20, 'xx')], span],
    ['an edit inside', [edit(12, 14, 'xxx')], { start: 10, end: 21 }],
    ['its deletion', [edit(10, 20, '')], { start: 10, end: 10 }],
    ['the deletion of more than it', [edit(5, 25, '')], { start: 5, end: 5 }],
    ['its replacement', [edit(10, 20, 'xxx')], { start: 10, end: 13 }],
    ['a replaced rim', [edit(5, 12, 'xxx'), edit(18, 25, 'yy')], { start: 5, end: 16 }],
    ['a neighbour that ends where it starts', [edit(5, 10, 'x')], { start: 6, end: 16 }],
    ['a neighbour that starts where it ends', [edit(20, 30, 'x')], span],
  ])('%s', (_, edits, expected) => {
    expect(mapSpan(span, edits)).toEqual(expected);
  });

  test('an empty span', () => {
    expect(mapSpan({ start: 5, end: 5 }, [edit(0, 2, '')])).toEqual({ start: 3, end: 3 });
    expect(mapSpan({ start: 5, end: 5 }, [edit(5, 5, 'abc')])).toEqual({ start: 8, end: 8 });
    expect(mapSpan({ start: 0, end: 0 }, [])).toEqual({ start: 0, end: 0 });
  });
});

describe('editBetween', () => {
  const path = 'a.json';
  const long = 'abcdefg'.repeat(300);

  test.each([
    ['nothing', long, long],
    ['one character', `${long}x${long}`, `${long}y${long}`],
    ['a part that is taken out', `${long}x${long}`, long + long],
    ['what is put before all', long, `x${long}`],
    ['what is put behind all', long, `${long}x`],
    ['one more of what repeats itself', long, `${long}abcdefg`],
    ['all of a short text', 'x', 'y'],
    ['an empty text', '', long],
  ])('%s', (_, text, after) => {
    const { file, ...edit } = editBetween({ path, text }, after);
    expect(file).toBe(path);
    expect(applyEdits(text, [edit])).toBe(after);
    const { start, end } = edit.at;
    // No longer than it has to be: what goes and what comes have neither beginning nor end in common.
    const gone = text.slice(start, end);
    if (gone !== '' && edit.text !== '') {
      expect(gone[0]).not.toBe(edit.text[0]);
      expect(gone.at(-1)).not.toBe(edit.text.at(-1));
    }
  });
});
