import { type ColorChoice, colorLevel, type Io } from './io.js';

export interface Option<T> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
  /** One letter that picks it; none of h, j, k and l, which move through menus. */
  readonly key?: string;
}

export interface TextQuestion {
  readonly initial?: string;
  /** What is wrong with the answer; undefined where nothing is. */
  readonly validate?: (answer: string) => string | undefined;
}

/** Asks people. Every answer is undefined when they cancel (Ctrl-C, Escape, end of input). */
export interface Prompter {
  confirm(question: string, initial: boolean): Promise<boolean | undefined>;
  choose<T>(question: string, options: readonly Option<T>[], initial?: T): Promise<T | undefined>;
  chooseSeveral<T>(
    question: string,
    options: readonly Option<T>[],
    initial: readonly T[],
  ): Promise<T[] | undefined>;
  text(question: string, options?: TextQuestion): Promise<string | undefined>;
  /** Lets go of the input, so that the process can end. */
  close(): void;
}

/** Whether somebody is there to answer: input and output are both a terminal. */
export function canPrompt({ stdin, stdout }: Io): boolean {
  return stdin.isTTY === true && stdout.isTTY === true;
}

/** Menus where the terminal can draw them; plain lines where it cannot, or where ACCESSIBLE asks for them. */
export async function openPrompter(io: Io, color: ColorChoice = 'auto'): Promise<Prompter> {
  const { TERM, ACCESSIBLE } = io.env;
  const isPlain = TERM === 'dumb' || (ACCESSIBLE !== undefined && !['', '0', 'false'].includes(ACCESSIBLE));
  if (isPlain) return (await import('./prompt-plain.js')).plainPrompter(io.stdin, io.stdout);
  const { menuPrompter, withoutColor } = await import('./prompt-menu.js');
  const hasColor = colorLevel(io.stdout, color, io.env) > 0;
  return menuPrompter(io.stdin, hasColor ? io.stdout : withoutColor(io.stdout));
}
