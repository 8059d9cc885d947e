import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/core/errors.js';
import { positionAt } from '../../../src/core/text.js';
import { parsePolicy } from '../../../src/policy/parse.js';

const path = '.devcontainer/harden-devcontainer.jsonc';

/** `line:column message` of the error for a policy's text. */
function refusal(text: string): string {
  try {
    parsePolicy({ path, text });
  } catch (error) {
    if (!(error instanceof UserError) || !error.place) throw error;
    const { line, column } = positionAt(error.place.file, error.place.at.start);
    return `${line}:${column} ${error.message}`;
  }
  throw new Error(`accepted: ${text}`);
}

/** The refusal of one allow entry, which stands on line 5. */
function refusedHost(entry: unknown): string {
  return refusal(
    `{\n  "version": 1,\n  "name": "x",\n  "allow": ["ok.test",\n    ${JSON.stringify(entry)}]\n}`,
  );
}

describe('parsePolicy', () => {
  it('reads a private host', () => {
    const entry = { host: 'db.corp.test', ports: [5432], private: true, reason: 'test data' };
    const text = JSON.stringify({ version: 1, name: 'x', allow: [entry] });
    expect(parsePolicy({ path, text }).allow).toEqual([entry]);
  });

  it.each([
    [
      { host: 'db.corp.test', private: true, reason: 'x' },
      /^5:\d+ .*"ports" is missing; a private host needs/,
    ],
    [
      { host: 'db.corp.test', private: true, ports: [1] },
      /^5:\d+ .*"reason" is missing; a private host needs/,
    ],
    [{ host: '.corp.test', private: true, ports: [1], reason: 'x' }, /^5:\d+ .*a private host is one name/],
  ])('refuses the private host %j', (entry, message) => {
    expect(refusedHost(entry)).toMatch(message);
  });

  it('refuses a server on the port of the audit collector', () => {
    const text = '{ "version": 1, "name": "x", "mcp": [{ "name": "a", "port": 15090 }] }';
    expect(refusal(text)).toMatch(/is the port of the container's audit collector; take another/);
  });

  it.each([15080, 15443])("refuses a server on the proxy's port %i", (port) => {
    const text = `{ "version": 1, "name": "x",\n  "mcp": [{ "name": "a", "port": ${port} }] }`;
    expect(refusal(text)).toMatch(/^2:\d+ .*is the port of the container's own proxy/);
  });

  it.each([
    ['198.51.100.0/15', /is not an address range; write ADDRESS\/LENGTH/],
    ['198.51.100.256/24', /is no address range/],
    ['2001:db9::/16', /is not an address range/],
    ['2001:db9:::/32', /is no address range/],
    ['10.1.0.0/16', /reaches into 10\.0\.0\.0\/8, which the firewall always refuses/],
    ['172.16.0.0/16', /reaches into 172\.16\.0\.0\/12/],
    ['169.254.169.254/32', /reaches into 169\.254\.0\.0\/16/],
    ['168.63.0.0/16', /reaches into 168\.63\.129\.16\/32/],
    ['fd00::/32', /reaches into fc00::\/7/],
    ['64:ff9b::/96', /reaches into 64:ff9b::\/96/],
  ])('refuses the range %s', (range, message) => {
    expect(refusedHost({ range, ports: [443], reason: 'x' })).toMatch(message);
  });

  it('refuses a range without ports or reason', () => {
    expect(refusedHost({ range: '198.51.100.0/24', ports: [443] })).toMatch(
      /"reason" is missing; a range needs/,
    );
    expect(refusedHost({ range: '198.51.100.0/24', reason: 'x' })).toMatch(
      /"ports" is missing; a range needs/,
    );
  });

  it.each([
    ['"publish": [3000, { "port": 3000 }]', /3000 is published already/],
    ['"publish": [80]', /80 is out of range; a port here is a number from 1024 to 65535/],
    ['"publish": [{ "port": 15443 }]', /the container's own proxy/],
    ['"publish": [8123], "mcp": [{ "name": "a", "port": 8123 }]', /is the port of an MCP forward/],
    ['"shape": "sidcar"', /is not a known shape \(single, sidecar\).*sidecar/],
    ['"publish": [15090]', /15090 is the port of the container's audit collector/],
    ['"guards": { "bypas": true }', /"bypas" is no property here; did you mean bypass/],
    [
      '"guards": { "approve": ["pusch"] }',
      /is not a known approval \(push, publish, deploy, migrate\).*push/,
    ],
    ['"guards": { "protectedBranches": ["a b"] }', /is not usable as a branch/],
    ['"guards": { "arguments": "none" }', /is not a known form \(full, hash\)/],
    ['"guards": { "packages": { "minimumAgeDays": 400 } }', /400 is out of range; <= 365 is needed/],
    ['"mode": "none"', /is not a known mode \(enforce, observe\)/],
  ])('refuses %s', (part, message) => {
    expect(refusal(`{ "version": 1, "name": "x", ${part} }`)).toMatch(message);
  });

  it('reads twenty thousand hosts', () => {
    const allow = Array.from({ length: 20_000 }, (_, index) => `host${index}.example`);
    const text = JSON.stringify({ version: 1, name: 'x', allow });
    expect(parsePolicy({ path, text }).allow).toHaveLength(20_000);
    const more = JSON.stringify({ version: 1, name: 'x', allow: [...allow, 'one.more.example'] });
    expect(refusal(more)).toMatch(/more than 20000 entries/);
  });

  it('reads every property, with comments and trailing commas', () => {
    const text = `// why
{
  "$schema": "x", "version": 1, "name": "demo",
  "stacks": ["node", "python"], /* both */ "agents": ["claude-code"],
  "without": ["claude.ai"],
  "allow": ["a.test", ".b.test", "c.test:8443", { "host": "d.test", "ports": [22, 443], "reason": "it's \\"ours\\"" },
    { "range": "198.51.100.0/24", "ports": [5432], "reason": "the partner has no name" }],
  "mcp": [{ "name": "tracker", "port": 8123, "path": "/v1/mcp", "purpose": "tickets" }],
  "caCertificates": "certs/corp.pem",
  "shape": "sidecar",
  "mode": "observe",
  "guards": { "bypass": true, "approve": ["push"], "packages": { "minimumAgeDays": 7 } },
  "limits": { "memory": "8g", "cpus": 1.5 },
  "protect": { "readOnly": [".git/hooks"], "mask": [".env"] },
  "publish": [3000, { "port": 3001, "purpose": "the site" }],
  "image": "debian:bookworm-slim", "devcontainer": { "postCreateCommand": ["make"] },
  "targets": ["envbuilder"], "acceptedLosses": ["firewall"],
}`;
    expect(parsePolicy({ path, text })).toEqual({
      name: 'demo',
      stacks: ['node', 'python'],
      agents: ['claude-code'],
      forges: [],
      models: { local: [], gateway: undefined },
      without: ['claude.ai'],
      allow: [
        { host: 'a.test', ports: undefined, reason: undefined },
        { host: '.b.test', ports: undefined, reason: undefined },
        { host: 'c.test', ports: [8443], reason: undefined },
        { host: 'd.test', ports: [22, 443], reason: 'it\'s "ours"' },
      ],
      mcp: [{ name: 'tracker', port: 8123, path: '/v1/mcp', purpose: 'tickets' }],
      servers: [],
      mcpTransport: 'socket',
      shape: 'sidecar',
      mode: 'observe',
      ranges: [{ range: '198.51.100.0/24', ports: [5432], reason: 'the partner has no name' }],
      publish: [
        { port: 3000, purpose: undefined },
        { port: 3001, purpose: 'the site' },
      ],
      guards: {
        bypass: true,
        protectedBranches: ['main', 'master', 'release/*'],
        approve: ['push'],
        arguments: 'full',
        packages: { minimumAgeDays: 7, minimumDownloads: 0, installScripts: false },
      },
      limits: {
        memory: '8g',
        cpus: 1.5,
        pids: 4096,
        openFiles: undefined,
        temporary: undefined,
        sharedMemory: undefined,
        readOnlyRoot: false,
      },
      protect: { readOnly: ['.git/hooks'], mask: ['.env'] },
      caCertificates: 'certs/corp.pem',
      image: 'debian:bookworm-slim',
      devcontainer: { postCreateCommand: ['make'] },
      targets: ['envbuilder'],
      acceptedLosses: ['firewall'],
      composeFiles: [],
    });
  });

  it('takes everything but version and name for empty', () => {
    expect(parsePolicy({ path, text: '{"version":1,"name":"x"}' })).toEqual({
      name: 'x',
      stacks: [],
      agents: [],
      forges: [],
      models: { local: [], gateway: undefined },
      without: [],
      allow: [],
      mcp: [],
      servers: [],
      mcpTransport: 'socket',
      shape: 'single',
      mode: 'enforce',
      ranges: [],
      publish: [],
      guards: {
        bypass: false,
        protectedBranches: ['main', 'master', 'release/*'],
        approve: ['push', 'publish', 'deploy', 'migrate'],
        arguments: 'full',
        packages: { minimumAgeDays: 3, minimumDownloads: 0, installScripts: false },
      },
      limits: {
        memory: undefined,
        cpus: undefined,
        pids: 4096,
        openFiles: undefined,
        temporary: undefined,
        sharedMemory: undefined,
        readOnlyRoot: false,
      },
      protect: { readOnly: [], mask: [] },
      caCertificates: undefined,
      image: undefined,
      devcontainer: {},
      targets: [],
      acceptedLosses: [],
      composeFiles: [],
    });
  });

  it('reads a file that begins with a BOM and ends its lines with CRLF', () => {
    const text = '\uFEFF{\r\n"version":1,\r\n"name":"A B"}\r\n';
    expect(() => refusal(text)).toThrow('accepted');
    expect(refusal(text.replace('A B', 'A$B'))).toMatch(/^3:8 /);
  });

  it.each([
    ['evil.test$(id)', 'is not a host name; write a DNS name such as registry.npmjs.org'],
    ['evil.test`id`', 'is not a host name'],
    ['evil.test;id', 'is not a host name'],
    ['evil.test\nsecond.test', 'is not a host name'],
    ['evil.test\n', 'is not a host name'],
    ["evil'.test", 'is not a host name'],
    ['evil".test', 'is not a host name'],
    ['evil\u0007.test', 'is not a host name'],
    ['evil\u202e.test', 'is not a host name'],
    ['a..test', 'is not a host name'],
    ['../test.test', 'is not a host name'],
    ['..test.test', 'is not a host name'],
    ['-a.test', 'is not a host name'],
    ['a-.test', 'is not a host name'],
    ['a_b.test', 'is not a host name'],
    ['', 'is not a host name'],
    [' a.test', 'is not a host name'],
    ['EVIL.test', 'write it in lower case'],
    ['https://a.test/', 'without scheme and path'],
    ['a.test/x', 'a path is not compared'],
    ['10.0.0.0/8', 'write a range of addresses as { "range"'],
    ['192.0.2.1', 'is an IP address'],
    ['192.0.2.1:443', 'is an IP address'],
    ['2001:db8::1', 'is an IP address'],
    ['[2001:db8::1]', 'is an IP address'],
    ['0x7f.1', 'is not a host name'],
    ['a.test.', 'write it without the last dot'],
    ['*.a.test', 'write .a.test for a name and every name below it'],
    ['com', 'has one label only'],
    ['.com', 'a whole top-level domain cannot be allowed'],
    ['.', 'is not a host name'],
    ['localhost', 'is the host or a metadata service'],
    ['host.docker.internal', 'is the host or a metadata service'],
    ['metadata.google.internal:80', 'is the host or a metadata service'],
    ['.docker.internal', 'is the host or a metadata service'],
    ['bücher.test', 'write its punycode form, xn--bcher-kva.test'],
    ['\u0430pple.test', 'write its punycode form, xn--pple-43d.test'],
    ['a.test:0', 'has no usable port'],
    ['a.test:65536', 'has no usable port'],
    ['a.test:080', 'has no usable port'],
    ['a.test:', 'has no usable port'],
    ['a.test:1:2', 'is not a host name'],
    [`${'a'.repeat(64)}.test`, 'at most 63 characters'],
    [`${'a.'.repeat(130)}test`, 'a name at most 253'],
    [42, 'is not an object'],
  ])('refuses %j as a host, at its place', (entry, words) => {
    const message = refusedHost(entry);
    expect(message).toMatch(/^5:5 `allow\[1\]`: /);
    expect(message).toContain(words);
    expect(message).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });

  it.each([
    [
      '{ "host": "a.test:80" }',
      '5:15 `allow[1].host`: "a.test:80" is not a host name; write the port under \'ports\'',
    ],
    ['{ "host": "a.test", "ports": [443, 70000] }', '5:40 `allow[1].ports[1]`: 70000 is out of range'],
    ['{ "host": "a.test", "ports": [1.5] }', '5:35 `allow[1].ports[0]`: 1.5 is not a whole number'],
    ['{ "host": "a.test", "ports": [] }', '5:34 `allow[1].ports`: the list is empty'],
    [
      '{ "host": "a.test", "reason": "a\\nb" }',
      '5:35 `allow[1].reason`: "a\\nb" is not one line of plain text',
    ],
    ['{ "host": "a.test", "reason": "ends in \\\\" }', '5:35 `allow[1].reason`: '],
    [
      '{ "host": "a.test", "reson": "x" }',
      '5:25 `allow[1]`: "reson" is no property here; did you mean reason?',
    ],
    ['{ "ports": [443] }', '5:5 `allow[1]`: "host" is missing'],
  ])('refuses %s inside an entry', (entry, expected) => {
    const text = `{\n  "version": 1,\n  "name": "x",\n  "allow": ["ok.test",\n    ${entry}]\n}`;
    expect(refusal(text)).toContain(expected);
  });

  it.each([
    ['', '1:1 not readable as JSON'],
    ['{', '1:2 not readable as JSON'],
    ['[]', '1:1 the policy: [] is not an object'],
    ['{"version":2,"name":"x"}', '1:12 `version`: 2 is not known to this release; it reads version 1'],
    ['{"version":1}', '1:1 the policy: "name" is missing'],
    ['{"version":1,"name":"a$(id)"}', '1:21 `name`: "a$(id)" is not usable as a name'],
    ['{"version":1,"name":"a..b"}', '1:21 `name`: '],
    ['{"version":1,"name":"${localEnv:HOME}"}', '1:21 `name`: '],
    [
      '{"version":1,"name":"x","stack":[]}',
      '1:25 the policy: "stack" is no property here; did you mean stacks?',
    ],
    ['{"version":1,"name":"x","__proto__":{}}', '1:25 the policy: "__proto__" is no property here'],
    [
      '{"version":1,"name":"x","stacks":["cobol"]}',
      '1:35 `stacks[0]`: "cobol" is not a known stack (node, python, go, rust, java, ruby, php, dotnet, elixir, cpp)',
    ],
    [
      '{"version":1,"name":"x","stacks":["none"]}',
      '1:35 `stacks[0]`: "none" is not a stack; leave the list empty',
    ],
    ['{"version":1,"name":"x","stacks":["node","node"]}', '1:34 `stacks`: the same entry stands here twice'],
    ['{"version":1,"name":"x","agents":["../x"]}', '1:35 `agents[0]`: "../x" is not a known agent'],
    ['{"version":1,"name":"x","name":"y"}', '1:14 duplicate key "name"'],
    [
      '{"version":1,"name":"x","caCertificates":"../x.pem"}',
      '1:42 `caCertificates`: "../x.pem" is not usable as a path',
    ],
    ['{"version":1,"name":"x","caCertificates":"/etc/x.pem"}', '1:42 `caCertificates`: '],
    ['{"version":1,"name":"x","caCertificates":"a b.pem"}', '1:42 `caCertificates`: '],
    ['{"version":1,"name":"x","caCertificates":"$(id).pem"}', '1:42 `caCertificates`: '],
    ['{"version":1,"name":"x","caCertificates":"Dockerfile"}', '1:42 `caCertificates`: '],
  ])('refuses %s', (text, expected) => {
    expect(refusal(text)).toContain(expected);
  });

  it.each([
    [
      '{"name":"a","port":8000},{"name":"A","port":8001}',
      '`mcp[1].name`: "A" is the name of another server already',
    ],
    [
      '{"name":"a","port":8000},{"name":"b","port":8000}',
      '`mcp[1].port`: 8000 is the port of another server already',
    ],
    ['{"name":"workspace","port":8000}', '`mcp[0].name`: "workspace" is reserved by Claude Code'],
    [
      '{"name":"a","port":80}',
      '`mcp[0].port`: 80 is out of range; a port here is a number from 1024 to 65535',
    ],
    ['{"name":"a","port":65536}', '`mcp[0].port`: '],
    ['{"name":"a","port":"8000"}', '`mcp[0].port`: "8000" is not a whole number'],
    ['{"name":"a__b","port":8000}', '`mcp[0].name`: "a__b" is not usable as a server name'],
    ['{"name":"../a","port":8000}', '`mcp[0].name`: '],
    ['{"name":"a b","port":8000}', '`mcp[0].name`: '],
    ['{"name":"a","port":8000,"path":"/../x"}', '`mcp[0].path`: "/../x" is not the path of an endpoint'],
    ['{"name":"a","port":8000,"path":"mcp"}', '`mcp[0].path`: '],
    ['{"name":"a","port":8000,"path":"/x?y=\\"z"}', '`mcp[0].path`: '],
    ['{"name":"a","port":8000,"uri":"http://x"}', '`mcp[0]`: "uri" is no property here'],
  ])('refuses the server %s', (servers, expected) => {
    expect(refusal(`{"version":1,"name":"x","mcp":[${servers}]}`)).toContain(expected);
  });

  it('names the lines of further problems', () => {
    const text = '{\n"version": 1,\n"name": "x",\n"allow": ["A.test"],\n"mcp": [{"name": "a", "port": 1}]\n}';
    expect(refusal(text)).toBe(
      '4:11 `allow[0]`: "A.test" is not a host name; write it in lower case (more on line 5)',
    );
  });
});
