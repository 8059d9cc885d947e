import type { Action, SetAction } from './firewall-step.js';
import type { Value } from './firewall-value.js';

const actions: Readonly<Record<string, SetAction>> = {
  create: 'create',
  '-N': 'create',
  add: 'add',
  '-A': 'add',
  destroy: 'destroy',
  '-X': 'destroy',
  flush: 'flush',
  '-F': 'flush',
};

/** What an ipset command does; undefined where it does something else. */
export function readIpset(words: readonly Value[]): readonly Action[] | undefined {
  const exist = words.some(({ text }) => /^(?:-!|-exist|--exist)$/.test(text));
  const rest = words.filter(({ text }) => !/^(?:-!|-exist|--exist|-q|-quiet|--quiet)$/.test(text));
  const [verb, name, member] = rest;
  const action = verb && Object.hasOwn(actions, verb.text) ? actions[verb.text] : undefined;
  if (!verb || !action)
    return /^(?:swap|rename|del|-D|-W|-E|version|help)$/.test(verb?.text ?? '') ? [] : undefined;
  return [{ kind: 'set', action, name: name?.text ?? '', exist, ...(member ? { member } : {}) }];
}
