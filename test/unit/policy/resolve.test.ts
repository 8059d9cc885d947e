import { describe, expect, it } from 'vitest';
import { toGuards } from '../../../src/policy/guards.js';
import { toLimits } from '../../../src/policy/limits.js';
import { type Policy, stackIds } from '../../../src/policy/policy.js';
import { joinPresets } from '../../../src/policy/presets.js';
import { toProtection } from '../../../src/policy/protect.js';
import { resolveOptions } from '../../../src/policy/resolve.js';
import { readAssets } from '../../../src/project/assets.js';

const files = Object.entries(readAssets('presets')).map(([path, text]) => [path, JSON.parse(text)]);
const presets = joinPresets(Object.fromEntries(files));

const empty: Policy = {
  name: 'x',
  stacks: [],
  agents: [],
  forges: [],
  models: { local: [], gateway: undefined },
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
  limits: toLimits(),
  protect: toProtection(),
  caCertificates: undefined,
  image: undefined,
  devcontainer: {},
  targets: [],
  acceptedLosses: [],
  composeFiles: [],
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
    [['java', 'go'], presets.stacks.go.image],
    [['java', 'dotnet', 'cpp'], presets.base.image],
    [['ruby', 'php'], presets.stacks.php.image],
  ] as const)('takes the image for %j', (stacks, image) => {
    const { baseImage, copies } = resolve({ stacks });
    expect(baseImage).toBe(image);
    expect(copies.map((copy) => copy.image)).not.toContain(image);
  });

  it('makes the same of a mix whatever its order, with every tool, its libraries and its check', () => {
    const { baseImage, copies, links, packages, commands } = resolve({ stacks: [...stackIds].reverse() });
    expect({ baseImage, copies }).toEqual(
      expect.objectContaining({
        baseImage: presets.stacks.python.image,
        copies: resolve({ stacks: stackIds }).copies,
      }),
    );
    for (const id of stackIds) {
      const { image, copies: parts, libraries, checks } = presets.stacks[id];
      if (image !== undefined && image !== baseImage) {
        expect(copies).toContainEqual({ image, paths: parts.map(({ from, to }) => ({ from, to })) });
        expect(packages).toEqual(expect.arrayContaining([...libraries]));
      }
      expect(commands).toEqual(expect.arrayContaining([...checks]));
    }
    expect(links).toContain('/usr/local/go/bin/go');
  });

  it('opens a forge for what is asked and no more', () => {
    const hosts = (forges: Policy['forges']) =>
      resolve({ forges }).allow.flatMap(({ host, ports }) => ports.map((port) => `${host}:${port}`));
    expect(hosts(['github'])).toEqual(['github.com:443']);
    expect(hosts(['github:ssh'])).toEqual(['github.com:22']);
    expect(hosts(['gitlab', 'gitlab:ssh'])).toEqual(['gitlab.com:443', 'gitlab.com:22']);
    expect(hosts(['github:api'])).toEqual(['api.github.com:443', 'codeload.github.com:443']);
  });

  it('opens one port of the host for a local model, and tells tools of it', () => {
    const { models, usesHost, environment, allow } = resolve({
      models: { local: ['ollama', 'lm-studio'], gateway: undefined },
    });
    expect(models).toEqual([
      { name: 'ollama', port: 11434 },
      { name: 'lm-studio', port: 1234 },
    ]);
    expect({ usesHost, allow }).toEqual({ usesHost: true, allow: [] });
    expect(environment).toMatchObject({ OLLAMA_HOST: '127.0.0.1:11434' });
  });

  it('puts a gateway in the place of the vendor', () => {
    const gateway = { url: 'https://models.corp.example:8443/llm', agents: undefined, private: true };
    const { allow, environment } = resolve({ agents: ['claude-code'], models: { local: [], gateway } });
    expect(allow).toEqual([
      { host: 'models.corp.example', ports: [8443], reason: 'model gateway of Claude Code', private: true },
    ]);
    expect(environment).toMatchObject({ ANTHROPIC_BASE_URL: 'https://models.corp.example:8443/llm' });
    expect(environment.ANTHROPIC_AUTH_TOKEN).toBeDefined();
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
