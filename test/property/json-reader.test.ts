import fc from 'fast-check';
import { type Node, type ParseError, parseTree } from 'jsonc-parser';
import { expect, test } from 'vitest';
import type { JsonNode } from '../../src/documents/json.js';
import { readSound } from '../../src/documents/json-reader.js';
import { runs } from './runs.js';

/** What jsonc-parser reads, and whether it finds nothing wrong. */
function readByParser(text: string): { readonly root: Node | undefined; readonly isSound: boolean } {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: false });
  return { root, isSound: errors.length === 0 };
}

function show(node: Node | JsonNode | undefined): unknown {
  if (!node) return undefined;
  const { type, offset, length, value, parent } = node;
  return [type, offset, length, value, parent?.offset, node.children?.map(show)];
}

const pieces = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"b":',
    '""',
    '"\\u0041\\n"',
    '"\\x"',
    '"\\u12"',
    '"\t"',
    '"',
    '\\',
  ],
  ...[
    '1',
    '-0.5e+3',
    '01',
    '1.',
    '-',
    'true',
    'false',
    'null',
    'nul',
    'truex',
    '\uFEFF',
    '\u00A0',
    '"\u0085"',
  ],
  ...[
    '// c\n',
    '// c\r',
    '// c',
    '/* c */',
    '/*/',
    '/**/',
    '/',
    ' ',
    '\n',
    '\r\n',
    '\t',
    '\f',
    '"\\\\"',
    '"\\""',
  ],
];

const garbled = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join(''));

const gap = fc.constantFrom('', ' ', '\n  ', '\r\n\t', '// "x"\n', '/* } */', '//\r');

/** Sound JSON, written loosely. */
const loose = fc
  .tuple(fc.jsonValue({ maxDepth: 4 }), fc.infiniteStream(gap), fc.boolean())
  .map(([value, gaps, trailing]) => {
    const write = (part: unknown): string => {
      const next = () => gaps.next().value ?? '';
      const list = (items: string[], [open, close]: readonly [string, string]) =>
        `${open}${next()}${items.join(`${next()},${next()}`)}${items.length > 0 && trailing ? `${next()},` : ''}${next()}${close}`;
      if (Array.isArray(part)) return list(part.map(write), ['[', ']']);
      if (typeof part !== 'object' || part === null) return JSON.stringify(part);
      const entries = Object.entries(part);
      return list(
        entries.map(([key, inner]) => `${JSON.stringify(key)}${next()}:${next()}${write(inner)}`),
        ['{', '}'],
      );
    };
    return `${gaps.next().value}${write(value)}${gaps.next().value}`;
  });

test('what is read in one pass is what jsonc-parser reads, and it finds nothing wrong there', () => {
  fc.assert(
    fc.property(fc.oneof(garbled, loose), (text) => {
      const root = readSound(text, 400);
      if (!root) return;
      const parsed = readByParser(text);
      expect(parsed.isSound).toBe(true);
      expect(show(root)).toEqual(show(parsed.root));
    }),
    { numRuns: runs(2000) },
  );
});

test('sound JSON is read in one pass, however it is written', () => {
  fc.assert(
    fc.property(loose, (text) => {
      expect(readSound(text, 400)).toBeDefined();
    }),
  );
});

test('goes as deep as it may and no deeper', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  expect(readSound(nested(400), 400)).toBeDefined();
  expect(readSound(nested(401), 400)).toBeUndefined();
});
