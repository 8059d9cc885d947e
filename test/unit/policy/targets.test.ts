import { describe, expect, it } from 'vitest';
import { loadPresets } from '../../../src/init.js';
import { parsePolicy } from '../../../src/policy/parse.js';
import { targetIds } from '../../../src/policy/policy.js';
import { adaptToTargets, checkTargets } from '../../../src/policy/targets.js';

const presets = await loadPresets();
const problems = (more: object) => {
  const text = JSON.stringify({ version: 1, name: 'x', ...more });
  return checkTargets(parsePolicy({ path: 'p.jsonc', text }), presets).map(({ message }) => message);
};
const server = { name: 't', command: ['t'] };

describe('a target', () => {
  it.each(targetIds)('%s says what holds, what is lost and what to do', (id) => {
    const { title, holds, lost, advice } = presets.targets[id];
    expect([title, ...holds, ...lost, ...advice].every((text) => text.trim() !== '')).toBe(true);
  });

  it('that cannot hold the firewall is refused, unless that is accepted by its name', () => {
    expect(problems({ targets: ['envbuilder'] })).toEqual([
      expect.stringContaining('cannot hold the firewall'),
    ]);
    expect(problems({ targets: ['envbuilder'], acceptedLosses: ['firewall'] })).toEqual([]);
  });

  it('that cannot start a shape is refused with it', () => {
    expect(problems({ targets: ['jetbrains'] })).toEqual([
      expect.stringContaining('needs the shape sidecar'),
    ]);
    expect(problems({ targets: ['jetbrains', 'docker'], shape: 'sidecar' })).toEqual([]);
  });

  it.each([
    [{ targets: ['docker-desktop'], mcp: [server] }, 'set "mcpTransport" to "tls"'],
    [{ targets: ['codespaces'], shape: 'sidecar', mcp: [server] }, 'no host of yours'],
  ])('that the host is reached from in another way is refused: %j', (policy, message) => {
    expect(problems(policy)).toEqual([expect.stringContaining(message)]);
  });

  it('brings what it needs where nothing else is said', () => {
    expect(adaptToTargets({ targets: ['codespaces', 'devpod'] }, presets)).toMatchObject({
      shape: 'sidecar',
      mcpTransport: 'tls',
    });
    expect(adaptToTargets({ targets: ['codespaces'], shape: 'single' }, presets).shape).toBe('single');
    expect(adaptToTargets({ targets: ['nowhere'] }, presets)).toMatchObject({ targets: ['nowhere'] });
  });
});
