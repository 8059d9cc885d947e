import type { Project } from './rule.js';

/** The names in a folder; none where it is not there or cannot be listed. A project on disk looks once. */
export function namesIn(project: Project, folder: string): readonly string[] {
  const listing = project.list(folder);
  return 'names' in listing ? listing.names : [];
}
