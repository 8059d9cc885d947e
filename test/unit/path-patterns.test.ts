import { describe, expect, test } from 'vitest';
import { readIgnoreFile, readPatterns } from '../../src/core/path-patterns.js';

describe('patterns in the way of .gitignore', () => {
  test.each([
    ['a  ', 'a'],
    ['a\\ ', 'a '],
    ['a\\   ', 'a '],
    ['a\\\\ ', 'a\\'],
    ['a \r', 'a'],
    ['a*c', 'abbc'],
    ['*.log', 'x.log'],
    ['.env*', '.env.local'],
    ['a[b]c', 'abc'],
  ])('%j ignores %j', (line, path) => {
    expect(readPatterns([line]).judge(path, false)).toBe('ignored');
  });

  test.each([
    ['ab*ba', 'aba'],
    ['a/', 'a'],
    ['   ', '   '],
  ])('%j says nothing about the file %j', (line, path) => {
    expect(readPatterns([line]).judge(path, false)).toBeUndefined();
  });

  test('a line of blanks takes no time', () => {
    const started = performance.now();
    readPatterns([`a${' '.repeat(1_000_000)}x`, `${'\\'.repeat(1_000_000)} `]);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('a repository that has used up its comparisons leaves those of another with the same text', () => {
    const text = `*${'a*'.repeat(100)}x\nb\n`;
    const [spent, other] = [readIgnoreFile(text), readIgnoreFile(text)];
    const long = `${'a'.repeat(200_000)}bx/b`;
    for (let at = 0; at < 20_000 && spent.judge('b', true); at += 1) spent.judge(`${long}ax`, true);
    expect(spent.judge('b', true)).toBeUndefined();
    expect(other.judge('b', true)).toBe('ignored');
  });
});
