import yargs, { type Argv, type Options } from 'yargs';
import { ExitCode, UserError } from '../core/errors.js';
import { packageVersion } from '../project/package.js';
import { readArguments } from './arguments.js';
import type { CommandSpec, Flag, Flags } from './command-spec.js';
import { explainUsage } from './failure.js';
import { commandSpecs, globalFlags } from './flags.js';
import { type Io, widthOf } from './io.js';
import { type Parsed, parserConfiguration } from './parse.js';

const program = 'harden-devcontainer';

/** Parses what stands behind a command, help and mistakes included. Prints nothing and never ends the process. */
export function parseFully(io: Io, spec: CommandSpec, words: readonly string[]): Parsed {
  const { argv, help } = runParser(configure(io, spec), words, spec);
  if (help !== '') return { help, code: ExitCode.clean };
  return { name: spec.name, given: readArguments(spec, argv) };
}

const noCommand: CommandSpec = { name: program, summary: '', flags: {}, examples: [] };

/** Without a command: the list of commands, as an answer to --help and as an error else. */
export function parseNone(io: Io, words: readonly string[]): Parsed {
  const parser = configure(io, undefined).usage(
    '$0 <command>\n\nGenerate, lint and fix dev containers in which an AI coding agent can run.',
  );
  for (const spec of commandSpecs) parser.command(wordsOf(spec), spec.summary);
  const { argv, help } = runParser(parser, words, undefined);
  readArguments(noCommand, argv);
  if (help !== '') return { help, code: ExitCode.clean };
  let list = '';
  parser.showHelp((text) => {
    list = text;
  });
  return { help: list, code: ExitCode.usage };
}

function runParser(parser: Argv, words: readonly string[], spec: CommandSpec | undefined) {
  let help = '';
  try {
    const argv = parser.parse([...words], {}, (_error, _argv, text) => {
      help = text;
    });
    return { argv: argv as Readonly<Record<string, unknown>>, help };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'YError') throw error;
    throw new UserError(explainUsage(error.message, spec));
  }
}

/**
 * The parser with the options of one command and of no other. Errors are thrown, nothing is printed, nothing ends the
 * process.
 */
function configure(io: Io, spec: CommandSpec | undefined): Argv {
  const parser = yargs()
    .scriptName(program)
    .parserConfiguration(parserConfiguration)
    .options(toYargs({ ...spec?.flags, ...globalFlags }))
    .strictOptions()
    .exitProcess(false)
    .detectLocale(false)
    .wrap(Math.min(widthOf(io.stdout), 100))
    .version(packageVersion())
    .fail((message, error) => {
      throw error ?? new UserError(explainUsage(message, spec));
    });
  if (spec) describeCommand(parser, spec);
  return parser.epilogue(
    'Exit codes: 0 clean, 1 findings, 2 usage, configuration or unreadable input, 3 our bug.',
  );
}

function describeCommand(parser: Argv, spec: CommandSpec): void {
  const positional = spec.positional ? `\n\n${spec.positional.name}: ${spec.positional.describe}` : '';
  parser.usage(`$0 ${wordsOf(spec)}\n\n${spec.summary}${positional}`);
  const examples = spec.examples.map(([line, what]) => `  $0 ${line}\n      ${what}`);
  parser.epilogue(`Examples:\n${examples.join('\n')}\n`);
  for (const note of spec.notes ?? []) parser.epilogue(`${note}\n`);
}

function wordsOf({ name, positional }: CommandSpec): string {
  return positional ? `${name} [${positional.name}${positional.many ? '..' : ''}]` : name;
}

function toYargs(flags: Flags): Record<string, Options> {
  return Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, toYargsOption(flag)]));
}

function toYargsOption(flag: Flag): Options {
  if (flag.type === 'boolean') return { type: 'boolean', describe: flag.describe };
  return {
    type: 'string',
    describe: `${flag.describe}: ${flag.choices?.join(', ') ?? flag.value}`,
    requiresArg: true,
    ...(flag.type === 'list' ? { array: true } : {}),
    ...(flag.default === undefined ? {} : { default: flag.default }),
  };
}
