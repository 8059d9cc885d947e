import { type Dirent, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type PathPatterns, readPatterns } from '../core/path-patterns.js';
import { failedWith } from './failed.js';
import { below } from './project.js';
import { decode, type Indexes, openFolder, readBytes } from './read.js';

/** A folder that was walked to. Paths are relative to the walk's base. */
export interface WalkedFolder {
  readonly path: string;
  /** Its absolute path without links. */
  readonly real: string;
  readonly entries: readonly Dirent[];
  /** What is listed of it before the walk goes on, so that nothing is listed twice. */
  readonly looked: Map<string, readonly Dirent[]>;
  /** The root of the git repository that it lies in; outside of any the folder that the walk began in. */
  readonly repository: string;
  /** What is known of the repository's files: every folder of it shares this. */
  readonly indexes: Indexes;
  /** Whether it lies in what a dev container template is made of. */
  readonly isTemplate: boolean;
  /** Whether a folder before it has it as its `.devcontainer`, by a link. */
  readonly isLinked: boolean;
}

/** A folder that cannot be listed, and why, as a sentence part. */
export interface ClosedFolder {
  readonly path: string;
  readonly problem: string;
}

/** What was not walked into although it may hold dev containers. Grows while the walk goes on. */
export interface Skipped {
  /** Configurations in folders of other people's code and of build outputs. */
  vendored: number;
  /** Configurations in folders that git ignores. */
  ignored: number;
  /** Whether there was too much to count it all. */
  isPartial: boolean;
  /** Folders that may still be looked into to count. */
  budget: number;
}

/** Two thousand folders take some hundredths of a second; a large `node_modules` has ten times as many. */
export function newSkipped(): Skipped {
  return { vendored: 0, ignored: 0, isPartial: false, budget: 2000 };
}

const vendored = new Set(
  'node_modules bower_components vendor third_party site-packages .venv venv .tox .nox __pycache__ Pods .gradle .terraform .cache .next .nuxt .output .turbo dist build out target coverage'.split(
    ' ',
  ),
);
/** What version control keeps for itself, and the dev container's own folder, which is looked at from above. */
const closed = new Set(['.git', '.hg', '.svn', '.jj', '.devcontainer']);

interface Step {
  readonly path: string;
  readonly real: string;
  readonly repository: string;
  readonly isTemplate: boolean;
  readonly indexes: Indexes;
  /** What the `.gitignore` files of the repository say, that of the innermost folder last. */
  readonly ignores: readonly { readonly folder: string; readonly patterns: PathPatterns }[];
}

/**
 * The folder `start` and all below it, each before what it holds, in the order of their names. Links are not followed, so
 * no folder comes twice. Left out are other people's code, build outputs and, like git, what `.gitignore` files say,
 * unless git tracks something in it; `start` itself and what `isOther` names are not judged by them. What `isOther`
 * names is left to another walk.
 */
export function* walkFolders(
  base: string,
  start: string,
  isOther: (path: string) => boolean,
  skipped: Skipped,
): Generator<WalkedFolder | ClosedFolder> {
  const stack: Step[] = [
    {
      path: start,
      real: realOf(join(base, start)),
      repository: start,
      isTemplate: false,
      indexes: new Map(),
      ignores: [],
    },
  ];
  const linked = new Set<string>();
  const looked = new Map<string, readonly Dirent[]>();
  for (let step = stack.pop(); step; step = stack.pop()) {
    const entries = listEntries(step.real, looked.get(step.real));
    looked.delete(step.real);
    if (typeof entries === 'string') {
      yield { path: step.path, problem: entries };
      continue;
    }
    const here = enter(step, entries);
    if (entries.some((entry) => entry.name === '.devcontainer' && entry.isSymbolicLink()))
      linked.add(realOf(join(here.real, '.devcontainer')));
    // What was listed elsewhere than below is never asked for again.
    if (looked.size > mostLooked) looked.clear();
    yield { ...here, entries, looked, isLinked: linked.has(here.real) };
    // Last in, first out.
    for (const entry of entries.toReversed()) {
      const path = below(here.path, entry.name);
      if (!entry.isDirectory() || closed.has(entry.name) || isOther(path)) continue;
      const real = join(here.real, entry.name);
      if (vendored.has(entry.name)) skipped.vendored += countBelow(real, skipped);
      else if (isIgnored(here, path) && !isTracked(base, here, path))
        skipped.ignored += countBelow(real, skipped);
      else stack.push({ ...here, path, real });
    }
  }
}

const mostLooked = 200;

/** The path itself where it cannot be followed: listing it then says why. */
function realOf(absolute: string): string {
  try {
    return realpathSync(absolute);
  } catch {
    return absolute;
  }
}

/** Sorted; a sentence part where the folder cannot be listed. */
function listEntries(absolute: string, known?: readonly Dirent[]): Dirent[] | string {
  try {
    const entries = known ?? readdirSync(absolute, { withFileTypes: true });
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch (error) {
    return failedWith(error).message;
  }
}

/** The step with what the folder's own names say: a repository begins here, or more is ignored below. */
function enter(step: Step, entries: readonly Dirent[]): Step {
  const { path, real } = step;
  const has = (wanted: string) => entries.some(({ name }) => name === wanted);
  const begins = has('.git');
  const ignores = begins ? [] : step.ignores;
  const own = [...(begins ? ['.git/info/exclude'] : []), ...(has('.gitignore') ? ['.gitignore'] : [])];
  const read = own.flatMap((name) => {
    const bytes = readBytes(join(real, name));
    const text = Buffer.isBuffer(bytes) ? decode(bytes) : undefined;
    return text === undefined ? [] : [{ folder: path, patterns: readPatterns(text.split('\n')) }];
  });
  return {
    path,
    real,
    repository: begins ? path : step.repository,
    indexes: begins ? new Map() : step.indexes,
    isTemplate: (step.isTemplate && !begins) || has('devcontainer-template.json'),
    ignores: read.length > 0 ? [...ignores, ...read] : ignores,
  };
}

/** The innermost file that speaks about a folder decides. */
function isIgnored({ ignores }: Step, path: string): boolean {
  for (const { folder, patterns } of ignores.toReversed()) {
    const verdict = patterns.judge(folder === '' ? path : path.slice(folder.length + 1), true);
    if (verdict) return verdict === 'ignored';
  }
  return false;
}

/** Whether git tracks something in a folder: that is never ignored, whatever the patterns say. */
function isTracked(base: string, { repository, indexes }: Step, path: string): boolean {
  const files = openFolder(base, [repository], { indexes }).tracked(repository);
  if (files?.root !== repository) return false;
  const prefix = `${repository === '' ? path : path.slice(repository.length + 1)}/`;
  // Git keeps them sorted.
  let low = 0;
  let high = files.paths.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((files.paths[middle] ?? '') < prefix) low = middle + 1;
    else high = middle;
  }
  return files.paths[low]?.startsWith(prefix) ?? false;
}

/** Dev container configurations in a folder that is not walked into; the shallow ones first, as far as the budget goes. */
function countBelow(absolute: string, skipped: Skipped): number {
  let count = 0;
  const queue = [absolute];
  for (const folder of queue) {
    if (skipped.budget <= 0) {
      skipped.isPartial = true;
      break;
    }
    skipped.budget -= 1;
    const entries = listEntries(folder);
    if (typeof entries === 'string') continue;
    for (const entry of entries) {
      if (entry.name === '.devcontainer.json') count += 1;
      else if (entry.name === 'devcontainer.json' && /\.devcontainer(?:[/\\][^/\\]+)?$/.test(folder))
        count += 1;
      else if (entry.isDirectory() && entry.name !== '.git') queue.push(join(folder, entry.name));
    }
  }
  return count;
}
