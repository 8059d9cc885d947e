import { describe, expect, test } from 'vitest';
import { listEntries, nameMatcher } from '../../../src/egress/listed-names.js';
import { type EgressTally, openLogCounter, triesOf } from '../../../src/egress/tally.js';
import { answeredLookup, asked, at, connection, refusedLookup } from './lines.js';

const isListed = nameMatcher(['pypi.org', '.files.example', 'ssh.example:22', 'listed.example']);

function count(
  lines: { proxy?: readonly string[]; resolver?: readonly string[] },
  since?: number,
): EgressTally {
  const counter = openLogCounter(isListed, since);
  for (const line of lines.resolver ?? []) counter.resolverLine(line);
  for (const line of lines.proxy ?? []) counter.proxyLine(line);
  return counter.finish();
}

const minute = 60_000;

describe('what the resolver refused', () => {
  test('is one try for both kinds of address, with its first and last time', () => {
    const { entries } = count({
      resolver: [...refusedLookup('evil.example'), ...refusedLookup('evil.example', at + 5 * minute)],
    });
    expect(entries).toEqual([
      expect.objectContaining({
        verdict: 'refused',
        name: 'evil.example',
        lookups: 2,
        connections: 0,
        ports: [],
        first: at,
        last: at + 5 * minute,
        causes: new Map([['resolver', 2]]),
      }),
    ]);
  });

  test('is counted for questions of other types, and where the question is in a file that is gone', () => {
    const { entries } = count({
      resolver: [
        asked('config gone.example is NXDOMAIN'),
        asked('query[TXT] tunnel.example from 127.0.0.1'),
        asked('config tunnel.example is NXDOMAIN'),
        asked('query[MX] tunnel.example from 127.0.0.1'),
        asked('config tunnel.example is NXDOMAIN'),
      ],
    });
    expect(entries.map(({ name, lookups }) => [name, lookups])).toEqual([
      ['tunnel.example', 2],
      ['gone.example', 1],
    ]);
  });

  test('is joined with what the proxy refused of the same name', () => {
    const { entries } = count({
      resolver: refusedLookup('evil.example'),
      proxy: [
        connection({ name: 'evil.example', verdict: 'refused', up: 517 }),
        connection({ name: 'evil.example', verdict: 'refused', port: 80, up: 80, down: 197 }),
      ],
    });
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ lookups: 1, connections: 2, ports: [80, 443], up: 597, down: 197 });
    expect(Object.fromEntries(entries[0]?.causes ?? [])).toEqual({ resolver: 1, proxy: 2 });
  });
});

describe('what the proxy saw', () => {
  test('has a row for each kind of connection that named nothing', () => {
    const { entries } = count({
      proxy: [
        connection({ name: '-', verdict: 'no-name' }),
        connection({ name: '-', verdict: 'no-tls' }),
        connection({ name: '-', verdict: 'no-tls' }),
      ],
    });
    expect(entries.map(({ name, causes }) => [name, ...causes])).toEqual([
      [undefined, ['no-tls', 2]],
      [undefined, ['no-name', 1]],
    ]);
  });

  test('a name that looks like a verdict or a row of its own is only a name', () => {
    const { entries } = count({
      proxy: [
        connection({ name: 'no-tls', verdict: 'refused' }),
        connection({ name: '-', verdict: 'no-tls' }),
        connection({ name: '__proto__', verdict: 'refused' }),
      ],
    });
    expect(entries.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['no-tls', undefined, '__proto__']),
    );
  });

  test('is allowed with its bytes, and the lookups beside it', () => {
    const { entries } = count({
      resolver: answeredLookup('pypi.org', '198.18.0.10'),
      proxy: [connection({ up: 100, down: 5000 }), connection({ up: 20, down: 7, port: 80 })],
    });
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      verdict: 'allowed',
      connections: 2,
      lookups: 1,
      up: 120,
      down: 5007,
      ports: [80, 443],
    });
    expect(entries.map(triesOf)).toEqual([2]);
  });

  test('counts lines that it cannot read', () => {
    expect(count({ proxy: [connection({}).slice(0, -9), 'garbage', connection({})] }).unreadable).toBe(1);
  });
});

describe('names that were resolved and nothing else', () => {
  test('are allowed where they are listed, on whatever port, and observed else', () => {
    const { entries } = count({
      resolver: [
        ...answeredLookup('ssh.example', '198.18.0.22'),
        ...answeredLookup('a.files.example', '198.18.0.23'),
        ...answeredLookup('other.example', '198.18.0.24'),
      ],
    });
    expect(entries.map(({ name, verdict, lookups }) => [name, verdict, lookups])).toEqual([
      ['other.example', 'observed', 1],
      ['a.files.example', 'allowed', 1],
      ['ssh.example', 'allowed', 1],
    ]);
  });

  test('are unresolved where no address came, or one that is never believed', () => {
    const { entries } = count({
      resolver: [
        asked('query[A] listed.example from 127.0.0.1'),
        asked('forwarded listed.example to 10.0.0.2'),
        asked('reply listed.example is NXDOMAIN'),
        asked('query[A] pypi.org from 127.0.0.1'),
        asked('forwarded pypi.org to 10.0.0.2'),
        asked('possible DNS-rebind attack detected: pypi.org'),
      ],
    });
    expect(entries.map(({ name, verdict, causes }) => [name, verdict, ...causes])).toEqual([
      ['listed.example', 'unresolved', ['no-address', 1]],
      ['pypi.org', 'unresolved', ['private-address', 1]],
    ]);
  });

  test('count an answer from the cache once, however many addresses it has', () => {
    const { entries } = count({
      resolver: [
        ...answeredLookup('pypi.org', '198.18.0.10'),
        asked('query[A] pypi.org from 127.0.0.1'),
        asked('cached pypi.org is 198.18.0.10'),
        asked('cached pypi.org is 198.18.0.11'),
      ],
    });
    expect(entries).toEqual([expect.objectContaining({ name: 'pypi.org', lookups: 2 })]);
  });

  test('give the names of an address: the one that was asked for, behind every alias', () => {
    const { namesOf } = count({
      resolver: [
        asked('query[A] www.example from 127.0.0.1'),
        asked('forwarded www.example to 10.0.0.2'),
        asked('reply www.example is <CNAME>'),
        asked('reply cdn.example is <CNAME>'),
        asked('reply edge.example is 198.18.0.20'),
        asked('reply edge.example is 198.18.0.21'),
        asked('query[A] other.example from 127.0.0.1'),
        asked('cached other.example is 198.18.0.20'),
      ],
    });
    expect(namesOf('198.18.0.20')).toEqual(['www.example', 'other.example']);
    expect(namesOf('198.18.0.21')).toEqual(['www.example']);
    expect(namesOf('198.18.0.99')).toEqual([]);
  });
});

test('what was refused and is on the list now is told apart, by its ports', () => {
  const { entries } = count({
    resolver: refusedLookup('listed.example'),
    proxy: [
      connection({ name: 'ssh.example', verdict: 'refused' }),
      connection({ name: 'pypi.org', verdict: 'refused', port: 80 }),
      connection({ name: 'a.files.example', verdict: 'refused' }),
      connection({ name: 'evil.example', verdict: 'refused' }),
      connection({ name: '-', verdict: 'no-tls' }),
    ],
  });
  const listed = entries.filter(({ isListed }) => isListed).map(({ name }) => name);
  expect(listed.sort()).toEqual(['a.files.example', 'listed.example', 'pypi.org']);
});

test('what happened before the time asked for is left out', () => {
  const { entries } = count(
    {
      resolver: [...refusedLookup('old.example'), ...refusedLookup('new.example', at + minute)],
      proxy: [connection({ name: 'old.example' }), connection({ name: 'new.example' }, at + minute)],
    },
    at + minute,
  );
  expect(entries.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['new.example', 'refused'],
    ['new.example', 'allowed'],
  ]);
});

test('refusals come first, then what was tried most, then what was tried last', () => {
  const { entries } = count({
    resolver: [
      ...refusedLookup('once.example'),
      ...refusedLookup('later.example', at + minute),
      ...refusedLookup('twice.example'),
      ...refusedLookup('twice.example'),
    ],
    proxy: [connection({}), connection({}), connection({})],
  });
  expect(entries.map(({ name }) => name)).toEqual([
    'twice.example',
    'later.example',
    'once.example',
    'pypi.org',
  ]);
});

describe('the allowlist of the container', () => {
  test('is read without comments, and matched by whole names and suffixes', () => {
    const entries = listEntries(
      '# names\npypi.org # why\n\n  .files.example\ndb.example:5432   private\r\n198.18.0.0/24:22 # range\n',
    );
    expect(entries).toEqual(['pypi.org', '.files.example', 'db.example:5432 private', '198.18.0.0/24:22']);
    const matches = nameMatcher(entries);
    for (const name of ['pypi.org', 'files.example', 'a.b.files.example', 'db.example'])
      expect(matches(name), name).toBe(true);
    for (const name of ['x.pypi.org', 'xfiles.example', 'example', '', '198.18.0.0'])
      expect(matches(name), name).toBe(false);
  });
});
