import { describe, expect, test } from 'vitest';
import { approvalBreadth } from '../../src/agents/approval-patterns.js';

describe('a key of chat.tools.terminal.autoApprove', () => {
  test.each([
    '/.*/',
    '/^.*$/',
    '/./',
    '//i',
    '/[\\s\\S]+/m',
    'bash',
    'python3 -c',
    'sudo',
    'env',
    '/^(git|curl)\\b/',
    '/^\\s*(?:npm test|sudo)\\b/',
    '/\\bbash\\b/',
    '/^docker (ps|exec)\\b/',
    '/^sudo .*/',
    '/^npx\\s+/',
  ])('lets anything through: %s', (key) => {
    expect(approvalBreadth(key)?.level).toMatch(/everything|runner/);
  });

  test.each([
    'git status',
    'npm test',
    '/^git (status|log)\\b/',
    '/^kubectl (get|describe|logs)/',
    '/^npm run (test|lint)$/',
    '/^aws .* (describe|list|get)-/',
    '/^sudo apt-get update$/',
    '/^docker ps$/',
    '/^curl$/',
    '',
  ])('is narrow: %s', (key) => {
    expect(approvalBreadth(key)).toBeUndefined();
  });

  test('is read with a hundred thousand brackets', () => {
    expect(() => approvalBreadth(`/${'('.repeat(100_000)}a/`)).not.toThrow();
    expect(() => approvalBreadth(`/${'(a|'.repeat(30_000)}/`)).not.toThrow();
  });
});
