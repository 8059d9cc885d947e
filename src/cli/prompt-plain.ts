import { createInterface } from 'node:readline';
import { type Input, type Output, write } from './io.js';
import type { Option, Prompter } from './prompt.js';

/** Asks until `parse` takes the answer; it gives a string to say what is wrong with it. */
type Ask = <T>(question: string, parse: (answer: string) => { value: T } | string) => Promise<T | undefined>;

/** Questions and answers as lines, for terminals that cannot move the cursor and for screen readers. */
export function plainPrompter(input: Input, output: Output): Prompter {
  const lines = createInterface({ input, terminal: false });
  const next = lines[Symbol.asyncIterator]();
  const say = (text: string) => write(output, text);
  const ask: Ask = async (question, parse) => {
    for (;;) {
      await say(`${question} `);
      const { value: line, done } = await next.next();
      if (done) return undefined;
      const parsed = parse(line.trim());
      if (typeof parsed !== 'string') return parsed.value;
      await say(`${parsed}\n`);
    }
  };
  return {
    confirm: (question, initial) => askYesOrNo(ask, question, initial),
    async choose(question, options, initial) {
      await say(`${question}\n${listOptions(options)}`);
      return askOne(ask, options, initial);
    },
    async chooseSeveral(question, options, initial) {
      await say(`${question}\n${listOptions(options)}`);
      return askSeveral(ask, options, initial);
    },
    text: (question, { initial = '', validate } = {}) =>
      ask(initial === '' ? `${question}:` : `${question} [${initial}]:`, (answer) => {
        const value = answer === '' ? initial : answer;
        return validate?.(value) ?? { value };
      }),
    close: () => lines.close(),
  };
}

function askYesOrNo(ask: Ask, question: string, initial: boolean): Promise<boolean | undefined> {
  return ask(`${question} [${initial ? 'Y/n' : 'y/N'}]`, (answer) => {
    if (answer === '') return { value: initial };
    if (/^y(es)?$/i.test(answer)) return { value: true };
    return /^no?$/i.test(answer) ? { value: false } : 'Please answer yes or no.';
  });
}

function askOne<T>(ask: Ask, options: readonly Option<T>[], initial: T | undefined): Promise<T | undefined> {
  const preset = options.find((option) => option.value === initial) ?? options[0];
  return ask(`Your choice [${preset ? nameOf(preset, options) : ''}]:`, (answer) => {
    const picked = answer === '' ? preset : findOption(answer, options);
    return picked ?? `Please answer one of ${options.map((option) => nameOf(option, options)).join(', ')}.`;
  });
}

function askSeveral<T>(
  ask: Ask,
  options: readonly Option<T>[],
  initial: readonly T[],
): Promise<T[] | undefined> {
  const preset = options.filter((option) => initial.includes(option.value));
  const shown = preset.map((option) => nameOf(option, options)).join(' ') || 'none';
  return ask(`Your choice, with blanks between, or none [${shown}]:`, (answer) => {
    if (answer === '') return { value: preset.map((option) => option.value) };
    if (answer === 'none') return { value: [] };
    const picked = answer.split(/[\s,]+/).map((part) => findOption(part, options) ?? part);
    const unknown = picked.find((part) => typeof part === 'string');
    if (unknown !== undefined) return `There is no choice '${unknown}'.`;
    return { value: picked.flatMap((part) => (typeof part === 'string' ? [] : [part.value])) };
  });
}

function listOptions<T>(options: readonly Option<T>[]): string {
  return options
    .map(
      (option) => `  ${nameOf(option, options)}) ${option.label}${option.hint ? ` (${option.hint})` : ''}\n`,
    )
    .join('');
}

function nameOf<T>(option: Option<T>, options: readonly Option<T>[]): string {
  return option.key ?? String(options.indexOf(option) + 1);
}

function findOption<T>(answer: string, options: readonly Option<T>[]): Option<T> | undefined {
  const wanted = answer.toLowerCase();
  return options.find(
    (option) => nameOf(option, options) === wanted || option.label.toLowerCase() === wanted,
  );
}
