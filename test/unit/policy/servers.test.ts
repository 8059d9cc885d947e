import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.js';
import { parsePolicy } from '../../../src/policy/parse.js';

const parse = (...mcp: unknown[]) =>
  parsePolicy({ path: 'p.jsonc', text: JSON.stringify({ version: 1, name: 'x', mcp }) });

function problemOf(...mcp: unknown[]): string {
  try {
    parse(...mcp);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'none';
}

const server = { name: 'tracker', command: ['tracker-mcp'] };

describe('a server behind the gate', () => {
  test('allows nothing that is not written down', () => {
    expect(parse(server).servers).toMatchObject([
      { name: 'tracker', port: 20_001, tools: [], features: [], audit: 'hash', environment: {}, headers: {} },
    ]);
  });

  test('stands beside ports that are opened as they are, and takes a port by its place', () => {
    const { mcp, servers } = parse({ name: 'raw', port: 8123 }, server, {
      name: 'b',
      url: 'https://b.example/mcp',
    });
    expect(mcp.map(({ name }) => name)).toEqual(['raw']);
    expect(servers.map(({ name, port }) => [name, port])).toEqual([
      ['tracker', 20_002],
      ['b', 20_003],
    ]);
  });

  test('a tool by its name alone is read', () => {
    const tools = ['get_*', { tool: 'create_issue', access: 'write', reason: 'files what it finds' }];
    expect(parse({ ...server, tools }).servers[0]?.tools).toEqual([
      { tool: 'get_*', access: 'read', reason: undefined },
      { tool: 'create_issue', access: 'write', reason: 'files what it finds' },
    ]);
  });

  test.each([
    [{ ...server, url: 'https://x.example/mcp' }, '"command" and "url" cannot stand together'],
    [{ ...server, headers: { A: { env: 'A' } } }, '"headers" belongs to a server with "url"'],
    [
      { name: 'a', url: 'https://x.example/mcp', environment: {} },
      '"environment" belongs to a server with "command"',
    ],
    [{ ...server, environment: { TOKEN: 'ghp_abc' } }, 'is not an object'],
    [{ ...server, environment: { TOKEN: { env: 'A', file: '/b' } } }, 'only one'],
    [{ ...server, environment: { TOKEN: {} } }, 'only one'],
    [{ ...server, environment: { TOKEN: { file: 'relative' } } }, 'is refused'],
    [{ name: 'a', url: 'http://x.example/mcp' }, 'is not usable as an address'],
    [{ name: 'a', url: 'https://user:pass@x.example/mcp' }, 'is not usable as an address'],
    [{ name: 'a', url: 'http://127.0.0.1.evil.example/mcp' }, 'is not usable as an address'],
    [{ name: 'a', url: 'https://x.example/mcp?key=1' }, 'is not usable as an address'],
    [{ ...server, tools: ['a b'] }, 'is not usable as a tool'],
    [{ ...server, features: ['roots'] }, 'is not a known feature'],
    [{ ...server, reviewed: '2026-02-30' }, 'is no day of the calendar'],
    [{ ...server, reviewed: 'yesterday' }, 'is no date'],
    [{ ...server, reviewed: '2026-05-01', reviewAgain: '2026-05-01' }, 'is not after the review'],
    [{ ...server, tool: [] }, 'did you mean'],
    [{ ...server, limits: { callSeconds: 0 } }, 'is out of range'],
    [{ name: 'a' }, '"port" is missing'],
  ])('%j: %s', (entry, message) => {
    expect(problemOf(entry)).toContain(message);
  });

  test("its port is nobody else's", () => {
    expect(problemOf({ name: 'raw', port: 20_002 }, server)).toContain(
      '20002 is the port of another server already',
    );
  });
});
