import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Internet } from '../firewall/internet.js';
import { must } from '../firewall/run.js';
import { baseImages, ensureImage } from './base-images.js';
import {
  composeProject,
  type DevContainer,
  devContainer,
  docker,
  findContainers,
  harden,
  plainContainer,
  removeContainers,
} from './engine.js';

const bundle = process.env.SSL_CERT_FILE ?? '/etc/ssl/certs/ca-certificates.crt';

// Lets an unprivileged process send ICMP echo, as many engines do; whether it gets out is the firewall's business.
const openPing = ['--sysctl=net.ipv4.ping_group_range=0 2147483647'];

const folders: string[] = [];

/** Removes the containers and folders of every project of this file. */
export function removeProjects(): void {
  for (const folder of folders) {
    removeContainers(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A project with what `init` writes for these flags, and the base images that it asks for. */
export function newProject(...flags: string[]): string {
  return newProjectWith({}, ...flags);
}

/** The same in a folder that holds these files before. */
export function newProjectWith(files: Readonly<Record<string, string>>, ...flags: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), `harden-project-${process.pid}-`));
  folders.push(folder);
  writeFileSync(join(folder, 'package.json'), '{ "name": "demo", "private": true }\n');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  must('git', ['init', '--quiet', folder]);
  const ca = existsSync(bundle) ? ['--ca', bundle] : [];
  const outcome = harden('init', folder, '--yes', ...flags, ...ca);
  if (outcome.code !== 0) throw new Error(`init failed: ${outcome.stderr}`);
  const dockerfile = readFileSync(join(folder, '.devcontainer', 'Dockerfile'), 'utf8');
  for (const image of baseImages(dockerfile)) ensureImage(image);
  return folder;
}

/** The same image on the same network without its firewall: here every attack must succeed, or it proves nothing. */
export function startControl({ nameServer }: Internet, image: string, ...more: string[]): string {
  return docker(
    'run',
    '--detach',
    '--label',
    `harden-control=${process.pid}`,
    `--dns=${nameServer}`,
    ...openPing,
    ...more,
    '--user',
    'dev',
    '--entrypoint',
    'sleep',
    image,
    'infinity',
  );
}

/** A port of the address that nobody listens on. */
export async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Points the container at the fake internet's name server and network; everything else stays as `init` wrote it. */
export function joinInternet({ nameServer }: Internet, folder: string, ...more: string[]): void {
  const path = join(folder, '.devcontainer', 'devcontainer.json');
  const text = readFileSync(path, 'utf8');
  const flags = [`--dns=${nameServer}`, ...openPing, ...more]
    .map((flag) => `${JSON.stringify(flag)},`)
    .join(' ');
  writeFileSync(path, text.replace('"runArgs": [', `"runArgs": [ ${flags}`));
}

/** Puts the gateway on the fake internet; everything else stays as `init` wrote it. `more` are lines of its service. */
export function joinGateway(
  { nameServer }: Internet,
  folder: string,
  more: readonly string[],
  top: readonly string[] = [],
): void {
  const path = join(folder, '.devcontainer', 'compose.yaml');
  const text = readFileSync(path, 'utf8');
  const lines = [`dns: ["${nameServer}"]`, 'sysctls: { net.ipv4.ping_group_range: "0 2147483647" }', ...more];
  const service = lines.map((line) => `    ${line}\n`).join('');
  writeFileSync(path, `${text.replace('  gateway:\n', `  gateway:\n${service}`)}${top.join('\n')}\n`);
}

/** The workspace as the tools see it; root's commands go to the gateway, where the firewall is. */
export function sidecar(folder: string): { workspace: DevContainer; gateway: string } {
  const workspace = devContainer(folder);
  const project = composeProject(workspace.id);
  const [gateway = ''] = findContainers(`com.docker.compose.project=${project}`).filter(
    (id) => id !== workspace.id,
  );
  return { workspace: { ...workspace, asRoot: plainContainer(gateway).asRoot }, gateway };
}
