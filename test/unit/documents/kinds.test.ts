import { describe, expect, test } from 'vitest';
import { kindOf, matchesName, projectRootOf } from '../../../src/documents/kinds.js';

describe('the kind of a path', () => {
  test.each([
    ['.devcontainer/devcontainer.json', 'devcontainer'],
    ['.devcontainer/python/devcontainer.json', 'devcontainer'],
    ['services/api/.devcontainer.json', 'devcontainer'],
    ['.claude/settings.local.json', 'claude-settings'],
    ['packages/web/.claude/settings.json', 'claude-settings'],
    ['etc/claude-code/managed-settings.d/10-deny.json', 'claude-settings'],
    ['.claude/agents/review.md', 'agent-definition'],
    ['.claude/skills/deploy/SKILL.md', 'agent-definition'],
    ['.mcp.json', 'mcp-config'],
    ['.vscode/mcp.json', 'mcp-config'],
    ['app.code-workspace', 'vscode-settings'],
    ['opencode.jsonc', 'opencode-config'],
    ['.gitignore', 'ignore-file'],
  ])('%s is %s', (path, kind) => {
    expect(kindOf(path)).toBe(kind);
  });

  test.each(['settings.json', 'mcp.json', '.claude/other.json', '.claude/agents/a.txt', 'README.md', ''])(
    '%j is none',
    (path) => {
      expect(kindOf(path)).toBeUndefined();
    },
  );

  test('a star stands for a part of one name, and does not overlap itself', () => {
    expect(matchesName('*.md', '.md')).toBe(true);
    expect(matchesName('a*a', 'a')).toBe(false);
    expect(matchesName('*', 'x')).toBe(true);
  });
});

test.each([
  ['.devcontainer/devcontainer.json', ''],
  ['a/.devcontainer/python/devcontainer.json', 'a'],
  ['a/.devcontainer.json', 'a'],
  ['a/.vscode/settings.json', 'a'],
  ['a/compose.yaml', 'a'],
  // Lies there to be copied to .devcontainer.
  ['templates/x/devcontainer/devcontainer.json', 'templates/x'],
  ['templates/x/devcontainer/compose.yaml', 'templates/x'],
  ['devcontainer/.devcontainer.json', 'devcontainer'],
])('the project of %s has its root in %j', (path, root) => {
  expect(projectRootOf(path)).toBe(root);
});
