import { realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import validateReport from '../../../src/generated/egress-report.js';
import { answeredLookup, at, connection, refusedLookup } from '../egress/lines.js';
import { type FakeEngine, fakeEngine } from './fake-engine.js';
import { folderWith, runCli } from './run-cli.js';

const log = '/var/log/harden-devcontainer';
const config = '/etc/harden-devcontainer';
const label = 'devcontainer.local_folder';

let folder: string;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: at + 90 * 60_000 });
  folder = realpathSync(folderWith({ 'package.json': '{}' }));
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

/** An engine with the project's container, which has refused and allowed something. */
function engineWithLog(...containers: Parameters<typeof fakeEngine>[0]): FakeEngine {
  const engine = fakeEngine(containers.length > 0 ? containers : [{ labels: { [label]: folder } }]);
  engine.put(`${config}/allowlist`, 'listed.example\nssh.example:22\n');
  engine.put(
    `${log}/resolver/@400000006741b6d40a2b3c4d.s`,
    lines(refusedLookup('pypi.org'), refusedLookup('evil.example')),
  );
  engine.put(
    `${log}/resolver/current`,
    lines(refusedLookup('pypi.org'), answeredLookup('ssh.example', '198.18.0.22')),
  );
  engine.put(`${log}/resolver/state`, '');
  engine.put(
    `${log}/proxy/current`,
    lines(
      [connection({ name: 'listed.example', up: 1200, down: 3_400_000 })],
      [connection({ name: 'evil.example', verdict: 'refused', up: 517 })],
      [connection({ name: '-', verdict: 'no-tls', up: 5 })],
    ),
  );
  return engine;
}

function lines(...groups: readonly (readonly string[])[]): string {
  return groups
    .flat()
    .map((line) => `${line}\n`)
    .join('');
}

const egress = (engine: FakeEngine, ...argv: string[]) =>
  runCli(['egress', ...argv], folder, { env: engine.env });

describe('egress', () => {
  test('shows what was refused and let out, by name, refusals first', async () => {
    const { code, stdout, stderr } = await egress(engineWithLog());
    expect(stdout).toMatchInlineSnapshot(`
      "Egress of box (c1, running)

      Refused (3 names)
        tries  first  last  name          by
            2     1h    1h  evil.example  resolver, proxy 443
            2     1h    1h  pypi.org      resolver
            1     1h    1h  (none)        no TLS 443

      Allowed (2 names)
        tries  first  last      up    down  name            port
            1     1h    1h  1.2 kB  3.4 MB  listed.example  443
            1     1h    1h       -       -  ssh.example     lookup only

        first, last  how long ago the name was tried
        resolver     the name is not on the allowlist, so it does not resolve
        proxy        the request names a host that is not on the list, at an address
                     from elsewhere
        no TLS       something other than TLS on port 443
      "
    `);
    expect(code).toBe(0);
    expect(stderr).toBe('\nTo open one: harden-devcontainer egress --allow NAME --reason TEXT\n');
  });

  test('says so where nothing happened', async () => {
    const engine = fakeEngine([{ labels: { [label]: folder } }]);
    engine.put(`${config}/allowlist`, '');
    engine.put(`${log}/proxy/current`, '');
    const { stdout, stderr } = await egress(engine);
    expect(stdout).toBe('Egress of box (c1, running)\n\nNothing was refused, and nothing was let out.\n');
    expect(stderr).toBe('');
  });

  test('gives the same to programs', async () => {
    const { code, stdout, stderr } = await egress(engineWithLog(), '--format', 'json');
    const report = JSON.parse(stdout);
    expect(validateReport(report), JSON.stringify(validateReport.errors)).toBe(true);
    expect({ code, stderr: stderr.split('\n').length }).toEqual({ code: 0, stderr: 1 });
    expect(report).toMatchObject({ mode: 'enforce', since: null, unreadableLines: 0, destinations: [] });
    expect(
      report.entries.map((entry: Record<string, unknown>) => [entry.verdict, entry.name, entry.causes]),
    ).toEqual([
      ['refused', 'evil.example', { resolver: 1, proxy: 1 }],
      ['refused', 'pypi.org', { resolver: 2 }],
      ['refused', null, { 'no-tls': 1 }],
      ['allowed', 'listed.example', {}],
      ['allowed', 'ssh.example', {}],
    ]);
  });

  test('leaves out what is older than the time asked for', async () => {
    const engine = engineWithLog();
    engine.put(`${log}/resolver/current`, lines(refusedLookup('now.example', Date.now() - 60_000)));
    const { stdout } = await egress(engine, '--since', '1h');
    expect(stdout).toMatch(/the last 1h/);
    expect(stdout).toMatch(/now\.example/);
    expect(stdout).not.toMatch(/pypi|listed/);
  });

  test('shows what an observing container let through, other ports by the names of their addresses', async () => {
    const engine = engineWithLog();
    engine.put(`${config}/mode`, 'observe\n');
    engine.put(`${log}/resolver/current`, lines(answeredLookup('git.example', '198.18.0.30')));
    engine.onExec(
      `[ "$*" = 'ipset save harden4-seen' ] || exit 1
echo 'add harden4-seen 198.18.0.30,tcp:22 timeout 43000 packets 12 bytes 3400'
echo 'add harden4-seen 198.18.0.66,tcp:4444 timeout 43000 packets 1 bytes 60'
`,
    );
    const { stdout } = await egress(engine);
    expect(stdout).toMatch(/OBSERVE: every public name and address is let through/);
    expect(stdout).toMatch(/Let through, not on the list \(1 name\)\n.*\n.*git\.example/);
    expect(stdout).toMatch(/12 +3\.4 kB +git\.example +198\.18\.0\.30 22\/tcp/);
    expect(stdout).toMatch(/1 +60 B +\(none: a raw address\) +198\.18\.0\.66 4444\/tcp/);
    const report = JSON.parse((await egress(engine, '--format', 'json')).stdout);
    expect(validateReport(report)).toBe(true);
    expect(report.destinations[0]).toEqual({
      address: '198.18.0.30',
      protocol: 'tcp',
      port: 22,
      names: ['git.example'],
      packets: 12,
      bytes: 3400,
    });
  });

  test('reads the log of a container that has stopped', async () => {
    const { code, stdout } = await egress(engineWithLog({ status: 'exited', labels: { [label]: folder } }));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Egress of box \(c1, exited\)/);
    expect(stdout).toMatch(/pypi\.org/);
  });
});

describe('egress shows hostile names', () => {
  test('without a character that a terminal obeys, and with their ends, which say whose they are', async () => {
    const engine = engineWithLog();
    const long = `registry.npmjs.org.${'a'.repeat(60)}.${'b'.repeat(60)}.evil.example`;
    engine.put(
      `${log}/resolver/current`,
      lines(refusedLookup(long), refusedLookup('x\u001b[2J\u202e.example')),
    );
    engine.put(
      `${log}/proxy/current`,
      lines([connection({ name: '\u001b]0;owned\u0007', verdict: 'refused' })]),
    );
    const { stdout } = await egress(engine);
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(stdout).toMatch(/…b+\.evil\.example/);
    expect(stdout).toContain('x\\u{1b}[2j\\u{202e}.example');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('by the thousand as one row, and all of them where that is asked for', async () => {
    const engine = engineWithLog();
    const names = Array.from({ length: 2000 }, (_, index) => `data${index}.tunnel.example`);
    engine.put(`${log}/resolver/current`, lines(...names.map((name) => refusedLookup(name))));
    const { stdout } = await egress(engine);
    expect(stdout).toMatch(/2000 .*\*\.tunnel\.example \(2000 names\) +resolver/);
    expect(stdout.split('\n').length).toBeLessThan(30);
    expect((await egress(engine, '--all')).stdout).toMatch(/data1999\.tunnel\.example/);
  });

  test('no more than a screen of unrelated ones', async () => {
    const engine = engineWithLog();
    const names = Array.from({ length: 100 }, (_, index) => `www.site${index}.example`);
    engine.put(`${log}/resolver/current`, lines(...names.map((name) => refusedLookup(name))));
    expect((await egress(engine)).stdout).toMatch(/and 7\d more: --all shows them/);
  });
});

describe('egress finds the container', () => {
  const gateway = { 'dev.harden-devcontainer.role': 'gateway', 'com.docker.compose.project': 'demo' };

  test('behind the gateway that guards it', async () => {
    const engine = engineWithLog(
      { id: 'work', name: 'workspace', labels: { [label]: folder, 'com.docker.compose.project': 'demo' } },
      { id: 'other', name: 'other-gateway', labels: { ...gateway, 'com.docker.compose.project': 'else' } },
      { id: 'gate', name: 'gateway', labels: gateway },
    );
    expect((await egress(engine)).stdout).toMatch(/^Egress of gateway \(gate, running\)/);
    expect(engine.calls()).toContain(`cp gate:${log} -`);
  });

  test('by another path to the folder, from another folder, and by name', async () => {
    const engine = engineWithLog();
    const link = `${folder}-link`;
    symlinkSync(folder, link);
    try {
      for (const argv of [[folder], [link], ['--container', 'box', '/']])
        expect((await runCli(['egress', ...argv], '/', { env: engine.env })).code).toBe(0);
    } finally {
      rmSync(link);
    }
  });

  test('that runs, where an older one has stopped', async () => {
    const labels = { [label]: folder };
    const engine = engineWithLog({ id: 'old', status: 'exited', labels }, { id: 'new', name: 'new', labels });
    expect((await egress(engine)).stdout).toMatch(/^Egress of new/);
  });

  test.each([
    [
      'no container',
      [],
      /^error: there is no dev container of .*; start it .* or name one with --container\n$/,
    ],
    [
      'a container of another folder',
      [{ labels: { [label]: '/elsewhere' } }],
      /^error: there is no dev container of /,
    ],
  ])('or says that there is %s', async (_what, containers, message) => {
    const { code, stdout, stderr } = await egress(fakeEngine(containers));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('or says that there are several', async () => {
    const labels = { [label]: folder };
    const engine = fakeEngine([
      { id: 'c1', name: 'one', labels },
      { id: 'c2', name: 'two', labels },
    ]);
    const { code, stderr } = await egress(engine);
    expect(code).toBe(2);
    expect(stderr).toBe(
      `error: ${folder} has several containers: one (c1), two (c2); name one with --container\n`,
    );
  });

  test('or says that the container is not ours', async () => {
    const { code, stderr } = await egress(fakeEngine([{ labels: { [label]: folder } }]));
    expect(code).toBe(2);
    expect(stderr).toBe(
      'error: the container box has no /var/log/harden-devcontainer: it was not made by harden-devcontainer, or not built again since\n',
    );
  });
});

describe('egress says what is wrong with the engine', () => {
  test('where there is none', async () => {
    const { code, stderr } = await runCli(['egress'], folder, { env: { PATH: join(folder, 'nothing') } });
    expect(code).toBe(2);
    expect(stderr).toBe('error: there is no container engine here: neither docker nor podman is in PATH\n');
  });

  test('where it does not answer, in its own words but for what a terminal obeys', async () => {
    const engine = engineWithLog();
    engine.before(
      `printf 'warning: x\\nCannot connect to the daemon\\033[2J at unix:///x. Is it running?\\n' >&2; exit 1`,
    );
    const { code, stderr } = await egress(engine);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'error: docker does not answer: Cannot connect to the daemon\\u{1b}[2J at unix:///x. Is it running?\n',
    );
  });

  test('where another one is asked for', async () => {
    const { code, stderr } = await egress(engineWithLog(), '--engine', 'podman');
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'error: podman is not in PATH\n' });
  });

  test('where it gives something that is no archive', async () => {
    const engine = engineWithLog();
    engine.before('if [ "$1" = cp ]; then printf "%0600d" 7; exit 0; fi');
    const { code, stderr } = await egress(engine);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'error: what the container engine gave is not a tar archive\n',
    });
  });

  test('but never runs what a repository brings along', async () => {
    const engine = engineWithLog();
    const env = { PATH: `.:bin::${engine.env.PATH}` };
    const planted = folderWith({ docker: '#!/bin/sh\necho planted >&2; exit 9\n', 'bin/docker': 'x' });
    expect((await runCli(['egress', folder], planted, { env })).code).toBe(0);
  });

  test('takes podman where there is no docker', async () => {
    const engine = fakeEngine([{ labels: { [label]: folder } }], 'podman');
    engine.put(`${config}/allowlist`, '');
    engine.put(`${log}/proxy/current`, '');
    expect((await egress(engine)).code).toBe(0);
  });
});

describe('egress refuses', () => {
  test.each([
    [
      ['--since', 'yesterday'],
      '--since: "yesterday" is not a time span; write a number and a unit, such as 90s, 30m, 2h or 1d',
    ],
    [['--reason', 'x'], '--reason needs --allow NAME'],
    [['--yes'], '--yes needs --allow NAME'],
    [['--dry-run'], '--dry-run needs --allow NAME'],
    [['--force'], '--force needs --allow NAME'],
    [['--allow', 'a.example', '--all'], '--all belongs to the report, not to --allow'],
    [['--allow', 'a.example', '--format', 'json'], '--format json belongs to the report, not to --allow'],
    [['--engine', 'lxc'], "--engine takes docker, podman, not 'lxc'"],
    [['nowhere'], 'nowhere does not exist'],
    [['package.json'], 'package.json is not a folder'],
  ])('%j', async (argv, message) => {
    expect(await egress(fakeEngine([]), ...argv)).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${message}\n`,
    });
  });
});
