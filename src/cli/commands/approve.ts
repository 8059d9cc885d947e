import { type AuditRecord, requestOf, waitingRequests } from '../../audit/records.js';
import { ExitCode, UserError } from '../../core/errors.js';
import { printable } from '../../core/printable.js';
import type { EngineName } from '../../project/engine.js';
import { readAuditLog } from '../audit-read.js';
import { findContainer } from '../egress-container.js';
import { type ColorChoice, type Io, write } from '../io.js';
import { canPrompt, openPrompter } from '../prompt.js';
import { runAsCollector } from './audit.js';

export interface ApproveCommandOptions {
  /** The project, relative to the working directory. */
  readonly dir: string;
  readonly engine: EngineName | undefined;
  readonly container: string | undefined;
  /** Beginnings of requests' names. */
  readonly requests: readonly string[];
  readonly color: ColorChoice;
}

/** A grant that nobody used is gone after that. */
const grantMinutes = 10;

/** Grants what the guard holds: once, for some minutes. Only the host can, since the agent has no way to its engine. */
export async function runApprove(options: ApproveCommandOptions, io: Io): Promise<ExitCode> {
  const found = await findContainer(options, io);
  const { records, chain } = await readAuditLog(found);
  if ('problem' in chain)
    throw new UserError(`nothing is approved while the audit log is not whole: ${chain.problem}`);
  const waiting = waitingRequests(records, Date.now());
  const chosen = await choose(waiting, options, io);
  const until = Math.floor(Date.now() / 1000) + grantMinutes * 60;
  for (const record of chosen) {
    await runAsCollector(found, ['grant', requestOf(record), `${until}`]);
    await write(io.stderr, `approved once, for ${grantMinutes} minutes: ${describe(record)}\n`);
  }
  return ExitCode.clean;
}

async function choose(
  waiting: readonly AuditRecord[],
  { requests, color }: ApproveCommandOptions,
  io: Io,
): Promise<readonly AuditRecord[]> {
  if (requests.length > 0) return requests.map((request) => findRequest(request, waiting));
  if (waiting.length === 0) {
    await write(io.stderr, 'nothing waits for approval\n');
    return [];
  }
  if (!canPrompt(io)) {
    for (const record of waiting)
      await write(io.stdout, `${requestOf(record).slice(0, 12)}  ${describe(record)}\n`);
    await write(io.stderr, '\nTo approve one: harden-devcontainer approve --request ID\n');
    return [];
  }
  const prompter = await openPrompter(io, color);
  try {
    const chosen: AuditRecord[] = [];
    for (const record of waiting) {
      const answer = await prompter.confirm(`${describe(record)}\nApprove this once?`, false);
      if (answer === undefined) break;
      if (answer) chosen.push(record);
    }
    return chosen;
  } finally {
    prompter.close();
  }
}

function findRequest(start: string, waiting: readonly AuditRecord[]): AuditRecord {
  const found = waiting.filter((record) => requestOf(record).startsWith(start));
  const [record] = found;
  if (record && found.length === 1 && start.length >= 6) return record;
  throw new UserError(
    `${JSON.stringify(start)} names no request that waits; harden-devcontainer approve without --request lists them`,
  );
}

/** One line that a terminal does not obey. */
function describe({ category, branches, target, agent, time }: AuditRecord): string {
  const what =
    category === 'push' ? `push to ${branches === '*' ? 'any protected branch' : branches}` : category;
  return printable(`${what}: ${target} (${agent}, ${time})`);
}
