import { UserError } from '../core/errors.js';
import { describeRisk, riskOf } from '../core/host-risk.js';
import type { Project } from '../core/rule.js';
import { wrapText } from '../core/width.js';
import { listEntries } from '../egress/listed-names.js';
import { type InitPlan, loadPresets } from '../init.js';
import { checkRequests, type HostRequest } from '../policy/open-hosts.js';
import type { EgressCommandOptions } from './egress-flags.js';
import { otherConfig, type PlannedFile, planFiles, readExisting } from './init-changes.js';
import { chalkFor, type Io, write } from './io.js';
import type { Prompter } from './prompt.js';

/** Everything that one run of `egress --allow` works with. */
export interface AllowSession {
  readonly options: EgressCommandOptions;
  readonly io: Io;
  /** Absolute path of the project. */
  readonly root: string;
  readonly project: Project;
  /** There only where somebody can be asked. */
  readonly prompter: Prompter | undefined;
}

export const allowlistPath = '.devcontainer/allowlist';

/** Fits an indented line into 80 columns. */
const lineWidth = 70;

/** Says what opening means and gets the reason. Undefined where the user does not want it after all. */
export async function decideOpening(
  missing: readonly HostRequest[],
  session: AllowSession,
): Promise<string | undefined> {
  const { options, prompter } = session;
  const names = missing.map(({ host }) => host).join(', ');
  if (options.reason === undefined && !prompter)
    throw new UserError(`--reason is missing: say why ${names} is needed; it is written into the policy`);
  const risky = await describeRisks(missing, session);
  if (risky.length > 0 && !options.yes && !options.dryRun) {
    if (!prompter)
      throw new UserError(
        `${risky.join(', ')}: a known way out for data, as said above; --yes opens it all the same`,
      );
    if (!(await prompter.confirm(`Open ${names} all the same?`, false))) return undefined;
  }
  return (
    options.reason ??
    prompter?.text(`Why is ${names} needed? It is written into the policy`, {
      validate: (text) => checkRequests([], text)[0]?.message,
    })
  );
}

/** What an attacker could do with each host, on stderr. Gives those that are known to be a way out. */
async function describeRisks(
  missing: readonly HostRequest[],
  { io, options }: AllowSession,
): Promise<string[]> {
  const chalk = await chalkFor(io.stderr, options.color, io.env);
  const { risks } = await loadPresets();
  const risky: string[] = [];
  for (const { host } of missing) {
    const known = riskOf(host, risks);
    if (known?.rating === 'high') risky.push(host);
    const text = known
      ? describeRisk(host, known)
      : `${host}: whoever runs this host, or may write to it, can be sent what the agent can read`;
    const label = known ? chalk.yellow('warning:') : 'note:';
    const lines = wrapText(text, lineWidth);
    await write(io.stderr, `${label} ${lines.join(`\n${' '.repeat(known ? 9 : 6)}`)}\n`);
  }
  return risky;
}

/**
 * What the change makes different, and the allowlist where it is not current. What else on disk is not what the policy
 * says is left to `init`.
 */
export function filesToWrite(
  before: InitPlan,
  after: InitPlan,
  { project }: AllowSession,
): readonly PlannedFile[] {
  const old = new Map(before.emissions.map(({ path, text }) => [path, text]));
  const wanted = after.emissions.filter(({ path, text }) => path === allowlistPath || old.get(path) !== text);
  const untouched = wanted.filter(({ path }) => {
    const present = readExisting(project, path);
    if (path !== allowlistPath || present === undefined) return present === old.get(path);
    // What only reads differently loses nothing.
    return listEntries(present).join() === listEntries(old.get(path) ?? '').join();
  });
  const files = planFiles(wanted, project, new Set(untouched.map(({ path }) => path)));
  return files.filter(({ path }) => path !== otherConfig);
}
