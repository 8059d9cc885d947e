import { member, members } from '../documents/json.js';
import type { Declared, EnvironmentVariable, Syntax } from './container.js';
import { declare, type Source, textOfNode } from './declare.js';
import { allOf, declareOption, isSwitchedOff, type RunOption } from './run-args.js';
import { hostVariablesIn } from './variables.js';

/** Variables of `containerEnv`, `remoteEnv` and `runArgs -e`. */
export function readEnvironment(
  source: Source,
  options: readonly RunOption[],
): readonly Declared<EnvironmentVariable>[] {
  const inside = readObject(source, 'containerEnv', 'container');
  const remote = readObject(source, 'remoteEnv', 'remote');
  const own = remote.length === 0 ? inside : [...inside, ...remote];
  if (options.length === 0) return own;
  return [
    ...own,
    ...allOf(options, '--env').flatMap((option) => {
      const variable = readAssignment(option.value?.trim() ?? '');
      return variable.name === '' ? [] : [declareOption(option, variable)];
    }),
    ...readWholeEnvironment(options),
  ];
}

function readObject(
  source: Source,
  syntax: Syntax & ('containerEnv' | 'remoteEnv'),
  scope: EnvironmentVariable['scope'],
): readonly Declared<EnvironmentVariable>[] {
  const object = member(source.document.root, syntax)?.value;
  if (!object) return [];
  return members(object).flatMap(({ key, value: node }) => {
    const value = textOfNode(node);
    // null unsets a variable; objects and arrays are no values.
    if (value === undefined) return [];
    return [
      declare(source, node, syntax, { name: key, value, hostVariables: hostVariablesIn(value), scope }),
    ];
  });
}

/** podman's `--env-host`: every variable of the host. */
function readWholeEnvironment(options: readonly RunOption[]): readonly Declared<EnvironmentVariable>[] {
  const flags = allOf(options, '--env-host');
  const last = flags.at(-1);
  if (!last || isSwitchedOff(last)) return [];
  const all: EnvironmentVariable = { name: '*', value: undefined, hostVariables: ['*'], scope: 'container' };
  return [declareOption(last, all, flags)];
}

/** `NAME=value`, or `NAME` alone, which passes the host's variable on. */
function readAssignment(text: string): EnvironmentVariable {
  const at = text.indexOf('=');
  if (at < 0) return { name: text, value: undefined, hostVariables: [text], scope: 'container' };
  const value = text.slice(at + 1);
  return { name: text.slice(0, at), value, hostVariables: hostVariablesIn(value), scope: 'container' };
}
