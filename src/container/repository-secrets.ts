import { Attached } from '../core/attached.js';
import { namesIn } from '../core/listing.js';
import type { Project, TrackedFiles } from '../core/rule.js';
import { joinFolder } from './paths.js';
import { isSampleData, judgeSecretFile, maySecretFile, type SecretFile } from './secret-files.js';

/** A file below a project's root that holds a secret. */
export interface RepositorySecret extends SecretFile {
  /** As in {@link Project}. */
  readonly path: string;
  /** Undefined where no index of Git can be read. */
  readonly tracked: boolean | undefined;
  /** Data of a test or an example. */
  readonly sample: boolean;
}

/** A repository with more such files than these is a collection of them; each is read. */
const mostFiles = 200;

// The names of a large repository are looked through once, however many containers ask.
const known = new Attached<TrackedFiles, readonly string[]>();

function trackedCandidates(tracked: TrackedFiles): readonly string[] {
  const found =
    known.get(tracked) ??
    tracked.paths.flatMap((path) => (maySecretFile(path) ? (joinFolder(tracked.root, path) ?? []) : []));
  known.set(tracked, found);
  return found;
}

/**
 * The files with secrets below a root: those that Git tracks, wherever they are, and those that lie in the root itself
 * or in its .devcontainer folder.
 */
export function listRepositorySecrets(root: string, project: Project): readonly RepositorySecret[] {
  const tracked = project.tracked(root);
  const inRoot = (path: string) => root === '' || path.startsWith(`${root}/`);
  const candidates = new Set(tracked ? trackedCandidates(tracked).filter(inRoot) : []);
  const trackedHere = new Set(candidates);
  for (const folder of ['.', '.devcontainer']) {
    const path = joinFolder(root, folder) ?? '';
    for (const name of namesIn(project, path))
      if (maySecretFile(name)) candidates.add(path === '' ? name : `${path}/${name}`);
  }
  return [...candidates].slice(0, mostFiles).flatMap((path) => {
    const result = project.read(path);
    if ('problem' in result && result.problem !== 'not-utf8') return [];
    const judged = judgeSecretFile(path, 'file' in result ? result.file.text : undefined);
    const isTracked = tracked && trackedHere.has(path);
    return judged ? [{ ...judged, path, tracked: isTracked, sample: isSampleData(path) }] : [];
  });
}
