import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newToken } from '../firewall/attacks/attack.js';
import { arrives, escapes } from '../firewall/checks.js';
import { type Internet, startInternet } from '../firewall/internet.js';
import { must, run } from '../firewall/run.js';
import type { Scene } from '../firewall/target.js';
import { type DevContainer, devContainer, docker, missingEngine } from './engine.js';
import { freePort, newProject, removeProjects } from './project.js';

// What a policy may switch on beside the allowlist: observing, and ports that the host may connect to.

const skip = missingEngine() !== undefined;
let internet: Internet;

beforeAll(async () => {
  if (!skip) internet = await startInternet();
});
afterAll(() => {
  removeProjects();
  internet?.stop();
});

function start(...flags: string[]): DevContainer {
  const folder = newProject('--stack', 'python', '--agent', 'none', ...flags);
  const path = join(folder, '.devcontainer', 'devcontainer.json');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('"runArgs": [', `"runArgs": [ "--dns=${internet.nameServer}",`));
  return devContainer(folder);
}

describe.skipIf(skip)('a container that observes', () => {
  let container: DevContainer;
  beforeAll(() => {
    container = start('--observe', '--allow', 'allowed.example');
  });
  const scene: Scene = { internet: () => internet, target: () => container, control: () => container };

  it('lets out names that are not listed, and says so in its log', async () => {
    for (const url of ['https://cdn.example/', 'http://cdn.example/', 'https://allowed.example/']) {
      const token = newToken();
      expect((await container.attempt(`curl -sS -k -m 5 ${url}${token}`)).code).toBe(0);
      expect(await arrives(scene, token)).toBe(true);
    }
    const { stdout } = await container.asRoot('cat /var/log/harden-devcontainer/proxy/current');
    expect(stdout).toMatch(/"name":"cdn\.example","verdict":"observed"/);
    expect(stdout).toMatch(/"name":"allowed\.example","verdict":"allowed"/);
  });

  it('lets out other TCP ports, and remembers where to', async () => {
    expect((await container.attempt('curl -sS -m 5 http://ssh.example:22/')).code).toBe(0);
    expect((await container.asRoot('ipset list harden4-seen')).stdout).toContain('198.18.0.10,tcp:22');
  });

  it('still refuses the host, private and metadata addresses, and UDP', async () => {
    const gateway = docker('inspect', '--format', '{{.NetworkSettings.Gateway}}', container.id);
    for (const address of [gateway, '169.254.169.254', '10.0.0.1']) {
      const { code, stdout } = await container.attempt(
        `begin=$(date +%s%3N); curl -sS -m 4 http://${address}:8080/; code=$?; echo "took=$(($(date +%s%3N) - begin))"; exit $code`,
      );
      expect(code).not.toBe(0);
      expect(Number(/took=(\d+)/.exec(stdout)?.[1])).toBeLessThan(3500);
    }
    expect((await container.attempt('getent ahostsv4 rebind.example')).stdout).toBe('');
    const token = newToken();
    await container.attempt(`echo ${token} >/dev/udp/198.18.0.66/4500`);
    expect(await escapes(scene, token)).toBe(false);
  });

  it('is marked where people look', async () => {
    expect((await container.exec('/usr/local/bin/harden-ready')).stderr).toContain('OBSERVE');
    expect(run('docker', ['logs', container.id]).stderr).toContain('OBSERVE');
    const text = readFileSync(join(container.folder, '.devcontainer', 'devcontainer.json'), 'utf8');
    expect(text).toMatch(/^\/\/ OBSERVE/);
  });
});

describe.skipIf(skip)('a container with a published port', () => {
  it('lets the host and neighbours connect to that port and to no other', async () => {
    const published = await freePort('127.0.0.1');
    const container = start('--publish', `${published}`);
    for (const port of [published, 9009]) {
      const server = ['python3', '-m', 'http.server', `${port}`];
      docker('exec', '--detach', '--user', 'dev', container.id, ...server);
    }
    const wait = `for i in $(seq 50); do curl -sS -m 1 http://127.0.0.1:9009/ >/dev/null && curl -sS -m 1 http://127.0.0.1:${published}/ >/dev/null && exit 0; sleep 0.1; done; exit 1`;
    expect((await container.attempt(wait)).code).toBe(0);
    const address = docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', container.id);
    must('curl', ['-sS', '-m', '3', `http://127.0.0.1:${published}/`]);
    must('curl', ['-sS', '-m', '3', `http://${address}:${published}/`]);
    expect(run('curl', ['-sS', '-m', '3', `http://${address}:9009/`]).code).not.toBe(0);
  });
});
