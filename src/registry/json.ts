import { RegistryError } from './failure.js';
import type { Answer } from './network.js';

type Json = Readonly<Record<string, unknown>>;

/** An answer's body as an object. @throws RegistryError where it is none, or the status says no. */
export function readObject({ status, body, url }: Answer, what: string): Json {
  if (status !== 200) throw new RegistryError(`${url.host} ${refusal(status, what)}`);
  const value = parse(body);
  if (!isObject(value)) throw new RegistryError(`${url.host} answers with something other than JSON`);
  return value;
}

/** A status in the words of who asked. */
export function refusal(status: number, what: string): string {
  if (status === 401 || status === 403)
    return `does not show ${what} without a login (status ${status}), and none is ever sent: write the version yourself`;
  if (status === 404) return `does not have ${what} (status 404): look whether the name is right`;
  if (status === 429) return 'takes no more questions for now (status 429): try again later';
  return `answers with status ${status}: try again later`;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A property that only counts as its own: `constructor` is no version of a package. */
export function property(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function textAt(value: unknown, key: string): string | undefined {
  const found = property(value, key);
  return typeof found === 'string' ? found : undefined;
}

export function listAt(value: unknown, key: string): readonly unknown[] {
  const found = property(value, key);
  return Array.isArray(found) ? found : [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
