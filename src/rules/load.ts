import type { AnyRule } from '../core/rule.js';
import { rules as common } from './lists/common.js';
import { listOfSubject, lists } from './tables.js';

// Asking the loader again costs as much as a small lint.
const known = new Map<string, Promise<readonly AnyRule[]>>();

/**
 * The rules that look at any of these subjects, and some that look at none of them; all of them where no subjects are
 * given. Sorted by id; the same list for the same question.
 *
 * @param isPedantic Also those of which a default run shows nothing; some of them come in any case.
 */
export function loadRules(
  subjects?: Iterable<string>,
  isPedantic = subjects === undefined,
): Promise<readonly AnyRule[]> {
  const names: string[] = [];
  for (const subject of subjects ?? Object.keys(listOfSubject)) {
    const name = listOfSubject[subject];
    if (name !== undefined && !names.includes(name)) names.push(name);
  }
  if (isPedantic) names.push('pedantic');
  const key = names.length < 2 ? (names[0] ?? '') : names.sort().join(' ');
  const rules = known.get(key) ?? joinLists(names);
  known.set(key, rules);
  return rules;
}

async function joinLists(names: readonly string[]): Promise<readonly AnyRule[]> {
  const loaded = await Promise.all(names.map((name) => lists[name]?.()));
  const rules = [...common, ...loaded.flatMap((list) => list?.rules ?? [])];
  return rules.sort((a, b) => (a.id < b.id ? -1 : 1));
}
