import { Chalk } from 'chalk';
import { describe, expect, test } from 'vitest';
import { askFixes } from '../../../src/cli/ask-fixes.js';
import { describeRollbacks, newTally, summarizeFixes } from '../../../src/cli/fix-report.js';
import type { Option, Prompter } from '../../../src/cli/prompt.js';
import { applyFixes } from '../../../src/core/fix.js';
import type { Finding } from '../../../src/core/rule.js';
import { edit, replaceBy, type WordRule, wordTools } from './lint-words.js';

/** Answers each question with the option of the next key; an undefined answer is Ctrl-C. */
function scripted(keys: readonly (string | undefined)[]) {
  const questions: string[] = [];
  const left = [...keys];
  const refuse = () => Promise.reject(new Error('only choices are expected'));
  const prompter: Prompter = {
    async choose<T>(question: string, options: readonly Option<T>[]) {
      questions.push(`${question} ${options.map(({ key }) => key).join('')}`);
      const key = left.shift();
      if (key === undefined) return undefined;
      const option = options.find((known) => known.key === key);
      if (!option) throw new Error(`there is no option ${key}`);
      return option.value;
    },
    confirm: refuse,
    chooseSeveral: refuse,
    text: refuse,
    close() {},
  };
  return { prompter, questions, left };
}

async function ask(
  files: Readonly<Record<string, string>>,
  rules: readonly WordRule[],
  keys: readonly (string | undefined)[],
  wanted: (finding: Finding) => boolean = () => true,
) {
  const { tools, start } = wordTools(files, rules);
  const disk: Record<string, string> = { ...files };
  const saves: string[][] = [];
  let shown = '';
  const script = scripted(keys);
  const tally = newTally();
  const end = await askFixes(
    start,
    {
      apply: (state, choose) => applyFixes(state, { ...tools, choose }),
      save: async (_, { texts }) => {
        const changed = [...texts].filter(([path, text]) => disk[path] !== text);
        if (changed.length > 0) saves.push(changed.map(([path]) => path));
        Object.assign(disk, Object.fromEntries(changed));
      },
      suppress: async () => undefined,
      read: (state, path) => state.texts.get(path) ?? files[path],
    },
    script.prompter,
    {
      width: 80,
      chalk: new Chalk({ level: 0 }),
      frame: (finding, withWhy) => `${finding.message}${withWhy ? ' WHY' : ''}`,
      print: async (text) => {
        shown += text;
      },
    },
    tally,
    wanted,
  );
  return { ...script, disk, saves, shown, tally, end };
}

const bad: WordRule = {
  id: 'no-bad',
  word: /\bbad\w*/g,
  fixes: (file, start, end) => [
    { title: 'write good', consequence: 'it is good', edits: [edit(file.path, start, end, 'good')] },
    { title: 'take it out', consequence: 'it is gone', edits: [edit(file.path, start, end, '')] },
  ],
};
const ugly: WordRule = { id: 'no-ugly', word: /ugly/g, severity: 'error', fixes: replaceBy('fair') };

describe('askFixes', () => {
  test('asks worst first and writes each fix as it is confirmed', async () => {
    const run = await ask({ a: 'bad\nx\ny\nz\nbad2', b: 'ugly' }, [bad, ugly], ['y', 'y', 'y']);
    expect(run.questions).toEqual(["Write 'fair'? ynsq", 'Write good? ynoasq', 'Write good? ynosq']);
    expect(run.disk).toEqual({ a: 'good\nx\ny\nz\ngood', b: 'fair' });
    expect(run.saves).toEqual([['b'], ['a'], ['a']]);
    expect(run.tally).toMatchObject({ fixed: 3, skipped: 0 });
  });

  test('shows the finding, why once per rule, the consequence and the diff', async () => {
    const { shown } = await ask({ a: 'bad\nx\ny\nz\nbad2' }, [bad], ['n', 'n']);
    expect(shown).toContain("[1/2]\n'bad' is bad WHY\n\nfix 1 of 2 [review]: write good\n\n--- a/a\n");
    expect(shown).toContain('\n\nconsequence: it is good\n');
    expect(shown).toContain('--- a/a\n+++ b/a\n@@ -1,4 +1,4 @@\n-bad\n+good\n x\n');
    expect(shown).toContain("[2/2]\n'bad2' is bad\n");
  });

  test('does not ask again about what was refused, though it moved and others like it were mended', async () => {
    const run = await ask({ a: 'bad\nbad\nbad\n' }, [bad], ['n', 'y', 'n']);
    expect(run.disk).toEqual({ a: 'bad\ngood\nbad\n' });
    expect(run.tally).toMatchObject({ fixed: 1, skipped: 2 });
    expect(run.left).toEqual([]);
  });

  test('goes round the alternatives', async () => {
    const run = await ask({ a: 'so bad' }, [bad], ['o', 'o', 'o', 'y']);
    expect(run.questions).toEqual([
      'Write good? ynosq',
      'Take it out? ynosq',
      'Write good? ynosq',
      'Take it out? ynosq',
    ]);
    expect(run.disk).toEqual({ a: 'so ' });
  });

  test('applies one alternative to all of a rule, but not to what was refused before', async () => {
    const run = await ask({ a: 'bad, bad, bad, ugly' }, [bad, ugly], ['n', 'n', 'o', 'a']);
    expect(run.disk).toEqual({ a: 'bad, , , ugly' });
    expect(run.saves).toEqual([['a']]);
    expect(run.tally).toMatchObject({ fixed: 2, skipped: 2 });
  });

  test.each([['q'], [undefined]])('keeps what was accepted and nothing else on %s', async (stop) => {
    const run = await ask({ a: 'bad\nbad\nbad\n' }, [bad], ['y', stop]);
    expect(run.disk).toEqual({ a: 'good\nbad\nbad\n' });
    expect(run.tally).toMatchObject({ fixed: 1, skipped: 0 });
    expect(run.end.findings).toHaveLength(2);
  });

  test('asks again where nothing takes a finding out', async () => {
    const run = await ask({ a: 'so bad' }, [bad], ['o', 's', 'y']);
    expect(run.questions).toEqual(['Write good? ynosq', 'Take it out? ynosq', 'Take it out? ynosq']);
    expect(run.shown).toContain('Nothing takes this finding out: it has to be mended.');
    expect(run.disk).toEqual({ a: 'so ' });
  });

  test('asks nothing about what has no fix or is not wanted', async () => {
    const plain: WordRule = { id: 'no-x', word: /x/g, fixes: () => [] };
    const run = await ask(
      { a: 'x bad ugly' },
      [bad, ugly, plain],
      ['y'],
      ({ ruleId }) => ruleId === 'no-ugly',
    );
    expect(run.disk).toEqual({ a: 'x bad fair' });
    expect(run.questions).toHaveLength(1);
  });

  test('takes a bad fix back, says so and goes on', async () => {
    const wrong: WordRule = {
      id: 'no-ugly',
      word: /ugly/g,
      severity: 'error',
      fixes: replaceBy('ugly', 'do nothing'),
    };
    const run = await ask({ a: 'ugly bad' }, [bad, wrong], ['y', 'y']);
    expect(run.disk).toEqual({ a: 'ugly good' });
    expect(run.shown).toContain("Taken back: 'do nothing' (no-ugly) did not work");
    expect(describeRollbacks(run.tally)).toBe(
      "rolled back: the fix 'do nothing' of no-ugly: the finding did not go away ('ugly' is bad)\n" +
        'This is our bug, not yours: please report it with the lines above. Your files are as they were without it.\n',
    );
  });

  test('a fix whose edits do not fit is shown without a diff and never applied', async () => {
    const wrong: WordRule = {
      id: 'no-ugly',
      word: /ugly/g,
      fixes: (file) => [{ edits: [edit(file.path, 5, 900, '')] }],
    };
    const run = await ask({ a: 'ugly' }, [wrong], ['y']);
    expect(run.disk).toEqual({ a: 'ugly' });
    expect(run.tally.rolledBack).toMatchObject([{ reason: 'bad-edits' }]);
  });

  test('shows control characters of files and titles as escapes', async () => {
    const evil: WordRule = {
      id: 'no-bad',
      word: /bad/g,
      fixes: replaceBy('\u001b[31mred', 'write \u001b[2J'),
    };
    const { shown, questions } = await ask({ a: 'bad' }, [evil], ['n']);
    expect(shown).not.toContain('\u001b');
    expect(questions[0]).toContain('Write \\u{1b}[2J?');
  });
});

test('the summary counts, and says what to do next', () => {
  const tally = { ...newTally(), fixed: 1, skipped: 2 };
  expect(summarizeFixes(tally, [], false, new Chalk({ level: 0 }))).toBe(
    '1 finding fixed, 2 skipped, 0 left.\n',
  );
});
