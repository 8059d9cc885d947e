import { describe, expect, test } from 'vitest';
import { coversFile, readPatterns } from '../../../src/core/path-patterns.js';
import { findPolicyFor, patternOf } from '../../../src/policy/add-override.js';

describe('the policy that decides about a file', () => {
  const lint = '{ "version": 1, "lint": {} }';
  const name = '{ "version": 1, "name": "a" }';

  test.each([
    ['.mcp.json', [''], {}, 'harden-devcontainer.jsonc'],
    [
      '.mcp.json',
      [''],
      { '.devcontainer/harden-devcontainer.jsonc': name },
      '.devcontainer/harden-devcontainer.jsonc',
    ],
    [
      '.mcp.json',
      [''],
      { '.devcontainer/harden-devcontainer.jsonc': name, 'harden-devcontainer.jsonc': lint },
      'harden-devcontainer.jsonc',
    ],
    [
      'a/.claude/settings.json',
      ['', 'a'],
      { 'harden-devcontainer.jsonc': lint },
      'a/harden-devcontainer.jsonc',
    ],
    [
      'a/b/.claude/settings.json',
      ['a'],
      { 'a/harden-devcontainer.jsonc': lint },
      'a/harden-devcontainer.jsonc',
    ],
    [
      'a/b/.claude/settings.json',
      ['a'],
      { 'a/b/harden-devcontainer.jsonc': lint },
      'a/b/harden-devcontainer.jsonc',
    ],
    [
      'a/b/.claude/settings.json',
      ['a'],
      { 'a/b/harden-devcontainer.jsonc': name },
      'a/harden-devcontainer.jsonc',
    ],
  ])('%s in %j', (path, roots, files: Record<string, string>, expected) => {
    expect(findPolicyFor(path, roots, (file) => files[file])?.policy).toBe(expected);
  });
});

test.each(['a b.json', 'a*.json', '[a].json', '!a', '#a', 'a\\b', 'a ', 'x/y?.json'])(
  'the pattern of %j names it alone',
  (path) => {
    const patterns = readPatterns([patternOf(path)]);
    expect(coversFile(patterns, path)).toBe(true);
    expect(coversFile(patterns, `other/${path}`)).toBe(false);
    expect(coversFile(patterns, path.replace(/[*?]|\[a\]/, 'a'))).toBe(!/[*?[]/.test(path));
  },
);
