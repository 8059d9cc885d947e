import { createHash } from 'node:crypto';

/** Where the texts lie that init wrote last: committed with the project, so that everybody's edits can be told apart. */
export const basePath = '.devcontainer/harden-devcontainer-base.json';

/** What init wrote last. It comes with the repository: data to compare with, nothing more. */
export interface Base {
  /** Id of the newest change of the templates that was in it. */
  readonly changes: number;
  /** By path in the project, all of them below `.devcontainer`. */
  readonly files: ReadonlyMap<string, Recorded>;
}

/** The text where edits by hand may be joined with it; of other files its hash tells whether there are any. */
export type Recorded = { readonly text: string } | { readonly sha256: string };

export function hashed(text: string): Recorded {
  return { sha256: createHash('sha256').update(text).digest('hex') };
}

/** Whether the text is the one that was recorded. */
export function isRecorded(recorded: Recorded | undefined, text: string): boolean {
  if (!recorded) return false;
  return 'text' in recorded ? recorded.text === text : isSame(recorded, hashed(text));
}

function isSame(a: Recorded | undefined, b: Recorded | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const mostFiles = 500;

const about = 'What init wrote last. Commit it with the rest; init compares with it and writes it anew.';

/** One line for each file, so that a diff shows which changed. */
export function encodeBase({ changes, files }: Base): string {
  const entries = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, one]) => [path, pack(one)]);
  return `${JSON.stringify({ about, version: 1, changes, files: Object.fromEntries(entries) }, undefined, 1)}\n`;
}

/** Undefined where it is damaged or holds what init does not write. */
export function decodeBase(text: string): Base | undefined {
  try {
    const { version, changes, files } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (version !== 1 || !Number.isSafeInteger(changes) || typeof files !== 'object' || files === null)
      return undefined;
    const entries = Object.entries(files as Readonly<Record<string, unknown>>);
    if (entries.length > mostFiles || !entries.every(([path]) => isOurs(path))) return undefined;
    return {
      changes: changes as number,
      files: new Map(entries.map(([path, data]) => [path, unpack(data)])),
    };
  } catch {
    return undefined;
  }
}

/** A path that the record may speak about: it must never lead init to a file that it would not write itself. */
export function isOurs(path: string): boolean {
  return /^(?!.*\/\.\.?(?:\/|$))\.devcontainer\/[\w./-]+$/.test(path) && path !== basePath;
}

export function isSameBase(a: Base, b: Base): boolean {
  const isEqual = [...a.files].every(([path, one]) => isSame(b.files.get(path), one));
  return isEqual && a.files.size === b.files.size && a.changes === b.changes;
}

const plain = 'text:';
const hash = 'sha256:';

function pack(recorded: Recorded): string {
  return 'text' in recorded ? plain + recorded.text : hash + recorded.sha256;
}

function unpack(data: unknown): Recorded {
  if (typeof data !== 'string') throw new TypeError('not text');
  if (data.startsWith(hash)) return { sha256: data.slice(hash.length) };
  if (!data.startsWith(plain)) throw new TypeError('in no known form');
  return { text: data.slice(plain.length) };
}
