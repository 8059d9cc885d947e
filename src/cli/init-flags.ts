import { UserError } from '../core/errors.js';
import { checkChange, type PolicyChange } from '../policy/change.js';
import type { PolicyProblem } from '../policy/check.js';
import type { ColorChoice } from './io.js';

export interface InitCommandOptions {
  /** The project, relative to the working directory. */
  readonly dir: string;
  readonly yes: boolean;
  readonly stack: readonly string[];
  readonly agent: readonly string[];
  readonly forge: readonly string[];
  readonly localModel: readonly string[];
  readonly gateway: string | undefined;
  readonly allow: readonly string[];
  readonly without: readonly string[];
  /** `NAME=PORT` each. */
  readonly mcp: readonly string[];
  readonly importMcp: boolean;
  readonly importMcpUser: boolean;
  readonly protect: readonly string[];
  readonly ca: string | undefined;
  readonly name: string | undefined;
  readonly shape: string | undefined;
  /** Ports, as typed. */
  readonly publish: readonly string[];
  readonly observe: boolean;
  readonly enforce: boolean;
  /** Ask registries for the images' digests. */
  readonly pin: boolean;
  /** Connections may be opened. */
  readonly online: boolean;
  readonly policy: string | undefined;
  readonly target: readonly string[];
  readonly acceptLoss: readonly string[];
  readonly adopt: boolean;
  /** Path of the devcontainer.json to adopt. */
  readonly from: string | undefined;
  readonly dryRun: boolean;
  readonly check: boolean;
  readonly force: boolean;
  readonly color: ColorChoice;
}

/** What the flags decide. @throws UserError that names the flag where a value is not usable. */
export function readFlags(options: InitCommandOptions): PolicyChange {
  refuseContradictions(options);
  const change: PolicyChange = {
    name: options.name,
    stacks: readList('--stack', options.stack),
    agents: readList('--agent', options.agent),
    forges: readList('--forge', options.forge),
    localModels: readList('--local-model', options.localModel),
    gateway: options.gateway,
    allow: options.allow,
    without: options.without,
    mcp: options.mcp.map((text) => readForward(text)),
    shape: options.shape,
    targets: readList('--target', options.target),
    acceptedLosses: readList('--accept-loss', options.acceptLoss),
    mode: options.observe ? 'observe' : options.enforce ? 'enforce' : undefined,
    publish: options.publish.map((text) => (/^\d{1,9}$/.test(text) ? Number(text) : text)),
  };
  const [problem] = checkChange(change);
  if (problem) throw new UserError(`${flagOf(problem)}: ${problem.message}`);
  return change;
}

/** `NAME=PORT`; the check that follows says whether the name and the number are usable. */
export function readForward(text: string): { name: string; port: number } {
  const [, name, port] = /^([^=]+)=(\d{1,9})$/s.exec(text) ?? [];
  if (name === undefined || port === undefined)
    throw new UserError(
      `--mcp: ${JSON.stringify(text)} is not NAME=PORT; write a name and a port number, such as tracker=8123`,
    );
  return { name, port: Number(port) };
}

/** Undefined where the flag is not given; `none` alone is the empty list. */
export function readList(flag: string, values: readonly string[]): readonly string[] | undefined {
  if (values.length === 0) return undefined;
  const listed = [...new Set(values)];
  if (!listed.includes('none')) return listed;
  if (listed.length > 1)
    throw new UserError(`${flag} is none and ${listed.filter((v) => v !== 'none').join(', ')}`);
  return [];
}

function flagOf(problem: PolicyProblem): string {
  const flags: Readonly<Record<string, string>> = {
    stacks: '--stack',
    agents: '--agent',
    targets: '--target',
    acceptedLosses: '--accept-loss',
    forges: '--forge',
    local: '--local-model',
  };
  const [, first = '', second = ''] = problem.pointer.split('/');
  const property = first === 'models' ? second : first;
  return flags[property] ?? `--${property}`;
}

function refuseContradictions({
  check,
  dryRun,
  force,
  observe,
  enforce,
  importMcp,
  importMcpUser,
  adopt,
  from,
  pin,
  online,
}: InitCommandOptions): void {
  if (check && adopt) throw new UserError('--check and --adopt cannot be given together');
  if (from !== undefined && !adopt) throw new UserError('--from says which file --adopt takes; give both');
  if (pin && !online) throw new UserError('--pin asks registries, which takes --online too');
  if (online && !pin) throw new UserError('--online does nothing without --pin');
  if (check && pin) throw new UserError('--check and --pin cannot be given together');
  if (check && (importMcp || importMcpUser))
    throw new UserError('--check and --import-mcp cannot be given together');
  if (observe && enforce) throw new UserError('--observe and --enforce cannot be given together');
  const given = [check && '--check', dryRun && '--dry-run', force && '--force'].filter(
    (flag) => flag !== false,
  );
  if (given.length > 1) throw new UserError(`${given.join(' and ')} cannot be given together`);
}
