import { namesIn } from '../core/listing.js';
import type { Project } from '../core/rule.js';
import { isEgressKind, kindOf } from '../documents/kinds.js';

/** More folders than these beside a devcontainer.json are not for its firewall. */
const mostFolders = 50;

/** Where the files that decide about egress stand: beside a devcontainer.json, or in `.devcontainer` beside `.devcontainer.json`. */
export function egressFolderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  const folder = slash < 0 ? '' : path.slice(0, slash);
  if (path.slice(slash + 1) !== '.devcontainer.json') return folder;
  return slash < 0 ? '.devcontainer' : `${folder}/.devcontainer`;
}

/**
 * The files in such a folder whose names say that they decide about egress, relative to it; lists and scripts of a firewall also one
 * folder further down, where that has no devcontainer.json of its own.
 */
export function listEgressFiles(folder: string, project: Project): string[] {
  if (!/(?:^|\/)\.devcontainer(?:\/|$)/.test(folder)) return [];
  const names = namesIn(project, folder);
  // A name with a dot is a file's.
  const folders = names.filter((name) => !/\.|^Dockerfile$/.test(name)).slice(0, mostFolders);
  const below = folders.flatMap((name) => {
    const inner = namesIn(project, `${folder}/${name}`);
    return inner.includes('devcontainer.json') ? [] : inner.map((file) => `${name}/${file}`);
  });
  const kindIn = (name: string) => kindOf(`${folder}/${name}`);
  return [
    ...names.filter((name) => isEgressKind(kindIn(name))),
    ...below.filter((name) => ['allowlist', 'firewall-script'].includes(kindIn(name) ?? '')),
  ];
}
