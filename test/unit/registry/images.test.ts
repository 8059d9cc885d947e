import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { pinFeature, pinImage, repositoryOf } from '../../../src/registry/images.js';
import { openNetwork } from '../../../src/registry/network.js';
import { type Handler, json, status, useRegistries } from './registry-server.js';

const hub = 'registry-1.docker.io';
const registries = useRegistries([hub, 'auth.docker.io', 'ghcr.io', 'registry.corp.test', 'metadata.test']);

const digest = `sha256:${'ab'.repeat(32)}`;
const withDigest = (text: string = digest) => status(200, { 'docker-content-digest': text });
const image = (name: string, range = '') =>
  pinImage({ source: 'image', name, range }, openNetwork({}, registries().wires));
const feature = (name: string, range = '') =>
  pinFeature({ source: 'feature', name, range }, openNetwork({}, registries().wires));

test.each([
  ['debian', hub, 'library/debian'],
  ['docker.io/debian', hub, 'library/debian'],
  ['index.docker.io/library/debian', hub, 'library/debian'],
  ['mcp/fetch', hub, 'mcp/fetch'],
  ['ghcr.io/o/r/f', 'ghcr.io', 'o/r/f'],
  ['registry.example.com:5000/team/dev', 'registry.example.com:5000', 'team/dev'],
])('%s is at %s', (name, registry, path) => expect(repositoryOf(name)).toEqual({ registry, path }));

test.each([
  '',
  'Debian',
  '../x',
  'ghcr.io:99999/x',
  'xn--a.test/x',
  'a/../b',
  'ghcr.io/',
  'ghcr.io/a b',
  'user@evil.test/x',
  'evil.test?x/y',
  'a.test#/x',
  'ghcr.io/a\nb',
  '[::1]/x',
  `ghcr.io/${'a'.repeat(300)}`,
])('%j is nowhere', (name) => expect(repositoryOf(name)).toBeUndefined());

describe('an image', () => {
  test('has the digest of its index, asked for by name alone', async () => {
    const accepts: unknown[] = [];
    registries().routes.set('ghcr.io/v2/o/r/manifests/1', (request, response, body) => {
      accepts.push(request.headers.accept);
      withDigest()(request, response, body);
    });
    expect(await image('ghcr.io/o/r', '1')).toEqual({ digest, from: 'ghcr.io' });
    expect(registries().requests).toEqual(['HEAD ghcr.io/v2/o/r/manifests/1']);
    expect(accepts).toEqual([expect.stringContaining('application/vnd.oci.image.index.v1+json')]);
  });

  test('of a registry that wants a token for everybody gets one', async () => {
    const path = `${hub}/v2/library/debian/manifests/latest`;
    registries().routes.set(path, (request, response) => {
      if (request.headers.authorization === 'Bearer t0k')
        response.writeHead(200, { 'docker-content-digest': digest });
      else
        response.writeHead(401, {
          'www-authenticate':
            'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/debian:pull"',
        });
      response.end();
    });
    registries().routes.set('auth.docker.io/token', json({ token: 't0k' }));
    expect(await image('debian')).toEqual({ digest, from: hub });
    expect(registries().requests).toEqual([
      `HEAD ${path}`,
      'GET auth.docker.io/token?service=registry.docker.io&scope=repository%3Alibrary%2Fdebian%3Apull',
      `HEAD ${path} [Bearer t0k]`,
    ]);
  });

  test('whose registry answers no HEAD has the digest that its manifest has', async () => {
    const body = '{"schemaVersion":2}';
    registries().routes.set('ghcr.io/v2/o/r/manifests/1', (request, response) => {
      if (request.method === 'HEAD') response.writeHead(405).end();
      else response.writeHead(200).end(body);
    });
    const own = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    expect(await image('ghcr.io/o/r', '1')).toMatchObject({ digest: own });
  });

  test('in a private network may be what the project names', async () => {
    registries().routes.set('registry.corp.test/v2/dev/manifests/1', withDigest());
    expect(await image('registry.corp.test/dev', '1')).toMatchObject({ digest });
    await expect(image('metadata.test/latest', '1')).rejects.toThrow('no business in');
  });

  const bearer = (realm: string) => status(401, { 'www-authenticate': `Bearer realm="${realm}"` });
  test.each<[string, Handler, RegExp]>([
    ['nobody has', status(404), /^ghcr\.io does not have ghcr\.io\/o\/r:1 \(status 404\)/],
    ['too many ask for', status(429, { 'retry-after': '3600' }), /no more questions for now/],
    ['is private', status(401, { 'www-authenticate': 'Basic realm="x"' }), /without a login \(status 401\)/],
    ['is forbidden', status(403), /without a login \(status 403\)/],
    ['is down', status(503), /answers with status 503/],
    ['has no digest', status(200), /something other than a manifest/],
    ['has another digest', withDigest('sha512:aa'), /gives no sha256 digest/],
    ['has a digest with more behind it', withDigest(`${digest}"\\nRUN evil`), /gives no sha256 digest/],
    [
      'has tokens without https',
      bearer('http://auth.docker.io/token'),
      /gives tokens out at auth\.docker\.io without https/,
    ],
    ['has tokens in our network', bearer('https://registry.corp.test/token'), /no business in/],
    ['has tokens at the metadata', bearer('https://metadata.test/token'), /no business in/],
    ['has no tokens after all', bearer('https://auth.docker.io/none'), /without a login \(status 401\)/],
  ])('that %s is said so', async (_, handler, message) => {
    registries().routes.set('ghcr.io/v2/o/r/manifests/1', handler);
    await expect(image('ghcr.io/o/r', '1')).rejects.toThrow(message);
  });

  test('with a token that is no token is not asked for again', async () => {
    registries().routes.set('ghcr.io/v2/o/r/manifests/1', bearer('https://auth.docker.io/token'));
    registries().routes.set('auth.docker.io/token', json({ token: 'a\r\nx-evil: 1' }));
    await expect(image('ghcr.io/o/r', '1')).rejects.toThrow(/without a login/);
  });

  test('with a tag that is none is not asked for', async () => {
    await expect(image('debian', '../../x')).rejects.toThrow('is no tag');
    expect(registries().requests).toEqual([]);
  });
});

describe('a Feature', () => {
  const name = 'ghcr.io/devcontainers/features/node';
  const list = 'ghcr.io/v2/devcontainers/features/node/tags/list';
  const manifest = (version: string) => `ghcr.io/v2/devcontainers/features/node/manifests/${version}`;

  test('has its newest whole version within what is written, over all pages, and what it depends on', async () => {
    registries().routes.set(list, (request, response) => {
      const isFirst = !request.url?.includes('last=');
      response.writeHead(
        200,
        isFirst ? { link: `</v2/devcontainers/features/node/tags/list?last=1.9.0>; rel="next"` } : {},
      );
      const tags = isFirst
        ? ['1', '1.9', '1.9.0', 'latest', '2.0.0-beta.1', '2.0.0']
        : ['1.10.0', '1.10.1\nx', 7];
      response.end(JSON.stringify({ tags }));
    });
    const metadata = JSON.stringify({ dependsOn: { 'ghcr.io/o/f/x:1': {}, 'evil"\n': {} } });
    const body = JSON.stringify({ annotations: { 'dev.containers.metadata': metadata } });
    for (const version of ['1.10.0', '2.0.0'])
      registries().routes.set(manifest(version), (_, response) => {
        response.writeHead(200).end(body);
      });
    const own = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    const found = { digest: own, dependsOn: ['ghcr.io/o/f/x:1'], from: 'ghcr.io' };
    expect(await feature(name, '1')).toEqual({ version: '1.10.0', ...found });
    expect(await feature(name, 'latest')).toEqual({ version: '2.0.0', ...found });
  });

  test('whose registry says another digest than the manifest has is refused', async () => {
    registries().routes.set(list, json({ tags: ['1.0.0'] }));
    registries().routes.set(manifest('1.0.0'), json({}, { 'docker-content-digest': digest }));
    await expect(feature(name, '1')).rejects.toThrow('has another digest than it has');
  });

  test.each<[string, Handler, RegExp]>([
    ['has no release', json({ tags: ['latest', '1'] }), /has no release that fits/],
    ['has no list', json({ tags: null }), /has no release that fits/],
    ['answers with a list', json([]), /something other than JSON/],
    ['answers with a page', (_, response) => void response.end('<html>'), /something other than JSON/],
    [
      'answers with too much',
      (_, response) => void response.end(Buffer.alloc(5_000_000, ' ')),
      /more than 4 MiB/,
    ],
    [
      'leads to another list',
      json({ tags: [] }, { link: '<https://ghcr.io/v2/other/tags/list>; rel="next"' }),
      /no release that fits/,
    ],
    [
      'leads in circles',
      json({ tags: [] }, { link: `<https://${list}?last=x>; rel="next"` }),
      /no release that fits/,
    ],
  ])('that %s is said so', async (_, handler, message) => {
    registries().routes.set(list, handler);
    await expect(feature(name, '1')).rejects.toThrow(message);
    expect(registries().requests.length).toBeLessThanOrEqual(20);
    expect(registries().requests.every((request) => request.includes(list))).toBe(true);
  });

  test('in a range that is not read is not asked for', async () => {
    await expect(feature(name, 'edge')).rejects.toThrow('edge is no version of a Feature');
    expect(registries().requests).toEqual([]);
  });
});
