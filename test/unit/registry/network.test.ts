import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkAddress, type Trust } from '../../../src/registry/addresses.js';
import { internet, openNetwork } from '../../../src/registry/network.js';
import { status, useRegistries } from './registry-server.js';

const hosts = ['a.test', 'b.test', 'metadata.test', 'loopback.test', 'registry.corp.test'];
const registries = useRegistries(hosts);

const network = (wait?: number, env = {}) => openNetwork(env, registries().wires, wait);
const url = (text: string) => new URL(text);
const get = (text: string, trust: Trust = 'project', wait?: number) =>
  network(wait).ask({ url: url(text), trust, most: 1000 });

describe('answers', () => {
  test('come as text, also packed ones', async () => {
    registries().routes.set('a.test/x', (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"ok":1}'));
    });
    expect(await get('https://a.test/x')).toMatchObject({ status: 200, body: '{"ok":1}' });
  });

  test.each([
    ['plain', {}, Buffer.alloc(5000, 'x')],
    [
      'packed: a small answer that becomes large',
      { 'content-encoding': 'gzip' },
      gzipSync(Buffer.alloc(9_000_000)),
    ],
  ])('that are too large end the connection: %s', async (_, headers, body) => {
    registries().routes.set('a.test/x', (_request, response) => {
      response.writeHead(200, headers).end(body);
    });
    await expect(get('https://a.test/x')).rejects.toThrow(/^a\.test answers with more than /);
  });

  test('that never end are given up', async () => {
    registries().routes.set('a.test/drip', (_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    registries().routes.set('a.test/silent', () => {});
    for (const path of ['drip', 'silent'])
      await expect(get(`https://a.test/${path}`, 'project', 150)).rejects.toThrow(
        'a.test does not answer within 0.15 s',
      );
  });

  test.each([
    ['a broken connection', (socket: { destroy(): void }) => socket.destroy()],
    ['no HTTP', (socket: { end(text: string): void }) => socket.end('hello\r\n\r\n')],
  ])('that are none are said so: %s', async (_, act) => {
    registries().routes.set('a.test/x', (request) => act(request.socket));
    await expect(get('https://a.test/x')).rejects.toThrow(/^a\.test cannot be asked \(/);
  });

  test('with broken packing are said so', async () => {
    registries().routes.set('a.test/x', (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip');
    });
    await expect(get('https://a.test/x')).rejects.toThrow(/^a\.test cannot be asked/);
  });

  test('of a host without a valid certificate are refused', async () => {
    await expect(get('https://other.test/')).rejects.toThrow(
      /cannot be asked \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    );
    const { ca: _, ...strangers } = registries().wires;
    const asked = openNetwork({}, strangers).ask({ url: url('https://a.test/'), trust: 'project' });
    await expect(asked).rejects.toThrow(/DEPTH_ZERO_SELF_SIGNED_CERT/);
  });
});

describe('redirects', () => {
  const to = (location: string, code = 302) => status(code, { location });

  test('are followed, and what proves who asks stays with the host that it was for', async () => {
    registries().routes.set('a.test/1', to('/2'));
    registries().routes.set('a.test/2', to('https://b.test/3', 307));
    registries().routes.set('b.test/3', status(200));
    const headers = { authorization: 'Bearer t', accept: 'x' };
    const answer = await network().ask({ url: url('https://a.test/1'), trust: 'project', headers });
    expect(answer).toMatchObject({ status: 200, url: url('https://b.test/3') });
    expect(registries().requests).toEqual([
      'GET a.test/1 [Bearer t]',
      'GET a.test/2 [Bearer t]',
      'GET b.test/3',
    ]);
  });

  test.each([
    ['http://b.test/x', 'a.test sends to http://b.test, which is not https'],
    ['file:///etc/passwd', 'a.test sends to file://, which is not https'],
    ['https://metadata.test/x', 'metadata.test is 169.254.169.254'],
    ['https://loopback.test/x', 'loopback.test is 127.0.0.1'],
    ['https://registry.corp.test/x', 'registry.corp.test is 10.1.2.3'],
    ['https://169.254.169.254/latest', '169.254.169.254 is 169.254.169.254'],
    ['https://[::1]/x', '[::1] is ::1'],
    ['https://[::ffff:127.0.0.1]/x', 'is ::ffff:7f00:1'],
    ['https://2130706433/x', '127.0.0.1 is 127.0.0.1'],
    ['https://[', 'a.test sends to an address that cannot be read'],
    ['/x', 'a.test sends from one address to the next without an end'],
  ])('to %s are refused', async (location, message) => {
    registries().routes.set('a.test/x', to(location));
    const strict = {
      ...registries().wires,
      check: (host: string, address: string, trust: Trust) => {
        // Of an address that is written out, the address itself counts.
        const isWritten = host.replace(/^\[|\]$/g, '') === address;
        if (isWritten) checkAddress(host, address, trust);
        else registries().wires.check(host, address, trust);
      },
    };
    const asked = openNetwork({}, strict).ask({ url: url('https://a.test/x'), trust: 'project' });
    await expect(asked).rejects.toThrow(message);
    expect(registries().requests.every((request) => request === 'GET a.test/x')).toBe(true);
  });

  test('of a question with a body are not followed', async () => {
    registries().routes.set('a.test/x', to('/y', 307));
    const asked = network().ask({
      url: url('https://a.test/x'),
      trust: 'project',
      method: 'POST',
      body: '{}',
    });
    await expect(asked).rejects.toThrow('a.test sends a question on to a.test');
  });
});

describe('addresses', () => {
  test.each<[string, Trust, boolean]>([
    ['93.184.216.34', 'server', true],
    ['2606:2800:220:1::1', 'server', true],
    ['10.0.0.1', 'server', false],
    ['10.0.0.1', 'project', true],
    ['192.168.1.1', 'project', true],
    ['fd12::1', 'project', true],
    ['fd00:ec2::254', 'project', false],
    ['127.0.0.1', 'project', false],
    ['0.0.0.0', 'project', false],
    ['::1', 'project', false],
    ['::ffff:127.0.0.1', 'project', false],
    ['::ffff:169.254.169.254', 'project', false],
    ['64:ff9b::a9fe:a9fe', 'project', false],
    ['169.254.169.254', 'project', false],
    ['168.63.129.16', 'project', false],
    ['fe80::1%eth0', 'project', false],
    ['127.0.0.1', 'user', true],
  ])('%s, named by the %s', (address, trust, isAllowed) => {
    const check = () => checkAddress('host', address, trust);
    if (isAllowed) expect(check).not.toThrow();
    else expect(check).toThrow(/^host /);
  });

  test('are looked up by the system, one answer after the other', async () => {
    const found = await internet.resolve('localhost');
    expect(found.length).toBeGreaterThan(0);
    expect(internet.port(url('https://a.test:5000/'))).toBe(5000);
    expect(internet.port(url('https://a.test/'))).toBe(443);
  });

  test('without https are for the user’s own registry only', async () => {
    await expect(get('http://a.test/')).rejects.toThrow('a.test would be asked without https');
  });
});

describe('a proxy', () => {
  let proxy: Server;
  let tunnels: string[];
  let code = 200;
  beforeAll(async () => {
    proxy = createServer();
    proxy.on('connect', (request, socket) => {
      tunnels.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
      if (code !== 200) return socket.end(`HTTP/1.1 ${code} no\r\n\r\n`);
      const other = connect(registries().port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 yes\r\n\r\n');
        other.pipe(socket).pipe(other);
      });
      for (const one of [other, socket]) one.on('error', () => {});
      return undefined;
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  beforeEach(() => {
    tunnels = [];
    code = 200;
    registries().routes.set('a.test/x', status(200));
  });
  const address = (login = '') => `http://${login}127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const ask = (env: Record<string, string>) =>
    network(undefined, env).ask({ url: url('https://a.test/x'), trust: 'project' });

  test('that the environment names passes everything on, and TLS is with the host', async () => {
    expect((await ask({ HTTPS_PROXY: address() })).status).toBe(200);
    expect((await ask({ https_proxy: address('me:p%40ss@') })).status).toBe(200);
    expect(tunnels).toEqual(['a.test:443', 'a.test:443 Basic bWU6cEBzcw==']);
  });

  test.each(['a.test', '.test', '*.test', 'b.test, a.test:443', '*'])(
    'is left out by NO_PROXY=%s',
    async (list) => {
      expect((await ask({ HTTPS_PROXY: address(), NO_PROXY: list })).status).toBe(200);
      expect(tunnels).toEqual([]);
    },
  );

  test('that refuses, or is none, is said', async () => {
    code = 407;
    await expect(ask({ HTTPS_PROXY: address() })).rejects.toThrow(/refuses a\.test:443 \(status 407\)/);
    await expect(ask({ HTTPS_PROXY: 'http://127.0.0.1:1' })).rejects.toThrow(
      /the proxy 127\.0\.0\.1:1 cannot be reached/,
    );
    await expect(ask({ HTTPS_PROXY: 'socks5://x' })).rejects.toThrow('HTTPS_PROXY is no address');
  });
});
