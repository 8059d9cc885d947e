import { describe, expect, test } from 'vitest';
import { outputRules } from '../../../src/container/firewall-ruleset.js';
import { modelOf, readScript } from '../../../src/container/firewall-script.js';
import { loadShellParser } from '../../../src/documents/shell-tree.js';

const parse = await loadShellParser();
const head = '#!/bin/bash\nset -e\niptables -P OUTPUT DROP\n';

function read(text: string) {
  const file = { path: 'init-firewall.sh', text };
  return readScript(file, { parse, find: () => undefined, environment: new Map() });
}

const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

/** Scripts that somebody wrote to hold the linter up; each is told to be followed only so far. */
const endless: Readonly<Record<string, string>> = {
  'functions that call each other twice': `${head}f0() { true; }\n${many(40, (i) => `f${i + 1}() { f${i}; f${i}; }\n`)}f40\n`,
  'a function that calls itself': `${head}f() { f; }\nf\n`,
  'loops in loops': `${head}${'for a in 1 2 3 4 5 6 7 8 9; do '.repeat(8)}true${'; done'.repeat(8)}\n`,
  'branches without end': `${head}if a; then b=1\n${many(4000, () => 'elif c; then d=2\n')}fi\n`,
  'cases without end': `${head}case $x in\n${many(4000, (i) => `a${i}) v${i}=1 ;;\n`)}esac\n`,
  'braces in braces': `${head}${'{ '.repeat(900)}true${'; }'.repeat(900)}\n`,
  'commands without end': head + 'iptables -A OUTPUT -d 203.0.113.7 -j ACCEPT\n'.repeat(25_000),
};

describe('a script that is written to hold the linter up', () => {
  test.each(Object.entries(endless))('%s: is followed up to a limit, which is told', (_, text) => {
    const script = read(text);
    // What the parser does not read is told of where the script is named.
    if (script) expect(script.cut).toBeDefined();
    expect(script?.steps.length ?? 0).toBeLessThan(25_000);
  });

  test('by chains that jump to each other twice costs no more than its rules', () => {
    const chains = many(
      400,
      (i) => `iptables -N C${i}\niptables -A C${i} -j C${i + 1}\niptables -A C${i} -j C${i + 1}\n`,
    );
    const script = read(`${head}${chains}iptables -A OUTPUT -j C0\n`);
    if (!script) throw new Error('not read');
    expect(outputRules(modelOf(script).families[4].ruleset).length).toBeLessThanOrEqual(20_000);
  });

  test('by doubling a text never makes one of more than some ten thousand characters', () => {
    const script = read(`${head}a=xxxxxxxx\n${'a=$a$a\n'.repeat(40)}iptables -A OUTPUT -d "$a" -j ACCEPT\n`);
    const longest = script?.steps.map((step) => (step.kind === 'rule' ? step.rule.text.length : 0)) ?? [];
    expect(Math.max(...longest)).toBeLessThan(200_000);
  });

  test('by words of a condition, or substitutions in substitutions, ends nothing', () => {
    expect(read(`${head}[ ${'! '.repeat(20_000)}a ]\n`)).toBeDefined();
    expect(() => read(`${head}x=${'$(echo '.repeat(900)}${')'.repeat(900)}\n`)).not.toThrow();
  });
});

describe('a script that is followed', () => {
  test('is not ended by a question whose answer is not known', () => {
    for (const question of ['"$(id -u)" -ne 0', '"$EUID" -ne 0', '"$(some-tool)" = x', '-z "$(some-tool)"'])
      expect(
        read(`#!/bin/bash\nif [ ${question} ]; then exit 1; fi\niptables -P OUTPUT DROP\n`)?.steps,
      ).toContainEqual(expect.objectContaining({ kind: 'policy', verdict: 'drop' }));
  });

  test('ends its lines as Windows does, here-documents too', () => {
    const text = `${head}nft -f - <<'EOF'\ntable inet f {\n  chain o { type filter hook output priority 0; policy drop; }\n}\nEOF\nexit 3\n`;
    const kinds = (from: string) => read(from)?.steps.map(({ kind }) => kind);
    expect(kinds(text.replaceAll('\n', '\r\n'))).toEqual(kinds(text));
  });
});
