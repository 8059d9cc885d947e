import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFullDockerfile } from '../../src/documents/dockerfile-full.js';
import { readPlainDockerfile } from '../../src/documents/dockerfile-plain.js';
import { runs } from './runs.js';

test('a Dockerfile that is read without the parser is read as the parser reads it', () => {
  const keyword = fc.constantFrom(
    ...['FROM ', 'RUN ', 'ENV ', 'ARG ', 'COPY ', 'CMD ', 'HEALTHCHECK ', 'LABEL ', 'ONBUILD ', 'ENV\t', ''],
  );
  const part = fc.constantFrom(
    ...['a', 'A=b', '=', 'A="b c"', "'x y'", '"', "''", '${A}', '${A', '}', '$', '--from=x', '--x', 'a--b'],
    ...['["a", "b"]', '[', ']', ',', '[]', ' ', '\t', '\n', ' \\\n', ' \\\n  ', '\\\n', '\\"', '\\$', '\\'],
    ...['# c', '\n# c\n', '#', 'CMD', 'none', '\u2028', '\f', '# syntax=x\n', '# escape=`\n', '\uFEFF'],
  );
  const line = fc
    .tuple(keyword, fc.array(part, { maxLength: 7 }), fc.constantFrom('', ' '))
    .map(([name, parts, between]) => name + parts.join(between));
  const text = fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, (any) => {
      const plain = readPlainDockerfile(any);
      if (plain) expect(plain).toEqual(readFullDockerfile(any));
    }),
    { numRuns: runs(2000) },
  );
});
