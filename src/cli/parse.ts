import { Parser } from 'yargs/helpers';
import { type ExitCode, UserError } from '../core/errors.js';
import { type Given, readArguments, refuseBooleanValues } from './arguments.js';
import type { CommandSpec } from './command-spec.js';
import { unknownCommand } from './failure.js';
import { commandSpecs, globalFlags } from './flags.js';
import type { Io } from './io.js';

/** What a command line asks for: a command, or help, as an answer or as an error. */
export type Parsed =
  | { readonly name: string; readonly given: Given }
  | { readonly help: string; readonly code: ExitCode };

/** No number and no dot in an argument is special. */
export const parserConfiguration = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'greedy-arrays': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
} as const;

/** Throws a {@link UserError} that says what is wrong with the command line. */
export async function parse(io: Io): Promise<Parsed> {
  const { word, rest } = takeCommand(spellHelp(io.argv));
  const spec = commandSpecs.find(({ name }) => name === word);
  if (word !== undefined && !spec) throw new UserError(unknownCommand(word));
  if (spec) refuseBooleanValues(spec, rest);
  const argv = spec && readPlainly(spec, rest);
  if (argv) return { name: spec.name, given: readArguments(spec, argv) };
  const { parseFully, parseNone } = await import('./full-parser.js');
  return spec ? parseFully(io, spec, rest) : parseNone(io, rest);
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

/**
 * What yargs would make of a command line that needs neither help nor an error, by its own parser alone: all the rest of
 * yargs would take a tenth of the time of a run. Undefined where it has to be asked.
 */
export function readPlainly(
  spec: CommandSpec,
  words: readonly string[],
): Readonly<Record<string, unknown>> | undefined {
  const flags = Object.entries({ ...spec.flags, ...globalFlags });
  const names = (test: (type: string) => boolean) =>
    flags.flatMap(([name, { type }]) => (test(type) ? [name] : []));
  const valued = names((type) => type !== 'boolean');
  const { argv, error } = Parser.detailed([...words], {
    configuration: { ...parserConfiguration, 'populate--': true },
    array: names((type) => type === 'list'),
    boolean: ['help', 'version', ...names((type) => type === 'boolean')],
    string: valued,
    // Not a number: exactly one value, and an error where it is missing.
    narg: Object.fromEntries(valued.map((name) => [name, Number.NaN])),
    default: Object.fromEntries(
      flags.flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])),
    ),
  });
  const { _: positionals, '--': behind = [], ...given } = argv;
  const isKnown = (name: string) => flags.some(([known]) => known === name);
  if (error || !Object.keys(given).every(isKnown) || positionals.at(-1) === 'help') return undefined;
  return { ...given, _: [...positionals, ...(behind as readonly string[])] };
}
