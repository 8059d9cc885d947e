import { ExitCode } from '../core/errors.js';
import { reportError } from './failure.js';
import { type Io, write } from './io.js';
import { parse } from './parse.js';
import { runners } from './run.js';

/** Runs one command line. Resolves to its exit code; never rejects, never ends the process. */
export async function main(io: Io): Promise<ExitCode> {
  // The write's own callback reports every other error; without a listener the stream would throw as well.
  for (const stream of [io.stdout, io.stderr]) stream.on('error', ignore);
  try {
    const parsed = await parse(io);
    if ('help' in parsed) {
      const isResult = parsed.code === ExitCode.clean;
      await write(isResult ? io.stdout : io.stderr, `${parsed.help}\n`);
      return parsed.code;
    }
    return (await runners[parsed.name]?.(parsed.given, io)) ?? ExitCode.usage;
  } catch (error) {
    return await reportError(error, io).catch(() => ExitCode.usage);
  }
}

function ignore(): void {}
