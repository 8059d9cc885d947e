import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../src/core/edit.js';
import type { Edit } from '../../src/core/rule.js';
import {
  elements,
  type JsonDocument,
  type JsonNode,
  members,
  parseJson,
  plainValue,
} from '../../src/documents/json.js';
import {
  appendElement,
  removeNodes,
  removeWithEmptyParents,
  replaceNode,
  setMember,
} from '../../src/documents/json-edits.js';
import { anyCharacter } from './any-character.js';
import { runs } from './runs.js';

type Path = readonly (string | number)[];

/** A layout decides every blank, comment and comma of the generated text. */
interface Style {
  readonly lineEnd: string;
  readonly unit: string;
  readonly bom: boolean;
  readonly trailingComma: boolean;
  readonly oneLine: boolean;
  readonly commaFirst: boolean;
}

const style: fc.Arbitrary<Style> = fc.record({
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  unit: fc.constantFrom('  ', '\t', '    ', ''),
  bom: fc.boolean(),
  trailingComma: fc.boolean(),
  oneLine: fc.boolean(),
  commaFirst: fc.boolean(),
});

const key = fc.constantFrom('a', 'b', 'c', 'runArgs', 'with "quote"', '', '__proto__', 'é\u2028');
const leaf = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('a // b', '/* x */', '],}'),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, tie('array'), tie('object')),
  array: fc.array(tie('value'), { maxLength: 4 }),
  object: fc
    .uniqueArray(fc.tuple(key, tie('value')), { maxLength: 4, selector: ([name]) => name })
    .map(toObject),
}));

function toObject(entries: [string, unknown][]): unknown {
  const object = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of entries) object[name] = value;
  return object;
}

/** Writes a value in a style; `chance` answers whether a comment stands at the next place. */
function write(value: unknown, look: Style, chance: () => number): string {
  let comments = 0;
  const comment = (line: boolean): string => {
    const kind = chance() % 6;
    comments += 1;
    if (kind === 0) return ` /* note ${comments} */`;
    if (kind === 1 && line) return ` // note ${comments}`;
    return '';
  };
  const body = (node: unknown, depth: number): string => {
    if (typeof node !== 'object' || node === null) return JSON.stringify(node);
    const [open, close] = Array.isArray(node) ? ['[', ']'] : ['{', '}'];
    const items = Array.isArray(node)
      ? node.map((item) => body(item, depth + 1))
      : Object.entries(node).map(
          ([name, item]) => `${JSON.stringify(name)}:${comment(false)} ${body(item, depth + 1)}`,
        );
    const newline = look.oneLine ? '' : look.lineEnd + look.unit.repeat(depth + 1);
    const parts = items.map((item, index) => {
      const comma = index < items.length - 1 || look.trailingComma ? ',' : '';
      if (look.commaFirst && !look.oneLine)
        return `${newline}${index > 0 ? ', ' : ''}${item}${comment(true)}`;
      comments += 1;
      const own = look.oneLine || chance() % 5 > 0 ? '' : `${newline}// note own ${comments}`;
      return `${own}${newline || ' '}${item}${comment(false)}${comma}${comment(!look.oneLine)}`;
    });
    if (parts.length === 0) return open + comment(false) + close;
    return `${open}${parts.join('')}${look.oneLine ? ' ' : look.lineEnd + look.unit.repeat(depth)}${close}`;
  };
  return `${look.bom ? '\uFEFF' : ''}${body(value, 0)}${look.oneLine ? '' : look.lineEnd}`;
}

const chances = fc.infiniteStream(fc.nat({ max: 30 }));

const generated = fc
  .tuple(json.object as fc.Arbitrary<unknown>, style, chances)
  .map(([value, look, stream]) => {
    const text = write(value, look, () => stream.next().value as number);
    return { value, document: parseJson({ path: 'x.json', text }) };
  });

function paths(node: JsonNode | undefined, path: Path = []): [Path, JsonNode][] {
  const below = [
    ...members(node).map((entry) => [entry.key, entry.value] as const),
    ...elements(node).map((entry, index) => [index, entry] as const),
  ];
  return below.flatMap(([step, value]) => [
    [[...path, step], value] as [Path, JsonNode],
    ...paths(value, [...path, step]),
  ]);
}

function apply(document: JsonDocument, edits: readonly Edit[]): JsonDocument {
  return parseJson({ path: 'x.json', text: applyEdits(document.file.text, edits) });
}

/** The plain value without what stands at the paths, which must not contain each other. */
function without(value: unknown, gone: readonly Path[], at: Path = []): unknown {
  const isGone = (step: string | number) => gone.some((path) => same(path, [...at, step]));
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => (isGone(index) ? [] : [without(item, gone, [...at, index])]));
  }
  if (typeof value !== 'object' || value === null) return value;
  return toObject(
    Object.entries(value).flatMap(([name, item]) =>
      isGone(name) ? [] : [[name, without(item, gone, [...at, name])]],
    ),
  );
}

function same(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index]);
}

function comments(text: string): string[] {
  return [...text.matchAll(/note (?:own )?\d+/g)].map(([found]) => found);
}

function pick<T>(items: readonly T[], seed: number): T | undefined {
  return items.length === 0 ? undefined : items[seed % items.length];
}

describe('edits of JSON files', () => {
  test('the generated files parse to their value', () => {
    fc.assert(
      fc.property(generated, ({ value, document }) => {
        expect(document.problems).toEqual([]);
        expect(plainValue(document.root)).toEqual(value);
      }),
      { numRuns: runs(100) },
    );
  });

  test('removing adjacent nodes leaves the rest of the value, no syntax error and the comments of others', () => {
    fc.assert(
      fc.property(generated, fc.nat(), fc.nat({ max: 2 }), ({ value, document }, seed, more) => {
        const chosen = pick(paths(document.root), seed);
        if (!chosen) return;
        const [path, node] = chosen;
        const group = [[path, node] as const];
        const last = path.at(-1);
        for (let index = 1; typeof last === 'number' && index <= more; index++) {
          const next = node.parent?.children?.[last + index];
          if (next) group.push([[...path.slice(0, -1), last + index], next]);
        }
        const edits = removeNodes(
          document,
          group.map(([, item]) => item),
        );
        const after = apply(document, edits);
        expect(after.problems).toEqual([]);
        expect(plainValue(after.root)).toEqual(
          without(
            value,
            group.map(([gone]) => gone),
          ),
        );
        // What an edit takes is the node, what stands behind it on its line, one comma and blanks: never a comment above.
        const own = comments(document.file.text).filter((note) => note.includes('own'));
        const inside = group.flatMap(([, item]) =>
          comments(document.file.text.slice(item.offset, item.offset + item.length)),
        );
        for (const note of own) if (!inside.includes(note)) expect(after.file.text).toContain(note);
        const trailing = /[ \t]+(?=\r|\n)/;
        if (!trailing.test(document.file.text)) expect(after.file.text).not.toMatch(trailing);
      }),
      { numRuns: runs(60) },
    );
  });

  test('removing everything below a key takes the key too, unless comments remain', () => {
    fc.assert(
      fc.property(generated, fc.nat(), ({ document }, seed) => {
        const containers = paths(document.root).filter(([, node]) => (node.children?.length ?? 0) > 0);
        const chosen = pick(containers, seed);
        if (!chosen) return;
        const [path, node] = chosen;
        const after = apply(document, removeWithEmptyParents(document, node.children ?? []));
        expect(after.problems).toEqual([]);
        const remains = paths(after.root).some(([other]) => same(other, path));
        if (remains && typeof path.at(-1) === 'string') expect(after.file.text).toMatch(/note/);
      }),
      { numRuns: runs(50) },
    );
  });

  test('setting, appending and replacing give the expected value and change nothing else', () => {
    fc.assert(
      fc.property(
        generated,
        fc.nat(),
        key,
        json.value as fc.Arbitrary<unknown>,
        ({ value, document }, seed, name, added) => {
          const nodes: [Path, JsonNode][] = document.root
            ? [[[], document.root], ...paths(document.root)]
            : [];
          const chosen = pick(nodes, seed);
          if (!chosen) return;
          const [path, node] = chosen;
          const edits =
            node.type === 'object'
              ? setMember(document, node, name, added)
              : node.type === 'array'
                ? appendElement(document, node, added)
                : replaceNode(document, node, added);
          const after = apply(document, edits);
          expect(after.problems).toEqual([]);
          const change = (old: unknown): unknown =>
            Array.isArray(old)
              ? [...old, added]
              : typeof old === 'object' && old !== null
                ? toObject([...Object.entries(old).filter(([other]) => other !== name), [name, added]])
                : added;
          expect(plainValue(after.root)).toEqual(changeAt(value, path, change));
          if (edits.every(({ at }) => at.start === at.end)) {
            for (const note of comments(document.file.text)) expect(after.file.text).toContain(note);
          }
        },
      ),
      { numRuns: runs(60) },
    );
  });

  test('parseJson reads any text without throwing', () => {
    const text = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc
        .array(
          fc.constantFrom(
            '{',
            '}',
            '[',
            ']',
            ',',
            ':',
            '"',
            '\\',
            '\\u00',
            '1',
            'null',
            '//',
            '/*',
            '\n',
            '\0',
            '\uFEFF',
            '\ud800',
          ),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (content) => {
        const document = parseJson({ path: 'x', text: content });
        for (const { at } of [...document.problems, ...document.duplicates]) {
          expect(0 <= at.start && at.start <= at.end && at.end <= content.length).toBe(true);
        }
        for (const [, node] of paths(document.root)) {
          expect(node.offset >= 0 && node.length >= 0 && node.offset + node.length <= content.length).toBe(
            true,
          );
        }
      }),
      { numRuns: runs(60) },
    );
  });
});

function changeAt(value: unknown, path: Path, change: (old: unknown) => unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((item, index) => (index === step ? changeAt(item, rest, change) : item));
  const entries = Object.entries(value as object);
  return toObject(entries.map(([name, item]) => [name, name === step ? changeAt(item, rest, change) : item]));
}
