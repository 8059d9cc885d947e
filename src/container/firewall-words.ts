import type { ParameterExpansionPart, ParsedScript, Word, WordPart } from 'unbash';
import type { Frame, Machine } from './firewall-machine.js';
import { variable } from './firewall-machine.js';
import {
  empty,
  isKnown,
  isSteering,
  joinValues,
  known,
  type Output,
  textOfOutput,
  unknown,
  usualText,
  type Value,
} from './firewall-value.js';

/** Runs the script of a substitution and gives what it prints. */
export type Substitute = (script: ParsedScript | undefined, frame: Frame) => Output;

export interface Expander {
  readonly machine: Machine;
  readonly frame: Frame;
  readonly substitute: Substitute;
}

/** A list of this many words is data. */
const mostFields = 2000;

/** The words that a shell makes of words as written. */
export function expandWords(words: readonly Word[], expander: Expander): readonly Value[] {
  const fields: Value[] = [];
  for (const word of words) {
    fields.push(...expandWord(word, expander));
    if (fields.length > mostFields) return [...fields.slice(0, mostFields), unknown([])];
  }
  return fields;
}

/** The text that an assignment or a pattern gets: no splitting. */
export function expandText(word: Word | undefined, expander: Expander): Value {
  if (!word) return empty;
  return joinValues(expandWord(word, expander, true), ' ');
}

function expandWord(word: Word, expander: Expander, quoted = false): readonly Value[] {
  if (!word.parts) return [known(word.value)];
  const fields: Value[][] = [[]];
  let isEmpty = true;
  const add = (values: readonly Value[]) => {
    for (const [index, value] of values.entries()) {
      if (index > 0) fields.push([]);
      fields.at(-1)?.push(value);
      isEmpty = false;
    }
  };
  for (const part of word.parts) {
    if (part.type === 'DoubleQuoted' || part.type === 'LocaleString') {
      for (const inner of part.parts) add(expandPart(inner, expander));
      if (part.parts.length === 0) add([empty]);
    } else {
      const values = expandPart(part, expander);
      const isExpansion = /Expansion$/.test(part.type) && part.type !== 'BraceExpansion';
      add(quoted || !isExpansion ? values : values.flatMap((value) => splitFields(value, expander.machine)));
    }
  }
  return isEmpty ? [] : fields.map((parts) => joinValues(parts));
}

/** Splits as IFS says. */
function splitFields(value: Value, machine: Machine): readonly Value[] {
  if (!isKnown(value)) return [value];
  const [ifs] = variable(machine, 'IFS') ?? [];
  const separators = ifs && isKnown(ifs) ? ifs.text : ' \t\n';
  const texts: string[] = [];
  let from = -1;
  for (let at = 0; at <= value.text.length; at++) {
    const isBetween = at === value.text.length || separators.includes(value.text[at] ?? '');
    if (isBetween && from >= 0) texts.push(value.text.slice(from, at));
    if (isBetween) from = -1;
    else if (from < 0) from = at;
  }
  return texts.slice(0, mostFields).map((text) => ({ text, origins: value.origins }));
}

function expandPart(part: WordPart, expander: Expander): readonly Value[] {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [known(part.value)];
    case 'SimpleExpansion':
      return lookUp(part.text.slice(1), expander.machine);
    case 'ParameterExpansion':
      return expandParameter(part, expander);
    case 'CommandExpansion': {
      const printed = textOfOutput(expander.substitute(part.script, expander.frame));
      return [{ ...printed, text: printed.text.replace(/\n+$/, '') }];
    }
    case 'ProcessSubstitution':
      return [unknown(textOfOutput(expander.substitute(part.script, expander.frame)).origins)];
    case 'ArithmeticExpansion':
      return [unknown([])];
    default:
      return [known(part.text)];
  }
}

function lookUp(name: string, machine: Machine): readonly Value[] {
  if (name === '@' || name === '*') return machine.positional;
  if (name === '#' || /^[?$!_-]$/.test(name)) return [unknown(['status'])];
  if (/^[1-9]\d*$/.test(name)) {
    const given = machine.positional[Number(name) - 1];
    if (given) return [given];
    return machine.positional.some((value) => !isKnown(value)) ? [unknown(['argument'])] : [empty];
  }
  const found = variable(machine, name);
  if (found) return found.length > 0 ? found : [empty];
  const given = machine.environment.get(name) ?? (/^E?UID$/.test(name) ? '0' : undefined);
  return [unknown(['environment'], given)];
}

function expandParameter(part: ParameterExpansionPart, expander: Expander): readonly Value[] {
  const { machine } = expander;
  const { parameter, prefix, index, operation } = part;
  const isAll = index?.value === '@' || index?.value === '*' || parameter === '@';
  const values = isAll
    ? (variable(machine, parameter) ?? lookUp(parameter, machine))
    : lookUp(parameter, machine);
  const origins = values.flatMap((value) => value.origins);
  if (prefix) return [unknown(prefix === '#' ? ['status'] : origins)];
  if (index && !isAll) return [values.length === 1 && values[0] ? values[0] : unknown(origins)];
  if (!operation) return isAll ? values : values.slice(0, 1);
  if (operation.type !== 'Default') return values.map((value) => unknown(value.origins));
  const isUnset = !variable(machine, parameter) && !machine.environment.has(parameter);
  const operand = expandText(operation.operand, expander);
  if (operation.operator.endsWith('+')) return [unknown([...origins, ...operand.origins])];
  if (operation.operator.endsWith('?')) return values;
  const [value = empty] = values;
  if (isKnown(value)) return [value.text === '' && operation.operator.startsWith(':') ? operand : value];
  const isSteered = value.usual === undefined && isSteering(value);
  const usual = isUnset || isSteered ? usualText(operand) : value.usual;
  return [unknown([...value.origins, ...operand.origins], usual)];
}
