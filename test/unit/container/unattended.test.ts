import { describe, expect, test } from 'vitest';
import { unattendedIn } from '../../../src/container/unattended.js';

describe('agents that ask nobody', () => {
  test.each([
    ['claude --dangerously-skip-permissions', '--dangerously-skip-permissions'],
    ['npm ci && claude --permission-mode bypassPermissions -p x', '--permission-mode bypassPermissions'],
    ['codex --dangerously-bypass-approvals-and-sandbox', '--dangerously-bypass-approvals-and-sandbox'],
    ['gemini --yolo', '--yolo'],
    ['gemini --approval-mode=yolo', '--approval-mode=yolo'],
    ['cursor-agent -p x --force', '--force'],
    [
      'echo "alias cc=\'claude --dangerously-skip-permissions\'" >> ~/.bashrc',
      '--dangerously-skip-permissions',
    ],
    ["echo 'exec claude --yolo' | sudo tee /usr/local/bin/cc", '--yolo'],
    ["cat > /usr/local/bin/cc <<'EOF'\n#!/bin/sh\nexec gemini --yolo\nEOF\n", '--yolo'],
    ['ENTRYPOINT ["claude", "--dangerously-skip-permissions"]', '--dangerously-skip-permissions'],
  ])('%s', (script, flag) => {
    expect(unattendedIn(script).map(({ start, end }) => script.slice(start, end))).toEqual([flag]);
  });

  test.each([
    'claude --allow-dangerously-skip-permissions',
    'codex exec --full-auto test',
    '# claude --dangerously-skip-permissions',
    'npm ci # then claude --yolo',
    'echo "start it with: claude --dangerously-skip-permissions"',
    "cat <<'EOF'\nRun claude --dangerously-skip-permissions\nEOF\n",
    'git push --force',
    'yarn --yolo-mode',
    '',
  ])('not %s', (script) => {
    expect(unattendedIn(script)).toEqual([]);
  });

  test('every occurrence is found, however often it is asked', () => {
    for (let time = 0; time < 3; time += 1) expect(unattendedIn('a --yolo\nb --yolo\n')).toHaveLength(2);
  });
});
