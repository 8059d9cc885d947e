import { ExitCode, RuleError, UserError } from '../core/errors.js';
import { printable, printableLines } from '../core/printable.js';
import { didYouMean } from '../core/suggest.js';
import { positionAt } from '../core/text.js';
import type { CommandSpec } from './command-spec.js';
import { commandSpecs, globalFlags } from './flags.js';
import { type Io, write } from './io.js';

/** Says on stderr what went wrong, for the user or as our bug, and gives the exit code. */
export async function reportError(error: unknown, io: Io): Promise<ExitCode> {
  if (error instanceof UserError) {
    await write(io.stderr, `error: ${placeOf(error)}${printable(error.message)}\n`);
    return ExitCode.usage;
  }
  if (isOutputError(error)) {
    await write(io.stderr, `error: the output cannot be written: ${printable(error.message)}\n`);
    return ExitCode.usage;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const cause = error instanceof RuleError && error.cause instanceof Error ? `\n${error.cause.stack}` : '';
  const advice =
    error instanceof RuleError
      ? ` Until it is mended, --skip-rule ${error.ruleId} leaves that rule out.`
      : '';
  const request = `This is our bug, not yours: please report it with the lines above.${advice}`;
  await write(io.stderr, `${printableLines(`${stack}${cause}`)}\n\n${request}\n`);
  return ExitCode.bug;
}

function placeOf(error: UserError): string {
  if (!error.place) return '';
  const { line, column } = positionAt(error.place.file, error.place.at.start);
  return `${printable(error.place.file.path)}:${line}:${column}: `;
}

function isOutputError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && (error as NodeJS.ErrnoException).syscall === 'write';
}

/** yargs' words for a wrong command line in ours, with what was most likely meant. */
export function explainUsage(message: string, spec: CommandSpec | undefined): string {
  const [, kind, names = ''] =
    /^(Unknown arguments?|Not enough arguments following): (.*)$/s.exec(message) ?? [];
  const [name = ''] = names.split(', ');
  if (kind === 'Not enough arguments following') return `--${name} needs a value`;
  if (kind === undefined) return message;
  const flags = ['help', 'version', ...Object.keys({ ...globalFlags, ...spec?.flags })];
  return `there is no option ${name.length === 1 ? '-' : '--'}${name}${didYouMean(name, flags, '--')}`;
}

export function unknownCommand(word: string): string {
  if (word === 'help') return "there is no command 'help'; write --help, alone or behind a command";
  const names = commandSpecs.map((spec) => spec.name);
  return `there is no command '${word}'${didYouMean(word, names) || `; there are ${names.join(', ')}`}`;
}
