import { relative, resolve, sep } from 'node:path';
import type { ChalkInstance } from 'chalk';
import { ExitCode, UserError } from '../../core/errors.js';
import { printable } from '../../core/printable.js';
import type { Project } from '../../core/rule.js';
import { type CheckedPlan, loadPresets, planInit } from '../../init.js';
import { imageLockPath } from '../../policy/image-lock.js';
import { mcpClientFiles } from '../../policy/mcp-config.js';

import { adaptToTargets } from '../../policy/targets.js';
import { discover } from '../../project/discover.js';
import { kindOf, openFolder } from '../../project/read.js';
import type { Wires } from '../../registry/network.js';
import { configPath } from '../../scaffold/plan.js';
import type { Settled } from '../adopt-settle.js';
import { unifiedDiff } from '../diff.js';
import { formatDiff } from '../diff-view.js';
import {
  listConflicts,
  listFiles,
  otherConfig,
  type PlannedFile,
  readClientFiles,
  readExisting,
  readImageLockFile,
  setAside,
} from '../init-changes.js';
import { checkUpdate, refuseOlder, tellUpdate } from '../init-check.js';
import { decide, type InitDecision, type InitSession } from '../init-decide.js';
import { type InitCommandOptions, readFlags } from '../init-flags.js';
import { type McpImport, readImport, storeSecrets, wantsImport } from '../init-import.js';
import { describeHosts, describeNextSteps, describeTarget } from '../init-report.js';
import { planUpdate } from '../init-update.js';
import { chalkFor, type Io, write } from '../io.js';
import { showFiles, storeFiles } from '../planned-files.js';
import { canPrompt, openPrompter, type Prompter } from '../prompt.js';
import { refuseSection } from '../refuse-section.js';

/**
 * Writes a hardened dev container, or shows what it would write. Nothing is overwritten unseen. Exit code 1 is drift
 * found by --check; 2 also means that the user cancelled (Ctrl-C, quit, no), and then nothing was written. `wires` are how
 * `--online` reaches registries; undefined for the internet.
 */
export async function runInit(options: InitCommandOptions, io: Io, wires?: Wires): Promise<ExitCode> {
  const flags = readFlags(options);
  const root = resolve(io.cwd, options.dir);
  const kind = kindOf(root);
  if (kind !== 'folder') throw new UserError(`${options.dir} ${kind ? 'is not a folder' : 'does not exist'}`);
  const asks = canPrompt(io) && !options.yes && !options.dryRun && !options.check;
  const prompter = asks ? await openPrompter(io) : undefined;
  const presets = await loadPresets();
  const given = adaptToTargets(flags, presets);
  const session: InitSession = { options, io, root, project: openFolder(root), presets, prompter };
  try {
    const wants = await wantsImport(session);
    if (wants === undefined) return await cancel(io);
    const imported = wants ? await readImport(session) : undefined;
    const decision = await decide(session, { ...given, servers: imported?.servers });
    if (!decision) return await cancel(io);
    for (const warning of decision.warnings) await write(io.stderr, `warning: ${printable(warning)}\n`);
    const plan = await planAll(decision, session, wires);
    refuseSection(plan, decision.policy);
    for (const { message, ruleId } of plan.objections)
      await write(
        io.stderr,
        `warning: what is yours in devcontainer.json: ${printable(message)} (${ruleId})\n`,
      );
    await tellTargets(plan, session);
    return await apply(plan, session, imported, decision.adopted);
  } finally {
    prompter?.close();
  }
}

/** What the decision leads to, with the images by their digests where the project has a lock, or is to get one. */
async function planAll(
  decision: InitDecision,
  { options, io, project: own }: InitSession,
  wires: Wires | undefined,
): Promise<CheckedPlan> {
  const project = await projectWith(decision, own);
  const request = { ...decision, mcpConfigs: readClientFiles(own) };
  if (options.pin) {
    const { pinAll } = await import('../init-pin.js');
    const imageLock = await pinAll((await planInit(request, project)).options, io, wires);
    return planInit({ ...request, imageLock }, project);
  }
  const plan = await planInit({ ...request, imageLock: readImageLockFile(own) }, project);
  for (const warning of plan.lockWarnings) await write(io.stderr, `warning: ${printable(warning)}\n`);
  return plan;
}

async function apply(
  plan: CheckedPlan,
  session: InitSession,
  imported: McpImport | undefined,
  adopted: InitDecision['adopted'],
): Promise<ExitCode> {
  const { options, io, project, presets } = session;
  if (adopted) await tellAdoption(adopted, session);
  // Where it is asked for, an imported server's place is taken by the way to it.
  const isAsked = ({ path, name }: CheckedPlan['replacedServers'][number]) =>
    !imported?.taken.some((one) => one.path === path && one.name === name);
  const changed = plan.replacedServers.filter(isAsked).map(({ path }) => path);
  // The lock is ours, and renewing it is what was asked for.
  const keeping = [...plan.kept, ...mcpClientFiles.map(({ path }) => path), imageLockPath];
  const merged = new Set(keeping.filter((path) => !changed.includes(path)));
  const changes = presets.changes.at(-1)?.id ?? 0;
  const update = await planUpdate(plan.emissions, project, merged, { changes, force: options.force });
  refuseOlder(update, changes, options);
  if (!adopted) await tellUpdate(update, io);
  if (options.check) return await checkUpdate(update, session);
  const files = adopted
    ? setAside(await addServices(update.files, adopted.settled, project), adopted, project)
    : update.files;
  const all = update.record ? [...files, update.record] : files;
  if (all.length === 0) {
    await write(io.stderr, 'nothing to change: the files are what the policy says\n');
    return ExitCode.clean;
  }
  if (options.dryRun) return await show(all, session);
  const chosen = await choose(all, session);
  if (!chosen) return await cancel(io);
  // First of all, so that no value is lost that the project's file then holds no longer.
  if (imported) storeSecrets(imported);
  await storeFiles(chosen, session.root);
  await report(plan, files, chosen, session, adopted !== undefined);
  return ExitCode.clean;
}

/** What is lost where the container is started: where it matters, in time. */
async function tellTargets({ policy }: CheckedPlan, { io, options, presets }: InitSession): Promise<void> {
  const chalk = await chalkFor(io.stderr, options.color, io.env);
  for (const id of options.check ? [] : policy.targets)
    await write(io.stderr, describeTarget(presets.targets[id], chalk));
}

/** The project with the compose file in it that an adoption is yet to write. */
async function projectWith({ adopted }: InitDecision, project: Project): Promise<Project> {
  if (!adopted) return project;
  const { withServices } = await import('../adopt-settle.js');
  return withServices(project, adopted.settled.services);
}

/** Its services beside the workspace are in a file of the user's own. */
async function addServices(
  files: readonly PlannedFile[],
  { services }: Settled,
  project: Project,
): Promise<readonly PlannedFile[]> {
  if (services === undefined) return files;
  const { servicesPath } = await import('../../policy/adopt-compose.js');
  const before = readExisting(project, servicesPath);
  const file = { path: servicesPath, before, after: services, executable: false };
  return [...files, { ...file, overwrites: before !== undefined }];
}

async function tellAdoption(
  adopted: NonNullable<InitDecision['adopted']>,
  { io, options }: InitSession,
): Promise<void> {
  const chalk = await chalkFor(io.stderr, options.color, io.env);
  const { describeAdoption } = await import('../init-adopt.js');
  await write(io.stderr, `${describeAdoption(adopted, adopted.settled, chalk)}\n`);
}

/** The diff on stdout, what it means on stderr. */
async function show(files: readonly PlannedFile[], { options, io }: InitSession): Promise<ExitCode> {
  await showFiles(files, io, options.color);
  await write(io.stderr, `${listConflicts(files)}nothing was written\n`);
  return ExitCode.clean;
}

/** The files to write, after the questions that they need. Undefined where the user cancels. */
async function choose(
  files: readonly PlannedFile[],
  session: InitSession,
): Promise<readonly PlannedFile[] | undefined> {
  const { options, io, prompter } = session;
  const overwritten = files.filter(({ overwrites }) => overwrites);
  if (options.force) return files;
  if (!prompter) {
    if (overwritten.length === 0) return files;
    if (overwritten.every(({ conflict }) => conflict))
      throw new UserError(
        `edits by hand and what is rendered now do not go together; nothing was written: ${listConflicts(overwritten).trim().replaceAll('\n ', ';')}. See both with --dry-run, take the rendered files with --force, or run init on a terminal without --yes to decide one by one`,
      );
    const paths = overwritten.map(({ path }) => path).join(', ');
    throw new UserError(
      `these files exist and would change: ${paths}; nothing was written. See the changes with --dry-run, and make all of them with --force, or run init on a terminal without --yes to decide one by one${howToAdopt(overwritten)}`,
    );
  }
  const chalk = await chalkFor(io.stdout, options.color, io.env);
  const kept = overwritten.length === 0 ? [] : await askEach(overwritten, prompter, io, chalk);
  if (!kept) return undefined;
  const chosen = files.filter((file) => !kept.includes(file));
  if (chosen.length === 0) return chosen;
  await write(io.stdout, `\n${listFiles(chosen)}`);
  return (await prompter.confirm('Write these files?', true)) ? chosen : undefined;
}

function howToAdopt(files: readonly PlannedFile[]): string {
  return files.some(isOthers) ? '. To keep what is yours of a devcontainer.json, give --adopt' : '';
}

function isOthers({ path, before = '' }: PlannedFile): boolean {
  return (
    (path === otherConfig || path === configPath) && !before.startsWith('// Written by harden-devcontainer')
  );
}

/** The files that the user wants to keep as they are. */
async function askEach(
  files: readonly PlannedFile[],
  prompter: Prompter,
  io: Io,
  chalk: ChalkInstance,
): Promise<readonly PlannedFile[] | undefined> {
  const kept: PlannedFile[] = [];
  for (const [index, file] of files.entries()) {
    await write(io.stdout, `\n${formatDiff(await unifiedDiff([file]), chalk)}${noteOn(file)}`);
    const question = file.after === undefined ? `Remove ${file.path}?` : `Replace ${file.path}?`;
    const answer = await prompter.choose(question, [
      { value: 'yes', key: 'y', label: 'Yes' },
      { value: 'keep', key: 'n', label: 'No, keep it as it is' },
      ...(index + 1 < files.length ? [{ value: 'all', key: 'a', label: 'Yes, and all that follow' }] : []),
      { value: 'quit', key: 'q', label: 'Quit, write nothing' },
    ]);
    if (answer === undefined || answer === 'quit') return undefined;
    if (answer === 'all') return kept;
    if (answer === 'keep') kept.push(file);
  }
  return kept;
}

function noteOn(file: PlannedFile): string {
  if (file.conflict) return `${printable(`line ${file.conflict.line}: ${file.conflict.reason}`)}\n`;
  if (!isOthers(file)) return '';
  return 'Your configuration is replaced, not merged: carry over what you need. Git keeps what was committed.\n';
}

async function report(
  plan: CheckedPlan,
  planned: readonly PlannedFile[],
  written: readonly PlannedFile[],
  { options, io, root, project, presets }: InitSession,
  isAdopted: boolean,
): Promise<void> {
  const chalk = await chalkFor(io.stderr, options.color, io.env);
  const kept = planned.filter((file) => !written.includes(file)).map(({ path }) => path);
  const isFirst =
    isAdopted || written.some(({ path, before }) => path === configPath && before === undefined);
  const dir = relative(io.cwd, root).split(sep).join('/') || '.';
  await write(io.stderr, `${listFiles(written)}\n${describeHosts(plan, presets, chalk)}`);
  if (kept.length > 0)
    await write(
      io.stderr,
      `${chalk.yellow('warning:')} kept as they are: ${kept.join(', ')}; the container may not be what the policy says\n`,
    );
  const others = discover(project, '').filter((path) => path !== configPath && path !== otherConfig);
  if (others.length > 0)
    await write(
      io.stderr,
      `note: not touched: ${printable(others.join(', '))}; check it with \`harden-devcontainer lint\`\n`,
    );
  const next = isFirst
    ? describeNextSteps(plan.options, dir, chalk)
    : '\nRebuild the container to apply the changes.\n';
  await write(io.stderr, next);
}

async function cancel(io: Io): Promise<ExitCode> {
  await write(io.stderr, 'cancelled: nothing was written\n');
  return ExitCode.usage;
}
