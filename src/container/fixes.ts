import type { Edit, Fix } from '../core/rule.js';
import type { DeclaredMount } from './container.js';

/** One alternative for the user to judge, as a list: empty where the syntax has no edits for it. */
export function offerFix(title: string, consequence: string, edits: readonly Edit[] | undefined): Fix[] {
  if (!edits || edits.length === 0) return [];
  return [{ title, safety: 'review', consequence, edits }];
}

/**
 * The same for a declaration that may have no effect: `idle` says why it has none, and taking it out is safe then.
 * `consequence` holds where it has one.
 */
export function offerRemoval(
  title: string,
  consequence: string,
  edits: readonly Edit[],
  idle: string | undefined,
): Fix[] {
  const fixes = offerFix(title, idle === undefined ? consequence : `nothing changes: ${idle}`, edits);
  return idle === undefined ? fixes : fixes.map((fix) => ({ ...fix, safety: 'safe' }));
}

/**
 * A named volume in place of the host's folder. Its name is unique per project: through `devcontainerId`, and under
 * compose through the project's name, which compose puts before it. So one project's container never reads what
 * another one's stored. `path` gives it its name.
 */
export function offerVolume(mount: DeclaredMount, path: string, consequence: string): Fix[] {
  const slug = slugOf(path);
  const name = mount.volume ?? (mount.syntax === 'compose' ? slug : `${slug}-\${devcontainerId}`);
  return offerFix(`use the named volume ${name} instead`, consequence, mount.toVolume(name));
}

function slugOf(path: string): string {
  const slug = path.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return slug.replace(/^-+|-+$/g, '') || 'state';
}
