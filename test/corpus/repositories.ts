import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the configurations are: HARDEN_CORPUS, or beside the checkout. One folder a repository. */
export const corpus =
  process.env.HARDEN_CORPUS ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'corpus');

/** Names of the repositories, sorted. */
export function listRepositories(): readonly string[] {
  return readdirSync(corpus, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Every file below a folder: path and text, byte for byte. */
export function readTexts(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith('.git/'))
    .sort();
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'latin1')]));
}

/** Calls `use` with a copy of a repository that may be changed. */
export async function withCopy<T>(name: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'harden-corpus-'));
  try {
    cpSync(join(corpus, name), folder, { recursive: true });
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
