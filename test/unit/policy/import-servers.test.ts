import { expect, test } from 'vitest';
import { importServers } from '../../../src/policy/import-servers.js';
import { parsePolicy } from '../../../src/policy/parse.js';

const read = (mcpServers: object) =>
  importServers({ path: '.mcp.json', text: `// ours\n${JSON.stringify({ mcpServers })}` }, '~/secrets');

test('takes programs and addresses, and leaves the values on the host', () => {
  const { servers, secrets, skipped } = read({
    tracker: {
      command: 'npx',
      args: ['-y', '@acme/tracker-mcp@1.4.2'],
      env: {
        TOKEN: 'tok_4f9b2c7d1e8a',
        HOST: 'https://tracker.example/api',
        KEY: '${TRACKER_KEY}',
        DEBUG: 'true',
      },
    },
    docs: {
      type: 'http',
      url: 'https://docs.example/mcp',
      headers: { Authorization: 'Bearer tok_99', 'X-Team': 'Basic ${TEAM}' },
    },
  });
  expect(skipped).toEqual([]);
  expect([...secrets]).toEqual([
    ['tracker.TOKEN', 'tok_4f9b2c7d1e8a'],
    ['docs.Authorization', 'tok_99'],
  ]);
  expect(JSON.stringify(servers)).not.toMatch(/tok_/);
  const text = JSON.stringify({ version: 1, name: 'x', mcp: servers });
  expect(parsePolicy({ path: 'p', text }).servers).toMatchObject([
    {
      command: ['npx', '-y', '@acme/tracker-mcp@1.4.2'],
      environment: {
        TOKEN: { file: '~/secrets/tracker.TOKEN' },
        HOST: { value: 'https://tracker.example/api' },
        KEY: { env: 'TRACKER_KEY' },
        DEBUG: { value: 'true' },
      },
      tools: [],
    },
    {
      url: 'https://docs.example/mcp',
      headers: {
        Authorization: { file: '~/secrets/docs.Authorization', prefix: 'Bearer ' },
        'X-Team': { env: 'TEAM', prefix: 'Basic ' },
      },
    },
  ]);
});

test.each([
  [{ command: './server.sh' }, 'lies where an agent may write'],
  [{ command: 'x', args: ['--key', '${KEY}'] }, 'a variable in its command'],
  [{ url: 'https://x.example/mcp?key=tok_1' }, 'a login or a query'],
  [{ command: 'x', env: { A: 'pre-${B}' } }, 'inside of other text'],
  [{ url: 'http://x.example/mcp' }, 'is not usable as an address'],
  [{ command: 'x', env: { 'A-B': 'tok_1234567890' } }, 'is no property here'],
  [{}, 'neither a command nor an address'],
])('leaves %j where it is, and says why', (entry, why) => {
  const { servers, secrets, skipped } = read({ a: entry });
  expect({ servers, secrets: secrets.size }).toEqual({ servers: [], secrets: 0 });
  expect(skipped).toEqual([expect.stringContaining(why)]);
});

test('does not import the way to a server that is behind the gate already', () => {
  expect(read({ a: { command: 'socat', args: ['-', 'TCP4:127.0.0.1:20001,nodelay'] } }).servers).toEqual([]);
});
