import { UserError } from '../core/errors.js';
import type { Project } from '../core/rule.js';
import type { Emission } from '../index.js';
import type { FileChange } from './diff.js';

/** A place that the dev container tools read besides the folder that we write. */
export const otherConfig = '.devcontainer.json';

/** One file that `init` would make, change or remove. */
export interface PlannedFile extends FileChange {
  readonly executable: boolean;
  /** False where what stands there stays in the new text (`.mcp.json`): then nobody has to be asked. */
  readonly overwrites: boolean;
}

/** The text of a file in the project, undefined where there is none. @throws UserError where it cannot be used. */
export function readExisting(project: Project, path: string): string | undefined {
  const result = project.read(path);
  if ('file' in result) return result.file.text;
  if (result.problem === 'missing') return undefined;
  throw new UserError(`${path} ${result.message}; move it away first`);
}

/**
 * What differs between the emissions and the disk. `merged` names files whose new text keeps all of the old one.
 * A `.devcontainer.json` goes: beside ours it would be a second, open way to start the project.
 */
export function planFiles(
  emissions: readonly Emission[],
  project: Project,
  merged: ReadonlySet<string>,
): readonly PlannedFile[] {
  const files = emissions.map(({ path, text, executable }): PlannedFile => {
    const before = readExisting(project, path);
    return { path, before, after: text, executable, overwrites: before !== undefined && !merged.has(path) };
  });
  const other = readExisting(project, otherConfig);
  if (other !== undefined)
    files.push({ path: otherConfig, before: other, after: undefined, executable: false, overwrites: true });
  return files.filter(({ before, after }) => before !== after);
}

/** `new`, `changed` or `removed`, with the path: one line each. */
export function listFiles(files: readonly PlannedFile[]): string {
  return files.map((file) => `  ${kindOf(file).padEnd(8)} ${file.path}\n`).join('');
}

function kindOf({ before, after }: PlannedFile): string {
  if (before === undefined) return 'new';
  return after === undefined ? 'removed' : 'changed';
}
