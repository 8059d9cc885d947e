import { resolve } from 'node:path';
import { ExitCode, UserError } from '../core/errors.js';
import { printable, printableLines } from '../core/printable.js';
import type { SourceFile } from '../core/text.js';
import { listEntries } from '../egress/listed-names.js';
import { type InitPlan, planInit } from '../init.js';
import { checkRequests, type HostRequest, isOpen, openHosts, readRequests } from '../policy/open-hosts.js';
import { policyPath } from '../policy/policy.js';
import { openFolder } from '../project/read.js';
import { holdSignals } from '../project/write.js';
import { type AllowSession, allowlistPath, decideOpening, filesToWrite } from './egress-decide.js';
import type { EgressCommandOptions } from './egress-flags.js';
import { findFirewall, giveList, type RunningFirewall } from './egress-reload.js';
import {
  listFiles,
  type PlannedFile,
  readClientFiles,
  readExisting,
  readImageLockFile,
} from './init-changes.js';
import { type Io, write } from './io.js';
import { showFiles, storeFiles } from './planned-files.js';
import { canPrompt, openPrompter } from './prompt.js';

type Firewall = RunningFirewall | { readonly absent: string };

/**
 * Adds hosts to the policy, renders what follows from it and gives the list to the running container. All of it happens,
 * or nothing: where the container refuses the list, the files are put back.
 */
export async function allowHosts(options: EgressCommandOptions, io: Io): Promise<ExitCode> {
  const requests = readFlags(options);
  const root = resolve(io.cwd, options.dir);
  const prompter = canPrompt(io) && !options.dryRun ? await openPrompter(io, options.color) : undefined;
  const session: AllowSession = { options, io, root, project: openFolder(root), prompter };
  try {
    return await allow(requests, session);
  } finally {
    prompter?.close();
  }
}

function readFlags({ allow, reason }: EgressCommandOptions): HostRequest[] {
  const [problem] = checkRequests(allow, reason ?? 'asked for below');
  if (!problem) return readRequests(allow);
  throw new UserError(`${problem.pointer.endsWith('/reason') ? '--reason' : '--allow'}: ${problem.message}`);
}

async function allow(requests: readonly HostRequest[], session: AllowSession): Promise<ExitCode> {
  const { options, io } = session;
  const policy = readPolicy(session);
  const before = await plan(policy, session);
  const firewall = await findFirewall(options, io);
  const missing = requests.filter((request) => !isOpen(request, before.options.allow));
  for (const { host } of requests.filter((request) => !missing.includes(request)))
    await write(io.stderr, `note: the policy opens ${host} already\n`);
  const reason = missing.length === 0 ? '' : await decideOpening(missing, session);
  if (reason === undefined) return cancel(io);
  const text = openHosts(policy, missing, reason);
  const after = missing.length === 0 ? before : await plan({ path: policyPath, text }, session);
  const files = filesToWrite(before, after, session);
  if (options.dryRun) {
    await showFiles(files, io, options.color);
    await write(io.stderr, `${describeEffect(after, requests, firewall, 'would take')}nothing was changed\n`);
    return ExitCode.clean;
  }
  if (!(await mayReplace(files, session))) return cancel(io);
  await apply(files, after, firewall, session);
  await write(io.stderr, listFiles(files));
  await write(io.stderr, describeEffect(after, requests, firewall, 'took'));
  await write(io.stderr, describeStale(files, after, session));
  return ExitCode.clean;
}

function readPolicy({ project }: AllowSession): SourceFile {
  const text = readExisting(project, policyPath);
  if (text === undefined)
    throw new UserError(`there is no ${policyPath} to add to; write a dev container with init`);
  return { path: policyPath, text };
}

function plan(policy: SourceFile, { project }: AllowSession): Promise<InitPlan> {
  const imageLock = readImageLockFile(project);
  return planInit({ policy, mcpConfigs: readClientFiles(project), imageLock }, project);
}

/** Whether the files may be written: what somebody has changed is not overwritten unseen. */
async function mayReplace(files: readonly PlannedFile[], session: AllowSession): Promise<boolean> {
  const { io, options, prompter } = session;
  const changed = files.filter(({ overwrites }) => overwrites);
  if (changed.length === 0 || options.force) return true;
  const paths = changed.map(({ path }) => path).join(', ');
  if (!prompter)
    throw new UserError(
      `${paths} is not what init wrote for this policy; nothing was written. See the changes with --dry-run, and make them with --force`,
    );
  await showFiles(changed, io, options.color);
  return (
    (await prompter.confirm(`${paths} is not what init wrote for this policy. Replace it?`, false)) === true
  );
}

async function apply(
  files: readonly PlannedFile[],
  after: InitPlan,
  firewall: Firewall,
  { root }: AllowSession,
): Promise<void> {
  // An interrupt waits until the files and the container say the same.
  await holdSignals(async () => {
    await storeFiles(files, root);
    if ('absent' in firewall || hasList(firewall, after)) return;
    try {
      await giveList(firewall, listOf(after));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      await storeFiles(
        files.map((file) => ({ ...file, before: file.after, after: file.before })),
        root,
      );
      throw new UserError(`${error.message}; policy and files are as they were`, { cause: error });
    }
  });
}

function listOf({ emissions }: InitPlan): string {
  return emissions.find(({ path }) => path === allowlistPath)?.text ?? '';
}

function hasList({ config }: RunningFirewall, after: InitPlan): boolean {
  return config.get('allowlist') === listOf(after);
}

/** What becomes of the running container. */
function describeEffect(
  after: InitPlan,
  requests: readonly HostRequest[],
  firewall: Firewall,
  took: 'took' | 'would take',
): string {
  if ('absent' in firewall)
    return `note: ${printable(firewall.absent)}; the list is used when the container is built next\n`;
  const name = printable(firewall.found.container.name);
  if (hasList(firewall, after)) return `${name} has this list already\n`;
  const old = new Set(listEntries(firewall.config.get('allowlist') ?? ''));
  const now = new Set(listEntries(listOf(after)));
  const asked = new Set(requests.map(({ host }) => host));
  const others = [
    ...[...now].filter((entry) => !old.has(entry) && !asked.has(entry.replace(/[: ].*/, ''))),
    ...[...old].filter((entry) => !now.has(entry)).map((entry) => `not ${entry}`),
  ];
  const more =
    others.length === 0 ? '' : `note: with it come changes since it was built: ${others.join(', ')}\n`;
  return `${name} ${took} the new list while it runs; connections stay\n${printableLines(more)}`;
}

/** What else is not as the policy says: other work, but nobody should believe that it is done. */
function describeStale(files: readonly PlannedFile[], after: InitPlan, { project }: AllowSession): string {
  const written = files.map(({ path }) => path);
  const stale = after.emissions.filter(
    ({ path, text }) => !written.includes(path) && readExisting(project, path) !== text,
  );
  if (stale.length === 0) return '';
  const paths = stale.map(({ path }) => path).join(', ');
  return `note: not what the policy says: ${paths}; run init, then build the container again\n`;
}

async function cancel(io: Io): Promise<ExitCode> {
  await write(io.stderr, 'cancelled: nothing was changed\n');
  return ExitCode.usage;
}
