import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { UserError } from '../core/errors.js';

/** How a program that we start is run: never through a shell, and never for longer than it may. */
export interface CommandOptions {
  /** The whole environment: an engine's client finds its context and its configuration there. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds; then it is killed. */
  readonly timeout: number;
  readonly input?: Uint8Array;
  /** What it may print in bytes, before it is killed. */
  readonly mostOutput?: number;
}

/** What a program gave back. `code` is null where it was killed. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Enough of what a program says on stderr to quote it. */
const mostErrors = 64 * 1024;
const mostOutput = 16 * 1024 * 1024;

/** A program that runs: what it prints as it comes, and how it ended once all of that was read. */
export interface RunningCommand {
  readonly stdout: AsyncIterable<Uint8Array>;
  readonly ended: Promise<Pick<Outcome, 'code' | 'stderr'>>;
}

/**
 * Starts a program that {@link findProgram} found. Its output must be read to the end. It has a process group of its own, so
 * that a Ctrl-C reaches us and not it: we decide what to do with it. @throws UserError where it cannot be started, or does
 * not end in time.
 */
export function startCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): RunningCommand {
  const { env, timeout, input, mostOutput: most = mostOutput } = options;
  const child = spawn(program, args, {
    env,
    stdio: 'pipe',
    windowsHide: true,
    detached: process.platform !== 'win32',
  });
  let stderr = '';
  let problem: string | undefined;
  const stop = (why: string) => {
    problem ??= why;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => stop(`does not answer within ${timeout / 1000} s`), timeout);
  const ended = new Promise<Pick<Outcome, 'code' | 'stderr'>>((resolve, reject) => {
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new UserError(`${program} cannot be run: ${error.message}`, { cause: error }));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (problem) reject(new UserError(`${program} ${problem}`));
      else resolve({ code, stderr });
    });
  });
  // Whoever waits for it gets the error; until then nobody does.
  ended.catch(() => {});
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < mostErrors) stderr += text;
  });
  // A program that ends without having read everything says in its exit code why.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return { stdout: bounded(child.stdout, most, stop), ended };
}

async function* bounded(
  stream: AsyncIterable<Uint8Array>,
  most: number,
  stop: (why: string) => void,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of stream) {
    total += chunk.length;
    if (total > most) return stop(`prints more than ${most / 1024 / 1024} MiB`);
    yield chunk;
  }
}

/** Runs a program to its end. An exit code is the caller's to judge. @throws UserError as {@link startCommand}. */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<Outcome> {
  const { stdout, ended } = startCommand(program, args, options);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdout) chunks.push(chunk);
  return { ...(await ended), stdout: Buffer.concat(chunks).toString('utf8') };
}

/**
 * Where a program lies, by PATH. Only absolute entries count: an empty or relative one, and on Windows the working
 * directory itself, would run what a repository brought along.
 */
export function findProgram(name: string, env: CommandOptions['env']): string | undefined {
  const isWindows = process.platform === 'win32';
  const path = env.PATH ?? (isWindows ? env.Path : undefined) ?? '';
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, isWindows ? `${name}.exe` : name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
