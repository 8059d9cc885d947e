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
      const asked = select({
        message: fold(message).join('\n'),
        options: byIndex(options),
        initialValue: chosen,
        ...streams,
      });
      const stop = takeKeys(input, options, chosen);
      const answer = answerOf(await asked.finally(stop));
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
  return options.map(({ label, hint, key }, value) => ({
    value,
    label: key === undefined ? label : `${key}  ${label}`,
    ...(hint === undefined ? {} : { hint }),
  }));
}

interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
}

/** How far each key of the menu moves its mark. */
const steps: Readonly<Record<string, number>> = {
  up: -1,
  left: -1,
  k: -1,
  h: -1,
  down: 1,
  right: 1,
  j: 1,
  l: 1,
};

/** An option's letter picks it: the mark goes there and Enter follows, as if somebody had pressed these keys. */
function takeKeys<T>(input: Input, options: readonly Option<T>[], initial: number): () => void {
  let at = initial;
  const listen = (char: string | undefined, { name = '', ctrl }: Key = {}) => {
    const step = steps[name];
    if (step !== undefined) at = (at + step + options.length) % options.length;
    const wanted = ctrl
      ? -1
      : options.findIndex(({ key }) => key !== undefined && key === char?.toLowerCase());
    if (step !== undefined || wanted < 0) return;
    for (const move = Math.sign(wanted - at); at !== wanted; )
      input.emit('keypress', undefined, { name: move < 0 ? 'up' : 'down' });
    input.emit('keypress', '\r', { name: 'return' });
  };
  input.on('keypress', listen);
  return () => input.off('keypress', listen);
}

function answerOf<T>(answer: T): Exclude<T, symbol> | undefined {
  return typeof answer === 'symbol' ? undefined : (answer as Exclude<T, symbol>);
}
