import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRule } from '../../../scripts/new-rule.js';
import { insertTable } from '../../../scripts/rule-docs.js';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'new-rule-'));
  mkdirSync(join(root, 'src/rules/mounts'), { recursive: true });
  writeFileSync(join(root, 'src/rules/mounts/no-b.ts'), '');
});

afterEach(() => rmSync(root, { recursive: true }));

test('writes a skeleton and lists it in order', () => {
  const said = createRule(root, ['host', 'no-a']);
  expect(said).toContain('src/rules/host/no-a.ts');
  expect(said).toContain('npm test -- -t no-a');
  expect(readFileSync(join(root, 'src/rules/host/no-a.ts'), 'utf8')).toContain(
    "export const noA: Rule<'container'>",
  );
  const index = readFileSync(join(root, 'src/rules/index.ts'), 'utf8');
  expect(index).toContain("import { noA } from './host/no-a.js';");
  expect(index).toMatch(/\[noA, noB\w*\];|noA,\n {2}noB\w*,/);
});

test.each([
  [[], 'usage'],
  [['mounts'], 'usage'],
  [['mounts', 'no-x', 'more'], 'usage'],
  [['../up', 'no-x'], 'a group is'],
  [['mounts', 'allow-x'], 'an id is'],
  [['mounts', 'no-X'], 'an id is'],
  [['mounts', '../no-x'], 'an id is'],
  [['mounts', 'no-b'], 'already'],
  [['other', 'no-b'], 'already'],
])('refuses %j', (args, message) => {
  expect(() => createRule(root, args)).toThrow(message);
  expect(readFileSync(join(root, 'src/rules/mounts/no-b.ts'), 'utf8')).toBe('');
});

test('the table stands between its marks, and a text without them is left alone', () => {
  const once = insertTable('a\n<!-- rules:start -->\nold\n<!-- rules:end -->\nb\n');
  expect(once).toMatch(/^a\n<!-- rules:start -->\n\| rule \|/);
  expect(once).toMatch(/\|\n<!-- rules:end -->\nb\n$/);
  expect(insertTable(once)).toBe(once);
  expect(insertTable('a')).toBe('a');
});
