import { describe, expect, test } from 'vitest';
import type { Wanted } from '../../../src/core/rule.js';
import { openNetwork } from '../../../src/registry/network.js';
import {
  pinExtension,
  pinNpm,
  pinPypi,
  publicRegistries,
  registriesOf,
} from '../../../src/registry/packages.js';
import { type Handler, json, status, useRegistries } from './registry-server.js';

const registries = useRegistries([
  'registry.npmjs.org',
  'pypi.org',
  'marketplace.visualstudio.com',
  'npm.corp.test',
]);

const before = Date.parse('2026-11-14');
const network = () => openNetwork({}, registries().wires);
const npm = (name: string, range = '', more: Partial<Wanted> = {}) =>
  pinNpm({ source: 'npm', name, range, ...more }, network(), publicRegistries, before);
const pypi = (name: string, range = '') =>
  pinPypi({ source: 'pypi', name, range }, network(), publicRegistries, before);
const extension = (name: string) => pinExtension({ source: 'extension', name, range: '' }, network(), before);

describe('registries', () => {
  test('are the user’s own, or the public ones', () => {
    expect(registriesOf({})).toEqual(publicRegistries);
    expect(registriesOf({ npm_config_registry: 'https://a.test/' }).npm).toBe('https://a.test/');
    expect(registriesOf({}, '; comment\nregistry=https://b.test/npm\n').npm).toBe('https://b.test/npm');
    expect(registriesOf({ PIP_INDEX_URL: 'https://c.test/simple' }).pypi).toBe('https://c.test/simple');
  });

  test('are asked without the login that their address holds', async () => {
    registries().routes.set(
      'npm.corp.test/npm/a',
      json({ 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': {} }, time: { '1.0.0': '2026-01-01' } }),
    );
    expect(await npm('a', '', { registry: 'https://me:secret@npm.corp.test/npm' })).toEqual({
      version: '1.0.0',
      from: 'npm.corp.test',
    });
    expect(registries().requests).toEqual(['GET npm.corp.test/npm/a']);
  });

  test('that the repository names are asked over https only, and not on this machine', async () => {
    await expect(npm('a', '', { registry: 'http://npm.corp.test/' })).rejects.toThrow('without https');
    await expect(npm('a', '', { registry: 'no address' })).rejects.toThrow('is no address');
  });
});

describe('an npm package', () => {
  const versions = (...names: string[]) => Object.fromEntries(names.map((name) => [name, {}]));
  const list = {
    'dist-tags': { latest: '2.1.0', next: '3.0.0-rc.1', evil: '$(x)' },
    versions: {
      ...versions('1.0.0', '1.2.0', '2.0.0', '2.1.0', '2.9.0-beta.1', '3.0.0-rc.1', '2.5.0', '../../x'),
      '2.0.5': { deprecated: 'do not use' },
    },
    time: {
      '1.0.0': '2025-01-01T00:00:00Z',
      '1.2.0': '2025-02-01T00:00:00Z',
      '2.0.0': '2026-01-01T00:00:00Z',
      '2.0.5': '2026-01-05T00:00:00Z',
      '2.1.0': '2026-11-20T00:00:00Z',
      '2.5.0': '2026-01-01T00:00:00Z',
      '3.0.0-rc.1': '2026-01-01T00:00:00Z',
      '../../x': '2026-01-01T00:00:00Z',
    },
  };

  test.each([
    // The newest is a day old, the one below it is withdrawn, and what is above it is not called latest.
    ['', '2.0.0'],
    ['latest', '2.0.0'],
    ['1', '1.2.0'],
    ['^1.0.0', '1.2.0'],
    ['next', '3.0.0-rc.1'],
  ])('of the range %j has %s', async (range, version) => {
    registries().routes.set('registry.npmjs.org/@o%2fa', json(list));
    expect(await npm('@o/a', range)).toEqual({ version, from: 'registry.npmjs.org' });
  });

  test.each<[string, string, Handler, RegExp]>([
    ['nobody has', '', status(404), /does not have the npm package a \(status 404\)/],
    [
      'has only young releases',
      '',
      json({ ...list, time: { '2.1.0': '2026-11-20' } }),
      /younger than --min-age/,
    ],
    ['has no such tag', 'beta', json(list), /has nothing that is called beta/],
    ['has a tag that is no version', 'evil', json(list), /has no release that fits/],
    ['has nothing', '', json({}), /has no release/],
    ['has odd contents', '', json({ 'dist-tags': 7, versions: [1], time: 'x' }), /has no release/],
    ['is cut off', '', (_, response) => void response.end('{"versions":'), /something other than JSON/],
    ['has a prototype', '', json(JSON.parse('{"__proto__":{"versions":{"1.0.0":{}}}}')), /has no release/],
  ])('that %s is said so', async (_, range, handler, message) => {
    registries().routes.set('registry.npmjs.org/a', handler);
    await expect(npm('a', range)).rejects.toThrow(message);
  });

  test.each(['../-/user', 'a/b', '@o/a/b', 'a?x', 'a#x', '..', 'a b', 'é'])(
    'named %j is not asked for',
    async (name) => {
      await expect(npm(name)).rejects.toThrow('is no name of an npm package');
      expect(registries().requests).toEqual([]);
    },
  );
});

describe('a Python package', () => {
  const file = (filename: string, time: string, yanked: unknown = false) => ({
    filename,
    'upload-time': time,
    yanked,
  });
  const files = [
    file('mcp_server.time-1.0.tar.gz', '2025-01-01T00:00:00Z'),
    file('mcp_server_time-1.2.0-py3-none-any.whl', '2025-02-01T00:00:00Z'),
    file('mcp_server_time-1.10.0-py3-none-any.whl', '2025-03-01T00:00:00Z'),
    file('mcp_server_time-1.11.0-py3-none-any.whl', '2025-04-01T00:00:00Z', 'broken'),
    // Out for long, and yesterday with one more file.
    file('mcp_server_time-1.12.0-py3-none-any.whl', '2025-05-01T00:00:00Z'),
    file('mcp_server_time-1.12.0.tar.gz', '2026-11-20T00:00:00Z'),
    file('mcp_server_time-2.0rc1.tar.gz', '2025-05-01T00:00:00Z'),
    file('mcp_server_time-9;evil-py3-none-any.whl', '2025-05-01T00:00:00Z'),
    file('other-9.0.tar.gz', '2025-05-01T00:00:00Z'),
    7,
  ];

  test.each([
    ['', '1.10.0'],
    ['>=1.1', '1.10.0'],
    ['1.2', '1.2.0'],
  ])('of the range %j has %s', async (range, version) => {
    registries().routes.set('pypi.org/simple/mcp-server-time/', json({ files }));
    expect(await pypi('MCP_Server.time[x]', range)).toEqual({ version, from: 'pypi.org' });
  });

  test.each<[string, string, Handler, RegExp]>([
    ['nobody has', '', status(404), /does not have the Python package a/],
    ['has no files', '', json({ files: [] }), /has no release that fits/],
    [
      'is a page, as old indexes send it',
      '',
      (_, response) => void response.end('<!DOCTYPE html>'),
      /something other than JSON/,
    ],
    ['is wanted by a rule that is not read', '~=1.0', json({ files }), /is not guessed/],
  ])('that %s is said so', async (_, range, handler, message) => {
    registries().routes.set('pypi.org/simple/a/', handler);
    await expect(pypi('a', range)).rejects.toThrow(message);
  });

  test.each(['../x', 'a/b', '', '-r', 'a;b'])('named %j is not asked for', async (name) => {
    await expect(pypi(name)).rejects.toThrow('is no name of a Python package');
    expect(registries().requests).toEqual([]);
  });
});

describe('an extension', () => {
  const path = 'marketplace.visualstudio.com/_apis/public/gallery/extensionquery';
  const release = (version: string, lastUpdated: string, isEarly = false) => ({
    version,
    lastUpdated,
    properties: isEarly ? [{ key: 'Microsoft.VisualStudio.Code.PreRelease', value: 'true' }] : [],
  });

  test('has its newest release that is none before its time', async () => {
    let asked = '';
    const versions = [
      release('3.1.0', '2026-11-20T00:00:00Z'),
      release('3.0.16', '2026-01-01T00:00:00Z'),
      release('3.0.99', '2026-01-01T00:00:00Z', true),
      release('3.0.15', '2025-01-01T00:00:00Z'),
    ];
    registries().routes.set(path, (request, response, body) => {
      asked = body;
      json({ results: [{ extensions: [{ versions }] }] })(request, response, body);
    });
    expect(await extension('dbaeumer.vscode-eslint')).toEqual({
      version: '3.0.16',
      from: 'marketplace.visualstudio.com',
    });
    expect(JSON.parse(asked)).toMatchObject({
      filters: [{ criteria: [{ filterType: 7, value: 'dbaeumer.vscode-eslint' }] }],
    });
  });

  test.each<[string, Handler, RegExp]>([
    ['nobody has', json({ results: [{ extensions: [] }] }), /does not have the extension a\.b/],
    [
      'has odd contents',
      json({ results: [{ extensions: [{ versions: [{ version: '$(x)' }, 3] }] }] }),
      /has no release/,
    ],
    ['is refused', status(403), /without a login/],
  ])('that %s is said so', async (_, handler, message) => {
    registries().routes.set(path, handler);
    await expect(extension('a.b')).rejects.toThrow(message);
  });
});
