import { describe, expect, it } from 'vitest';
import policySchema from '../../../schemas/policy.schema.json' with { type: 'json' };
import { riskOf } from '../../../src/core/host-risk.js';
import isAgent from '../../../src/generated/preset-agent.js';
import isChanges from '../../../src/generated/preset-changes.js';
import isForge from '../../../src/generated/preset-forge.js';
import isModel from '../../../src/generated/preset-model.js';
import isRisks from '../../../src/generated/preset-risks.js';
import isStack from '../../../src/generated/preset-stack.js';
import isTarget from '../../../src/generated/preset-target.js';
import { forgeEntries, forgeIds, forgeWays } from '../../../src/policy/forges.js';
import { localModelIds } from '../../../src/policy/models.js';
import { agentIds, stackIds, targetIds } from '../../../src/policy/policy.js';
import { joinPresets } from '../../../src/policy/presets.js';
import { readAssets } from '../../../src/project/assets.js';

const files = Object.entries(readAssets('presets')).map(([path, text]) => [path, JSON.parse(text)] as const);
const presets = joinPresets(Object.fromEntries(files));

function validatorOf(path: string) {
  const folder = path.split('/')[0] ?? '';
  const validators: Readonly<Record<string, typeof isStack>> = {
    agents: isAgent,
    forges: isForge,
    models: isModel,
    targets: isTarget,
    'changes.json': isChanges,
    'risks.json': isRisks,
  };
  return validators[folder] ?? isStack;
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
    expect(idsIn('targets/')).toEqual([...targetIds].sort());
    expect(policySchema.properties.targets.items.enum).toEqual(targetIds);
    expect(idsIn('forges/')).toEqual([...forgeIds].sort());
    expect(idsIn('models/')).toEqual([...localModelIds].sort());
    for (const [path, { id }] of files)
      if (path.includes('/')) expect(path.endsWith(`/${id}.json`)).toBe(true);
    expect(policySchema.properties.stacks.items.enum).toEqual(stackIds);
    expect(policySchema.properties.agents.items.enum).toEqual(agentIds);
    expect(policySchema.properties.forges.items.enum).toEqual(forgeEntries);
    expect(policySchema.properties.models.properties.local.items.enum).toEqual(localModelIds);
  });

  it('rate each host as the catalogue does, and open none that takes data from anybody', () => {
    const parts = [presets.base, ...Object.values(presets.stacks), ...Object.values(presets.agents)];
    for (const { host, wayOut } of parts.flatMap((part) => part.hosts)) {
      expect([host, wayOut]).toEqual([host, riskOf(host, presets.risks)?.rating ?? 'low']);
      expect(wayOut).not.toBe('high');
      expect(host.startsWith('.')).toBe(false);
    }
  });

  it('rate the hosts of forges as the catalogue does', () => {
    for (const forge of Object.values(presets.forges))
      for (const way of forgeWays)
        for (const { host, wayOut } of forge[way])
          expect([host, wayOut]).toEqual([host, riskOf(host, presets.risks)?.rating ?? 'low']);
  });

  const stacks = Object.values(presets.stacks);
  const pairs = stacks.flatMap((one, index) => stacks.slice(index + 1).map((other) => [one, other] as const));

  it('of two stacks agree wherever both have a say, so that any mix of them works', () => {
    for (const [one, other] of pairs) {
      for (const [name, value] of Object.entries(one.environment))
        expect([name, other.environment[name] ?? value]).toEqual([name, value]);
      for (const { name, target } of one.volumes)
        for (const volume of other.volumes) expect(volume.name === name).toBe(volume.target === target);
      const commands = new Set(one.links.map((path) => path.split('/').at(-1)));
      for (const path of other.links) expect(commands).not.toContain(path.split('/').at(-1));
    }
  });

  // Folders that several images fill are merged file by file; below them each has folders of its own.
  const shared = ['/usr/local/bin', '/usr/local/lib', '/usr/local/include', '/usr/local/etc', '/opt'];

  it('of two stacks copy into no folder of the other but those that are merged', () => {
    for (const [one, other] of pairs)
      for (const { to } of one.copies)
        for (const copy of other.copies)
          if (!shared.includes(to) && !shared.includes(copy.to))
            expect(`${copy.to}/`.startsWith(`${to}/`) || `${to}/`.startsWith(`${copy.to}/`)).toBe(false);
  });

  it('check each stack when an image is built, and can move each into another image', () => {
    for (const stack of stacks) {
      expect([stack.id, stack.checks.length > 0]).toEqual([stack.id, true]);
      expect([stack.id, stack.copies.length > 0]).toEqual([stack.id, stack.image !== undefined]);
    }
  });

  it('keep volumes apart from one another, whoever names them', () => {
    const volumes = [...stacks, ...Object.values(presets.agents)].flatMap((part) => part.volumes);
    const targets = new Map(volumes.map(({ name, target }) => [name, target]));
    for (const { name, target } of volumes) expect(targets.get(name)).toBe(target);
    for (const one of targets.values())
      for (const other of targets.values())
        if (one !== other) expect(`${one}/`.startsWith(`${other}/`)).toBe(false);
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
