import { describe, expect, it } from 'vitest';
import { toGuards } from '../../../src/policy/guards.js';
import type { Policy } from '../../../src/policy/policy.js';
import { joinPresets } from '../../../src/policy/presets.js';
import { resolveOptions } from '../../../src/policy/resolve.js';
import { readAssets } from '../../../src/project/assets.js';

const files = Object.entries(readAssets('presets')).map(([path, text]) => [path, JSON.parse(text)]);
const presets = joinPresets(Object.fromEntries(files));

const empty: Policy = {
  name: 'x',
  stacks: [],
  agents: [],
  shape: 'single',
  mode: 'enforce',
  without: [],
  allow: [],
  ranges: [],
  publish: [],
  mcp: [],
  servers: [],
  mcpTransport: 'socket',
  guards: toGuards(),
  caCertificates: undefined,
};
const resolve = (policy: Partial<Policy>) => resolveOptions({ ...empty, ...policy }, presets);
const host = (host: string, ports?: number[], reason?: string) => ({
  host,
  ports,
  reason,
  private: undefined,
});

describe('resolveOptions', () => {
  it('opens nothing for an empty policy', () => {
    expect(resolve({})).toMatchObject({
      baseImage: presets.base.image,
      allow: [],
      agents: [],
      copies: [],
      volumes: [],
    });
  });

  it.each([
    [['node'], presets.stacks.node.image],
    [['python'], presets.stacks.python.image],
    [['node', 'python'], presets.stacks.python.image],
    [['python', 'node'], presets.stacks.python.image],
  ] as const)('takes the image for %j', (stacks, image) => {
    const { baseImage, copies } = resolve({ stacks });
    expect(baseImage).toBe(image);
    const sources = new Set(copies.map((copy) => copy.image));
    expect([...sources]).toEqual(stacks.length > 1 ? [presets.stacks.node.image] : []);
  });

  it('names each host once, with the ports and reasons of all its mentions', () => {
    const { allow } = resolve({
      stacks: ['node'],
      allow: [host('registry.npmjs.org', [443, 8443], 'ours'), host('a.test'), host('a.test', [22], 'git')],
    });
    expect(allow).toEqual([
      {
        host: 'registry.npmjs.org',
        ports: [443, 8443],
        reason: `${presets.stacks.node.hosts[0]?.reason}; ours`,
      },
      { host: 'a.test', ports: [443, 80, 22], reason: 'named in the policy; git' },
    ]);
  });

  it('installs the agent with its state and nothing of its telemetry', () => {
    const options = resolve({ agents: ['claude-code'] });
    expect(options.agents.map(({ title }) => title)).toEqual(['Claude Code']);
    expect(options.volumes).toEqual([
      { name: 'claude-code-state', target: options.environment.CLAUDE_CONFIG_DIR },
    ]);
    expect(options.environment).toMatchObject({ DISABLE_TELEMETRY: '1', DISABLE_AUTOUPDATER: '1' });
    expect(options.allow.map(({ host }) => host)).toContain('api.anthropic.com');
  });

  it('gives every forward the usual path unless the policy names one', () => {
    const mcp = [
      { name: 'a', port: 8000, path: undefined, purpose: undefined },
      { name: 'b', port: 8001, path: '/v1', purpose: 'x' },
    ];
    expect(resolve({ mcp }).forwards).toEqual([
      { name: 'a', port: 8000, path: '/mcp' },
      { name: 'b', port: 8001, path: '/v1' },
    ]);
  });
});
