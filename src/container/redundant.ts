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
  const { capabilities } = container;
  // A list with commas in one text goes as a whole.
  if (capabilities.some((other) => other !== capability && isSamePlace(other, capability))) return undefined;
  if (isPrivileged(container)) return 'a privileged container has every capability already';
  const isRepeated = isBefore(capabilities, capability, (value) => value === capability.value);
  return isRepeated ? 'it is added before already' : undefined;
}

/** The same for an entry of `securityOpt` or `--security-opt`. */
export function whyIdleOption(container: Container, option: Declared<SecurityOption>): string | undefined {
  const { name, value } = option.value;
  const others = container.securityOptions.filter((other) => other !== option && other.value.name === name);
  // Only the last value counts: without this one another would come back.
  if (others.some((other) => other.value.value !== value)) return undefined;
  if (isBefore(container.securityOptions, option, (other) => other.name === name))
    return 'it is set before already';
  const setting = `${name}=${value}`.toLowerCase();
  if (setting === 'no-new-privileges=false' && others.length === 0)
    return 'this is the default of container engines';
  const turnedOff = ['seccomp=unconfined', 'apparmor=unconfined', 'label=disable', 'systempaths=unconfined'];
  return isPrivileged(container) && turnedOff.includes(setting)
    ? 'a privileged container runs without it already'
    : undefined;
}

/** Said by the files themselves: what a Feature or an image brings may change with its version. */
function isPrivileged({ privileged }: Container): boolean {
  return privileged.some(({ syntax }) => syntax === 'privileged' || syntax === 'runArgs');
}

function isBefore<T>(all: readonly Declared<T>[], one: Declared<T>, isSame: (value: T) => boolean): boolean {
  return all.slice(0, all.indexOf(one)).some(({ value }) => isSame(value));
}

function isSamePlace(a: Declared<unknown>, b: Declared<unknown>): boolean {
  return a.place.file.path === b.place.file.path && a.place.at.start === b.place.at.start;
}
