import { describe, expect, test } from 'vitest';
import { readProxyLine, readResolverLine } from '../../../src/egress/log-line.js';
import { asked, at, connection } from './lines.js';

describe('a line of the proxy', () => {
  test('is read with its name, verdict and bytes', () => {
    expect(readProxyLine(connection({ name: 'pypi.org', verdict: 'allowed', up: 12, down: 3400 }))).toEqual({
      at,
      name: 'pypi.org',
      port: 443,
      verdict: 'allowed',
      up: 12,
      down: 3400,
    });
  });

  test('without a name has none, and one with a dot at its end or in capitals is the same name', () => {
    expect(readProxyLine(connection({ name: '-', verdict: 'no-name' }))).toMatchObject({ name: undefined });
    expect(readProxyLine(connection({ name: 'PyPI.org.' }))).toMatchObject({ name: 'pypi.org' });
  });

  test.each([
    ['a line that was cut', connection({ name: 'pypi.org' }).slice(0, -20)],
    ['a verdict that nobody knows', connection({ verdict: 'let through' })],
    ['a port that is none', connection({ port: 70_000 })],
    ['bytes that are no number', connection({ up: '1' as unknown as number })],
    ['negative bytes', connection({ down: -1 })],
    ['a name that is no text', connection({ name: ['x'] as unknown as string })],
    ['a date that is none', connection({}).replace('2026-11-21', '2026-99-99')],
  ])('is unreadable: %s', (_what, line) => {
    expect(readProxyLine(line)).toBe('unreadable');
  });

  test.each([
    '',
    'x',
    '2026-11-21 03:08:54.797575766  [NOTICE]   (90) : New worker (148) forked',
    '{"harden":"egress"}',
  ])('is passed over where it is about something else: %j', (line) => {
    expect(readProxyLine(line)).toBeUndefined();
  });
});

describe('a line of the resolver', () => {
  test.each([
    ['query[AAAA] pypi.org from 127.0.0.1', 'query', 'pypi.org', 'AAAA'],
    ['config pypi.org is NXDOMAIN', 'config', 'pypi.org', 'NXDOMAIN'],
    ['forwarded PyPI.org to 10.0.0.2', 'forwarded', 'pypi.org', ''],
    ['reply pypi.org is 198.18.0.10', 'reply', 'pypi.org', '198.18.0.10'],
    ['cached www.pypi.org is <CNAME>', 'cached', 'www.pypi.org', '<CNAME>'],
    ['possible DNS-rebind attack detected: rebind.example', 'rebind', 'rebind.example', ''],
    // Names with blanks and words in them, as a client can make them.
    ['query[A] a is NXDOMAIN is.example from 127.0.0.1', 'query', 'a is nxdomain is.example', 'A'],
    ['config a is NXDOMAIN is.example is NXDOMAIN', 'config', 'a is nxdomain is.example', 'NXDOMAIN'],
    ['query[TXT] x from y.example from 127.0.0.1', 'query', 'x from y.example', 'TXT'],
    ['config . is NXDOMAIN', 'config', '.', 'NXDOMAIN'],
  ])('%s', (body, kind, name, value) => {
    expect(readResolverLine(asked(body))).toEqual({ at, kind, name, value });
  });

  test.each([
    'started, version 2.90 cachesize 10000',
    'using nameserver 10.0.0.2#53 for domain pypi.org ',
    'query[A]',
    'config',
    'config is NXDOMAIN',
    'reply',
    '',
  ])('is passed over where it names nothing: %j', (body) => {
    expect(readResolverLine(asked(body))).toBeUndefined();
  });
});
