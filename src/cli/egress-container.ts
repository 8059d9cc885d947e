import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../core/errors.js';
import { type Engine, type EngineContainer, type EngineName, openEngine } from '../project/engine.js';
import { folderLabel, isFolderLabel } from '../project/local-folder.js';
import type { Io } from './io.js';

/** Where to look for a container. */
export interface ContainerChoice {
  /** The project, relative to the working directory. */
  readonly dir: string;
  readonly engine: EngineName | undefined;
  /** Id or name; undefined: the project's own. */
  readonly container: string | undefined;
}

/** A container with a firewall of ours, or the one that it is looked for in. */
export interface FoundContainer {
  readonly engine: Engine;
  readonly container: EngineContainer;
}

/** On the gateway of shape `sidecar`, which holds the firewall of the container that the tools run in. */
const gatewayLabel = 'dev.harden-devcontainer.role=gateway';
const projectLabel = 'com.docker.compose.project';

/** Finds the container whose firewall guards the project. @throws UserError where there is none, or there are several. */
export async function findContainer(choice: ContainerChoice, io: Io): Promise<FoundContainer> {
  const found = await lookForContainer(choice, io);
  if ('absent' in found) throw new UserError(found.absent);
  return found;
}

/** The same where none is no error: `absent` says why. What was asked for by name must be there all the same. */
export async function lookForContainer(
  choice: ContainerChoice,
  io: Io,
): Promise<FoundContainer | { readonly absent: string }> {
  let engine: Engine;
  let known: readonly EngineContainer[];
  try {
    engine = openEngine(io.env, choice.engine);
    known = await (choice.container === undefined
      ? engine.findContainers([folderLabel, gatewayLabel])
      : engine.inspect([choice.container]));
  } catch (error) {
    if (!(error instanceof UserError) || choice.container !== undefined || choice.engine) throw error;
    return { absent: error.message };
  }
  const folder = resolve(io.cwd, choice.dir);
  const container = choice.container === undefined ? chooseContainer(known, folder, io) : known[0];
  if (container) return { engine, container };
  return {
    absent: `there is no dev container of ${folder}; start it in the editor or with devcontainer up, or name one with --container`,
  };
}

function chooseContainer(
  known: readonly EngineContainer[],
  folder: string,
  io: Io,
): EngineContainer | undefined {
  const found = containersOf(known, folder, io);
  const running = found.filter(({ status }) => status === 'running');
  const [container, ...others] = running.length > 0 ? running : found;
  if (!container || others.length === 0) return container;
  const names = [container, ...others].map(({ id, name }) => `${name} (${id.slice(0, 12)})`);
  throw new UserError(`${folder} has several containers: ${names.join(', ')}; name one with --container`);
}

/** Each once: the containers of the folder, or in their place the gateways that they go through. */
function containersOf(known: readonly EngineContainer[], folder: string, io: Io): EngineContainer[] {
  const system = { platform: process.platform, distribution: io.env.WSL_DISTRO_NAME };
  const folders = [folder, realPath(folder)];
  const own = known.filter(({ labels }) =>
    folders.some((path) => isFolderLabel(labels[folderLabel] ?? '', path, system)),
  );
  const [key = '', value] = gatewayLabel.split('=');
  const gatewayOf = ({ labels }: EngineContainer) =>
    known.find(
      (other) =>
        other.labels[key] === value &&
        labels[projectLabel] !== undefined &&
        other.labels[projectLabel] === labels[projectLabel],
    );
  return [...new Set(own.map((container) => gatewayOf(container) ?? container))];
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}
