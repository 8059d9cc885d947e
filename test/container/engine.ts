import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { must, type Outcome, run, runLater } from '../firewall/run.js';
import type { Target } from '../firewall/target.js';

export const docker = (...args: string[]): string => must('docker', args);

/**
 * Why the container tests cannot run here; undefined where they can. In CI a missing engine is a failure, not a skip:
 * a protection that was not tried is not known to hold.
 */
export function missingEngine(engine = 'docker'): string | undefined {
  const info = run('docker', ['info', '--format', '{{.ServerVersion}}']);
  let missing: string | undefined;
  if (info.code !== 0) missing = 'no container engine answers (docker info)';
  else if (process.getuid?.() !== 0) missing = 'network namespaces need root';
  else {
    for (const tool of [engine, 'ip', 'iptables', 'debootstrap', 'openssl', 'tcpdump']) {
      if (run('sh', ['-c', `command -v ${tool}`]).code !== 0) missing = `${tool} is not installed`;
    }
  }
  if (missing && process.env.CI) throw new Error(`container tests must run in CI, but ${missing}`);
  return missing;
}

const root = join(import.meta.dirname, '..', '..');
const reference = join(root, 'node_modules', '.bin', 'devcontainer');

/** Our own command line, as a user runs it from the built package. */
export function harden(...args: string[]): Outcome {
  return run(process.execPath, [join(root, 'dist', 'bin.js'), ...args]);
}

/** A running dev container. `exec` is the reference CLI's; `attempt` is the engine's, which the CLI calls too: ten times faster. */
export interface DevContainer extends Target {
  readonly id: string;
  readonly folder: string;
}

/** A container of which only the engine knows. */
export function plainContainer(id: string): Target {
  const as = (user: string, script: string): Promise<Outcome> =>
    runLater('docker', ['exec', '--user', user, id, 'bash', '-c', script]);
  const attempt = (script: string): Promise<Outcome> => as('dev', script);
  return { attempt, exec: attempt, asRoot: (script) => as('root', script) };
}

/**
 * `devcontainer up`. The outcome has the tool's JSON line on stdout. The container has a label of ours beside the one that
 * the tool gives by itself.
 */
export function bringUp(folder: string): Outcome {
  return run(reference, [
    'up',
    '--workspace-folder',
    folder,
    '--remove-existing-container',
    ...idLabels(folder),
  ]);
}

const idLabels = (folder: string): string[] =>
  [`harden-test=${folder}`, `devcontainer.local_folder=${folder}`].flatMap((label) => ['--id-label', label]);

export function devContainer(folder: string): DevContainer {
  const outcome = bringUp(folder);
  const result = JSON.parse(outcome.stdout.trim().split('\n').at(-1) ?? '{}') as {
    outcome?: string;
    containerId?: string;
  };
  if (result.outcome !== 'success' || !result.containerId) {
    throw new Error(`devcontainer up failed\n${outcome.stdout}\n${outcome.stderr.slice(-6000)}`);
  }
  return {
    ...plainContainer(result.containerId),
    id: result.containerId,
    folder,
    exec: (script) =>
      runLater(reference, ['exec', '--workspace-folder', folder, ...idLabels(folder), 'bash', '-c', script], {
        timeout: 60_000,
      }),
  };
}

/**
 * Takes away what runs that were killed have left, told by the process id in their names: their networks hold the
 * addresses that this run needs.
 */
export function removeLeftovers(): void {
  const isDead = (pid: string | undefined): boolean => pid !== undefined && !existsSync(`/proc/${pid}`);
  const list = run('docker', [
    'ps',
    '--all',
    '--format',
    '{{.ID}} {{.Label "harden-control"}} {{.Label "harden-test"}} {{.Label "com.docker.compose.project"}}',
  ]);
  for (const line of list.stdout.split('\n')) {
    const [id = '', owner = ''] = line.split(/ (.*)/);
    if (isDead(/^(\d+) |harden-project-(\d+)-/.exec(owner)?.slice(1).find(Boolean)))
      run('docker', ['rm', '--force', '--volumes', id]);
  }
  for (const name of run('docker', ['network', 'ls', '--format', '{{.Name}}']).stdout.split('\n')) {
    if (isDead(/^harden-(\d+)$|^harden-project-(\d+)-/.exec(name)?.slice(1).find(Boolean)))
      run('docker', ['network', 'rm', name]);
  }
}

/** Containers that the engine knows under a label, stopped ones too. */
export function findContainers(label: string): string[] {
  return run('docker', ['ps', '--all', '--quiet', '--no-trunc', '--filter', `label=${label}`])
    .stdout.split('\n')
    .filter(Boolean);
}

/** The compose project that a container belongs to; undefined where there is none. */
export function composeProject(id: string): string | undefined {
  const format = '{{index .Config.Labels "com.docker.compose.project"}}';
  const name = docker('inspect', '--format', format, id);
  return name === '' || name === '<no value>' ? undefined : name;
}

/** Removes what a test made, by label and id only; of a compose project its other containers and its network too. */
export function removeContainers(folder: string): void {
  for (const id of findContainers(`harden-test=${folder}`)) {
    const project = composeProject(id);
    run('docker', ['rm', '--force', '--volumes', id]);
    if (project) removeProject(project);
  }
}

/** Removes the containers and the network of a compose project. */
export function removeProject(project: string): void {
  for (const id of findContainers(`com.docker.compose.project=${project}`))
    run('docker', ['rm', '--force', '--volumes', id]);
  run('docker', ['network', 'rm', `${project}_default`]);
}
