import type { Readable, Writable } from 'node:stream';
import type { ChalkInstance } from 'chalk';

/** A stream that may be a terminal. `columns` is its width, unknown elsewhere. */
export type Output = Writable & {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
};
export type Input = Readable & { readonly isTTY?: boolean | undefined };

/** Everything that a command may touch besides files. `argv` is without the program and script. */
export interface Io {
  readonly argv: readonly string[];
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export const colorChoices = ['auto', 'always', 'never'] as const;
export type ColorChoice = (typeof colorChoices)[number];

/** Width of a terminal, or 80. */
export function widthOf(stream: Output): number {
  return stream.columns && stream.columns > 0 ? stream.columns : 80;
}

/**
 * Writes and waits until the text is out. Rejects where it cannot be written (a full disk), except for a reader
 * that has gone: `| head` is no error.
 */
export function write(stream: Output, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (stream.destroyed || text === '') return resolve();
    stream.write(text, (error) => (error && !isBrokenPipe(error) ? reject(error) : resolve()));
  });
}

function isBrokenPipe(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}

/** Chalk for one stream: `--color` wins over NO_COLOR, that over FORCE_COLOR, that over whether it is a terminal. */
export async function chalkFor(stream: Output, choice: ColorChoice, env: Io['env']): Promise<ChalkInstance> {
  const { Chalk } = await import('chalk');
  return new Chalk({ level: colorLevel(stream, choice, env) });
}

export function colorLevel(stream: Output, choice: ColorChoice, env: Io['env']): 0 | 1 | 2 | 3 {
  if (choice === 'never') return 0;
  const best = env.COLORTERM === 'truecolor' ? 3 : env.TERM?.includes('256') ? 2 : 1;
  if (choice === 'always') return best;
  if (env.NO_COLOR) return 0;
  const forced = env.FORCE_COLOR;
  if (forced === '0' || forced === 'false') return 0;
  if (forced === '1' || forced === '2' || forced === '3') return Number(forced) as 1 | 2 | 3;
  if (forced !== undefined) return best;
  return stream.isTTY && env.TERM !== 'dumb' ? best : 0;
}
