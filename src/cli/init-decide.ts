import { basename, join, resolve } from 'node:path';
import { UserError } from '../core/errors.js';
import type { Project } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import { changePolicy, type PolicyChange } from '../policy/change.js';
import { createPolicy } from '../policy/create.js';
import { parsePolicy } from '../policy/parse.js';
import { policyPath, stackIds } from '../policy/policy.js';
import type { Presets } from '../policy/presets.js';
import { type Certificates, parseCertificates, readCertificates } from '../project/certificates.js';
import { discover } from '../project/discover.js';
import { openFolder } from '../project/read.js';
import type { Settled } from './adopt-settle.js';
import type { AdoptedFile } from './init-adopt.js';
import { readExisting } from './init-changes.js';
import { type InitCommandOptions, readList } from './init-flags.js';
import { type Proposal, propose } from './init-propose.js';
import { askProtection, decideProtection } from './init-protect.js';
import { askPolicy, summarize } from './init-wizard.js';
import { chalkFor, type Io, write } from './io.js';
import type { Prompter } from './prompt.js';

/** Everything one run of `init` works with. */
export interface InitSession {
  readonly options: InitCommandOptions;
  readonly io: Io;
  /** Absolute path of the project. */
  readonly root: string;
  readonly project: Project;
  readonly presets: Presets;
  /** There only where somebody can be asked and wants to be. */
  readonly prompter: Prompter | undefined;
}

export interface InitDecision {
  /** The policy as it will stand on disk. */
  readonly policy: SourceFile;
  /** New text of the file of CA certificates, where one is given. */
  readonly certificates: string | undefined;
  /** The devcontainer.json that the policy was made from, and what became of it. */
  readonly adopted?: (AdoptedFile & { readonly settled: Settled }) | undefined;
  readonly warnings: readonly string[];
}

/** Finds the policy: a file that is there, the wizard's or the defaults, with the flags' changes in it. */
export async function decide(session: InitSession, given: PolicyChange): Promise<InitDecision | undefined> {
  const { options, io } = session;
  const source = findPolicy(session);
  if (source && options.adopt)
    throw new UserError(
      `--adopt: ${source.path} is there; what is to be kept belongs into its section "devcontainer"`,
    );
  const kinds = readList('--protect', options.protect);
  if (source) {
    const held = kinds && (await decideProtection(session.project, kinds));
    const decision = decideFrom(
      source,
      held ? { ...given, protect: held.protect ?? noProtection } : given,
      session,
    );
    return withWarnings(decision, held?.warnings ?? []);
  }
  if (options.check) throw new UserError(`there is no ${policyPath} to check against; run init first`);
  // Most projects have none, and all that is about adopting takes its time to load.
  const hasOld = options.adopt || discover(session.project, '').length > 0;
  const adopted = hasOld ? await (await loadAdoption()).chooseAdoption(session) : 'replace';
  if (!adopted) return undefined;
  const old = adopted === 'replace' ? undefined : adopted;
  const proposed = await proposeFor(session, old);
  const { name = proposed.name, stacks = proposed.stacks, agents = proposed.agents } = given;
  const change = { ...given, name, stacks, agents };
  if (!session.prompter) {
    if (!options.yes && !options.dryRun) throw new UserError(howToAnswer);
    const { protect, warnings } = await decideProtection(session.project, kinds);
    return withWarnings(await create({ ...change, protect }, options.ca, session, old), warnings);
  }
  if (old && !(await agrees(session.prompter, old, change, session))) return undefined;
  const answers = await askPolicy(session.prompter, {
    presets: session.presets,
    ...proposed,
    given,
    ca: options.ca,
    checkCertificates: (path) => problemOf(() => takeCertificates(path, session)),
  });
  if (!answers) return undefined;
  const held = kinds
    ? await decideProtection(session.project, kinds)
    : await askProtection(session.prompter, session.project);
  if (!held) return undefined;
  await write(io.stdout, summarize(answers, session.presets));
  const decided = { ...answers.change, protect: held.protect };
  return withWarnings(await create(decided, answers.ca, session, old), held.warnings);
}

const noProtection = { readOnly: [], mask: [] };

function withWarnings(decision: InitDecision, warnings: readonly string[]): InitDecision {
  return { ...decision, warnings: [...decision.warnings, ...warnings] };
}

/** Shows what would stay, before anything is asked. */
async function agrees(
  prompter: Prompter,
  old: AdoptedFile,
  change: PolicyChange & { readonly name: string },
  session: InitSession,
): Promise<boolean> {
  const { io, options } = session;
  const chalk = await chalkFor(io.stdout, options.color, io.env);
  const { describeAdoption, settleAdoption } = await loadAdoption();
  await write(io.stdout, `\n${describeAdoption(old, await settleAdoption(old, change, session), chalk)}\n`);
  return (await prompter.confirm('Go on with that?', true)) === true;
}

const loadAdoption = () => import('./init-adopt.js');

const howToAnswer =
  'nobody can be asked here, since this is not a terminal: give --yes for the defaults (with --stack, --agent, --allow, --mcp, --ca, --name as needed) or --policy FILE';

function findPolicy({ options, io, project }: InitSession): SourceFile | undefined {
  if (options.policy === undefined) {
    const text = readExisting(project, policyPath);
    return text === undefined ? undefined : { path: policyPath, text };
  }
  const path = resolve(io.cwd, options.policy);
  const result = openFolder(resolve(path, '..')).read(basename(path));
  if ('problem' in result) throw new UserError(`--policy: ${options.policy} ${result.message}`);
  return { path: options.policy, text: result.file.text };
}

function decideFrom(source: SourceFile, given: PolicyChange, session: InitSession): InitDecision {
  const current = parsePolicy(source);
  const { ca } = session.options;
  if (ca === undefined) {
    const policy = { path: policyPath, text: changePolicy(source, given) };
    const warnings = checkPresentCertificates(current.caCertificates, session);
    return { policy, certificates: undefined, warnings };
  }
  const { pem, warnings } = readFlag(ca, session);
  const caCertificates = current.caCertificates ?? certificatesName;
  const policy = { path: policyPath, text: changePolicy(source, { ...given, caCertificates }) };
  return { policy, certificates: pem, warnings };
}

const certificatesName = 'ca-certificates.pem';

async function create(
  change: PolicyChange & { readonly name: string },
  ca: string | undefined,
  session: InitSession,
  old: AdoptedFile | undefined,
): Promise<InitDecision> {
  const certificates = ca === undefined ? undefined : readFlag(ca, session);
  const caCertificates = certificates && certificatesName;
  const { pem, warnings = [] } = certificates ?? {};
  const decided = { ...change, caCertificates };
  if (!old) return { policy: { path: policyPath, text: createPolicy(decided) }, certificates: pem, warnings };
  const { settleAdoption } = await loadAdoption();
  const settled = await settleAdoption(old, decided, session);
  return { policy: settled.policy, certificates: pem, warnings, adopted: { ...old, settled } };
}

/** What the project speaks for, and the configuration that it has. */
async function proposeFor(
  { root, project, presets }: InitSession,
  old: AdoptedFile | undefined,
): Promise<Proposal> {
  const proposed = propose(root, project, presets);
  if (!old) return proposed;
  const spoken = (await loadAdoption()).adoptedStacks(old);
  const stacks = stackIds.filter((id) => spoken.includes(id) || proposed.stacks.includes(id));
  return { ...proposed, name: old.name ?? proposed.name, stacks };
}

/** What the wizard was told is checked there already, so an error here is the flag's. */
function readFlag(path: string, session: InitSession): Certificates {
  if (path === '') throw new UserError('--ca needs a file');
  const problem = problemOf(() => takeCertificates(path, session));
  if (problem !== undefined) throw new UserError(`--ca: ${problem}`);
  return takeCertificates(path, session);
}

/** Shells leave a `~` behind `=` alone, and the wizard has no shell. */
function takeCertificates(path: string, { io }: InitSession): Certificates {
  const home = io.env.HOME;
  const expanded = home && /^~\//.test(path) ? join(home, path.slice(2)) : path;
  return readCertificates(resolve(io.cwd, expanded), path);
}

/** The file that a policy names must be there and be fit for an image, or the build fails or carries a secret. */
function checkPresentCertificates(name: string | undefined, { project }: InitSession): readonly string[] {
  if (name === undefined) return [];
  const path = `.devcontainer/${name}`;
  const text = readExisting(project, path);
  if (text === undefined)
    throw new UserError(
      `${path}, which the policy names, does not exist; give its certificates with --ca FILE`,
    );
  return parseCertificates(text, path).warnings;
}

function problemOf(step: () => unknown): string | undefined {
  try {
    step();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
