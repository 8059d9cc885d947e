import { ExitCode, UserError } from '../core/errors.js';
import { printable } from '../core/printable.js';
import type { TemplateChange } from '../policy/presets.js';
import { basePath } from '../update/base-file.js';
import type { PlannedFile } from './init-changes.js';
import type { InitSession } from './init-decide.js';
import type { InitCommandOptions } from './init-flags.js';
import type { UpdatePlan } from './init-update.js';
import { type Io, write } from './io.js';
import { showFiles } from './planned-files.js';

/** @throws UserError where the files are of a newer release, whose mending this one would undo. */
export function refuseOlder({ base }: UpdatePlan, known: number, { force }: InitCommandOptions): void {
  if (typeof base === 'string' || base.changes <= known || force) return;
  throw new UserError(
    `these files were written by a newer release of harden-devcontainer, and this one would take back what it mended; update it, or write the older files with --force`,
  );
}

/** Says on stderr which edits by hand stay, and where they cannot be told apart. */
export async function tellUpdate({ base, edited, files }: UpdatePlan, io: Io): Promise<void> {
  if (edited.length > 0)
    await write(io.stderr, `note: edits by hand stay in ${printable(edited.join(', '))}\n`);
  if (base === 'damaged')
    await write(
      io.stderr,
      `warning: ${basePath} is damaged, so edits by hand cannot be told from what init wrote; it is written anew\n`,
    );
  else if (base === 'missing' && files.some(({ overwrites }) => overwrites))
    await write(
      io.stderr,
      `note: there is no ${basePath}, so edits by hand cannot be told from what init wrote; from the next run on they can\n`,
    );
}

/** For CI: what has drifted and why. Edits by hand that go together with what is rendered are no drift. */
export async function checkUpdate(update: UpdatePlan, session: InitSession): Promise<ExitCode> {
  const { io, options, presets } = session;
  const { files } = update;
  const newer = newerChanges(update, presets.changes).filter(
    (change) => change.security || touches(change.files, files),
  );
  if (files.length === 0 && newer.length === 0) {
    await write(io.stderr, 'nothing to change: the files are what the policy says\n');
    return ExitCode.clean;
  }
  await showFiles(files, io, options.color);
  const reasons = [
    ...files.map((file) => `${file.path}: ${reasonFor(file, update)}`),
    ...newer.map(
      (change) => `${change.files.join(', ')}: ${change.security ? 'security: ' : ''}${change.what}`,
    ),
  ];
  await write(io.stderr, `\n${reasons.map((line) => `  ${printable(line)}\n`).join('')}`);
  await write(
    io.stderr,
    'these files are not what the policy says; `harden-devcontainer init` writes them\n',
  );
  return ExitCode.findings;
}

function newerChanges({ base }: UpdatePlan, changes: readonly TemplateChange[]): readonly TemplateChange[] {
  return typeof base === 'string' ? [] : changes.filter(({ id }) => id > base.changes);
}

function touches(files: readonly string[], drifted: readonly PlannedFile[]): boolean {
  return drifted.some(({ path }) => files.includes(path));
}

function reasonFor({ path, before, after, conflict }: PlannedFile, { base }: UpdatePlan): string {
  if (conflict) return `line ${conflict.line}: ${conflict.reason}`;
  if (before === undefined) return 'it is missing';
  if (after === undefined) return 'it is rendered no longer';
  if (typeof base === 'string') return 'it differs from what is rendered';
  return base.files.has(path)
    ? 'what is rendered for it has changed: the policy, or the templates of a newer release'
    : 'it differs from what is rendered';
}
