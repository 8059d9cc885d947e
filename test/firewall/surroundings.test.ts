import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newToken } from './attacks/attack.js';
import { type Bare, startBare } from './bare.js';
import { escapes } from './checks.js';
import { type Lab, local, startLab } from './lab.js';
import { listedNames } from './listed.js';
import { type Rendered, removeRendered, render } from './project.js';
import { type Outcome, runLater } from './run.js';
import { installAttacks } from './target.js';

// What is around the firewall: the environment of what runs as root, the files that it reads and writes, and who comes in.

let lab: Lab;
let rendered: Rendered;
const started: Bare[] = [];

beforeAll(async () => {
  lab = await startLab();
  rendered = render(...listedNames, '--mcp', 'tracker=18080', '--publish', '3000');
});

afterAll(() => {
  for (const bare of started) bare.stop();
  lab?.stop();
  removeRendered();
});

async function start(options: Parameters<typeof startBare>[1] = {}): Promise<Bare> {
  const bare = await startBare(lab, { rendered, ...options });
  started.push(bare);
  await bare.ready();
  await installAttacks(bare);
  return bare;
}

async function isClosed(bare: Bare): Promise<void> {
  const token = newToken();
  await bare.attempt(`echo ${token} >/tmp/token; python3 /tmp/attack.py storm - 0 /tmp/token`);
  expect(await escapes({ internet: () => lab.internet }, token)).toBe(false);
}

// Programs and files that would say so if anything of root ran or read them.
const programs =
  'iptables ip6tables iptables-restore ip6tables-restore ipset awk mkdir rm mv cat chmod env grep s6-svscan dnsmasq haproxy setpriv sleep pgrep';
const trap = `mkdir -p /trap; printf 'touch /trap/caught\\n' >/trap/rc
for p in ${programs}; do printf '#!/bin/sh\\ntouch /trap/caught\\n' >/trap/$p; chmod 0755 /trap/$p; done
for p in libxt_owner.so libipt_REJECT.so libxt_standard.so; do cp /trap/rc /trap/$p; done
chmod 0777 /trap`;

const hostile: readonly (readonly [string, Record<string, string>])[] = [
  ['BASH_ENV', { BASH_ENV: '/trap/rc' }],
  ['ENV', { ENV: '/trap/rc', POSIXLY_CORRECT: '1' }],
  ['PATH', { PATH: '/trap:/usr/bin:/bin' }],
  [
    'functions',
    Object.fromEntries(
      ['iptables', 'ipset', 'awk', 'cd', 'exec', 'unset', 'compgen', 'export'].map((name) => [
        `BASH_FUNC_${name}%%`,
        '() { touch /trap/caught; }',
      ]),
    ),
  ],
  ['SHELLOPTS', { SHELLOPTS: 'xtrace:noexec', PS4: '$(touch /trap/caught)' }],
  ['BASHOPTS', { BASHOPTS: 'extdebug:failglob', GLOBIGNORE: '*', CDPATH: '/trap' }],
  ['IFS', { IFS: '/ -', OPTIND: 'x', UID: '0', PROMPT_COMMAND: 'touch /trap/caught' }],
  [
    'XTABLES_LIBDIR',
    { XTABLES_LIBDIR: '/trap', IPTABLES_LIB_DIR: '/trap', AWKPATH: '/trap', AWKLIBPATH: '/trap' },
  ],
  ['LANG', { LC_ALL: 'tr_TR.UTF-8', LANG: 'x;touch /trap/caught', LANGUAGE: '../../trap' }],
  [
    'names of ours',
    {
      config: '/trap',
      state: '/trap',
      HARDEN_STATE: '/trap',
      lifetime: '1',
      name: 'x',
      unprivileged: '',
      let_mark: '0',
    },
  ],
  ['names that are none', { 'a b': '1', 'c$(touch /trap/caught)': '1', '-n': '1', '*': '1' }],
];

describe('the environment of what runs as root', () => {
  it.concurrent.each(hostile)('changes nothing at the start: %s', async (_, environment) => {
    const bare = await start({ prepare: trap, environment });
    expect((await bare.attempt('curl -sS -m 5 http://allowed.example/; ls /trap/caught')).stdout).toBe(
      'from 198.18.0.10',
    );
    const { stdout } = await bare.force("tr '\\\\0' '\\\\n' </proc/1/environ");
    expect(stdout.trim()).toMatch(/^PATH=\/usr\/local\/sbin[^\n]*$/);
    await isClosed(bare);
  });

  it.concurrent.each(['init-firewall.sh', 'harden-reload'])(
    'changes nothing where %s runs again',
    async (program) => {
      const bare = await start({ prepare: trap });
      for (const [, environment] of hostile) {
        const { code, stderr } = await bare.asRootWith(environment, `/usr/local/sbin/${program}`);
        expect(stderr).not.toContain('stays closed');
        expect(code).toBe(0);
      }
      expect((await bare.attempt('curl -sS -m 5 http://allowed.example/; ls /trap/caught')).stdout).toBe(
        'from 198.18.0.10',
      );
      await isClosed(bare);
    },
  );
});

describe('the files of the firewall', () => {
  const folders =
    '/etc/harden-devcontainer /usr/local/lib/harden-devcontainer /usr/local/sbin /run/harden-devcontainer /var/log/harden-devcontainer /etc/resolv.conf /etc/hosts';
  const sums = `find ${folders} -path '*/log/harden-devcontainer/*' -prune -o -type f -exec sha256sum {} + | sort; find ${folders} -printf '%p %m %u %l\\n' | sort`;

  it('cannot be changed, replaced, linked or signalled by the user', async () => {
    const bare = await start();
    const before = (await bare.force(sums)).stdout;
    expect(before).toContain('init-firewall.sh');
    const files = (await bare.force(`find ${folders}`)).stdout.trim().split('\n');
    expect(files.length).toBeGreaterThan(30);
    const tries = files.map(
      (file) =>
        `{ timeout 1 sh -c 'echo x >>"$0"' "${file}"; mv "${file}" "${file}.x"; rm -rf "${file}"; ln -sf /tmp "${file}"; ln /etc/passwd "${file}.y"; chmod 0777 "${file}"; touch "${file}/x"; mkdir "${file}.d"; truncate -s 0 "${file}"; setfacl -m u:dev:rwx "${file}"; mount --bind /tmp "${file}"; }`,
    );
    const { stdout } = await bare.attempt(`(${tries.join('\n')}) 2>/dev/null; echo tried`);
    expect(stdout).toContain('tried');
    expect((await bare.force(sums)).stdout).toBe(before);
    await isClosed(bare);
  });

  it('has no control that the user can turn', async () => {
    const bare = await start();
    const all = (await bare.force('ps -e -o pid=,comm=')).stdout;
    const pids = [...all.matchAll(/^ *(\d+) (?:s6|dnsmasq|haproxy|socat)/gm)].map(([, pid]) => pid);
    expect(pids.length).toBeGreaterThan(8);
    const services = '/run/harden-devcontainer/services';
    const controls = [
      ...['resolver', 'proxy', 'forward-tracker'].map((name) => `s6-svc -d ${services}/${name}`),
      `s6-svscanctl -t ${services}`,
      `ls ${services}/proxy/supervise`,
      `echo d >${services}/resolver/supervise/control`,
      ...pids.flatMap((pid) => [
        `kill -9 ${pid}`,
        `kill -STOP ${pid}`,
        `prlimit --pid ${pid} --nofile=1:1`,
        `ls -l /proc/${pid}/fd/0`,
        `echo 0 >/proc/${pid}/mem`,
        `nsenter --target ${pid} --net true`,
        `python3 -c "import ctypes,sys; sys.exit(ctypes.CDLL(None).ptrace(16, ${pid}, 0, 0))"`,
      ]),
      'echo 1 >/proc/sys/net/ipv4/ip_forward',
      'echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet',
      'echo 0 >/proc/sys/net/ipv6/conf/all/disable_ipv6',
      'ip address add 198.18.0.10/32 dev lo',
      'ip route add 198.18.0.66/32 dev lo',
      'ip link add type dummy',
      'ip netns add x',
      'conntrack -F',
      'nft flush ruleset',
    ];
    const { stdout } = await bare.attempt(
      controls
        .map((one) => `(${one}) >/dev/null 2>&1 && echo 'WORKED: ${one.replaceAll("'", '')}'`)
        .join('\n'),
    );
    expect(stdout).toBe('');
    expect((await bare.force('ps -e -o pid=,comm=')).stdout).toContain('dnsmasq');
    expect((await bare.attempt('curl -sS -m 5 http://allowed.example/')).code).toBe(0);
    await isClosed(bare);
  });
});

/** A server of the user on these TCP ports and on UDP 4000, over both families; what comes in goes to /tmp/in. */
const serve = `import socket, threading, time
def take(s):
    while True:
        c, _ = s.accept(); d = c.recv(2000); open('/tmp/in', 'ab').write(d); c.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\nhere'); c.close()
for port in (3000, 3001, 8080):
    for family, any in ((2, '0.0.0.0'), (10, '::')):
        s = socket.socket(family, 1)
        if family == 10: s.setsockopt(41, 26, 1)
        s.setsockopt(1, 2, 1); s.bind((any, port)); s.listen(); threading.Thread(target=take, args=(s,)).start()
def hear(s):
    while True: open('/tmp/in', 'ab').write(s.recv(2000))
u = socket.socket(10, 2); u.bind(('::', 4000)); threading.Thread(target=hear, args=(u,)).start()
open('/tmp/serving', 'w')`;

describe('who comes in', () => {
  let target: Bare;
  let control: Bare;

  beforeAll(async () => {
    target = await start();
    control = await startBare(lab);
    started.push(control);
    for (const bare of [target, control]) {
      void bare.attempt(`python3 -c "$(cat <<'END'\n${serve}\nEND\n)"`);
      const up = await bare.attempt(
        'for i in $(seq 100); do [ -e /tmp/serving ] && exit 0; sleep 0.1; done; exit 1',
      );
      expect(up.code).toBe(0);
    }
  });

  const within = (namespace: string, script: string): Promise<Outcome> =>
    runLater('ip', ['netns', 'exec', namespace, 'bash', '-c', script]);

  /** Whether a token came in at a server, sent from a namespace to an address. */
  async function comesIn(
    bare: Bare,
    from: string,
    send: (address: string) => string,
    family: 4 | 6,
  ): Promise<boolean> {
    const token = newToken();
    const address = family === 4 ? bare.address4 : bare.address6;
    await within(from, send(address).replaceAll('TOKEN', token));
    return (
      (
        await bare.attempt(
          `for i in 1 2 3 4; do grep -q ${token} /tmp/in && exit 0; sleep 0.05; done; exit 1`,
        )
      ).code === 0
    );
  }

  const http = (port: number) => (address: string) =>
    `curl -sS -g -m 2 http://${address.includes(':') ? `[${address}]` : address}:${port}/TOKEN`;
  const udp = (address: string): string =>
    `python3 -c "import socket; socket.socket(10 if ':' in '${address}' else 2, 2).sendto(b'TOKEN', ('${address}', 4000))"`;
  const froms = [
    ['the host', () => lab.host],
    ['a neighbour', () => lab.neighbour],
    ['the internet', () => lab.internet.namespace],
  ] as const;

  it.concurrent.each(
    froms.flatMap(([name, from]) => ([4, 6] as const).map((family) => [name, family, from] as const)),
  )('lets %s in over IPv%s at the published port, and nowhere else', async (_, family, from) => {
    const sends = [http(3000), http(3001), http(8080), udp];
    const all = (bare: Bare): Promise<boolean[]> =>
      Promise.all(sends.map((send) => comesIn(bare, from(), send, family)));
    expect(await all(control)).toEqual([true, true, true, true]);
    expect(await all(target)).toEqual([true, false, false, false]);
  });

  it.concurrent.each(froms)("keeps %s off the helpers' ports", async (_, from) => {
    const tries = [target.address4, target.address6].flatMap((address) =>
      [53, 15443, 15080, 15090, 18080].map((port) =>
        within(from(), `python3 -c "import socket; socket.create_connection(('${address}', ${port}), 1)"`),
      ),
    );
    for (const { stderr } of await Promise.all(tries)) expect(stderr).toMatch(/refused|timed out/);
  });

  it('lets nothing out from the published port but answers', async () => {
    const token = newToken();
    // The neighbour connects and resets, then the user calls back between the same two ports.
    const script = `import socket, struct
s = socket.socket(); s.setsockopt(1, 2, 1); s.setsockopt(1, 15, 1); s.bind(('${local.neighbour[0]}', 5000 + 555)); s.connect(('${target.address4}', 3000)); s.sendall(b'x'); s.recv(10)
s.setsockopt(1, 13, struct.pack('ii', 1, 0)); s.close()
l = socket.socket(); l.setsockopt(1, 2, 1); l.setsockopt(1, 15, 1); l.bind(('${local.neighbour[0]}', 5555)); l.listen(); l.settimeout(1.5)
try: print(l.accept()[0].recv(100))
except OSError as error: print(error)`;
    const call = `import socket, time
for i in range(60):
    try:
        s = socket.socket(); s.setsockopt(1, 2, 1); s.setsockopt(1, 15, 1); s.bind(('', 3000)); s.settimeout(0.3); s.connect(('${local.neighbour[0]}', 5555)); s.sendall(b'${token}')
    except OSError: time.sleep(0.03)`;
    const calling = target.attempt(`python3 -c "$(cat <<'END'\n${call}\nEND\n)"`);
    const { stdout } = await within(lab.neighbour, `python3 -c "$(cat <<'END'\n${script}\nEND\n)"`);
    await calling;
    expect(stdout).toContain('timed out');
    expect(await escapes({ internet: () => lab.internet }, token)).toBe(false);
  });
});
