import { UserError } from '../core/errors.js';
import { didYouMean } from '../core/suggest.js';
import type { CommandSpec } from './command-spec.js';
import { globalFlags } from './flags.js';
import { type ColorChoice, colorChoices } from './io.js';

/** What was given on the command line, read by the flag's name. */
export interface Given {
  readonly positionals: readonly string[];
  readonly color: ColorChoice;
  text(name: string): string | undefined;
  choice<T extends string>(name: string, choices: readonly T[]): T;
  list(name: string): string[];
  on(name: string): boolean;
}

/** Reads yargs' result. A flag that takes one value and was given twice is a {@link UserError}, not a guess. */
export function readArguments(spec: CommandSpec, argv: Readonly<Record<string, unknown>>): Given {
  const texts = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(String));
  const text = (name: string): string | undefined => {
    const given = texts(argv[name]);
    if (given.length > 1)
      throw new UserError(`--${name} is given ${given.length} times, but takes one value`);
    return given[0];
  };
  const choice = <T extends string>(name: string, choices: readonly T[]): T => {
    const value = text(name);
    const match = choices.find((known) => known === value);
    if (match) return match;
    const hint = didYouMean(value ?? '', choices);
    throw new UserError(`--${name} takes ${choices.join(', ')}, not '${value}'${hint}`);
  };
  const positionals = texts(argv._);
  const extra = positionals[spec.positional ? 1 : 0];
  if (extra !== undefined && !spec.positional?.many)
    throw new UserError(`${spec.name} does not take '${extra}' as well; see ${spec.name} --help`);
  return {
    positionals,
    color: choice('color', colorChoices),
    text,
    choice,
    list: (name) => texts(argv[name]).flatMap((value) => splitList(name, value)),
    on: (name) => texts(argv[name]).at(-1) === 'true',
  };
}

/** A list without an element is a variable that was never set, seldom a wish for nothing. */
function splitList(name: string, value: string): string[] {
  const parts = value.split(',').map((part) => part.trim());
  if (parts.every((part) => part === '')) throw new UserError(`--${name} needs a value`);
  return parts.filter((part) => part !== '');
}

/** yargs reads `--yes=maybe` as false without a word. */
export function refuseBooleanValues(spec: CommandSpec | undefined, argv: readonly string[]): void {
  const flags = { ...globalFlags, ...spec?.flags };
  const end = argv.indexOf('--');
  for (const argument of end < 0 ? argv : argv.slice(0, end)) {
    const [, name = '', value] = /^--([^=]+)=(.*)$/s.exec(argument) ?? [];
    if (value === undefined || value === 'true' || value === 'false') continue;
    if (Object.hasOwn(flags, name) && flags[name]?.type === 'boolean')
      throw new UserError(`--${name} takes no value, but '${value}' is given`);
  }
}
