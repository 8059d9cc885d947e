import type { Listing, Project, ReadProblem, ReadResult } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import { describeProblem, normalizePath } from './project.js';

/** A project made of texts by path, for tests and for files that are not written yet. */
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
  };
}

/** The base project with some files' texts replaced or added; so a change can be checked before it is written. */
export function overlayProject(base: Project, changed: ReadonlyMap<string, string>): Project {
  const files = new Map<string, SourceFile>();
  for (const [path, text] of changed) files.set(normalizePath(path) ?? path, { path, text });
  return {
    ...base,
    read(path): ReadResult {
      const file = files.get(normalizePath(path) ?? path);
      return file ? { file } : base.read(path);
    },
  };
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
