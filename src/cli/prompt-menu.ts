import { confirm, type Option as MenuOption, multiselect, select, text } from '@clack/prompts';
import { wrapText } from '../core/width.js';
import { type Input, type Output, widthOf } from './io.js';
import type { Option, Prompter } from './prompt.js';

/** Menus with arrow keys. */
export function menuPrompter(input: Input, output: Output): Prompter {
  const streams = { input, output };
  // Three columns stand before each line, and a full last column would wrap as well.
  const fold = (text: string) => wrapText(text, Math.max(widthOf(output) - 4, 20));
  return {
    async confirm(message, initialValue) {
      return answerOf(await confirm({ message: fold(message).join('\n'), initialValue, ...streams }));
    },
    async choose(message, options, initial) {
      const chosen = Math.max(
        0,
        options.findIndex((option) => option.value === initial),
      );
      const answer = answerOf(
        await select({
          message: fold(message).join('\n'),
          options: byIndex(options),
          initialValue: chosen,
          ...streams,
        }),
      );
      return answer === undefined ? undefined : options[answer]?.value;
    },
    async chooseSeveral(message, options, initial) {
      const initialValues = options.flatMap((option, index) =>
        initial.includes(option.value) ? [index] : [],
      );
      const answer = answerOf(
        await multiselect({
          message: fold(message).join('\n'),
          options: byIndex(options),
          initialValues,
          required: false,
          ...streams,
        }),
      );
      return answer?.flatMap((index) => options[index]?.value ?? []);
    },
    async text(message, { initial = '', validate } = {}) {
      // Unlike the other questions, this one does not indent the lines that follow its first.
      const folded = fold(message).join('\n│  ');
      const check = (answer: string | undefined) => {
        const problem = validate?.(answer ?? '');
        return problem === undefined ? undefined : fold(problem).join('\n   ');
      };
      return answerOf(await text({ message: folded, initialValue: initial, validate: check, ...streams }));
    },
    close() {},
  };
}

/** The stream without the colours that menus are drawn in: their marks say the same. Everything else passes. */
export function withoutColor(output: Output): Output {
  const writePlain = (text: unknown, ...rest: unknown[]): unknown => {
    const plain = typeof text === 'string' ? text.replace(/\u001b\[[\d;]*m/g, '') : text;
    return Reflect.apply(output.write, output, [plain, ...rest]);
  };
  return new Proxy(output, {
    get(target, key) {
      if (key === 'write') return writePlain;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Values may be anything, menus want something to compare: they get the position. */
function byIndex<T>(options: readonly Option<T>[]): MenuOption<number>[] {
  return options.map(({ label, hint }, value) => ({ value, label, ...(hint === undefined ? {} : { hint }) }));
}

function answerOf<T>(answer: T): Exclude<T, symbol> | undefined {
  return typeof answer === 'symbol' ? undefined : (answer as Exclude<T, symbol>);
}
