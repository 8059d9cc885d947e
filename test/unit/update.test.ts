import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { basePath, decodeBase, encodeBase, hashed, isOurs, isRecorded } from '../../src/update/base-file.js';
import { mergeFile } from '../../src/update/merge-file.js';
import { mergeJson } from '../../src/update/merge-json.js';
import { firstLost, mergeLines } from '../../src/update/merge-lines.js';

const lines = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 12 })
  .map((each) => each.map((one) => `${one}\n`).join(''));

describe('lines of both sides', () => {
  it('are those of the one that changed', () => {
    fc.assert(
      fc.property(lines, lines, (base, other) => {
        expect(mergeLines(base, other, base)).toEqual({ text: other, conflicts: [] });
        expect(mergeLines(base, base, other)).toEqual({ text: other, conflicts: [] });
        expect(mergeLines(base, other, other)).toEqual({ text: other, conflicts: [] });
      }),
    );
  });

  it('lose nothing that either side added, unless a conflict says so', () => {
    fc.assert(
      fc.property(lines, fc.nat(), fc.nat(), lines, (base, mine, ours, more) => {
        const insert = (at: number, line: string) => {
          const all = base.split(/(?<=\n)/);
          all.splice(at % (all.length + 1), 0, line);
          return all.join('');
        };
        const [edited, rendered] = [insert(mine, 'MINE\n'), insert(ours, `OURS\n${more}`)];
        const { text, conflicts } = mergeLines(base, edited, rendered);
        expect(text).toContain('OURS\n');
        if (conflicts.length === 0) expect(text).toContain('MINE\n');
        else expect(conflicts.some((one) => one.edited.includes('MINE\n'))).toBe(true);
      }),
    );
  });

  it('that touch are a conflict, at its line', () => {
    const { conflicts } = mergeLines('a\nb\nc\n', 'x\na\nB\nc\n', 'a\nOURS\nc\n');
    expect(conflicts).toEqual([{ line: 3, edited: ['B\n'], rendered: ['OURS\n'] }]);
  });

  it('are found where one was changed or taken out', () => {
    expect(firstLost('a\nb\n', 'a\nnew\nb\n')).toBeUndefined();
    expect(firstLost('a\nb\n', 'new\na\nB\n')).toEqual({ line: 3, text: 'b\n' });
  });
});

describe('a file that was edited and is rendered otherwise', () => {
  const path = '.devcontainer/devcontainer.json';
  const base = '{\n  // ours\n  "a": ["x"],\n  "b": 1\n}\n';

  it('is joined by properties where its lines do not tell', () => {
    const edited = '{\n  // ours\n  "a": ["x", "mine"],\n  "b": 1,\n  "c": { "d": true }\n}\n';
    const result = mergeFile(path, base, edited, '{\n  // ours\n  "a": ["x", "new"],\n  "b": 2\n}\n');
    expect(result).toEqual({
      text: '{\n  // ours\n  "a": ["x", "new", "mine"],\n  "b": 2,\n  "c": {\n    "d": true\n  }\n}\n',
    });
  });

  it.each([
    ['the same value', '{ "a": 2 }', '{ "a": 3 }'],
    ['a comment that would be lost', '{ "b": /* why */ 2, "a": 1 }', '{ "a": 3 }'],
    ['what is gone', '{ "a": { "x": 1 } }', '{ "b": 1 }'],
  ])('is not joined over %s', (_, edited, rendered) => {
    expect(mergeJson('{ "a": 1 }', edited, rendered)).toBeUndefined();
  });

  it('keeps its line ends, but in a script', () => {
    const crlf = base.replaceAll('\n', '\r\n');
    expect(mergeFile(path, base, crlf, base)).toEqual({ text: crlf });
    expect(mergeFile('.devcontainer/x.sh', 'a\n', 'a\r\n', 'a\n')).toEqual({ text: 'a\n' });
  });

  it('may have lines added but none taken out where an image is built', () => {
    const file = '.devcontainer/Dockerfile';
    expect(mergeFile(file, 'FROM a\nUSER b\n', 'FROM a\nRUN c\nUSER b\n', 'FROM a2\nUSER b\n')).toEqual({
      conflict: 'edited here, and rendered otherwise now: "FROM a"',
      line: 1,
    });
    expect(mergeFile(file, 'FROM a\nUSER b\n', 'FROM a\n', 'FROM a\nUSER b\n')).toEqual({
      conflict: 'a rendered line was changed or removed: "USER b"',
      line: 2,
    });
  });
});

describe('a rendered devcontainer.json', () => {
  const path = '.devcontainer/devcontainer.json';
  const base = `{
  "name": "x",
  "mounts": ["a"],
  "containerEnv": { "BASH_ENV": "/scrub" },
  "remoteEnv": { "BROWSER": "" },
  "customizations": { "vscode": { "extensions": ["a.a"], "settings": { "s": false } } }
}
`;
  it.each([
    ['"BROWSER": ""', '"BROWSER": "/x"', 'remoteEnv.BROWSER', 5],
    ['"BROWSER": ""', '', 'remoteEnv.BROWSER', 5],
    ['"BROWSER": ""', '"BROWSER": "", "BASH_ENV": ""', 'containerEnv.BASH_ENV', 5],
    ['["a"]', '["b"]', 'mounts', 3],
    ['"s": false', '"s": true', 'customizations.vscode.settings.s', 6],
  ])('has a conflict where %s becomes %s, whatever lint says', (from, to, name, line) => {
    expect(mergeFile(path, base, base.replace(from, to), base)).toEqual({
      conflict: `a rendered value was changed or removed: ${name}`,
      line,
    });
  });

  it.each([
    ['["a"]', '["a", "b"]'],
    ['["a.a"]', '[]'],
    ['"name": "x"', '"name": "y"'],
    ['"BROWSER": ""', '"BROWSER": "", "OWN": "1"'],
    ['"name"', '"forwardPorts": [1], // why\n  "name"'],
  ])('keeps an edit from %s to %s', (from, to) => {
    const edited = base.replace(from, to);
    expect(mergeFile(path, base, edited, base)).toEqual({ text: edited });
  });
});

describe('the record of what was written', () => {
  const base = {
    changes: 3,
    files: new Map([
      ['.devcontainer/Dockerfile', { text: 'FROM a\n' }],
      ['.devcontainer/allowlist', hashed('a.test\n')],
    ]),
  };

  it('is read as it was written', () => {
    expect(decodeBase(encodeBase(base))).toEqual(base);
    expect(isRecorded(base.files.get('.devcontainer/allowlist'), 'a.test\n')).toBe(true);
    expect(isRecorded(base.files.get('.devcontainer/allowlist'), 'b.test\n')).toBe(false);
  });

  it.each([
    'not json',
    '{}',
    encodeBase(base).replace('"version": 1', '"version": 2'),
    encodeBase(base).replace('"changes": 3', '"changes": "3"'),
    encodeBase(base).replace('text:', 'plain:'),
    encodeBase(base).replace('.devcontainer/allowlist', '.devcontainer/../src/index.ts'),
    encodeBase(base).replace('.devcontainer/allowlist', 'src/index.ts'),
    encodeBase(base).replace('.devcontainer/allowlist', basePath),
  ])('is damaged: %s', (text) => expect(decodeBase(text)).toBeUndefined());

  it('speaks of no file that init would not write', () => {
    for (const path of ['.devcontainer/a/../../b', '/etc/passwd', '.devcontainer/./a', '.devcontainer/a\\b'])
      expect(isOurs(path)).toBe(false);
  });
});
