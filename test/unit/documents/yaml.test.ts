import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/core/edit.js';
import { elements, type JsonNode, member, plainValue, spanOf } from '../../../src/documents/json.js';
import { parseYaml } from '../../../src/documents/yaml.js';
import { addYamlKeys } from '../../../src/documents/yaml-additions.js';
import { removeYaml, replaceYaml } from '../../../src/documents/yaml-edits.js';
import { styleOf } from '../../../src/documents/yaml-styles.js';

const parse = (text: string) => parseYaml({ path: 'compose.yaml', text });

function at(node: JsonNode | undefined, ...path: readonly (string | number)[]): JsonNode {
  const found = path.reduce<JsonNode | undefined>(
    (inner, step) => (typeof step === 'number' ? elements(inner)[step] : member(inner, step)?.value),
    node,
  );
  if (!found) throw new Error(`nothing at ${path.join('.')}`);
  return found;
}

describe('parseYaml', () => {
  test.each([
    ['a: 1\nb: [x, "y"]\nc: {d: ~}\n', { a: 1, b: ['x', 'y'], c: { d: null } }],
    [
      'a: yes\nb: 22:22\nc: 0080\nd: 1.10\ne: 0x10\n',
      { a: 'yes', b: '22:22', c: '0080', d: '1.10', e: '0x10' },
    ],
    ['%YAML 1.1\n---\na: on\n', { a: 'on' }],
    ['\uFEFFa: 1\r\nb:\r\n  - x\r\n', { a: 1, b: ['x'] }],
    ['a: |\n  x\n  y\nb: >-\n  x\n  y\n', { a: 'x\ny\n', b: 'x y' }],
    ['a: !reset null\nb: !!str 1\nc: !other x\n', { a: 'null', b: '1', c: 'x' }],
    ['1: a\ntrue: b\n', { 1: 'a', true: 'b' }],
  ])('reads %j', async (text, value) => {
    const { root, problems } = await parse(text);
    expect(problems).toEqual([]);
    expect(JSON.parse(JSON.stringify(plainValue(root)))).toEqual(value);
  });

  test('puts what aliases and merge keys stand for in their places', async () => {
    const text = [
      'x: &x { p: 1, q: 2 }',
      'y: &y { q: 3, r: 4 }',
      'both: { <<: [*x, *y], p: own }',
      'one: { p: own, <<: *y }',
      'list: [*x, "<<"]',
      '"<<": plain',
    ].join('\n');
    const { root, problems } = await parse(text);
    expect(problems).toEqual([]);
    expect(plainValue(root)).toMatchObject({
      both: { p: 'own', q: 2, r: 4 },
      one: { p: 'own', q: 3, r: 4 },
      list: [{ p: 1, q: 2 }, '<<'],
      '<<': 'plain',
    });
    // A finding points at the text that says it.
    const { start, end } = spanOf(at(root, 'both', 'r'));
    expect(text.slice(start, end)).toBe('4');
    expect(start).toBeLessThan(text.indexOf('both'));
  });

  test.each([
    ['a: [1\nb: 2\n', 'must be sufficiently indented'],
    ['a:\n\t- x\n', 'tabs are not allowed'],
    ['a: "x\n', 'missing closing "quote'],
    ['a: &a [*a]\n', 'stands inside of what it names'],
    ['a: *b\n', 'no anchor &b stands before'],
    ['a: b\0c\n', 'control characters'],
    ['[['.repeat(5000), 'nested more than 400 levels deep'],
    [`${'- '.repeat(10_000)}x`, 'nested more than 400 levels deep'],
    ['a: b\n'.repeat(4_000_000), 'longer than 200000 characters'],
  ])('tells what is wrong with %j', async (text, message) => {
    const { problems } = await parse(text);
    expect(problems.map((problem) => problem.message).join('\n')).toContain(message);
    for (const problem of problems) {
      expect(problem.at.start).toBeLessThanOrEqual(problem.at.end);
      expect(problem.at.end).toBeLessThanOrEqual(text.length);
    }
  });

  test('stops at aliases that stand for billions', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, index) =>
        `b${index}: &b${index} [${'*a, '.repeat(9).replaceAll('a', index === 0 ? 'a' : `b${index - 1}`)}]`,
    );
    const { problems } = await parse(`a: &a [x, x]\n${lines.join('\n')}\n`);
    expect(problems[0]?.message).toBe('invalid YAML: the aliases stand for more than 100000 values');
  });

  test('names a duplicate key at the definition that is lost', async () => {
    const { duplicates, problems } = await parse('a: 1\nb: 2\na: 3\n');
    expect(problems).toEqual([]);
    expect(duplicates.map(({ at: { start } }) => start)).toEqual([0]);
  });

  test('gives each file its own places, though another says the same', async () => {
    const [one, other] = [await parse('a: 1\n'), await parseYaml({ path: 'other.yaml', text: 'a: 1\n' })];
    expect([one.file.path, other.file.path]).toEqual(['compose.yaml', 'other.yaml']);
    expect(replaceYaml(other, at(other.root, 'a'), 2)).toMatchObject([{ file: 'other.yaml' }]);
  });

  test('reads every document of a stream', async () => {
    const { roots } = await parse('a: 1\n---\nb: 2\n...\n---\nc: 3\n');
    expect(roots.map(plainValue)).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }]);
  });

  test('takes keys of objects for keys', async () => {
    const { root } = await parse('__proto__: { a: 1 }\nconstructor: x\n');
    expect(member(root, '__proto__')?.value.type).toBe('object');
    expect(member(root, 'toString')).toBeUndefined();
  });

  test('tells block, flow and quotes apart', async () => {
    const { root } = await parse('a: [x]\nb:\n  - x\nc: "x"\nd: \'x\'\ne: !t x\nf: &f x\n');
    const style = (key: string) => styleOf(at(root, key));
    expect([style('a')?.style, style('b')?.style]).toEqual(['flow', 'block']);
    expect([style('c')?.style, style('d')?.style, style('f')?.style]).toEqual(['double', 'single', 'plain']);
    expect([style('e')?.tag, style('f')?.anchored]).toEqual(['!t', true]);
  });
});

const base = `services:
  app:
    cap_add: # needed
      - NET_RAW # ping
      # for the debugger
      - SYS_PTRACE
    security_opt: ["seccomp=unconfined", 'label=disable']
    volumes:
      - type: bind # the socket
        source: /run/docker.sock
        target: /run/docker.sock
      - ./data:/data
`;

async function remove(text: string, ...paths: readonly (readonly (string | number)[])[]): Promise<string> {
  const document = await parse(text);
  return applyEdits(
    text,
    removeYaml(
      document,
      paths.map((path) => at(document.root, ...path)),
    ),
  );
}

describe('removeYaml', () => {
  const app = ['services', 'app'] as const;

  test('takes a line with its own comment, and keeps the comments of others', async () => {
    expect(await remove(base, [...app, 'cap_add', 0])).toBe(base.replace('      - NET_RAW # ping\n', ''));
    expect(await remove(base, [...app, 'cap_add', 1])).toBe(base.replace('      - SYS_PTRACE\n', ''));
  });

  test('leaves an empty list where comments remain in it', async () => {
    expect(await remove(base, [...app, 'cap_add', 0], [...app, 'cap_add', 1])).toContain(
      'cap_add: [] # needed\n      # for the debugger\n    security_opt',
    );
  });

  test('takes an element of a bracket with its comma, and the key with the last one', async () => {
    expect(await remove(base, [...app, 'security_opt', 0])).toContain("security_opt: ['label=disable']\n");
    expect(await remove(base, [...app, 'security_opt', 1])).toContain(
      'security_opt: ["seccomp=unconfined"]\n',
    );
    expect(await remove(base, [...app, 'security_opt', 0], [...app, 'security_opt', 1])).not.toContain(
      'security',
    );
  });

  test('takes a mapping in a list, or its first key', async () => {
    expect(await remove(base, [...app, 'volumes', 0])).toContain('    volumes:\n      - ./data:/data\n');
    expect(await remove(base, [...app, 'volumes', 0, 'type'])).toContain(
      '      - source: /run/docker.sock\n',
    );
  });

  test('keeps a service that loses its only key', async () => {
    expect(
      await remove('services:\n  a:\n    privileged: true\n  b: {}\n', ['services', 'a', 'privileged']),
    ).toBe('services:\n  a:\n  b: {}\n');
  });

  test.each([
    ['an anchor', 'x: &x\n  - a\n  - b\ny: *x\n', ['x', 0]],
    ['an alias', 'x: &x [a]\ny: *x\n', ['y', 0]],
    [
      'a key that a merge key brings back',
      'x: &x { p: true }\ny:\n  <<: *x\n  p: true\n  q: 1\n',
      ['y', 'p'],
    ],
    ['a key that only a merge key brings', 'x: &x { p: true, q: 1 }\ny:\n  <<: *x\n', ['y', 'p']],
    ['a comment in brackets', 'a: [x, # one\n  y]\n', ['a', 0]],
    ['an explicit key', '? a\n: x\nb: y\n', ['a']],
    ['an error elsewhere', 'a: x\nb: [\n', ['a']],
    ['a duplicate key', 'a: x\na: y\nb: z\n', ['b']],
  ])('does not guess at %s', async (_name, text, path) => {
    expect(await remove(text, path)).toBe(text);
  });

  test('removes what no merge key brings, beside one', async () => {
    const text = 'x: &x { p: true }\ny:\n  z:\n    <<: *x\n    q:\n      - a\n';
    expect(await remove(text, ['y', 'z', 'q', 0])).toBe('x: &x { p: true }\ny:\n  z:\n    <<: *x\n');
  });
});

describe('replaceYaml and addYamlKeys', () => {
  test.each([
    ['a: x:/y # c\n', 'x:/y:ro', 'a: x:/y:ro # c\n'],
    ['a: "x"\n', 'y "z"', 'a: "y \\"z\\""\n'],
    ["a: 'x'\n", "it's", "a: 'it''s'\n"],
    ['a: x\n', 'true', 'a: "true"\n'],
    ['a: x\n', 'b: c', 'a: "b: c"\n'],
    ['a: [x, y]\n', 'skip', 'a: [x, y]\n'],
    ['a: |\n  x\n', 'y', 'a: |\n  x\n'],
  ])('%j becomes %j', async (text, value, after) => {
    const document = await parse(text);
    expect(applyEdits(text, replaceYaml(document, at(document.root, 'a'), value))).toBe(after);
  });

  test.each([
    ['a:\n  - x: 1 # c\n    y: 2\n', 'a:\n  - x: 1 # c\n    y: 2\n    read_only: true\n'],
    ['a:\n  - { x: 1 }\n', 'a:\n  - { x: 1, read_only: true }\n'],
    ['a:\n  - x: 1', 'a:\n  - x: 1\n    read_only: true'],
    ['a:\r\n  - x: 1\r\n', 'a:\r\n  - x: 1\r\n    read_only: true\r\n'],
    ['a:\n  - &m { x: 1 }\n', 'a:\n  - &m { x: 1 }\n'],
  ])('adds a key to %j', async (text, after) => {
    const document = await parse(text);
    expect(applyEdits(text, addYamlKeys(document, at(document.root, 'a', 0), [['read_only', true]]))).toBe(
      after,
    );
  });
});
