import { describe, expect, test } from 'vitest';
import { applyFixes, maxPasses, selectFixes } from '../../../src/core/fix.js';
import { edit, lintWords, replaceBy, type WordRule, wordTools } from './lint-words.js';

const bad: WordRule = { id: 'no-bad', word: /\bbad\w*/g, fixes: replaceBy('good') };

async function run(
  files: Record<string, string>,
  rules: readonly WordRule[],
  choose?: Parameters<typeof wordTools>[2],
) {
  const { tools, start, counts } = wordTools(files, rules, choose);
  const result = await applyFixes(start, tools);
  return { ...result, texts: { ...files, ...Object.fromEntries(result.texts) }, lints: counts.lints };
}

describe('applyFixes', () => {
  test('mends every finding and touches nothing else', async () => {
    const result = await run({ a: '\uFEFFbad,\r\n\tfine,\r\n\tbad\r\n', b: 'fine bad' }, [bad]);
    expect(result.texts).toEqual({ a: '\uFEFFgood,\r\n\tfine,\r\n\tgood\r\n', b: 'fine good' });
    expect(result).toMatchObject({ findings: [], rolledBack: [], passes: 1, lints: 1 });
    expect([result.applied.length, result.fixed.length]).toEqual([3, 3]);
  });

  test('does nothing, and lints nothing, where nothing is chosen', async () => {
    const result = await run({ a: 'bad' }, [bad], () => undefined);
    expect(result).toMatchObject({ texts: { a: 'bad' }, applied: [], passes: 0, lints: 0 });
    expect(result.findings).toHaveLength(1);
  });

  test('lets conflicting fixes wait for the next pass', async () => {
    const touching: WordRule = {
      id: 'no-x',
      word: /x/g,
      fixes: (file, start) => [{ edits: [edit(file.path, start, start + 1, '')] }],
    };
    const result = await run({ a: 'xxxx' }, [touching]);
    expect(result.texts).toEqual({ a: '' });
    expect(result.passes).toBe(3);
    expect(result.applied).toHaveLength(4);
  });

  test('finds the few fixes that do harm among thousands without linting once for each', async () => {
    const words = Array.from({ length: 2000 }, (_, index) => (index % 900 === 7 ? 'bad-worse' : 'bad'));
    const rule: WordRule = {
      ...bad,
      word: /bad[-\w]*/g,
      fixes: (file, start, end) => [
        { edits: [edit(file.path, start, end, end - start > 3 ? 'evil' : 'good')] },
      ],
    };
    const evil: WordRule = { id: 'no-evil', word: /evil/g, fixes: () => [] };
    const result = await run({ a: words.join(' ') }, [rule, evil]);
    expect(result.rolledBack.map(({ reason }) => reason)).toEqual(Array(3).fill('new-finding'));
    expect(result.texts.a).toBe(words.join(' ').replaceAll(/bad(?!-)/g, 'good'));
    expect(result.lints).toBeLessThan(100);
  });

  test('gives up after a fixed number of passes', async () => {
    const endless: WordRule = {
      id: 'no-more',
      word: /x+/g,
      // Only one character goes each time, and the finding with another text counts as the same one.
      fixes: (file, start) => [{ edits: [edit(file.path, start, start + 1, '')] }],
    };
    const result = await run({ a: 'x'.repeat(30) }, [endless]);
    expect(result.passes).toBeLessThanOrEqual(maxPasses);
  });

  test('counts what goes with another fix as fixed', async () => {
    const both: WordRule = { id: 'no-also', word: /bad-too/g, severity: 'info', fixes: replaceBy('other') };
    const whole: WordRule = { id: 'no-bad', word: /bad-too/g, severity: 'error', fixes: replaceBy('good') };
    const result = await run({ a: 'bad-too' }, [both, whole]);
    expect(result.texts).toEqual({ a: 'good' });
    expect(result.applied.map(({ finding }) => finding.ruleId)).toEqual(['no-bad']);
    expect(result.fixed.map(({ ruleId }) => ruleId)).toEqual(['no-bad', 'no-also']);
  });

  test('applies a fix over several files', async () => {
    const two: WordRule = {
      id: 'no-bad',
      word: /bad/g,
      fixes: (file, start, end) => [
        { edits: [edit(file.path, start, end, 'good'), edit('other', 0, 0, 'noted\n')] },
      ],
    };
    const result = await run({ a: 'bad', other: 'text' }, [two]);
    expect(result.texts).toEqual({ a: 'good', other: 'noted\ntext' });
  });

  test('takes a less severe finding at the same place for what the fix promised, once', async () => {
    const worst: WordRule = { id: 'no-write', word: /"rw"/g, severity: 'error', fixes: replaceBy('"ro"') };
    const rest: WordRule = { id: 'no-read', word: /ro/g, severity: 'info', fixes: replaceBy('x') };
    const result = await run({ a: '"rw"' }, [worst, rest], (finding) =>
      finding.ruleId === 'no-write' ? finding.fixes[0] : undefined,
    );
    expect(result).toMatchObject({ texts: { a: '"ro"' }, rolledBack: [], fixed: [{ ruleId: 'no-write' }] });
    expect(result.findings.map(({ ruleId }) => ruleId)).toEqual(['no-read']);
    // As severe as before, or anywhere else, it is a new finding.
    for (const other of [
      { ...rest, severity: 'error' as const },
      { ...rest, word: /"ro",/g },
    ]) {
      const refused = await run({ a: '"rw",' }, [worst, other]);
      expect(refused).toMatchObject({ texts: { a: '"rw",' }, rolledBack: [{ reason: 'new-finding' }] });
    }
  });

  test('a second run changes nothing', async () => {
    const files = { a: '\uFEFF{\r\n\t"bad": 1, // bad\r\n}' };
    const first = await run(files, [bad]);
    const second = await run(first.texts, [bad]);
    expect(second).toMatchObject({ texts: first.texts, applied: [], passes: 0 });
  });

  test('tells the choice which finding of the start is meant', async () => {
    const touching: WordRule = {
      id: 'no-x',
      word: /x/g,
      fixes: (file, start) => [{ edits: [edit(file.path, start, start + 1, '')] }],
    };
    const files = { a: 'xxx' };
    const { tools, start } = wordTools(files, [touching], (finding, origin) =>
      origin.place.at.start === 1 ? undefined : finding.fixes[0],
    );
    const result = await applyFixes(start, tools);
    expect(result.texts.get('a')).toBe('x');
    expect([...result.origins.values()].map((origin) => origin.place.at.start)).toEqual([1]);
  });
});

describe('a bad fix is taken back alone', () => {
  const cases: [string, WordRule, string][] = [
    ['still-there', { id: 'no-evil', word: /evil\w*/g, fixes: replaceBy('evil2') }, "'evil2' is bad"],
    [
      'still-there',
      { id: 'no-evil', word: /evil/g, fixes: (file) => [{ edits: [edit(file.path, 0, 0, ' ')] }] },
      "'evil' is bad",
    ],
    ['new-finding', { id: 'no-evil', word: /evil/g, fixes: replaceBy('bad') }, "no-bad: 'bad' is bad"],
    ['unreadable', { id: 'no-evil', word: /evil/g, fixes: replaceBy('{') }, "'{' is bad"],
    [
      'bad-edits',
      { id: 'no-evil', word: /evil/g, fixes: (file) => [{ edits: [edit(file.path, 0, 9999, '')] }] },
      'edit 0-9999 is not inside the text of 16 characters',
    ],
    [
      'bad-edits',
      { id: 'no-evil', word: /evil/g, fixes: () => [{ edits: [edit('gone', 0, 0, 'x')] }] },
      'gone cannot be read',
    ],
  ];
  const parser: WordRule = { id: 'no-unreadable-file', word: /[{}]/g, fixes: () => [] };

  test.each(cases)('%s', async (reason, evil, detail) => {
    const result = await run({ a: 'bad1, evil, bad' }, [bad, evil, parser]);
    expect(result.texts).toEqual({ a: 'good, evil, good' });
    expect(result.applied).toHaveLength(2);
    expect(result.rolledBack).toHaveLength(1);
    expect(result.rolledBack[0]).toMatchObject({ reason, detail, finding: { ruleId: 'no-evil' } });
    expect(result.findings.map(({ ruleId }) => ruleId)).toEqual(['no-evil']);
  });

  test.each(cases)('%s, when it is the only one', async (reason, evil) => {
    const result = await run({ a: 'it is very evil' }, [evil, parser, bad]);
    expect(result.texts).toEqual({ a: 'it is very evil' });
    expect(result.rolledBack).toMatchObject([{ reason }]);
    expect(result.applied).toEqual([]);
  });

  test('one that gives effect to what is dangerous is withheld: no bug', async () => {
    const dormant: WordRule = {
      id: 'no-dormant',
      word: /dormant/g,
      fixes: (...at) => replaceBy('evil')(...at).map((fix) => ({ ...fix, enables: true })),
    };
    const evil: WordRule = { id: 'no-evil', word: /evil/g, fixes: () => [] };
    const result = await run({ a: 'bad, dormant' }, [bad, dormant, evil]);
    expect(result.texts).toEqual({ a: 'good, dormant' });
    expect(result.rolledBack).toMatchObject([{ reason: 'withheld', detail: "no-evil: 'evil' is bad" }]);
  });

  test('a finding that only moved, or whose text changed with a neighbour, is no new one', async () => {
    const line: WordRule = { id: 'no-line', word: /^.*bad.*$/gm, severity: 'info', fixes: () => [] };
    const keep: WordRule = { id: 'no-keep', word: /keep/g, fixes: () => [] };
    const result = await run({ a: 'keep\nworse bad bad2\nkeep' }, [bad, line, keep], (finding, origin) =>
      origin.place.at.start < 13 ? finding.fixes[0] : undefined,
    );
    expect(result.texts).toEqual({ a: 'keep\nworse good bad2\nkeep' });
    expect(result.rolledBack).toEqual([]);
    expect(result.origins.size).toBe(4);
  });
});

test('selectFixes takes the worst finding first and skips what conflicts with it', () => {
  const rules: WordRule[] = [
    { id: 'no-wide', word: /a b/g, severity: 'warning', fixes: replaceBy('w') },
    { id: 'no-b', word: /b/g, severity: 'error', fixes: replaceBy('e') },
    { id: 'no-z', word: /z/g, severity: 'info', fixes: replaceBy('i') },
  ];
  const batch = selectFixes(lintWords({ f: 'a b c z' }, rules), (finding) => finding.fixes[0]);
  expect(batch.map(({ finding }) => finding.ruleId)).toEqual(['no-b', 'no-z']);
});
