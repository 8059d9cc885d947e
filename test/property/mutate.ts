import fc from 'fast-check';
import type { Finding } from '../../src/index.js';

export type Files = Readonly<Record<string, string>>;

const pieces = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    ',',
    ':',
    '\\',
    '\n',
    '=',
    '[[',
    ']]',
    '"""',
    '$(',
    '`',
    '|',
    '&&',
    '*',
    '**',
  ],
  ...[
    'null',
    'true',
    '0',
    '-1',
    '""',
    '{}',
    '[]',
    '\u0000',
    '\ud800',
    '\uFEFF',
    '\u001b[2J',
    '${',
    '${}',
    '!',
    '#',
  ],
  ...[
    '"__proto__": 1,',
    '"hooks": 1,',
    '"mcpServers": [],',
    '"permissions": "allow",',
    '"args": {"a": 1},',
    '://',
    '~',
    '/',
  ],
  // Of YAML and compose.
  ...['&a ', '*a', '<<: *a\n', '\n- ', '? ', '!reset ', '!!set ', '---\n', '>-\n', '\t', 'extends: app\n'],
];

interface Mutation {
  readonly at: number;
  readonly cut: number;
  readonly piece: string;
  readonly times: number;
}

const mutation = fc.record<Mutation>({
  at: fc.nat(100_000),
  cut: fc.oneof(fc.constant(0), fc.nat(30)),
  piece: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })),
  times: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(500) }),
});

/** One of some projects, with one of its files damaged at up to four places. */
export function mutated(seeds: readonly Files[]): fc.Arbitrary<Files> {
  const where = fc.tuple(
    fc.constantFrom(...seeds),
    fc.nat(10_000),
    fc.array(mutation, { minLength: 1, maxLength: 4 }),
  );
  return where.map(([files, which, mutations]): Files => {
    const paths = Object.keys(files);
    const path = paths[which % paths.length] ?? '';
    let text = files[path] ?? '';
    for (const { at, cut, piece, times } of mutations) {
      const start = text.length === 0 ? 0 : at % text.length;
      text = text.slice(0, start) + piece.repeat(times) + text.slice(start + cut);
    }
    return { ...files, [path]: text };
  });
}

/** The findings that say nothing, or of which a place or an edit lies outside of its file. */
export function misplaced(findings: readonly Finding[], files: Files): readonly string[] {
  const isInside = (path: string, { start, end }: Finding['place']['at']) =>
    start >= 0 && end >= start && end <= (files[path] ?? '').length;
  return findings.flatMap(({ place, message, related = [], fixes, ruleId }) => {
    const places = [place, ...related.map((one) => one.place)];
    const edits = fixes.flatMap((fix) => fix.edits);
    const isRight =
      message !== '' &&
      places.every(({ file, at }) => isInside(file.path, at)) &&
      edits.every(({ file, at }) => isInside(file, at));
    return isRight ? [] : [ruleId];
  });
}
