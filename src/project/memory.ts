import type { Listing, Project, ReadProblem, ReadResult } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import { below, describeProblem, foldersUp, normalizePath } from './project.js';

/**
 * A project made of texts by path, for tests and for files that are not written yet. A text `.git/index` stands for
 * Git's own, with the path of one tracked file on each line.
 */
export function memoryProject(files: Readonly<Record<string, string>>): Project {
  const known = new Map<string, SourceFile>();
  for (const [path, text] of Object.entries(files)) {
    const normal = normalizePath(path);
    if (normal) known.set(normal, { path: normal, text });
  }
  return {
    read(path) {
      const normal = normalizePath(path);
      if (normal === undefined) return failed('outside');
      const file = known.get(normal);
      if (file) return { file };
      return failed(namesBelow(known.keys(), normal).length > 0 ? 'not-a-file' : 'missing');
    },
    list(path): Listing {
      const normal = normalizePath(path);
      if (normal === undefined) return failed('outside');
      if (known.has(normal)) return failed('not-a-file');
      const names = namesBelow(known.keys(), normal);
      return names.length > 0 || normal === '' ? { names } : failed('missing');
    },
    tracked(folder) {
      const root = foldersUp(normalizePath(folder) ?? '').find((up) => known.has(below(up, '.git/index')));
      const index = root === undefined ? undefined : known.get(below(root, '.git/index'));
      return root === undefined || !index
        ? undefined
        : { root, paths: index.text.split(/\r?\n/).filter(Boolean) };
    },
  };
}

/** The base project with some files' texts replaced or added; so a change can be checked before it is written. */
export function overlayProject(base: Project, changed: ReadonlyMap<string, string>): Project {
  return overlayWith(changed)(base);
}

/** {@link overlayProject} for many projects. */
export function overlayWith(changed: ReadonlyMap<string, string>): (base: Project) => Project {
  const files = new Map<string, SourceFile>();
  for (const [path, text] of changed) files.set(normalizePath(path) ?? path, { path, text });
  return (base) => ({
    ...base,
    read(path): ReadResult {
      const file = files.get(normalizePath(path) ?? path);
      return file ? { file } : base.read(path);
    },
  });
}

function failed(problem: ReadProblem): { problem: ReadProblem; message: string } {
  return { problem, message: describeProblem(problem) };
}

function namesBelow(paths: Iterable<string>, folder: string): string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const names = new Set<string>();
  for (const path of paths) {
    const [name] = path.startsWith(prefix) ? path.slice(prefix.length).split('/') : [];
    if (name) names.add(name);
  }
  return [...names].sort();
}
