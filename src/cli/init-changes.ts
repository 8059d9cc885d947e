import { UserError } from '../core/errors.js';
import { printable } from '../core/printable.js';
import type { Project } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import type { Emission } from '../init.js';
import { imageLockPath } from '../policy/image-lock.js';
import { mcpClientFiles } from '../policy/mcp-config.js';
import type { FileChange } from './diff.js';

/** A place that the dev container tools read besides the folder that we write. */
export const otherConfig = '.devcontainer.json';

/** One file that `init` would make, change or remove. */
export interface PlannedFile extends FileChange {
  readonly executable: boolean;
  /** False where what stands there stays in the new text (`.mcp.json`): then nobody has to be asked. */
  readonly overwrites: boolean;
  /** Why an edit by hand cannot stay, and where in the file it is. */
  readonly conflict?: { readonly line: number; readonly reason: string };
}

/** The text of a file in the project, undefined where there is none. @throws UserError where it cannot be used. */
export function readExisting(project: Project, path: string): string | undefined {
  const result = project.read(path);
  if ('file' in result) return result.file.text;
  if (result.problem === 'missing') return undefined;
  throw new UserError(`${path} ${result.message}; move it away first`);
}

/** The files in which clients look for MCP servers. @throws UserError where one cannot be used. */
export function readClientFiles(project: Project): readonly SourceFile[] {
  return mcpClientFiles.flatMap(({ path }) => {
    const text = readExisting(project, path);
    return text === undefined ? [] : [{ path, text }];
  });
}

/** The project's lock of images, where it has one. @throws UserError where it cannot be used. */
export function readImageLockFile(project: Project): SourceFile | undefined {
  const text = readExisting(project, imageLockPath);
  return text === undefined ? undefined : { path: imageLockPath, text };
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

/** Where old files go that stood in the way of rendered ones. */
const aside = '.devcontainer/before-adoption';

/**
 * The same with nothing overwritten: what stood where a rendered file goes is moved aside, for the user to look through.
 * The adopted devcontainer.json goes too, under a name that no tool starts a container from.
 */
export function setAside(
  files: readonly PlannedFile[],
  adopted: { readonly path: string },
  project: Project,
): readonly PlannedFile[] {
  const old = files.filter(({ overwrites, path }) => overwrites || path === adopted.path);
  const isPlanned = files.some(({ path }) => path === adopted.path);
  const gone: PlannedFile[] = isPlanned
    ? []
    : [
        {
          path: adopted.path,
          before: readExisting(project, adopted.path),
          after: undefined,
          executable: false,
          overwrites: false,
        },
      ];
  const moved = [...old, ...gone].map(({ path, before = '' }): PlannedFile => {
    const name = path
      .replace(/^\.devcontainer\//, '')
      .replace(/^\.?devcontainer\.json$/, 'devcontainer.jsonc')
      .replace(/\/devcontainer\.json$/, '/devcontainer.jsonc');
    const to = `${aside}/${name}`;
    return {
      path: to,
      before: readExisting(project, to),
      after: before,
      executable: false,
      overwrites: false,
    };
  });
  return [...files.map((file) => ({ ...file, overwrites: false })), ...gone, ...moved];
}

/** `new`, `changed` or `removed`, with the path: one line each. */
export function listFiles(files: readonly PlannedFile[]): string {
  return files.map((file) => `  ${kindOf(file).padEnd(8)} ${file.path}\n`).join('');
}

/** One line for each edit by hand that cannot stay. */
export function listConflicts(files: readonly PlannedFile[]): string {
  return files
    .flatMap(({ path, conflict }) => (conflict ? `${path}:${conflict.line}: ${conflict.reason}` : []))
    .map((line) => `  ${printable(line)}\n`)
    .join('');
}

function kindOf({ before, after }: PlannedFile): string {
  if (before === undefined) return 'new';
  return after === undefined ? 'removed' : 'changed';
}
