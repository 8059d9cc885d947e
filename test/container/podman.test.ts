import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attacks } from '../firewall/attacks.js';
import { isUnprivileged, reachesAllowedNames, refusesAttacks } from '../firewall/checks.js';
import { type Internet, startInternet } from '../firewall/internet.js';
import { listedNames } from '../firewall/listed.js';
import { must, type Outcome, run, runLater } from '../firewall/run.js';
import { installAttacks, type Scene, type Target } from '../firewall/target.js';
import { docker, missingEngine } from './engine.js';
import { newProject, removeProjects } from './project.js';

// The same image in Podman, rootful, with the flags of devcontainer.json: on its default network, which has no name server
// of its own, and on a user-defined one, which has one at the gateway.

const skip = missingEngine('podman') !== undefined;
const image = `localhost/harden-podman-${process.pid}`;
const network = `harden-${process.pid}`;

// Engines ask for more than some machines' limits allow; the firewall must do with few.
const limits = ['--ulimit=nofile=1024:1024', '--ulimit=nproc=4096:4096'];
const capabilities = 'NET_ADMIN,NET_RAW,NET_BIND_SERVICE,SETUID,SETGID,SETPCAP,KILL';
const flags = ['--cap-drop=ALL', `--cap-add=${capabilities}`, '--security-opt=no-new-privileges'];

const podman = (...args: string[]): string => must('podman', args);

let internet: Internet;
beforeAll(async () => {
  if (skip) return;
  internet = await startInternet();
  const folder = newProject('--stack', 'python', '--agent', 'none', ...listedNames);
  const scratch = mkdtempSync(join(tmpdir(), 'harden-podman-'));
  try {
    docker('build', '--quiet', '--tag', image, join(folder, '.devcontainer'));
    docker('save', '--output', join(scratch, 'image.tar'), image);
    podman('load', '--quiet', '--input', join(scratch, 'image.tar'));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    run('docker', ['rmi', image]);
  }
  podman('network', 'create', network);
});
afterAll(() => {
  if (skip) return;
  run('podman', ['rmi', '--force', image]);
  run('podman', ['network', 'rm', '--force', network]);
  removeProjects();
  internet.stop();
});

function start(...more: string[]): string {
  const openPing = '--sysctl=net.ipv4.ping_group_range=0 2147483647';
  // The runtime that Docker brings along: crun refuses machines that mix both versions of cgroups.
  return podman(
    '--runtime=runc',
    'run',
    '--detach',
    `--dns=${internet.nameServer}`,
    openPing,
    ...limits,
    ...more,
  );
}

function targetOf(id: string): Target {
  const as = (user: string, script: string): Promise<Outcome> =>
    runLater('podman', ['exec', '--user', user, id, 'bash', '-c', script]);
  const attempt = (script: string): Promise<Outcome> => as('dev', script);
  return { attempt, exec: attempt, asRoot: (script) => as('root', script) };
}

const networks = [
  { name: 'the default network', flag: '--network=podman' },
  { name: 'a user-defined network', flag: `--network=${network}` },
];

describe.skipIf(skip).each(networks)('Podman on $name', ({ flag }) => {
  let guarded: string;
  let control: string;

  beforeAll(async () => {
    guarded = start(flag, ...flags, image);
    control = start(flag, '--user=dev', '--entrypoint=sleep', image, 'infinity');
    await installAttacks(targetOf(guarded), targetOf(control));
    expect((await targetOf(guarded).exec('/usr/local/bin/harden-ready')).code).toBe(0);
  });
  afterAll(() => {
    for (const id of [guarded, control]) run('podman', ['rm', '--force', '--time', '1', id]);
  });

  const target = (): Target => targetOf(guarded);
  const scene: Scene = { internet: () => internet, target, control: () => targetOf(control) };
  isUnprivileged(target);
  reachesAllowedNames(scene, ['4']);
  // One attack in four says whether this engine does something differently.
  refusesAttacks(
    scene,
    attacks.filter((one, index) => !one.ipv6 && index % 4 === 0),
  );

  it('is closed again after a restart', async () => {
    podman('restart', '--time', '1', guarded);
    expect((await target().exec('/usr/local/bin/harden-ready')).code).toBe(0);
    expect((await target().attempt('curl -sS -m 5 http://allowed.example/')).code).toBe(0);
    expect((await target().attempt('curl -sS -m 3 http://198.18.0.66:8080/')).code).not.toBe(0);
  });
});
