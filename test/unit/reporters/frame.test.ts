import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../../src/core/width.js';
import { frameOf } from '../../../src/reporters/frame.js';

/** The frame as text; `«` and `»` in the source mark the span. */
function draw(marked: string, width = 40): string {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const file = { path: 'a.json', text: marked.replace(/[«»]/g, '') };
  const lines = frameOf({ file, at: { start, end } }, width).flatMap((line) => {
    if (line === 'gap') return ['...'];
    const source = `${line.number}|${line.text}`;
    return line.underline
      ? [source, ` |${' '.repeat(line.underline.indent)}${'^'.repeat(line.underline.width)}`]
      : [source];
  });
  return `\n${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

describe('source frame', () => {
  test('shows the line before and after and underlines exactly the span', () => {
    expect(draw('{\n  "a": 1,\n  "b": «"x"»,\n  "c": 2\n}\n')).toBe(`
2|  "a": 1,
3|  "b": "x",
 |       ^^^
4|  "c": 2
`);
  });

  test('shows an empty span as one mark, also at the end of the file', () => {
    expect(draw('{\n  "a": 1«»')).toBe('\n1|{\n2|  "a": 1\n |        ^\n');
    expect(draw('\n«»')).toBe('\n2|\n |^\n');
    expect(draw('«»')).toBe('\n\n');
  });

  test('counts tabs and wide characters as they are shown', () => {
    expect(draw('\t"漢字": «"日本"»')).toBe('\n1|    "漢字": "日本"\n |            ^^^^^^\n');
    expect(draw('{ "👩‍💻": «1» }')).toContain('\n |        ');
  });

  test('underlines every line of a block behind its indentation', () => {
    expect(draw('{\n  "m": «[\n    1\n  ]»\n}')).toBe(`
1|{
2|  "m": [
 |       ^
3|    1
 |    ^
4|  ]
 |  ^
5|}
`);
  });

  test('leaves out the middle of a long block', () => {
    const block = Array.from({ length: 20 }, (_, index) => `  ${index},`).join('\n');
    expect(draw(`«[\n${block}\n]»`)).toBe(`
1|[
 |^
2|  0,
 |  ^^
3|  1,
 |  ^^
...
22|]
 |^
`);
  });

  test('does not cover the line after a span that ends in a line end', () => {
    expect(draw('a\n«b\n»c\n')).toBe('\n1|a\n2|b\n |^\n3|c\n');
  });

  test('cuts a long line around the span', () => {
    const padding = '"padding": "0123456789", '.repeat(40);
    const frame = draw(`{ ${padding}«"privileged": true», ${padding} }`);
    expect(frame).toMatch(/^\n1\|….*"privileged": true.*…\n \| +\^{18}\n$/);
    for (const line of frame.split('\n')) expect(line.length).toBeLessThanOrEqual(42);
  });

  test('shows the neighbours of a shifted line from their start', () => {
    expect(draw(`{\n  "key": ["${'x'.repeat(60)}", «"y"»],\n  "next": 1\n}`)).toBe(`
1|{
2|…xxxxxxxxxxxxxxx", "y"],
 |                   ^^^
3|  "next": 1
`);
  });

  test('cuts the end of a long line where the span is at its start', () => {
    expect(draw(`«"a"»: "${'x'.repeat(100)}"`)).toBe(`\n1|"a": "${'x'.repeat(33)}…\n |^^^\n`);
  });

  test('shows control characters and direction overrides as escapes', () => {
    expect(draw('{ "\u001b[31m": «"\u202eexe"» }')).toBe(
      '\n1|{ "\\u{1b}[31m": "\\u{202e}exe" }\n |                ^^^^^^^^^^^^^\n',
    );
  });

  test('holds its width and stays inside the line, whatever the text', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', '\t', '漢', '😀', '\n', '\r', '\u001b', '\u0301', '"'),
    });
    fc.assert(
      fc.property(text, fc.nat(60), fc.nat(60), fc.integer({ min: 20, max: 60 }), (source, a, b, width) => {
        const start = Math.min(a, b, source.length);
        const end = Math.min(Math.max(a, b), source.length);
        const frame = frameOf({ file: { path: 'a', text: source }, at: { start, end } }, width);
        expect(frame.some((line) => line !== 'gap' && line.underline)).toBe(source !== '');
        for (const line of frame) {
          if (line === 'gap') continue;
          expect(displayWidth(line.text)).toBeLessThanOrEqual(width);
          expect(line.text).not.toMatch(/[\u0000-\u001f]/);
          if (line.underline)
            expect(line.underline.indent + line.underline.width).toBeLessThanOrEqual(width + 1);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('shows a line of a minified file', () => {
    const text = `{${'"a":1,'.repeat(1_000_000)}"b":2}`;
    const frame = frameOf({ file: { path: 'a', text }, at: { start: 3_000_000, end: 3_000_003 } }, 80);
    expect(frame).toHaveLength(1);
  });
});
