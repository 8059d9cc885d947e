import { confirm, type Option as MenuOption, multiselect, select, text } from '@clack/prompts';
import type { Input, Output } from './io.js';
import type { Option, Prompter } from './prompt.js';

/** Menus with arrow keys. */
export function menuPrompter(input: Input, output: Output): Prompter {
  const streams = { input, output };
  return {
    async confirm(message, initialValue) {
      return answerOf(await confirm({ message, initialValue, ...streams }));
    },
    async choose(message, options, initial) {
      const chosen = Math.max(
        0,
        options.findIndex((option) => option.value === initial),
      );
      const answer = answerOf(
        await select({ message, options: byIndex(options), initialValue: chosen, ...streams }),
      );
      return answer === undefined ? undefined : options[answer]?.value;
    },
    async chooseSeveral(message, options, initial) {
      const initialValues = options.flatMap((option, index) =>
        initial.includes(option.value) ? [index] : [],
      );
      const answer = answerOf(
        await multiselect({ message, options: byIndex(options), initialValues, required: false, ...streams }),
      );
      return answer?.flatMap((index) => options[index]?.value ?? []);
    },
    async text(message, { initial = '', validate } = {}) {
      const check = (answer: string | undefined) => validate?.(answer ?? '');
      const answer = await text({ message, initialValue: initial, validate: check, ...streams });
      return answerOf(answer);
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
