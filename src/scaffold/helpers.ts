/**
 * The only ways in which a value reaches an emitted file. Each takes one kind of value, quotes it for one language and
 * throws on what that language could read as something else. The policy's schema has refused hostile values before; these
 * helpers do not rely on it.
 */
import type { AllowedHost, AllowedRange, Overlay, Starter } from '../policy/options.js';

/** A value that must not be printed where a template wants it: our bug, since the schema should have refused it. */
class QuotingError extends Error {
  override readonly name = 'QuotingError';
}

// C0 and C1 controls, line separators, and the marks that reorder text on screen.
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;

function text(value: unknown, pattern: RegExp, what: string): string {
  if (typeof value !== 'string' || unprintable.test(value) || !pattern.test(value)) {
    throw new QuotingError(`${JSON.stringify(value)} is not ${what}`);
  }
  return value;
}

/** A JSON string. `${` is refused: the dev container tool would put the host's variables in its place. */
export function json(value: unknown): string {
  return JSON.stringify(text(value, /^(?!.*\$\{)/s, 'text without ${'));
}

/** One word for a POSIX shell, quoted always. */
export function sh(value: unknown): string {
  return `'${text(value, /^/, 'one line of text').replaceAll("'", "'\\''")}'`;
}

/** A command for a POSIX shell, its words quoted where it could read them as something else. */
export function words(command: unknown): string {
  const plain = /^[A-Za-z0-9_./:=@%+-]+$/;
  return (command as readonly unknown[])
    .map((word) => (typeof word === 'string' && plain.test(word) ? word : sh(word)))
    .join(' ');
}

/** Text of a comment: one line. */
export function line(value: unknown): string {
  return text(value, /^(?!.*\\$)/s, 'one line of text').trim();
}

/** An image reference for FROM: registry, path, tag, digest; nothing that a Dockerfile would expand. */
export function image(value: unknown): string {
  return text(
    value,
    /^[a-z0-9][a-z0-9._:/-]*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/,
    'an image reference',
  );
}

/** A Debian package, optionally with its exact version. */
export function aptPackage(value: unknown): string {
  return text(value, /^[a-z0-9][a-z0-9+.-]+(?:=[A-Za-z0-9.+:~-]+)?$/, 'a Debian package');
}

/** A path for COPY: no blanks, no quotes, no way up. */
export function path(value: unknown): string {
  return text(value, /^(?!.*(?:^|\/)\.\.(?:\/|$))[A-Za-z0-9_./-]+$/, 'a plain path');
}

/** A `mounts` string for a named volume that belongs to this dev container alone. */
export function volume(name: unknown, target: unknown): string {
  const source = text(name, /^[a-z0-9][a-z0-9_.-]*$/, 'a volume name');
  const where = text(target, /^\/[A-Za-z0-9_./-]+$/, 'an absolute path');
  return JSON.stringify(`type=volume,source=${source}-\${devcontainerId},target=${where}`);
}

/** A JSON string with a flag of the engine and its value: a number, or a word such as `8g`. */
export function flag(name: unknown, value: unknown): string {
  const flagName = text(name, /^--[a-z-]+$/, 'a flag');
  return JSON.stringify(`${flagName}=${amount(value)}`);
}

/** A number or a size such as `8g`, for YAML. */
export function amount(value: unknown): string {
  return text(typeof value === 'number' ? String(value) : value, /^[0-9]+(?:\.[0-9]+)?[mg]?$/, 'an amount');
}

/** A `mounts` string for an {@link Overlay}. */
export function overlay({ path, kind }: Overlay): string {
  const own = projectPath(path);
  const source = kind in placeholders ? placeholders[kind as keyof typeof placeholders] : own;
  const end = kind === 'writable' ? '' : ',readonly';
  return JSON.stringify(
    `type=bind,source=\${localWorkspaceFolder}/${source},target=\${containerWorkspaceFolder}/${own}${end}`,
  );
}

/** The same as an entry of a compose file's `volumes`, where .devcontainer is `.`. */
export function overlayVolume({ path, kind }: Overlay): string {
  const own = projectPath(path);
  const source = kind in placeholders ? placeholders[kind as keyof typeof placeholders] : own;
  const end = kind === 'writable' ? '' : ', read_only: true';
  return `{ type: bind, source: ${JSON.stringify(`../${source}`)}, target: ${JSON.stringify(`/workspace/${own}`)}${end} }`;
}

/** What is mounted where nothing is to be seen. */
const placeholders = {
  'empty-file': '.devcontainer/masks/file',
  'empty-folder': '.devcontainer/masks/folder',
} as const;

function projectPath(value: unknown): string {
  return text(
    value,
    /^(?!.*(?:^|\/)\.\.(?:\/|$))[A-Za-z0-9._@+-][A-Za-z0-9._@+/ -]*$/,
    'a path of the project',
  );
}

/** A JSON object of strings, its members on lines of their own, indented below `indent` blanks. */
export function object(value: unknown, indent: number): string {
  const members = Object.entries(value as Record<string, unknown>);
  if (members.length === 0) return '{}';
  const pad = ' '.repeat(indent);
  return `{\n${members.map(([key, member]) => `${pad}  ${json(key)}: ${json(member)}`).join(',\n')}\n${pad}}`;
}

/** A JSON array of strings on one line. */
export function array(value: unknown): string {
  return `[${(value as readonly unknown[]).map(json).join(', ')}]`;
}

/** The lines of the allowlist that stand for one host: bare for 443 and 80 together, one `name:port` each otherwise. */
export function entries(allowed: AllowedHost): string[] {
  const host = text(allowed.host, /^\.?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/, 'a host name');
  if (allowed.private) return allowed.ports.map((port) => `${host}:${number(port)} private`);
  const web = allowed.ports.includes(443) && allowed.ports.includes(80);
  const rest = allowed.ports.filter((port) => !web || (port !== 443 && port !== 80));
  return [...(web ? [host] : []), ...rest.map((port) => `${host}:${number(port)}`)];
}

/** The lines of the allowlist that stand for one range: a reason belongs behind each. */
export function rangeEntries({ range, ports, reason }: AllowedRange): string[] {
  const addresses = text(range, /^[0-9a-f.:]+\/[0-9]{1,3}$/, 'an address range');
  return ports.map((port) => `${addresses}:${number(port)} # ${line(reason)}`);
}

/** The dev container's name as a JSON string, with the mark of a container that only observes. */
export function title(value: unknown, observe: unknown): string {
  return json(observe === true ? `${text(value, /^/, 'a name')} (OBSERVE: egress open)` : value);
}

/** `appPort`: each port on the host's loopback alone. */
export function published(ports: readonly { readonly port: number }[]): string {
  return array(ports.map(({ port }) => `127.0.0.1:${number(port)}:${number(port)}`));
}

/** A port or other whole number. */
export function number(value: unknown): string {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new QuotingError(`${JSON.stringify(value)} is not a whole number`);
  }
  return String(value);
}

/** A forward's name: it becomes a word of a file and a directory. */
export function name(value: unknown): string {
  return text(value, /^[A-Za-z0-9_-]{1,64}$/, 'a name of letters, digits, - and _');
}

/** The line of a script that starts a program with the script's own arguments, as one word. */
export function starter({ run, set, unset, flags }: Starter): string {
  const variable = (value: unknown) => text(value, /^[A-Z][A-Z0-9_]*$/, 'a variable');
  const words = [
    'exec /usr/bin/env',
    ...unset.map((name) => `--unset=${variable(name)}`),
    ...Object.entries(set).map(([name, value]) => `${variable(name)}=${path(value)}`),
    ...[...run, ...flags].map(path),
  ];
  return sh(`${words.join(' ')} "$@"`);
}

/** A checked wheel as pip takes it: one word. */
export function requirement(wheel: {
  readonly name: unknown;
  readonly url: unknown;
  readonly sha256: unknown;
}): string {
  const name = text(wheel.name, /^[a-z][a-z0-9_]*$/, 'a package name');
  const url = text(wheel.url, /^https:\/\/[A-Za-z0-9._/-]+\.whl$/, 'the address of a wheel');
  return sh(`${name} @ ${url}#sha256=${text(wheel.sha256, /^[0-9a-f]{64}$/, 'a checksum')}`);
}

/** A folder in the user's home with those on the way to it, as words: whoever makes it decides whose they are. */
export function foldersTo(target: unknown): string {
  const steps = text(
    target,
    /^\/home\/dev(?:\/(?!.*\.\.)[A-Za-z0-9._/-]+)?$/,
    "the user's home or a folder in it",
  ).split('/');
  // The home itself is there, and its own volume covers it whole.
  if (steps.length === 3) return sh(target);
  return steps
    .slice(3)
    .map((_, index) => sh(steps.slice(0, index + 4).join('/')))
    .join(' ');
}
