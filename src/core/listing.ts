import type { Project } from './rule.js';

/** The names in a folder; none where it is not there or cannot be listed. A project on disk looks once. */
export function namesIn(project: Project, folder: string): readonly string[] {
  const listing = project.list(folder);
  return 'names' in listing ? listing.names : [];
}

/** Whether one of the names is what a pattern says; a leading `*` in it stands for any start. */
export function speaksFor(patterns: readonly string[], names: ReadonlySet<string>): boolean {
  return patterns.some((pattern) => {
    if (!pattern.startsWith('*')) return names.has(pattern);
    const end = pattern.slice(1);
    return Array.from(names).some((name) => name.length > end.length && name.endsWith(end));
  });
}
