import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../src/core/edit.js';
import {
  definitions,
  elements,
  type JsonNode,
  member,
  plainValue,
  spanOf,
} from '../../../src/documents/json.js';
import { parseSettings, removeSettings, replaceSetting } from '../../../src/documents/settings.js';
import { parseToml } from '../../../src/documents/toml.js';

const read = (text: string) => parseToml({ path: 'config.toml', text });

async function readPlain(text: string): Promise<unknown> {
  return JSON.parse(JSON.stringify(plainValue((await read(text)).root)));
}

describe('TOML as a tree', () => {
  test.each([
    ['a = 1\nb = "x"\nc = true\n', { a: 1, b: 'x', c: true }],
    ['[mcp_servers.github]\ncommand = "npx"\n', { mcp_servers: { github: { command: 'npx' } } }],
    ['a.b.c = 1\na.d = 2\n', { a: { b: { c: 1 }, d: 2 } }],
    ['[a.b]\nx = 1\n[a]\ny = 2\n', { a: { b: { x: 1 }, y: 2 } }],
    ['[[a]]\nx = 1\n[a.b]\ny = 2\n[[a]]\nx = 3\n', { a: [{ x: 1, b: { y: 2 } }, { x: 3 }] }],
    ['a = { b = "c", d = [1, 2] }\n', { a: { b: 'c', d: [1, 2] } }],
    ['"a b" = 1\n\'c.d\' = 2\n', { 'a b': 1, 'c.d': 2 }],
    ['__proto__ = 1\n', { ['__proto__']: 1 }],
    ['d = 1979-05-27T07:32:00Z\n', { d: '1979-05-27T07:32:00Z' }],
    ['', {}],
    ['\uFEFFa = 1\r\nb = """\r\nx"""\r\n', { a: 1, b: 'x' }],
  ])('%j', async (text, value) => {
    expect(await readPlain(text)).toEqual(value);
  });

  test('every value stands where the file has it', async () => {
    const text = '\uFEFF# c\n[a]\nb = "x\\ny"  # c\nc = ["d",\n "e"]\n';
    const { root } = await read(text);
    const at = (node: JsonNode | undefined) => node && text.slice(node.offset, spanOf(node).end);
    const table = member(root, 'a')?.value;
    expect(at(member(table, 'b')?.value)).toBe('"x\\ny"');
    expect(at(member(table, 'b')?.keyNode)).toBe('b');
    expect(at(definitions(table, 'b')[0])).toBe('b = "x\\ny"');
    expect(elements(member(table, 'c')?.value).map(at)).toEqual(['"d"', '"e"']);
  });

  test.each(['a = ', 'a = 1\na = 2', '[', 'a = "\n', '\0', 'a = \ud800x'])(
    '%j is a problem inside the file, not a crash',
    async (text) => {
      const { root, problems } = await read(text);
      expect(root).toBeUndefined();
      for (const { at, message } of problems) {
        expect(message).toMatch(/^invalid TOML: /);
        expect(at.start).toBeLessThanOrEqual(at.end);
        expect(at.end).toBeLessThanOrEqual(text.length);
      }
    },
  );

  test.each([
    ['arrays', `a = ${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['inline tables', `a = ${'{b='.repeat(5000)}1${'}'.repeat(5000)}`],
    ['dotted keys', `${Array(5000).fill('a').join('.')} = 1`],
    ['a header', `[${Array(5000).fill('a').join('.')}]\nb = 1`],
    ['size', `# ${'x'.repeat(1_000_000)}`],
  ])('too much of it is refused: %s', async (_name, text) => {
    const { root, problems } = await read(text);
    expect(root).toBeUndefined();
    expect(problems).toHaveLength(1);
  });

  test('whatever is read never throws', async () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '[[',
      ']]',
      '=',
      '.',
      '"',
      "'",
      '"""',
      'a',
      '1',
      '\n',
      '{',
      '}',
      ',',
      '#',
      '\\u00',
      '\r\n',
      ' ',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), async (pieces) => {
        const text = pieces.join('');
        const { problems } = await read(text);
        for (const { at } of problems) expect(at.end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('edits of settings', () => {
  async function edited(
    path: string,
    text: string,
    key: string,
    change: 'remove' | string,
  ): Promise<string | undefined> {
    const document = await parseSettings({ path, text });
    const [table = '', name = ''] = key.split('.');
    const node = member(member(document.root, table)?.value, name)?.value;
    if (!node) return undefined;
    const edits =
      change === 'remove' ? removeSettings(document, [node]) : replaceSetting(document, node, change);
    return edits.length === 0 ? undefined : applyEdits(text, edits);
  }

  test.each([
    ['a.toml', '[a]\nb = 1 # why\nc = 2\n', 'remove', '[a]\nc = 2\n'],
    ['a.toml', '[a]\r\nb = [\r\n  1,\r\n]\r\n', 'remove', '[a]\r\n'],
    ['a.toml', '[a]\nc = 2\nb = 1', 'remove', '[a]\nc = 2'],
    ['a.toml', 'a = { b = 1, c = 2 }\n', 'remove', undefined],
    ['a.toml', '[a]\nb = "x"\n', 'y"z', '[a]\nb = "y\\"z"\n'],
    ['a.json', '{ "a": { "b": 1, "c": 2 } }', 'remove', '{ "a": { "c": 2 } }'],
    ['a.json', '{ "a": { "b": 1 } }', 'x', '{ "a": { "b": "x" } }'],
  ])('%s %j: %s', async (path, text, change, after) => {
    expect(await edited(path, text, 'a.b', change)).toBe(after);
  });
});
