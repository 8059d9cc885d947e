import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits, mapSpan, type TextEdit } from '../../src/core/edit.js';
import { runs } from './runs.js';

const pieces = fc.array(
  fc.record({
    kept: fc.string({
      unit: fc.constantFrom('a', 'b', '"', ',', '\n', '\r\n', '\t', 'é', '😀', '\r'),
      maxLength: 8,
    }),
    removed: fc.string({ maxLength: 5 }),
    inserted: fc.string({ maxLength: 5 }),
  }),
  { maxLength: 12 },
);
const bom = fc.constantFrom('', '\uFEFF');

/** A text made of kept and removed pieces, the edits that replace each removed one, and the text that must come out. */
function build(parts: readonly { kept: string; removed: string; inserted: string }[], mark: string) {
  const edits: TextEdit[] = [];
  let before = mark;
  let after = mark;
  for (const { kept, removed, inserted } of parts) {
    // A separator between neighbours: touching edits at one point are a case of their own.
    before += `|${kept}`;
    after += `|${kept}`;
    edits.push({ at: { start: before.length, end: before.length + removed.length }, text: inserted });
    before += removed;
    after += inserted;
  }
  return { before: `${before}|`, after: `${after}|`, edits };
}

describe('applyEdits', () => {
  test('replaces the spans and keeps every other character, BOM and line ends included', () => {
    fc.assert(
      fc.property(pieces, bom, (parts, mark) => {
        const { before, after, edits } = build(parts, mark);
        expect(applyEdits(before, edits)).toBe(after);
      }),
      { numRuns: runs(100) },
    );
  });

  test('does not depend on the order of the edits', () => {
    const shuffled = pieces.chain((parts) =>
      fc.tuple(
        fc.constant(parts),
        fc.shuffledSubarray([...parts.keys()], { minLength: parts.length, maxLength: parts.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([parts, order]) => {
        const { before, after, edits } = build(parts, '');
        const mixed = order.flatMap((index) => edits[index] ?? []);
        expect(applyEdits(before, mixed)).toBe(after);
      }),
      { numRuns: runs(100) },
    );
  });

  test('is the identity where nothing is to be done', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(applyEdits(text, [])).toBe(text);
      }),
      { numRuns: runs(100) },
    );
  });

  test('can be undone by the inverse edits', () => {
    fc.assert(
      fc.property(pieces, bom, (parts, mark) => {
        const { before, after, edits } = build(parts, mark);
        const inverse = edits.map((edit) => {
          const start = mapSpan({ start: 0, end: edit.at.start }, edits).end;
          return {
            at: { start, end: start + edit.text.length },
            text: before.slice(edit.at.start, edit.at.end),
          };
        });
        expect(applyEdits(after, inverse)).toBe(before);
      }),
      { numRuns: runs(100) },
    );
  });
});

describe('mapSpan', () => {
  test('finds every kept piece again', () => {
    fc.assert(
      fc.property(pieces, bom, (parts, mark) => {
        const { before, after, edits } = build(parts, mark);
        let offset = mark.length;
        for (const { kept, removed } of parts) {
          const span = { start: offset, end: offset + 1 + kept.length };
          const { start, end } = mapSpan(span, edits);
          expect(after.slice(start, end)).toBe(before.slice(span.start, span.end));
          offset = span.end + removed.length;
        }
      }),
      { numRuns: runs(100) },
    );
  });

  test('never leaves the new text', () => {
    fc.assert(
      fc.property(pieces, fc.nat(200), fc.nat(200), (parts, a, b) => {
        const { before, after, edits } = build(parts, '');
        const [start = 0, end = 0] = [Math.min(a, before.length), Math.min(b, before.length)].toSorted(
          (x, y) => x - y,
        );
        const mapped = mapSpan({ start, end }, edits);
        expect(mapped.start).toBeGreaterThanOrEqual(0);
        expect(mapped.end).toBeGreaterThanOrEqual(mapped.start);
        expect(mapped.end).toBeLessThanOrEqual(after.length);
      }),
      { numRuns: runs(100) },
    );
  });
});
