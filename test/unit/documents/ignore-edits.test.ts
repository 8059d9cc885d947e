import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/core/edit.js';
import { findIgnoreComments } from '../../../src/documents/ignore-comments.js';
import { ignoreEdits } from '../../../src/documents/ignore-edits.js';

/** The text with a comment for the finding between « and ». */
async function suppress(path: string, marked: string): Promise<string | undefined> {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const file = { path, text: marked.replace(/[«»]/g, '') };
  const edits = await ignoreEdits({ file, at: { start, end } }, 'no-x', 'it is fine');
  if (edits.length === 0) return undefined;
  const text = applyEdits(file.text, edits);
  const [comment] = findIgnoreComments({ path, text });
  expect(comment).toMatchObject({ ids: [{ id: 'no-x' }], reason: 'it is fine', form: '' });
  return text;
}

const comment = 'harden-devcontainer-ignore no-x -- it is fine';

describe('a comment that takes a finding out', () => {
  test.each([
    ['a/.devcontainer/devcontainer.json', '{\n\t«"a": 1»\n}', `{\n\t// ${comment}\n\t"a": 1\n}`],
    ['.devcontainer/devcontainer.json', '\uFEFF{ «"a": 1» }', `\uFEFF// ${comment}\n{ "a": 1 }`],
    ['.vscode/mcp.json', '{\r\n  «"a": 1»\r\n}', `{\r\n  // ${comment}\r\n  "a": 1\r\n}`],
    [
      'x/other.json',
      '{\n  "a": 1, // why\n  «"b"»: 2\n}',
      `{\n  "a": 1, // why\n  // ${comment}\n  "b": 2\n}`,
    ],
    ['.codex/config.toml', 'a = [\n  1,\n  «2»\n]\n', `a = [\n  1,\n  # ${comment}\n  2\n]\n`],
    ['Dockerfile', 'FROM a\nRUN b \\\n  && «c»\n', `FROM a\nRUN b \\\n  # ${comment}\n  && c\n`],
    ['Dockerfile', '# syntax=a\nFROM «b»\n', `# syntax=a\n# ${comment}\nFROM b\n`],
    [
      'x.sh',
      '#!/bin/sh\nif a; then\n  b \\\n    «c»\nfi\n',
      `#!/bin/sh\nif a; then\n  # ${comment}\n  b \\\n    c\nfi\n`,
    ],
    ['.devcontainer/allowlist', 'a.test\n«b.test» # why', `a.test\n# ${comment}\nb.test # why`],
  ])('in %s: %j', async (path, marked, expected) => {
    expect(await suppress(path, marked)).toBe(expected);
  });

  test.each([
    ['.mcp.json', '{\n  «"a"»: 1\n}'],
    ['.claude/settings.json', '{\n  «"a"»: 1\n}'],
    ['README.md', '«a»'],
    ['x.sh', 'cat <<E\na\n«b»\nE\n'],
    ['x.sh', 'echo "a\n«b»"\n'],
    ['x.sh', '«#!/bin/sh»\n'],
    ['Dockerfile', '# syntax=«a»\nFROM b\n'],
    ['Dockerfile', 'FROM a\nCOPY <<E /b\nc\n«d»\nE\n'],
    ['.codex/config.toml', 'a = """\nb\n«c»\n"""\n'],
  ])('is not possible in %s: %j', async (path, marked) => {
    expect(await suppress(path, marked)).toBeUndefined();
  });
});
