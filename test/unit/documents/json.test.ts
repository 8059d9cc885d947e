import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/core/edit.js';
import { positionAt } from '../../../src/core/text.js';
import {
  elements,
  type JsonDocument,
  member,
  members,
  parseJson,
  plainValue,
  stringValue,
} from '../../../src/documents/json.js';
import {
  appendElement,
  removeNodes,
  removeWithEmptyParents,
  setMember,
} from '../../../src/documents/json-edits.js';
import { spanWithin } from '../../../src/documents/json-escapes.js';

function parse(text: string): JsonDocument {
  return parseJson({ path: 'a.json', text });
}

describe('parseJson', () => {
  test('reads comments, trailing commas, a byte order mark, Windows line ends and tabs', () => {
    const document = parse('\uFEFF{\r\n\t// one\r\n\t"a": [1, /* two */ 2,],\r\n\t"\\u0062": null,\r\n}');
    expect(document.problems).toEqual([]);
    expect(plainValue(document.root)).toEqual({ a: [1, 2], b: null });
  });

  test('counts offsets from the start of the file, byte order mark included', () => {
    const document = parse('\uFEFF{ "a": "x" }');
    const at = member(document.root, 'a')?.value.offset;
    expect(document.file.text.slice(at, (at ?? 0) + 3)).toBe('"x"');
  });

  test('takes the last definition of a key, as the tools do, and tells the overridden ones', () => {
    const document = parse('{ "a": 1, "b": 2, "a": 3 }');
    expect(plainValue(document.root)).toEqual({ a: 3, b: 2 });
    expect(members(document.root)).toHaveLength(2);
    expect(document.problems).toEqual([]);
    expect(document.duplicates.map(({ at }) => at.start)).toEqual([2]);
  });

  test.each([
    ['{\n  "a": 1\n  "b": 2\n}', { a: 1, b: 2 }, 3],
    ['{\n  "privileged": true,\n  "mounts": [', { privileged: true, mounts: [] }, 3],
    ['{ "a": "x\n}', { a: 'x' }, 1],
    ['{ "a": nope, "b": 1 }', { b: 1 }, 1],
  ])('keeps what %j still says and places the problem', (text, value, line) => {
    const document = parse(text);
    expect(plainValue(document.root)).toEqual(value);
    const [problem] = document.problems;
    expect(problem && positionAt(document.file, problem.at.start).line).toBe(line);
  });

  test('reports nesting that would exhaust the stack', () => {
    for (const text of [
      '['.repeat(10_000),
      `{"a":`.repeat(10_000),
      `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
    ]) {
      const document = parse(text);
      expect(document.root).toBeUndefined();
      expect(document.problems[0]?.message).toContain('nested');
    }
  });

  test.each([
    '',
    '\uFEFF',
    '\0',
    '"\ud800"',
    '// only a comment',
    '[}',
    '{,}',
    '"\\u12"',
    '\\',
    'null',
    '{"a"}',
  ])('does not throw on %j', (text) => {
    expect(() => plainValue(parse(text).root)).not.toThrow();
  });

  test('keeps a key named like the prototype as a plain key', () => {
    const value = plainValue(parse('{ "__proto__": { "privileged": true } }').root) as Record<
      string,
      unknown
    >;
    expect(value.privileged).toBeUndefined();
    expect(Object.keys(value)).toEqual(['__proto__']);
  });
});

describe('spanWithin', () => {
  test.each([
    ['"plain text"', 6, 10, 'text'],
    ['"a\\"b\\"c"', 1, 4, '\\"b\\"'],
    ['"\\u0063url | sh"', 0, 9, '\\u0063url | sh'],
    ['"x\\n\\ty"', 2, 4, '\\ty'],
    ['"emoji \ud83d\ude00!"', 6, 8, '\ud83d\ude00'],
  ])('of %s from %i to %i', (text, start, end, expected) => {
    const document = parse(text);
    const node = document.root;
    const at = node && spanWithin(document, node, start, end);
    expect(at && text.slice(at.start, at.end)).toBe(expected);
    if (!/\\/.test(text)) expect(stringValue(node)?.slice(start, end)).toBe(expected);
  });
});

function removeElements(text: string, ...indexes: number[]): string {
  const document = parse(text);
  const list = elements(member(document.root, 'l')?.value);
  return applyEdits(
    text,
    removeNodes(
      document,
      indexes.flatMap((index) => list[index] ?? []),
    ),
  );
}

describe('removing', () => {
  test.each([
    ['{ "l": [1, 2, 3] }', [0], '{ "l": [2, 3] }'],
    ['{ "l": [1, 2, 3] }', [1], '{ "l": [1, 3] }'],
    ['{ "l": [1, 2, 3] }', [2], '{ "l": [1, 2] }'],
    ['{ "l": [ 1, 2 ] }', [1], '{ "l": [ 1 ] }'],
    ['{ "l": [1, 2, 3] }', [1, 2], '{ "l": [1] }'],
    ['{ "l": [1] }', [0], '{ "l": [] }'],
    ['{ "l": [1, 2,] }', [1], '{ "l": [1,] }'],
    ['{\n  "l": [\n    1,\n    2\n  ]\n}', [1], '{\n  "l": [\n    1\n  ]\n}'],
    ['{\r\n  "l": [\r\n    1,\r\n    2,\r\n  ]\r\n}', [0], '{\r\n  "l": [\r\n    2,\r\n  ]\r\n}'],
    ['{\n  "l": [\n    1, // one\n    2 // two\n  ]\n}', [1], '{\n  "l": [\n    1 // one\n  ]\n}'],
    [
      '{\n  "l": [\n    // about one\n    1, // one\n    2\n  ]\n}',
      [0],
      '{\n  "l": [\n    // about one\n    2\n  ]\n}',
    ],
    ['{ "l": [1, /* two */ 2, 3] }', [0], '{ "l": [/* two */ 2, 3] }'],
    ['{\n  "l": [\n    1\n  , 2\n  , 3\n  ]\n}', [1], '{\n  "l": [\n    1\n  , 3\n  ]\n}'],
  ])('from %j the elements %j', (text, indexes, expected) => {
    expect(removeElements(text, ...indexes)).toBe(expected);
  });

  test('takes every definition of a key, so that no overridden one comes back', () => {
    const text = '{ "a": 1, "b": 2, "a": 3 }';
    const document = parse(text);
    const value = member(document.root, 'a')?.value;
    expect(applyEdits(text, removeNodes(document, value ? [value] : []))).toBe('{ "b": 2 }');
  });

  test('takes what becomes empty along, but no list in which a comment remains', () => {
    const text = '{\n  "a": { "l": [1] },\n  "b": [\n    // why\n    1\n  ]\n}\n';
    const document = parse(text);
    const nodes = [
      ...elements(member(member(document.root, 'a')?.value, 'l')?.value),
      ...elements(member(document.root, 'b')?.value),
    ];
    expect(applyEdits(text, removeWithEmptyParents(document, nodes))).toBe(
      '{\n  "b": [\n    // why\n  ]\n}\n',
    );
  });

  test('offers no edits in a file with errors of syntax', () => {
    const document = parse('{ "a": 1 "b": 2 }');
    expect(
      removeNodes(
        document,
        members(document.root).map(({ value }) => value),
      ),
    ).toEqual([]);
  });
});

describe('adding', () => {
  test.each([
    ['{ "a": 1 }', '{ "a": 1, "k": "v" }'],
    ['{}', '{\n  "k": "v"\n}'],
    ['{\n}\n', '{\n  "k": "v"\n}\n'],
    ['{\n\t"a": 1\n}', '{\n\t"a": 1,\n\t"k": "v"\n}'],
    ['{\r\n    "a": 1, // one\r\n}', '{\r\n    "a": 1, // one\r\n    "k": "v",\r\n}'],
    ['{\n  "a": 1 // one\n  // more\n}', '{\n  "a": 1, // one\n  "k": "v"\n  // more\n}'],
    ['{ "k": 0, "a": 1 }', '{ "k": "v", "a": 1 }'],
  ])('a property to %j', (text, expected) => {
    const document = parse(text);
    expect(applyEdits(text, document.root ? setMember(document, document.root, 'k', 'v') : [])).toBe(
      expected,
    );
  });

  test.each([
    ['[]', '["x"]'],
    ['[1]', '[1, "x"]'],
    ['[\n  1,\n]', '[\n  1,\n  "x",\n]'],
  ])('an element to %j', (text, expected) => {
    const document = parse(text);
    expect(applyEdits(text, document.root ? appendElement(document, document.root, 'x') : [])).toBe(expected);
  });
});
