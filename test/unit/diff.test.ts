import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Chalk } from 'chalk';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FileChange, unifiedDiff } from '../../src/cli/diff.js';
import { formatDiff } from '../../src/cli/diff-view.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'diff-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const tools: Record<string, (diff: string) => void> = {
  'git apply': (input) =>
    void execFileSync('git', ['apply', '--whitespace=nowarn'], { cwd: folder, input, stdio: 'pipe' }),
  'patch -p1': (input) => void execFileSync('patch', ['-p1', '-s'], { cwd: folder, input, stdio: 'pipe' }),
};

/** Lays out the texts before, applies the diff with the tool, and gives the texts after. */
async function applyWith(tool: string, changes: readonly FileChange[]): Promise<string[]> {
  for (const { path, before } of changes) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (before !== undefined) writeFileSync(join(folder, path), before);
  }
  tools[tool]?.(await unifiedDiff(changes));
  return changes.map(({ path }) =>
    existsSync(join(folder, path)) ? readFileSync(join(folder, path), 'utf8') : '',
  );
}

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}`);
const cases: [string, FileChange][] = [
  ['a plain change', { path: 'a.json', before: '{\n  "a": 1\n}\n', after: '{\n  "a": 2\n}\n' }],
  ['CRLF', { path: 'a.json', before: '{\r\n\t"a": 1\r\n}\r\n', after: '{\r\n\t"a": 2\r\n}\r\n' }],
  ['mixed line ends', { path: 'a.json', before: 'a\r\nb\nc\rd\n', after: 'a\r\nB\nc\rd\n' }],
  ['a BOM on the changed line', { path: 'a.json', before: '\uFEFF{"a": 1}\n', after: '\uFEFF{"a": 2}\n' }],
  ['no last line end', { path: 'a.json', before: 'a\nb', after: 'a\nc' }],
  ['a last line end that goes', { path: 'a.json', before: 'a\nb\n', after: 'a\nb' }],
  ['a last line end that comes', { path: 'a.json', before: 'a\nb', after: 'a\nb\n' }],
  [
    'changes far apart',
    { path: 'a', before: `${lines(40).join('\n')}\n`, after: `X\n${lines(39).join('\n')}\nY\n` },
  ],
  ['a name with blanks', { path: '.devcontainer/my box/a b.json', before: 'a\n', after: 'b\n' }],
  ['a name beyond ASCII', { path: '.devcontainer/Köln 日本/a.json', before: 'a\n', after: 'b\n' }],
  ['a name with quotes', { path: 'a"b\\c\td.json', before: 'a\n', after: 'b\n' }],
  ['a new file', { path: 'new/a.json', before: undefined, after: 'a\nb\n' }],
  [
    'lines that look like a header',
    { path: 'a', before: '-- a/x\n++ b\n@@\n', after: '++ b\n@@ -1 +1 @@\n' },
  ],
  [
    'thousands of changes',
    {
      path: 'a',
      before: [...lines(9), ...lines(1000), ...lines(9)].join('\n'),
      after: [...lines(9), ...lines(1000).map((line) => `${line}!\r`), ...lines(9)].join('\n'),
    },
  ],
  [
    'thousands of changes to both ends',
    { path: 'a', before: lines(1000).join('\n'), after: `${lines(1000).toReversed().join('!\n')}\n` },
  ],
  ['text beyond ASCII', { path: 'a', before: 'é 日本 😀\n\u2028x\n', after: 'é 日本 🙂\n\u2028x\n' }],
];

describe.each(Object.keys(tools))('%s takes the diff', (tool) => {
  test.each(cases)('of %s', async (_, change) => {
    expect(await applyWith(tool, [change])).toEqual([change.after]);
  });

  test('of several files', async () => {
    const changes = cases
      .slice(0, 3)
      .map(([, change], index) => ({ ...change, path: `${index}/${change.path}` }));
    expect(await applyWith(tool, changes)).toEqual(changes.map((change) => change.after));
  });
});

test('git apply takes it in a folder below the top of the repository', async () => {
  execFileSync('git', ['init', '-q', folder]);
  folder = join(folder, 'sub');
  expect(await applyWith('git apply', [{ path: 'a.json', before: 'a\n', after: 'b\n' }])).toEqual(['b\n']);
  folder = dirname(folder);
});

test('any two texts go through git apply', async () => {
  const text = fc
    .array(fc.constantFrom('a', 'b', '', '-', '+ x', '\\ No newline at end of file', 'c\r', '\t'), {
      maxLength: 12,
    })
    .map((parts) => parts.join('\n'));
  await fc.assert(
    fc.asyncProperty(text, text, async (before, after) => {
      fc.pre(before !== '' && after !== '' && before !== after);
      expect(await applyWith('git apply', [{ path: 'a', before, after }])).toEqual([after]);
    }),
    { numRuns: 15 },
  );
}, 30_000);

test('nothing changed, nothing said', async () => {
  expect(await unifiedDiff([{ path: 'a', before: 'x', after: 'x' }])).toBe('');
});

describe('formatDiff', () => {
  const hostile = '--- a/a\n+++ b/a\n@@ -1,1 +1,1 @@\n-\u001b[2Jold\ttab\r\n+new\u202e\r\n';

  test('shows what a terminal would obey, and hides line ends', () => {
    expect(formatDiff(hostile, new Chalk({ level: 0 }))).toBe(
      '--- a/a\n+++ b/a\n@@ -1,1 +1,1 @@\n-\\u{1b}[2Jold\ttab\n+new\\u{202e}\n',
    );
  });

  test('colours by kind of line', () => {
    expect(formatDiff('@@ -1,1 +1,1 @@\n-a\n+b\n c\n', new Chalk({ level: 1 }))).toBe(
      '\u001b[36m@@ -1,1 +1,1 @@\u001b[39m\n\u001b[31m-a\u001b[39m\n\u001b[32m+b\u001b[39m\n c\n',
    );
  });

  test('cuts a long line around its change, never the change itself', async () => {
    const long = 'x'.repeat(300);
    const diff = await unifiedDiff([
      { path: 'a', before: `{${long}"old"${long}}`, after: `{${long}"newer"${long}}` },
    ]);
    const x = 'x'.repeat(22);
    expect(formatDiff(diff, new Chalk({ level: 0 }), 60).split('\n')).toEqual([
      '--- a/a',
      '+++ b/a',
      '@@ -1,1 +1,1 @@',
      `-…x${x}"old"${x}x…`,
      '\\ No newline at end of file',
      `+…x${x}"newer"${x}x…`,
      '\\ No newline at end of file',
      '',
    ]);
  });

  test('leaves removed lines whole', async () => {
    const diff = await unifiedDiff([{ path: 'a', before: `a\n${'b'.repeat(90)}\n`, after: 'a\n' }]);
    expect(formatDiff(diff, new Chalk({ level: 0 }), 40)).toContain(`-${'b'.repeat(90)}\n`);
  });
});
