import { resolve } from 'node:path';
import { type AuditRecord, isBlocked } from '../../audit/records.js';
import { ExitCode, UserError } from '../../core/errors.js';
import { printable } from '../../core/printable.js';
import type { EngineName } from '../../project/engine.js';
import { writeNewFile } from '../../project/new-file.js';
import { packageVersion } from '../../project/package.js';
import { type AuditLog, auditFolder, readAuditLog } from '../audit-read.js';
import { type FoundContainer, findContainer } from '../egress-container.js';
import { readDuration } from '../egress-flags.js';
import { type ColorChoice, chalkFor, type Io, widthOf, write } from '../io.js';

export interface AuditCommandOptions {
  /** The project, relative to the working directory. */
  readonly dir: string;
  readonly engine: EngineName | undefined;
  readonly container: string | undefined;
  readonly format: 'text' | 'json';
  readonly since: string | undefined;
  readonly agent: string | undefined;
  readonly blocked: boolean;
  readonly all: boolean;
  readonly verify: boolean;
  /** Where the log is moved to. */
  readonly rotate: string | undefined;
  readonly color: ColorChoice;
}

/** A table longer than that hides what it should show. */
const shownRows = 100;

/** Shows and verifies what the agents in the project's container did. Exit code 1 where the log is not whole. */
export async function runAudit(options: AuditCommandOptions, io: Io): Promise<ExitCode> {
  const found = await findContainer(options, io);
  const log = await readAuditLog(found);
  if (options.rotate !== undefined) return rotate(options.rotate, log, found, io);
  const records = select(log.records, options);
  if (options.verify) await writeChain(log, io);
  else if (options.format === 'json') {
    const { name, id, status } = found.container;
    const report = { version: packageVersion(), container: { id, name, status }, chain: log.chain, records };
    await write(io.stdout, `${JSON.stringify(report, null, 2)}\n`);
  } else {
    const { reportAuditText } = await import('../../reporters/audit-text.js');
    const chalk = await chalkFor(io.stdout, options.color, io.env);
    const shown = options.all ? records : records.slice(-shownRows);
    await write(io.stdout, reportAuditText(shown, { width: widthOf(io.stdout), chalk }));
    const left = records.length - shown.length;
    if (left > 0) await write(io.stderr, `\n${left} earlier calls are not shown; --all shows them\n`);
  }
  if (!('problem' in log.chain)) return ExitCode.clean;
  if (!options.verify)
    await write(io.stderr, `\nwarning: the log is not whole: ${printable(log.chain.problem)}\n`);
  return ExitCode.findings;
}

function select(records: readonly AuditRecord[], options: AuditCommandOptions): readonly AuditRecord[] {
  const since = options.since === undefined ? undefined : Date.now() - readDuration(options.since);
  return records.filter(
    (record) =>
      (since === undefined || Date.parse(record.time) >= since) &&
      (options.agent === undefined || record.agent === options.agent) &&
      (!options.blocked || isBlocked(record)),
  );
}

async function writeChain({ chain }: AuditLog, io: Io): Promise<void> {
  if ('problem' in chain) await write(io.stderr, `the audit log is not whole: ${printable(chain.problem)}\n`);
  else await write(io.stdout, `${chain.lines} calls, chain whole, head ${chain.head}\n`);
}

/** Moves the log to a file on the host; the chain goes on from its last line. */
async function rotate(path: string, log: AuditLog, found: FoundContainer, io: Io): Promise<ExitCode> {
  if ('problem' in log.chain)
    throw new UserError(`the log is not whole, so it stays where it is: ${log.chain.problem}`);
  if (log.lines.length === 0) throw new UserError('the log is empty; there is nothing to move');
  writeNewFile(resolve(io.cwd, path), `${log.lines.join('\n')}\n`);
  await runAsCollector(found, ['rotate', log.chain.head]);
  await write(io.stderr, `${log.lines.length} calls are in ${path}; the container's log begins anew\n`);
  return ExitCode.clean;
}

/** Runs our own program in the container, as the user whom the log belongs to: root there is not above file modes. */
export async function runAsCollector(
  { engine, container }: FoundContainer,
  args: readonly string[],
): Promise<void> {
  if (container.status !== 'running')
    throw new UserError(
      `the container ${container.name} is not running but ${container.status}; start it first`,
    );
  const user = [
    '--reuid=harden-audit',
    '--regid=harden-audit',
    '--clear-groups',
    '--no-new-privs',
    '--bounding-set=-all',
  ];
  const program = '/usr/local/lib/harden-devcontainer/audit-grant';
  const { code, stderr } = await engine.exec(container.id, ['setpriv', ...user, program, ...args], 30_000);
  if (code !== 0)
    throw new UserError(
      `the container ${container.name} does not take it: ${printable(stderr.trim()) || auditFolder}`,
    );
}
