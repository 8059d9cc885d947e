import { describe, expect, it } from 'vitest';
import { changePolicy, checkChange } from '../../../src/policy/change.js';
import { createPolicy } from '../../../src/policy/create.js';
import { toGuards } from '../../../src/policy/guards.js';
import { toLimits } from '../../../src/policy/limits.js';
import { parsePolicy } from '../../../src/policy/parse.js';
import { toProtection } from '../../../src/policy/protect.js';

const path = 'policy.jsonc';

const written = `{
  // The team decided this.
  "version": 1,
  "name": "demo", // shown in editors
  "stacks": ["node"],
  "allow": [
    "a.test", // for a
    { "host": "b.test", "ports": [8443] }
  ],
  "mcp": []
}
`;

describe('createPolicy', () => {
  it('writes what was decided, readable by parsePolicy', () => {
    const text = createPolicy({
      name: 'demo',
      stacks: ['node', 'python'],
      agents: ['claude-code'],
      without: ['claude.ai'],
      allow: ['a.test', 'b.test:8443'],
      mcp: [{ name: 'tracker', port: 8123 }],
      caCertificates: 'ca-certificates.pem',
    });
    expect(parsePolicy({ path, text })).toEqual({
      name: 'demo',
      stacks: ['node', 'python'],
      agents: ['claude-code'],
      forges: [],
      models: { local: [], gateway: undefined },
      without: ['claude.ai'],
      allow: [
        { host: 'a.test', ports: undefined, reason: undefined },
        { host: 'b.test', ports: [8443], reason: undefined },
      ],
      mcp: [{ name: 'tracker', port: 8123, path: undefined, purpose: undefined }],
      servers: [],
      mcpTransport: 'socket',
      shape: 'single',
      mode: 'enforce',
      ranges: [],
      publish: [],
      guards: toGuards(),
      limits: toLimits(),
      protect: toProtection(),
      caCertificates: 'ca-certificates.pem',
      image: undefined,
      devcontainer: {},
      targets: [],
      acceptedLosses: [],
      composeFiles: [],
    });
  });

  it('writes empty lists where nothing was decided', () => {
    expect(parsePolicy({ path, text: createPolicy({ name: 'x' }) })).toMatchObject({
      stacks: [],
      allow: [],
      mcp: [],
    });
  });
});

describe('changePolicy', () => {
  const change = (change: Parameters<typeof changePolicy>[1]) =>
    changePolicy({ path, text: written }, change);

  it('adds hosts behind the others and keeps comments', () => {
    expect(change({ allow: ['c.test', 'd.test:22'] })).toBe(
      written.replace('"ports": [8443] }', '"ports": [8443] },\n    "c.test",\n    "d.test:22"'),
    );
  });

  it('sets shape and mode, and publishes ports once', () => {
    const changed = change({ shape: 'sidecar', mode: 'observe', publish: [3000, 3001] });
    expect(parsePolicy({ path, text: changed })).toMatchObject({
      shape: 'sidecar',
      mode: 'observe',
      publish: [{ port: 3000 }, { port: 3001 }],
    });
    const again = changePolicy({ path, text: changed }, { publish: [3001], mode: 'observe' });
    expect(again).toBe(changed);
  });

  it('keeps hosts closed, each once', () => {
    const changed = change({ without: ['claude.ai', 'claude.com'] });
    expect(parsePolicy({ path, text: changed }).without).toEqual(['claude.ai', 'claude.com']);
    expect(changePolicy({ path, text: changed }, { without: ['claude.com'] })).toBe(changed);
  });

  it('leaves hosts alone that are there in either form', () => {
    expect(change({ allow: ['a.test', 'b.test:8443'] })).toBe(written);
  });

  it('adds servers, and changes the port of one that is there', () => {
    const added = change({
      mcp: [
        { name: 'tracker', port: 8123 },
        { name: 'wiki', port: 8124 },
      ],
    });
    expect(parsePolicy({ path, text: added }).mcp.map(({ name, port }) => [name, port])).toEqual([
      ['tracker', 8123],
      ['wiki', 8124],
    ]);
    const changed = changePolicy({ path, text: added }, { mcp: [{ name: 'tracker', port: 9000 }] });
    expect(changed).toBe(added.replace('8123', '9000'));
    expect(changePolicy({ path, text: changed }, { mcp: [{ name: 'tracker', port: 9000 }] })).toBe(changed);
  });

  it('replaces the name and the lists, and adds properties that are missing', () => {
    const changed = change({ name: 'other', stacks: [], agents: ['claude-code'], caCertificates: 'ca.pem' });
    expect(changed).toContain('// The team decided this.');
    expect(changed).toContain('"name": "other", // shown in editors');
    expect(parsePolicy({ path, text: changed })).toMatchObject({
      name: 'other',
      stacks: [],
      agents: ['claude-code'],
      caCertificates: 'ca.pem',
    });
  });

  it('changes nothing where the policy says so already', () => {
    expect(change({ name: 'demo', stacks: ['node'] })).toBe(written);
    expect(change({})).toBe(written);
  });

  it('keeps CRLF and a BOM', () => {
    const text = `\uFEFF${written.replaceAll('\n', '\r\n')}`;
    const changed = changePolicy({ path, text }, { allow: ['c.test'] });
    expect(changed.startsWith('\uFEFF')).toBe(true);
    expect(changed.replaceAll('\r\n', '')).not.toContain('\n');
  });
});

describe('checkChange', () => {
  it.each([
    [{ allow: ['EVIL.test'] }, '/allow/0'],
    [{ mcp: [{ name: 'a', port: 'x' }] }, '/mcp/0/port'],
    [{ stacks: ['cobol'] }, '/stacks/0'],
    [{ name: '' }, '/name'],
  ])('points at what is wrong in %j', (change, pointer) => {
    expect(checkChange(change).map((problem) => problem.pointer)).toEqual([pointer]);
  });
});
