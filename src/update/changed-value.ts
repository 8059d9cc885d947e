import { positionAt } from '../core/text.js';
import { type JsonNode, member, members, parseJson, plainValue } from '../documents/json.js';

export interface ChangedValue {
  /** Keys with dots between. */
  readonly name: string;
  /** In the edited text, from 1. */
  readonly line: number;
}

/** What may be changed or taken out: it protects nothing. */
const free = /^(?:name|customizations\.[^.]+\.extensions)$/;

/**
 * The first value of a rendered devcontainer.json that the edited one has not: keys, elements of lists and comments may be
 * added, but what was rendered has to be there. Undefined where it is, or where the edited text is no JSON.
 */
export function firstChanged(base: string, edited: string): ChangedValue | undefined {
  const file = { path: '', text: edited };
  const mine = parseJson(file);
  if (mine.problems.length > 0 || mine.root?.type !== 'object') return undefined;
  const found = compare(parseJson({ path: '', text: base }).root, mine.root, []);
  return found && { name: found.name, line: positionAt(file, found.node.offset).line };
}

function compare(
  old: JsonNode | undefined,
  now: JsonNode,
  path: readonly string[],
): { readonly name: string; readonly node: JsonNode } | undefined {
  const name = path.join('.');
  if (!old || free.test(name)) return undefined;
  if (old.type === 'object' && now.type === 'object') {
    for (const { key, value } of members(old)) {
      const inner = member(now, key)?.value;
      const found = inner
        ? compare(value, inner, [...path, key])
        : free.test([...path, key].join('.'))
          ? undefined
          : { name: [...path, key].join('.'), node: now };
      if (found) return found;
    }
    return overridden(old, now, path);
  }
  const [before, after] = [plainValue(old), plainValue(now)];
  if (Array.isArray(before) && Array.isArray(after)) {
    const known = new Set(after.map((each) => JSON.stringify(each)));
    return before.every((each) => known.has(JSON.stringify(each))) ? undefined : { name, node: now };
  }
  return JSON.stringify(before) === JSON.stringify(after) ? undefined : { name, node: now };
}

/** A variable of the container that tools would be given another value of. */
function overridden(old: JsonNode, now: JsonNode, path: readonly string[]) {
  if (path.length > 0) return undefined;
  const held = member(old, 'containerEnv')?.value;
  const before = member(old, 'remoteEnv')?.value;
  const added = members(member(now, 'remoteEnv')?.value).find(
    ({ key }) => member(held, key) && !member(before, key),
  );
  return added && { name: `containerEnv.${added.key}`, node: added.value };
}
