import yargs, { type Argv, type Options } from 'yargs';
import { ExitCode, UserError } from '../core/errors.js';
import { packageVersion } from '../project/package.js';
import { type Given, readArguments, refuseBooleanValues } from './arguments.js';
import { explainUsage, reportError } from './failure.js';
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
  const named = commandSpecs.find((spec) => io.argv.includes(spec.name));
  refuseBooleanValues(named, io.argv);
  let parsed: Parsed | undefined;
  const parser = configure(io, named);
  for (const spec of commandSpecs) {
    const words = spec.positional ? ` [${spec.positional.name}${spec.positional.many ? '..' : ''}]` : '';
    const take = (argv: Readonly<Record<string, unknown>>) => {
      parsed = { name: spec.name, given: readArguments(spec, argv) };
    };
    parser.command(`${spec.name}${words}`, spec.summary, (argv) => addFlags(argv, spec), take);
  }
  let help = '';
  const keepHelp = (text: string) => {
    help = text;
  };
  try {
    parser.parse([...io.argv], {}, (_error, _argv, text) => keepHelp(text));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'YError') throw error;
    throw new UserError(explainUsage(error.message, named, io.argv));
  }
  if (help !== '') return { help, code: ExitCode.clean };
  if (parsed) return parsed;
  parser.showHelp(keepHelp);
  return { help, code: ExitCode.usage };
}

/** Errors are thrown, nothing is printed, nothing ends the process, and no number or dot in an argument is special. */
function configure(io: Io, named: CommandSpec | undefined): Argv {
  return yargs()
    .scriptName(program)
    .usage('$0 <command>\n\nGenerate, lint and fix dev containers in which an AI coding agent can run.')
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .options(toYargs(globalFlags))
    .epilogue('Exit codes: 0 clean, 1 findings, 2 usage, configuration or unreadable input, 3 our bug.')
    .strict()
    .exitProcess(false)
    .detectLocale(false)
    .wrap(Math.min(widthOf(io.stdout), 100))
    .version(packageVersion())
    .fail((message, error) => {
      throw error ?? new UserError(explainUsage(message, named, io.argv));
    });
}

function addFlags(argv: Argv, spec: CommandSpec): Argv {
  if (spec.positional) {
    const { name, describe, many } = spec.positional;
    argv.positional(name, { type: 'string', describe, ...(many ? { array: true } : {}) });
  }
  for (const [line, what] of spec.examples) argv.example(`$0 ${line}`, what);
  for (const note of spec.notes ?? []) argv.epilogue(note);
  return argv.options(toYargs(spec.flags));
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
