import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PlainCommand, readCommands } from '../../../src/documents/command-words.js';
import { commandsOfDockerfile } from '../../../src/documents/dockerfile-commands.js';
import { parseJson } from '../../../src/documents/json.js';
import { commandsIn } from '../../../src/documents/source-commands.js';

const shown = ({ name, words, outputs, source }: PlainCommand) =>
  [
    ...(source ? [`${source.name} |`] : []),
    name,
    ...words.map(({ value }) => (/^\S+$/.test(value) ? value : JSON.stringify(value))),
    ...outputs.map(({ value }) => `> ${value}`),
  ].join(' ');

describe('the simple commands of a shell', () => {
  test.each<[string, readonly string[]]>([
    ['npm ci', ['npm ci']],
    ['a && b || c; d & e', ['a', 'b', 'c', 'd', 'e']],
    ['a | b | c', ['a', 'a | b', 'b | c']],
    ['sudo -E -u root env X=1 curl -k "https://a b"', ['curl -k "https://a b"']],
    ['X=1 Y="a b" make all', ['make all']],
    ['X=1', ['']],
    ['export X=1', ['export X=1']],
    ["echo 'a; b' # c; d\ne", ['echo "a; b"', 'e']],
    ['echo a#b', ['echo a#b']],
    ['curl \\\n  -k \\\r\n  x', ['curl -k x']],
    ['cu\\\nrl -k', ['curl -k']],
    ['if true; then a; else b; fi', ['true', 'a', 'b']],
    ['(cd a && b) > out 2>&1', ['cd a', 'b', ' > out']],
    ['a >/dev/null 2>&1 && b >> ~/.x', ['a', 'b > ~/.x']],
    ['a &> log', ['a > log']],
    ['x=$(curl -k y) z', ['curl -k y', 'z']],
    ['echo "$(a "b c")" `d e`', ['a "b c"', 'd e', 'echo "$(a \\"b c\\")" "`d e`"']],
    ['diff <(a) <(b)', ['a', 'b', 'diff <(a) <(b)']],
    ["bash -c 'curl -k x && y'", ['bash -c "curl -k x && y"', 'curl -k x', 'y']],
    ['cat <<EOF > f\ncurl -k x\nEOF\nb', ['cat > f', 'b']],
    ['cat <<A <<B\n1\nA\n2\nB\nc', ['cat', 'c']],
    ['cat <<EOF', ['cat']],
    ["echo 'a", ['echo a']],
    ['case x in a) b;; esac', ['case x in a', 'b', 'esac']],
    ['/usr/bin/curl -k', ['curl -k']],
    ['', []],
  ])('%j', (text, commands) => {
    expect(readCommands(text).map(shown)).toEqual(commands);
  });

  test('stand where they say, whatever the text holds', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        ' ',
        '\n',
        '"',
        "'",
        '$(',
        ')',
        '(',
        '`',
        '\\',
        '#',
        '|',
        '&',
        ';',
        '<<X',
        '\nX\n',
        '>',
        '${',
        '}',
      ],
      ...['sudo ', 'bash -c ', 'X=1 ', '\r\n', '\u0001'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        for (const { at, words, documents } of readCommands(text)) {
          for (const { start, end } of [at, ...documents, ...words.map((word) => word.at)]) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeGreaterThanOrEqual(start);
            expect(end).toBeLessThanOrEqual(text.length);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each(['(', '$(', '`', '"', "'", '<<A ', 'sudo ', '|', '\\', '"$(', 'bash -c ', '{ ', '<(', '${'])(
    // What is quadratic over it runs into the test's time limit.
    'reads a long text of %j',
    (part) => {
      const text = part.repeat(Math.floor(250_000 / part.length));
      for (const { at } of readCommands(text)) expect(at.end).toBeLessThanOrEqual(text.length);
    },
  );
});

describe('the commands of a Dockerfile', () => {
  const read = (text: string) =>
    commandsOfDockerfile(text).map(({ keyword, command }) => {
      const { start, end } = command.at;
      return `${keyword}: ${shown(command)} @${JSON.stringify(text.slice(start, end))}`;
    });

  test.each<[string, readonly string[]]>([
    ['FROM a\nENV X=1 # no\nRUN b -c\nUSER d', ['RUN: b -c @"b -c"']],
    [
      'RUN a && \\\n# a comment; x\n  b -c \\\n  -d\nRUN e',
      ['RUN: a @"a"', 'RUN: b -c -d @"b -c \\\\\\n  -d"', 'RUN: e @"e"'],
    ],
    ['run --mount=type=cache,target=/x --network=none a -b', ['RUN: a -b @"a -b"']],
    ['RUN ["a", "-b", "c d"]', ['RUN: a -b "c d" @"a\\", \\"-b\\", \\"c d\\""']],
    [
      'CMD ["bash", "-c", "curl -k x"]',
      ['CMD: bash -c "curl -k x" @"bash\\", \\"-c\\", \\"curl -k x\\""', 'CMD: curl -k x @"curl -k x"'],
    ],
    ['HEALTHCHECK --interval=5s CMD curl -k x', ['HEALTHCHECK: curl -k x @"curl -k x"']],
    ['ONBUILD RUN a', ['RUN: a @"a"']],
    ['RUN <<EOF\na -b\n# c\nd\nEOF\nRUN e', ['RUN: a -b @"a -b"', 'RUN: d @"d"', 'RUN: e @"e"']],
    ['# escape=`\nRUN a `\n  b', ['RUN: a b @"a `\\n  b"']],
    ['RUN a \\\r\n  b\r\nRUN c\r\n', ['RUN: a b @"a \\\\\\r\\n  b"', 'RUN: c @"c"']],
  ])('%j', (text, commands) => {
    expect(read(text)).toEqual(commands);
  });
});

describe('the commands of a file of keys and values', () => {
  test('stand in texts and in lists, but not where they are refused', () => {
    const text = JSON.stringify({
      postCreateCommand: 'bash -c "curl -k x"',
      onCreateCommand: ['curl', '-k', 'https://a'],
      permissions: { deny: ['Bash(curl -k *)'] },
      mcpServers: { a: { command: 'curl', args: ['-k', 'y'] } },
    });
    const file = { path: 'a.json', text };
    const found = commandsIn({ file, document: parseJson(file) }, /curl/);
    expect(found.filter(({ name }) => name === 'curl').map(shown)).toEqual([
      'curl -k x',
      'curl -k https://a',
      'curl',
      'curl -k y',
      'curl',
    ]);
    for (const { words } of found)
      for (const { value, at } of words)
        if (/^-k$|^x$/.test(value)) expect(text.slice(at.start, at.end)).toBe(value);
  });
});
