import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newToken } from './attacks/attack.js';
import { type Bare, startBare } from './bare.js';
import { arrives, escapes } from './checks.js';
import { type Lab, local, startLab } from './lab.js';
import { listedNames } from './listed.js';
import { removeRendered, render } from './project.js';
import { installAttacks } from './target.js';

// What must work, and how fast what does not work says so.

let lab: Lab;
const started: Bare[] = [];

beforeAll(async () => {
  lab = await startLab();
});

afterAll(() => {
  for (const bare of started) bare.stop();
  lab?.stop();
  removeRendered();
});

async function start(options: Parameters<typeof startBare>[1] = {}, ...flags: string[]): Promise<Bare> {
  const rendered = render(...listedNames, '--mcp', 'tracker=18080', ...flags);
  const bare = await startBare(lab, { rendered, ...options });
  started.push(bare);
  await bare.ready();
  await installAttacks(bare);
  return bare;
}

const arrived = (token: string): Promise<boolean> => arrives({ internet: () => lab.internet }, token);
const seen = (token: string): Promise<boolean> => escapes({ internet: () => lab.internet }, token);

/** Milliseconds of the fastest of five tries, inside one process: a busy machine makes a try slow, never fast. */
function fastest(code: string): string {
  return `python3 -c "
import socket, time
def once():
${code.replace(/^/gm, '    ')}
best = 9e9
for i in range(5):
    begin = time.perf_counter()
    try: once(); print('WORKED')
    except OSError as error: last = error
    best = min(best, time.perf_counter() - begin)
print('best', best * 1000, repr(last))"`;
}
const connect = (address: string, port: number): string =>
  `socket.create_connection(('${address}', ${port}), 3).close()`;
const send = (family: 'AF_INET' | 'AF_INET6', address: string, port: number): string =>
  `s = socket.socket(socket.${family}, socket.SOCK_DGRAM); s.settimeout(3); s.connect(('${address}', ${port})); s.send(b'x'); s.recv(9)`;

describe('what is refused', () => {
  let bare: Bare;
  beforeAll(async () => {
    bare = await start();
  });

  const [gateway4, gateway6] = local.gateway;
  it.each([
    ['TCP', connect('198.18.0.66', 8080)],
    ['TCP over IPv6', connect('2001:2::66', 8080)],
    ['UDP', send('AF_INET', '198.18.0.66', 4500)],
    ['UDP over IPv6', send('AF_INET6', '2001:2::66', 4500)],
    ['another name server', send('AF_INET', '198.18.0.66', 53)],
    ['the host', connect(gateway4, 80)],
    ['the host over IPv6', connect(gateway6, 80)],
    ['a neighbour', connect(local.neighbour[0], 80)],
    ['the metadata service', connect('169.254.169.254', 80)],
    ['a name', `socket.getaddrinfo('evil.example', 443)`],
    ['a name below a listed one', `socket.getaddrinfo('x.allowed.example', 443)`],
  ])('is refused within milliseconds: %s', async (_, code) => {
    const { stdout } = await bare.attempt(fastest(code));
    expect(stdout).not.toMatch(/WORKED|timed out/);
    expect(Number(/best ([\d.]+)/.exec(stdout)?.[1])).toBeLessThan(50);
  });

  it('says why where HTTP can', async () => {
    const { stdout } = await bare.attempt(
      `curl -sS -m 5 --resolve evil.example:80:198.18.0.66 -w '%{http_code}' http://evil.example/`,
    );
    expect(stdout).toMatch(/not on its allowlist.*\n403$/);
  });
});

describe('what is allowed', () => {
  let bare: Bare;
  beforeAll(async () => {
    bare = await start();
  });

  it.concurrent.each(['127.0.0.1', '::1'])('reaches itself at %s', async (address) => {
    const { stdout } = await bare.attempt(`python3 -c "
import socket, threading
s = socket.socket(socket.AF_INET6 if ':' in '${address}' else socket.AF_INET); s.bind(('${address}', 0)); s.listen()
threading.Thread(target=lambda: s.accept()[0].sendall(b'hi')).start()
print(socket.create_connection(s.getsockname()[:2]).recv(9))"`);
    expect(stdout).toBe("b'hi'\n");
  });

  it.concurrent('reaches a name that has only an IPv4 address, over HTTP/2 too', async () => {
    const { stdout, code } = await bare.attempt('curl -sS -k -m 5 --http2 https://cdn.example/');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^from /);
  });

  it.concurrent('carries ten megabytes each way', async () => {
    const token = newToken();
    const { stdout } = await bare.attempt(
      `{ echo ${token}; head -c 10000000 /dev/zero; } | curl -sS -k -m 20 -o /dev/null -w '%{size_upload}' -H 'Expect:' --data-binary @- https://allowed.example/`,
    );
    expect(Number(stdout)).toBeGreaterThan(10_000_000);
    expect(await arrived(token)).toBe(true);
  });

  it.concurrent('passes a web socket through', async () => {
    const token = newToken();
    await bare.attempt(
      `curl -sS -m 5 -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' http://allowed.example/${token}`,
    );
    expect(await arrived(token)).toBe(true);
    expect(lab.internet.arrived('upgrade: websocket')).toBe(true);
  });

  it.concurrent('uses one connection for many requests', async () => {
    const tokens = Array.from({ length: 20 }, newToken);
    const urls = tokens.map((token) => `http://allowed.example/${token}`).join(' ');
    const { stdout } = await bare.attempt(`curl -sS -m 10 -w '%{num_connects}' ${urls}`);
    expect(stdout.match(/1/g)?.length).toBeGreaterThan(0);
    for (const token of tokens) expect(await arrived(token)).toBe(true);
  });

  it.concurrent('opens a hundred connections at once', async () => {
    const { stdout } = await bare.attempt(
      `for i in $(seq 100); do curl -sS -k -m 20 -o /dev/null -w '%{http_code}\\n' https://cdn.example/ & done; wait`,
    );
    expect(stdout.match(/^200$/gm)).toHaveLength(100);
  });

  it.concurrent('reaches the forwarded port of the host, over 127.0.0.1 alone', async () => {
    const token = newToken();
    const { stdout } = await bare.attempt(`curl -sS -m 5 http://127.0.0.1:18080/${token}`);
    expect(stdout).toBe(`from ${local.gateway[0]}`);
    expect(await arrived(token)).toBe(true);
  });

  it.concurrent('says that it is ready', async () => {
    expect((await bare.attempt('/usr/local/bin/harden-ready')).code).toBe(0);
  });
});

describe('name servers', () => {
  it.concurrent('that answer nonsense change nothing for others, and lead nowhere', async () => {
    const bare = await start(
      {},
      '--allow',
      'hostile.example',
      '--allow',
      'hostile.example:22',
      '--allow',
      'many.example:22',
    );
    const token = newToken();
    await bare.attempt(
      `for i in 1 2 3 4 5 6 7; do timeout 1 getent ahosts hostile.example; timeout 1 curl -sS http://hostile.example:22/; done; getent ahosts many.example`,
    );
    await bare.attempt(`echo ${token} >/tmp/token; python3 /tmp/attack.py storm - 0 /tmp/token`);
    expect(await seen(token)).toBe(false);
    for (const address of ['0.0.0.0', '127.0.0.1', '169.254.169.254', '172.30.99.1']) {
      expect((await bare.asRoot(`ipset test harden4-22 ${address}`)).code).not.toBe(0);
    }
    expect((await bare.attempt('curl -sS -m 5 http://allowed.example/')).code).toBe(0);
  });

  it.concurrent('that are none leave everything closed, and the start says so', async () => {
    const bare = await start({ resolvConf: '' });
    expect(bare.printed()).toContain('no name will resolve');
    const token = newToken();
    await bare.attempt(`echo ${token} >/tmp/token; python3 /tmp/attack.py storm - 0 /tmp/token`);
    expect(await seen(token)).toBe(false);
    expect((await bare.attempt('curl -sS -m 5 http://allowed.example/')).code).not.toBe(0);
    expect((await bare.attempt('curl -sS -m 5 http://127.0.0.1:18080/')).code).toBe(0);
  });

  it.concurrent.each([
    ['only one of IPv6', 'nameserver 2001:2::53\\n'],
    ['one that is not there before one that is', 'nameserver 198.18.0.99\\nnameserver 198.18.0.53\\n'],
    [
      'words that are none, and options',
      '# x\\nsearch a.example b.example\\noptions ndots:5 edns0\\nnameserver nonsense\\nnameserver 198.18.0.53\\n',
    ],
  ])('work: %s', async (_, resolvConf) => {
    const bare = await start({ resolvConf });
    const { stdout, stderr } = await bare.attempt('curl -sS -k -m 20 https://cdn.example/');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^from /);
  });
});

describe('a reload', () => {
  it('takes a new name, keeps connections, and takes it away again', async () => {
    const bare = await start();
    const list = '/etc/harden-devcontainer/allowlist';
    const url = 'http://bare.example/';
    const reach = (): Promise<number | null> =>
      bare.attempt(`curl -sS -m 5 -f ${url}`).then(({ code }) => code);
    expect(await reach()).not.toBe(0);
    const long = bare.attempt(`python3 -c "
import socket, ssl, time
s = ssl._create_unverified_context().wrap_socket(socket.create_connection(('allowed.example', 443)), server_hostname='allowed.example')
for i in range(8): s.sendall(b'GET / HTTP/1.1\\r\\n\\r\\n'); print(s.recv(999)); time.sleep(0.5)"`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await bare.asRoot(`echo bare.example >>${list}; harden-reload`)).stderr).not.toMatch(
      /stays closed/,
    );
    expect(await reach()).toBe(0);
    expect((await bare.asRoot(`sed -i /bare/d ${list}; harden-reload`)).code).toBe(0);
    expect(await reach()).not.toBe(0);
    expect((await long).stdout.match(/200 OK/g)).toHaveLength(8);
  });
});
