import { UserError } from '../core/errors.js';
import { didYouMean } from '../core/suggest.js';
import type { Given } from './arguments.js';
import { type McpCommandOptions, mcpVerbs } from './mcp-project.js';

/** Which verb takes which flag. */
const belongs = {
  yes: ['up', 'review'],
  foreground: ['up'],
  listen: ['up'],
  verify: ['audit'],
} as const;

/** @throws UserError where the verb is missing or unknown, or a flag belongs to another one. */
export function readMcpArguments(given: Given): McpCommandOptions {
  const [word = '', dir = '.', extra] = given.positionals;
  const verb = mcpVerbs.find((known) => known === word);
  if (!verb)
    throw new UserError(
      word === ''
        ? `mcp needs to know what to do: ${mcpVerbs.join(', ')}`
        : `mcp takes ${mcpVerbs.join(', ')}, not '${word}'${didYouMean(word, mcpVerbs)}`,
    );
  if (extra !== undefined)
    throw new UserError(`mcp ${verb} does not take '${extra}' as well; see mcp --help`);
  const listen = given.text('listen');
  const options = {
    verb,
    dir,
    yes: given.on('yes'),
    foreground: given.on('foreground'),
    listen,
    verify: given.on('verify'),
  };
  for (const [flag, verbs] of Object.entries(belongs)) {
    const isGiven = options[flag as keyof typeof belongs];
    if (isGiven && !(verbs as readonly string[]).includes(verb))
      throw new UserError(`--${flag} belongs to mcp ${verbs.join(' and mcp ')}, not to mcp ${verb}`);
  }
  return options;
}
