import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../src/core/edit.js';
import { type JsonNode, members, plainValue } from '../../src/documents/json.js';
import { parseYaml, type YamlDocument } from '../../src/documents/yaml.js';
import { addYamlKeys } from '../../src/documents/yaml-additions.js';
import { removeYaml, replaceYaml } from '../../src/documents/yaml-edits.js';
import { runs } from './runs.js';

interface Layout {
  readonly lineEnd: string;
  readonly bom: boolean;
  readonly flatLists: boolean;
  readonly comments: boolean;
  readonly finalNewline: boolean;
}

const layout: fc.Arbitrary<Layout> = fc.record({
  lineEnd: fc.constantFrom('\n', '\r\n'),
  bom: fc.boolean(),
  flatLists: fc.boolean(),
  comments: fc.boolean(),
  finalNewline: fc.boolean(),
});

type Value = string | readonly Value[] | { readonly [key: string]: Value };

const leaf = fc.constantFrom('a', './x:/y:ro', "'it''s # no'", '"\\u0061 # b"', '80:80', 'true', '${V:-d}');
const key = fc.constantFrom('image', 'volumes', "'quoted'", 'cap_add', 'x-y', '80');
const flow = fc.constantFrom('[a, b]', '{a: 1, b: 2}', '[{a: 1}, "x, y"]', '[]');
const tree = fc.letrec<{ value: Value; list: Value; map: Value }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, flow, tie('list'), tie('map')),
  list: fc.array(tie('value'), { minLength: 1, maxLength: 4 }),
  map: fc
    .uniqueArray(fc.tuple(key, tie('value')), { minLength: 1, maxLength: 4, selector: ([name]) => name })
    .map((entries) => Object.fromEntries(entries)),
}));

/** Block style; every line may have a comment behind it and one above. */
function render(value: Value, { lineEnd, bom, flatLists, comments, finalNewline }: Layout): string {
  let count = 0;
  const lines: string[] = [];
  const add = (line: string, indent: string) => {
    count += 1;
    if (comments && count % 3 === 0) lines.push(`${indent}# above ${count}`);
    if (comments && count % 5 === 0) lines.push('');
    lines.push(comments && count % 2 === 0 ? `${line} # behind ${count}` : line);
  };
  const write = (inner: Value, indent: string, start: string | undefined) => {
    // `start` is the dash that the first line stands behind.
    let first = start;
    const entries: readonly (readonly [string, Value])[] = Array.isArray(inner)
      ? (inner as readonly Value[]).map((item) => ['-', item])
      : Object.entries(inner).map(([name, item]) => [`${name}:`, item]);
    for (const [mark, item] of entries) {
      const begin = first ?? indent;
      first = undefined;
      if (typeof item === 'string') add(`${begin}${mark} ${item}`, indent);
      else if (mark === '-') write(item, `${indent}  `, `${begin}- `);
      else {
        add(`${begin}${mark}`, indent);
        write(item, Array.isArray(item) && flatLists ? indent : `${indent}  `, undefined);
      }
    }
  };
  write(value, '', undefined);
  return `${bom ? '\uFEFF' : ''}${lines.join(lineEnd)}${finalNewline ? lineEnd : ''}`;
}

/** Every element of a list and every value of a mapping. */
function removable(node: JsonNode): readonly JsonNode[] {
  if (node.type === 'object') return members(node).flatMap(({ value }) => [value, ...removable(value)]);
  return node.type === 'array' ? (node.children ?? []).flatMap((item) => [item, ...removable(item)]) : [];
}

/** The value without some nodes. */
function without(node: JsonNode, gone: ReadonlySet<JsonNode>): unknown {
  if (node.type === 'array')
    return (node.children ?? []).filter((item) => !gone.has(item)).map((item) => without(item, gone));
  if (node.type !== 'object') return node.value;
  const kept = members(node).filter(({ value }) => !gone.has(value));
  return Object.fromEntries(kept.map(({ key: name, value }) => [name, without(value, gone)]));
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value as object).length === 0);
}

/** What is left of something emptied, `[]`, `{}` or nothing, says the same as its absence. */
function dropEmpty(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(dropEmpty).filter((inner) => !isEmpty(inner));
  const entries = Object.entries(value).map(([name, inner]) => [name, dropEmpty(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => !isEmpty(inner)));
}

async function parse(text: string): Promise<YamlDocument> {
  return parseYaml({ path: 'compose.yaml', text });
}

describe('removing from YAML', () => {
  test('takes out what was named, and nothing else', async () => {
    let removed = 0;
    await fc.assert(
      fc.asyncProperty(
        tree.map,
        layout,
        fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
        async (value, style, picks) => {
          const text = render(value, style);
          const document = await parse(text);
          expect(document.problems).toEqual([]);
          const root = document.root as JsonNode;
          const nodes = removable(root);
          const chosen = picks.flatMap((pick) => nodes[pick % Math.max(nodes.length, 1)] ?? []);
          const edits = removeYaml(document, chosen);
          if (edits.length === 0) return;
          removed += 1;
          const after = applyEdits(text, edits);
          const result = await parse(after);
          expect(result.problems, after).toEqual([]);
          const expected = dropEmpty(without(root, new Set(chosen)) ?? {}) ?? {};
          expect(dropEmpty(plainValue(result.root) ?? {}), after).toEqual(expected);
          for (const [comment] of text.matchAll(/^[ \t]*# above \d+/gm)) {
            const isInside = chosen.some(
              ({ offset, length, parent }) =>
                text.slice((parent as JsonNode).offset, offset + length).includes(comment.trim()) ||
                text.slice(offset, offset + length).includes(comment.trim()),
            );
            if (!isInside) expect(after).toContain(comment.trim());
          }
          if (style.lineEnd === '\r\n') expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
          expect(after.startsWith('\uFEFF')).toBe(style.bom);
        },
      ),
      { numRuns: runs(80) },
    );
    expect(removed).toBeGreaterThan(runs(50));
  });
});

describe('replacing in YAML', () => {
  test('writes exactly that text, in the quotes that were there', async () => {
    await fc.assert(
      fc.asyncProperty(
        tree.map,
        layout,
        fc.nat(),
        fc.oneof(fc.string(), fc.constantFrom('a:/b', 'true', '22:22', '- x', 'x # y', '$', '${V}:/x')),
        async (value, style, pick, replacement) => {
          const text = render(value, style);
          const document = await parse(text);
          const leaves = removable(document.root as JsonNode).filter(({ children }) => !children);
          const node = leaves[pick % Math.max(leaves.length, 1)];
          if (!node) return;
          const edits = replaceYaml(document, node, replacement);
          expect(edits).toHaveLength(1);
          const result = await parse(applyEdits(text, edits));
          expect(result.problems).toEqual([]);
          const index = removable(document.root as JsonNode).indexOf(node);
          expect(removable(result.root as JsonNode)[index]?.value).toBe(replacement);
        },
      ),
      { numRuns: runs(60) },
    );
  });
});

describe('adding to YAML', () => {
  test('adds one key and keeps the rest', async () => {
    await fc.assert(
      fc.asyncProperty(tree.map, layout, fc.nat(), async (value, style, pick) => {
        const text = render(value, style);
        const document = await parse(text);
        const root = document.root as JsonNode;
        const maps = [root, ...removable(root)].filter(
          ({ type, children }) => type === 'object' && children?.length,
        );
        const map = maps[pick % maps.length] as JsonNode;
        const edits = addYamlKeys(document, map, [['read_only', true]]);
        if (edits.length === 0) return;
        const before = plainValue(map);
        const result = await parse(applyEdits(text, edits));
        expect(result.problems).toEqual([]);
        const index = [root, ...removable(root)].indexOf(map);
        const after = [result.root as JsonNode, ...removable(result.root as JsonNode)][index];
        expect(plainValue(after)).toEqual(Object.assign(before as object, { read_only: true }));
      }),
      { numRuns: runs(50) },
    );
  });
});
