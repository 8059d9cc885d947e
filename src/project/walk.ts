import { type Dirent, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type PathPatterns, readIgnoreFile } from '../core/path-patterns.js';
import { inFolder, type Listings, listEntries } from './entries.js';
import { below } from './project.js';
import { decode, type Indexes, openFolder, readBytes } from './read.js';

/** A folder that was walked to. Paths are relative to the walk's base. */
export interface WalkedFolder {
  readonly path: string;
  /** Its absolute path without links. */
  readonly real: string;
  readonly entries: readonly Dirent[];
  /** Takes what is listed of it before the walk goes on. */
  readonly listings: Listings;
  /** The root of the git repository that it lies in; outside of any the folder that the walk began in. */
  readonly repository: string;
  readonly repositoryReal: string;
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

/** What is true of a folder and of all below it. */
interface Surroundings {
  readonly repository: string;
  readonly repositoryReal: string;
  readonly indexes: Indexes;
  readonly isTemplate: boolean;
  /** What the `.gitignore` files of the repository say, that of the innermost folder last. */
  readonly ignores: readonly { readonly folder: string; readonly patterns: PathPatterns }[];
}

interface Step {
  readonly path: string;
  readonly real: string;
  readonly around: Surroundings;
}

/**
 * The folder `start` and all below it, each before what it holds, in the order of their names. Links are not followed, so
 * no folder comes twice. Left out are other people's code, build outputs and, like git, what `.gitignore` files say,
 * unless git tracks something in it; `start` itself and what `others` names are not judged by them. What `others`
 * names is left to another walk. Of the folders that can be listed come those whose entries `isWanted` wants.
 */
export function* walkFolders(
  base: string,
  start: string,
  others: ReadonlySet<string>,
  skipped: Skipped,
  isWanted: (entries: readonly Dirent[]) => boolean,
): Generator<WalkedFolder | ClosedFolder> {
  const startReal = realOf(join(base, start));
  const around: Surroundings = {
    repository: start,
    repositoryReal: startReal,
    indexes: new Map(),
    isTemplate: false,
    ignores: [],
  };
  const stack: Step[] = [{ path: start, real: startReal, around }];
  const linked = new Set<string>();
  const listings: Listings = new Map();
  for (let step = stack.pop(); step; step = stack.pop()) {
    const { path, real } = step;
    const entries = takeListing(listings, real) ?? listEntries(real);
    if ('problem' in entries) {
      yield { path, problem: entries.message };
      continue;
    }
    // What was listed elsewhere than below is never asked for again.
    if (listings.size > mostListings) listings.clear();
    const marks = findMarks(entries);
    if (marks.devcontainer?.isSymbolicLink()) linked.add(realOf(inFolder(real, '.devcontainer')));
    const here = enter(step, marks, listings);
    if (isWanted(entries)) {
      const { repository, repositoryReal, indexes, isTemplate } = here;
      const isLinked = linked.has(real);
      yield { path, real, entries, listings, repository, repositoryReal, indexes, isTemplate, isLinked };
    }
    // Last in, first out.
    for (let at = entries.length - 1; at >= 0; at -= 1) {
      const entry = entries[at];
      if (!entry?.isDirectory() || closed.has(entry.name)) continue;
      const inner = { path: below(path, entry.name), real: inFolder(real, entry.name), around: here };
      if (others.has(inner.path)) continue;
      if (vendored.has(entry.name)) skipped.vendored += countBelow(inner.real, skipped);
      else if (isIgnored(inner) && !isTracked(base, inner))
        skipped.ignored += countBelow(inner.real, skipped);
      else stack.push(inner);
    }
  }
}

const mostListings = 200;

/** What a project listed before the walk came there. Few folders are: a path is looked up only where some wait. */
function takeListing(listings: Listings, real: string): readonly Dirent[] | undefined {
  if (listings.size === 0) return undefined;
  const entries = listings.get(real);
  if (entries) listings.delete(real);
  return entries;
}

/** The path itself where it cannot be followed: listing it then says why. */
function realOf(absolute: string): string {
  try {
    return realpathSync(absolute);
  } catch {
    return absolute;
  }
}

/** What a folder has of the names that say something about it and all below. */
interface Marks {
  git?: Dirent;
  ignores?: Dirent;
  devcontainer?: Dirent;
  template?: Dirent;
}

const markNames: ReadonlyMap<string, keyof Marks> = new Map([
  ['.git', 'git'],
  ['.gitignore', 'ignores'],
  ['.devcontainer', 'devcontainer'],
  ['devcontainer-template.json', 'template'],
]);

function findMarks(entries: readonly Dirent[]): Marks {
  const marks: Marks = {};
  for (const entry of entries) {
    const mark = markNames.get(entry.name);
    if (mark) marks[mark] = entry;
  }
  return marks;
}

/** What is around all that lies in a folder: a repository begins there, or more is ignored below. */
function enter({ path, real, around }: Step, marks: Marks, listings: Listings): Surroundings {
  const { git, ignores, template } = marks;
  if (!git && !ignores && !template) return around;
  const read = [...(git ? readExclude(real, git, listings) : []), ...(ignores ? readIgnores(real) : [])];
  const own = read.map((patterns) => ({ folder: path, patterns }));
  return {
    repository: git ? path : around.repository,
    repositoryReal: git ? real : around.repositoryReal,
    indexes: git ? new Map() : around.indexes,
    isTemplate: (around.isTemplate && !git) || template !== undefined,
    ignores: git ? own : [...around.ignores, ...own],
  };
}

/** What a clone ignores by itself. What is in `.git` is asked for again, and where `info` is missing nothing has to fail. */
function readExclude(real: string, git: Dirent, listings: Listings): readonly PathPatterns[] {
  const folder = inFolder(real, '.git');
  const entries = git.isDirectory() ? listEntries(folder) : undefined;
  if (entries && !('problem' in entries)) {
    listings.set(folder, entries);
    if (!entries.some(({ name }) => name === 'info')) return [];
  }
  return git.isFile() ? [] : readIgnores(inFolder(folder, 'info'), 'exclude');
}

function readIgnores(real: string, name = '.gitignore'): readonly PathPatterns[] {
  const bytes = readBytes(inFolder(real, name));
  const text = 'problem' in bytes ? undefined : decode(bytes);
  return text === undefined ? [] : [readIgnoreFile(text)];
}

/** The innermost file that speaks about a folder decides. */
function isIgnored({ path, around }: Step): boolean {
  for (let at = around.ignores.length - 1; at >= 0; at -= 1) {
    const { folder = '', patterns } = around.ignores[at] ?? {};
    const verdict = patterns?.judge(folder === '' ? path : path.slice(folder.length + 1), true);
    if (verdict) return verdict === 'ignored';
  }
  return false;
}

/** Whether git tracks something in a folder: that is never ignored, whatever the patterns say. */
function isTracked(base: string, { path, around: { repository, indexes } }: Step): boolean {
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
    if ('problem' in entries) continue;
    for (const entry of entries) {
      if (entry.name === '.devcontainer.json') count += 1;
      else if (entry.name === 'devcontainer.json' && /\.devcontainer(?:[/\\][^/\\]+)?$/.test(folder))
        count += 1;
      else if (entry.isDirectory() && entry.name !== '.git') queue.push(inFolder(folder, entry.name));
    }
  }
  return count;
}
