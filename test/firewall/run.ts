import { spawn, spawnSync } from 'node:child_process';

/** What a command gave back. `code` is null where it was killed. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `timeout` in milliseconds. */
interface Options {
  readonly cwd?: string;
  readonly timeout?: number;
  /** The whole environment; our own where it is left out. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command to its end, without a shell; never throws. */
export function run(command: string, args: readonly string[], options: Options = {}): Outcome {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: options.timeout ?? 600_000,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  return {
    code: status,
    stdout: stdout ?? '',
    stderr: error ? `${stderr ?? ''}${error.message}` : (stderr ?? ''),
  };
}

/** As {@link run}; throws with everything that was printed when the command fails. */
export function must(command: string, args: readonly string[], options: Options = {}): string {
  const outcome = run(command, args, options);
  if (outcome.code !== 0) {
    throw new Error(
      `${command} ${args.join(' ')}: exit ${outcome.code}\n${outcome.stdout}\n${outcome.stderr}`,
    );
  }
  return outcome.stdout.trim();
}

/** As {@link run}, while others run too. A child that the command leaves behind with its output open is waited for. */
export function runLater(command: string, args: readonly string[], options: Options = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeout ?? 600_000,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.on('error', (error) => resolve({ code: null, stdout, stderr: stderr + error.message }));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
