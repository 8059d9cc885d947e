import type { Place } from '../core/text.js';
import { readIptables, verdictOf } from './firewall-iptables.js';
import type { Action, Chain, Family } from './firewall-step.js';
import {
  type Chunk,
  hole,
  known,
  linesOf,
  type Output,
  type Sureness,
  type Value,
} from './firewall-value.js';

export interface RestoreLine extends Sureness {
  readonly action: Action;
  readonly place: Place;
}

/** The lines of an iptables-restore input, each with its place. What cannot be read is told as such. */
export function readRestore(
  input: Output,
  families: readonly Family[],
  isKept: boolean,
): readonly RestoreLine[] {
  const found: RestoreLine[] = [];
  let table = 'filter';
  for (const { value, ...from } of linesOf(input).flatMap(alternatives)) {
    const text = value.text.trim();
    const chainOf = (name: string): Chain => ({
      families,
      table,
      name,
      isOutput: table === 'filter' && name === 'OUTPUT',
    });
    if (text === '' || text === 'COMMIT' || text.startsWith('#')) continue;
    if (text.startsWith('*')) {
      table = text.slice(1);
      if (!isKept) found.push({ action: { kind: 'flush', chain: chainOf(''), isTable: true }, ...from });
    } else if (text.startsWith(':')) {
      const [name = '', policy = ''] = text.slice(1).split(/\s+/);
      const chain = chainOf(name);
      if (policy === '-') found.push({ action: { kind: 'chain', chain, exist: true }, ...from });
      else found.push({ action: { kind: 'policy', chain, verdict: verdictOf(policy) }, ...from });
    } else if (value.origins.includes('saved-rules') && text.includes(hole)) {
      found.push({ action: { kind: 'put-back' }, ...from });
    } else {
      const actions = readIptables(splitLine(value), families)?.map((action) => inTable(action, table));
      if (!actions) found.push({ action: { kind: 'unmodelled', what: 'a line of the rules' }, ...from });
      for (const action of actions ?? []) found.push({ action, ...from });
    }
  }
  return found;
}

/** A line that is one of several, as all of them: which one it is depends on the run. */
function alternatives(line: Chunk): readonly Chunk[] {
  const { oneOf } = line.value;
  return oneOf ? oneOf.map((text) => ({ ...line, value: known(text), isConditional: true })) : [line];
}

function inTable(action: Action, table: string): Action {
  if (!('chain' in action) || table === 'filter') return action;
  return { ...action, chain: { ...action.chain, table, isOutput: false } };
}

/** Words as iptables-restore splits them: quotes hold blanks together. */
function splitLine({ text, origins }: Value): readonly Value[] {
  const words = text.match(/"(?:[^"\\]|\\.)*"|'[^']*'|\S+/g) ?? [];
  return words.map((word) => {
    const bare = /^(["']).*\1$/s.test(word) ? word.slice(1, -1) : word;
    return { text: bare, origins: bare.includes(hole) ? origins : [] };
  });
}
