import yargs, { type Argv, type Options } from 'yargs';
import { ExitCode, UserError } from '../core/errors.js';
import { packageVersion } from '../project/package.js';
import { type Given, readArguments, refuseBooleanValues } from './arguments.js';
import { explainUsage, reportError, unknownCommand } from './failure.js';
import { type CommandSpec, commandSpecs, type Flag, type Flags, globalFlags } from './flags.js';
import { type Io, widthOf, write } from './io.js';
import { runners } from './run.js';

const program = 'harden-devcontainer';

/** Runs one command line. Resolves to its exit code; never rejects, never ends the process. */
export async function main(io: Io): Promise<ExitCode> {
  // The write's own callback reports every other error; without a listener the stream would throw as well.
  for (const stream of [io.stdout, io.stderr]) stream.on('error', ignore);
  try {
    const parsed = parse(io);
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

type Parsed =
  | { readonly name: string; readonly given: Given }
  | { readonly help: string; readonly code: ExitCode };

function parse(io: Io): Parsed {
  const { word, rest } = takeCommand(spellHelp(io.argv));
  if (word === undefined) return parseNone(io, rest);
  const spec = commandSpecs.find(({ name }) => name === word);
  if (!spec) throw new UserError(unknownCommand(word));
  refuseBooleanValues(spec, rest);
  const { argv, help } = runParser(configure(io, spec), rest, spec);
  if (help !== '') return { help, code: ExitCode.clean };
  return { name: spec.name, given: readArguments(spec, argv) };
}

/** An alias of yargs would shift every line of help. */
function spellHelp(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((word, index) => (word === '-h' && (end < 0 || index < end) ? '--help' : word));
}

/** The first word that is no option, and everything else. */
function takeCommand(argv: readonly string[]): { word: string | undefined; rest: string[] } {
  let at = 0;
  // An option before the command may bring its value as the next word.
  while (argv[at]?.startsWith('-')) at += argv[at] === '--color' ? 2 : 1;
  return { word: argv[at], rest: argv.filter((_, index) => index !== at) };
}

const noCommand: CommandSpec = { name: program, summary: '', flags: {}, examples: [] };

/** Without a command: the list of commands, as an answer to --help and as an error else. */
function parseNone(io: Io, words: readonly string[]): Parsed {
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
 * The parser with the options of one command and of no other: building all of them would cost a fifth of the start.
 * Errors are thrown, nothing is printed, nothing ends the process, and no number or dot in an argument is special.
 */
function configure(io: Io, spec: CommandSpec | undefined): Argv {
  const parser = yargs()
    .scriptName(program)
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
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
