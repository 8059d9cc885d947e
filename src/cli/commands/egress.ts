import { resolve } from 'node:path';
import { ExitCode, UserError } from '../../core/errors.js';
import { packageVersion } from '../../project/package.js';
import { kindOf } from '../../project/read.js';
import { findContainer } from '../egress-container.js';
import { type EgressCommandOptions, readDuration, refuseMixture } from '../egress-flags.js';
import { readEgress } from '../egress-read.js';
import { chalkFor, type Io, widthOf, write } from '../io.js';

/**
 * Shows what the firewall of the project's container refused and let out, or opens it for a name. Exit code 0 whatever
 * was refused: refusals are the firewall's work, not findings.
 */
export async function runEgress(options: EgressCommandOptions, io: Io): Promise<ExitCode> {
  refuseMixture(options);
  const kind = kindOf(resolve(io.cwd, options.dir));
  if (kind !== 'folder') throw new UserError(`${options.dir} ${kind ? 'is not a folder' : 'does not exist'}`);
  if (options.allow.length > 0) {
    const { allowHosts } = await import('../egress-allow.js');
    return allowHosts(options, io);
  }
  const since = options.since === undefined ? undefined : Date.now() - readDuration(options.since);
  const report = await readEgress(await findContainer(options, io), since);
  if (options.format === 'json') {
    const { reportEgressJson } = await import('../../reporters/egress-json.js');
    await write(io.stdout, reportEgressJson(report, packageVersion()));
    return ExitCode.clean;
  }
  const { reportEgressText } = await import('../../reporters/egress-text.js');
  const chalk = await chalkFor(io.stdout, options.color, io.env);
  await write(io.stdout, reportEgressText(report, { width: widthOf(io.stdout), chalk, all: options.all }));
  if (report.tally.entries.some(({ verdict }) => verdict === 'refused' || verdict === 'observed'))
    await write(io.stderr, '\nTo open one: harden-devcontainer egress --allow NAME --reason TEXT\n');
  return ExitCode.clean;
}
