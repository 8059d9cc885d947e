import { describe, expect, test } from 'vitest';
import { decidingRule, matchesName, matchesPath, parseGitignore } from '../../../src/documents/gitignore.js';

function isIgnored(text: string, path: string): boolean {
  const rule = decidingRule(parseGitignore({ path: '.gitignore', text }), path);
  return rule !== undefined && !rule.negated;
}

describe('ignore files', () => {
  test.each([
    ['.env\n', '.env', true],
    ['.env\n', 'apps/web/.env', true],
    ['/.env\n', 'apps/web/.env', false],
    ['.env*\n!.env.example\n', '.env.example', false],
    ['.env*\n!.env.example\n', '.env.local', true],
    ['secrets/\n', 'secrets/key.pem', true],
    ['secrets/\n', 'secrets', false],
    ['secrets/\n!secrets/key.pem\n', 'secrets/key.pem', true],
    ['config/*.key\n', 'config/a.key', true],
    ['config/*.key\n', 'config/deep/a.key', false],
    ['config/**/*.key\n', 'config/deep/er/a.key', true],
    ['**/logs/\n', 'a/b/logs/x', true],
    ['build/**\n', 'build/a/b', true],
    ['# .env\n', '.env', false],
    ['\\#a\n', '#a', true],
    ['\\!a\n', '!a', true],
    ['a \n', 'a', true],
    ['*.p?m\n', 'x.pem', true],
    ['[a-c].txt\n', 'b.txt', true],
    ['[!a-c].txt\n', 'b.txt', false],
    ['\uFEFF.env\r\nx\r\n', '.env', true],
    ['', '.env', false],
    ['!.env\n', '.env', false],
  ])('%j about %s: %s', (text, path, expected) => {
    expect(isIgnored(text, path)).toBe(expected);
  });

  test('every rule stands where the file has it', () => {
    const text = '# c\n\n!/a/b/ \r\nx';
    const rules = parseGitignore({ path: '.gitignore', text });
    expect(rules.map(({ at }) => text.slice(at.start, at.end))).toEqual(['!/a/b/ ', 'x']);
    expect(rules[0]).toMatchObject({ pattern: 'a/b', negated: true, foldersOnly: true, anchored: true });
  });

  test('hostile patterns match nothing', () => {
    expect(matchesName('*a'.repeat(2000), `${'a'.repeat(4000)}b`)).toBe(false);
    expect(matchesPath(`${'**/'.repeat(500)}x`, `${'a/'.repeat(500)}y`)).toBe(false);
  });
});
