import { UserError } from '../core/errors.js';
import { lastWords } from '../project/engine.js';
import { type ContainerChoice, type FoundContainer, lookForContainer } from './egress-container.js';
import { configFolder, readConfig } from './egress-read.js';
import type { Io } from './io.js';

/** A firewall that can be given another list while it runs. */
export interface RunningFirewall {
  readonly found: FoundContainer;
  /** The files that it was given, by name. */
  readonly config: ReadonlyMap<string, string>;
}

const reloader = '/usr/local/sbin/harden-reload';
/** The helpers get a few seconds each; a container on a busy machine needs more. */
const reloadTime = 60_000;

/** The project's running firewall, or why there is none that could be given another list. */
export async function findFirewall(
  choice: ContainerChoice,
  io: Io,
): Promise<RunningFirewall | { readonly absent: string }> {
  const found = await lookForContainer(choice, io);
  if ('absent' in found) return found;
  const { engine, container } = found;
  if (container.status !== 'running')
    return { absent: `the container ${container.name} is not running but ${container.status}` };
  const config = await readConfig(found);
  const { code } = await engine.exec(container.id, ['test', '-x', reloader], reloadTime);
  if (code !== 0) return { absent: `the container ${container.name} was built before there was ${reloader}` };
  return { found, config };
}

/**
 * Gives the firewall another list. Connections that the new list allows stay.
 *
 * @throws UserError where the container does not take it. It then has its old list again, or says that it has not.
 */
export async function giveList(firewall: RunningFirewall, text: string): Promise<void> {
  const before = firewall.config.get('allowlist');
  try {
    await putList(firewall, text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (before === undefined) throw error;
    const isRestored = await putList(firewall, before).then(
      () => true,
      () => false,
    );
    const { name } = firewall.found.container;
    const state = isRestored
      ? `${name} has its old list again`
      : `${name} did not take its old list back either: what is not open now stays closed; restart it`;
    throw new UserError(`${error.message}; ${state}`, { cause: error });
  }
}

async function putList({ found }: RunningFirewall, text: string): Promise<void> {
  const { engine, container } = found;
  await engine.write(container.id, configFolder, [{ path: 'allowlist', text }]);
  const { code, stdout, stderr } = await engine.exec(container.id, [reloader], reloadTime);
  if (code !== 0)
    // The firewall's script says what is wrong, and then what state it leaves.
    throw new UserError(
      `${container.name} did not take the new list: ${lastWords(`${stdout}\n${stderr}`, 3)}`,
    );
}
