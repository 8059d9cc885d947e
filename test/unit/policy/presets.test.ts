import { describe, expect, it } from 'vitest';
import policySchema from '../../../schemas/policy.schema.json' with { type: 'json' };
import { riskOf } from '../../../src/core/host-risk.js';
import isAgent from '../../../src/generated/preset-agent.js';
import isRisks from '../../../src/generated/preset-risks.js';
import isStack from '../../../src/generated/preset-stack.js';
import { agentIds, stackIds } from '../../../src/policy/policy.js';
import { joinPresets } from '../../../src/policy/presets.js';
import { readAssets } from '../../../src/project/assets.js';

const files = Object.entries(readAssets('presets')).map(([path, text]) => [path, JSON.parse(text)] as const);
const presets = joinPresets(Object.fromEntries(files));

function validatorOf(path: string) {
  if (path.startsWith('agents/')) return isAgent;
  return path === 'risks.json' ? isRisks : isStack;
}

describe('presets', () => {
  it.each(files)('%s follows its schema', (path, value) => {
    const validate = validatorOf(path);
    expect(validate(value) ? [] : validate.errors).toEqual([]);
  });

  it('are the ones that the policy knows, under their own names', () => {
    const idsIn = (folder: string) =>
      files
        .filter(([path]) => path.startsWith(folder))
        .map(([, { id }]) => id)
        .sort();
    expect(idsIn('stacks/')).toEqual([...stackIds].sort());
    expect(idsIn('agents/')).toEqual([...agentIds].sort());
    for (const [path, { id }] of files)
      if (path.includes('/')) expect(path.endsWith(`/${id}.json`)).toBe(true);
    expect(policySchema.properties.stacks.items.enum).toEqual(stackIds);
    expect(policySchema.properties.agents.items.enum).toEqual(agentIds);
  });

  it('rate each host as the catalogue does, and open none that takes data from anybody', () => {
    const parts = [presets.base, ...Object.values(presets.stacks), ...Object.values(presets.agents)];
    for (const { host, wayOut } of parts.flatMap((part) => part.hosts)) {
      expect([host, wayOut]).toEqual([host, riskOf(host, presets.risks)?.rating ?? 'low']);
      expect(wayOut).not.toBe('high');
      expect(host.startsWith('.')).toBe(false);
    }
  });

  it('pin every download to one version', () => {
    for (const { version, downloads } of Object.values(presets.agents))
      for (const { url } of downloads) expect(url).toContain(version);
  });

  it('keep closed what takes data from anybody, and only that', () => {
    for (const { hosts, closed } of Object.values(presets.agents))
      for (const { host } of closed) {
        expect(hosts.map((open) => open.host)).not.toContain(host);
        expect([host, riskOf(host, presets.risks)?.rating ?? 'low']).not.toEqual([host, 'low']);
      }
  });
});
