import { Attached } from '../core/attached.js';
import type { Capability, Container, Declared, SecurityOption } from './container.js';

/**
 * Why a declaration changes nothing, so that taking it out alone is safe; undefined where it has an effect.
 * Engines give a privileged container every capability and switch its profiles off, whatever else is asked for.
 * Source: Docker's reference of `docker run`, "Runtime privilege and Linux capabilities".
 */
export function whyIdleCapability(
  container: Container,
  capability: Declared<Capability>,
): string | undefined {
  // A list with commas in one text goes as a whole.
  if (groupOf(container.capabilities, capability, placeKey).length > 1) return undefined;
  if (isPrivileged(container)) return 'a privileged container has every capability already';
  const [first] = groupOf(container.capabilities, capability, capabilityKey);
  return first !== capability ? 'it is added before already' : undefined;
}

/** The same for an entry of `securityOpt` or `--security-opt`. */
export function whyIdleOption(container: Container, option: Declared<SecurityOption>): string | undefined {
  const { name, value } = option.value;
  const all = groupOf(container.securityOptions, option, nameKey);
  // Only the last value counts: without this one another would come back.
  if (groupOf(container.securityOptions, option, settingKey).length < all.length) return undefined;
  if (all[0] !== option) return 'it is set before already';
  const setting = `${name}=${value}`.toLowerCase();
  if (setting === 'no-new-privileges=false' && all.length === 1)
    return 'this is the default of container engines';
  const turnedOff = ['seccomp=unconfined', 'apparmor=unconfined', 'label=disable', 'systempaths=unconfined'];
  return isPrivileged(container) && turnedOff.includes(setting)
    ? 'a privileged container runs without it already'
    : undefined;
}

/** Said by the files themselves: what a Feature or an image brings may change with its version. */
function isPrivileged({ privileged }: Container): boolean {
  return privileged.some(
    ({ syntax }) => syntax === 'privileged' || syntax === 'runArgs' || syntax === 'compose',
  );
}

const placeKey = ({ place }: Declared<unknown>) => `${place.at.start} ${place.file.path}`;
const capabilityKey = ({ value }: Declared<Capability>) => value;
const nameKey = ({ value }: Declared<SecurityOption>) => value.name;
const settingKey = ({ value }: Declared<SecurityOption>) => JSON.stringify([value.name, value.value]);

// Every declaration of a long list asks about all others.
const groups = new Attached<object, Map<unknown, ReadonlyMap<string, readonly unknown[]>>>();

/** The declarations of a list that have the same key as one of them, in order. */
function groupOf<T>(
  all: readonly Declared<T>[],
  one: Declared<T>,
  keyOf: (declared: Declared<T>) => string,
): readonly unknown[] {
  const byKey = groups.get(all) ?? new Map<unknown, ReadonlyMap<string, readonly unknown[]>>();
  groups.set(all, byKey);
  const known = byKey.get(keyOf) ?? groupBy(all, keyOf);
  byKey.set(keyOf, known);
  return known.get(keyOf(one)) ?? [];
}

function groupBy<T>(all: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const item of all) {
    const same = found.get(keyOf(item));
    if (same) same.push(item);
    else found.set(keyOf(item), [item]);
  }
  return found;
}
