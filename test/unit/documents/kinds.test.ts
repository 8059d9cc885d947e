import { describe, expect, test } from 'vitest';
import { kindOf, matchesName } from '../../../src/documents/kinds.js';

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
