import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding, Fix } from '../../src/core/rule.js';
import { fixFiles, lintFiles, memoryProject } from '../../src/index.js';
import { loadPresets } from '../../src/init.js';
import { agentIds } from '../../src/policy/policy.js';
import { readAssets } from '../../src/project/assets.js';
import { planEmissions } from '../../src/scaffold/plan.js';
import { runs } from './runs.js';

const policyPath = '.devcontainer/harden-devcontainer.jsonc';
const listPath = '.devcontainer/allowlist';
const presets = await loadPresets();
const templates = readAssets('templates');

const hosts = [
  'github.com',
  'gist.github.com',
  '.github.com',
  'registry.npmjs.org',
  '.npmjs.org',
  'pypi.org',
  'api.anthropic.com',
  '.anthropic.com',
  'webhook.site',
  'sentry.io',
  'statsig.anthropic.com',
  '.amazonaws.com',
  'my-bucket.s3.amazonaws.com',
  'shop.example',
  '.shop.example',
  'docs.shop.example',
  'githab.com',
];
const host = fc.constantFrom(...hosts);
const port = fc.constantFrom(443, 80, 22, 8443);
const ports = fc.uniqueArray(port, { minLength: 1, maxLength: 3 });
const entry = fc.oneof(
  host,
  fc.tuple(host, port).map(([name, number]) => `${name}:${number}`),
  fc.record({ host, ports, reason: fc.constantFrom('ours', 'theirs') }),
  fc.record({
    range: fc.constantFrom('198.51.100.0/24', '203.0.0.0/16', '2001:db8::/32'),
    ports,
    reason: fc.constant('no name'),
  }),
);
const policy = fc.record({
  version: fc.constant(1),
  name: fc.constant('x'),
  stacks: fc.subarray(['node', 'python']),
  agents: fc.subarray([...agentIds]),
  mode: fc.constantFrom('enforce', 'observe'),
  allow: fc.array(entry, { maxLength: 8 }),
});

/** What only a registry or the machine's owner knows, and init leaves open. */
const unknown = ['pin-image-digest', 'pin-extension-version', 'require-runtime-hardening'];

/** Everything that `init` writes for a policy, by path. */
function render(text: string): Record<string, string> {
  const { emissions } = planEmissions({ policy: { path: policyPath, text } }, presets, templates);
  return Object.fromEntries(emissions.map(({ path, text }) => [path, text]));
}

async function fixAll(files: Record<string, string>, choose: (finding: Finding) => Fix | undefined) {
  const project = memoryProject(files);
  const result = await fixFiles(['.devcontainer/devcontainer.json'], project, choose, {
    persona: 'pedantic',
    skip: unknown,
  });
  return { ...result, files: { ...files, ...Object.fromEntries(result.texts) } };
}

/** The list without its comments. */
const entriesOf = (list: string) => list.replace(/^#.*$/gm, '').replace(/\s+/g, ' ').trim();

const names = hosts.flatMap((name) => [name.replace(/^\./, ''), `a.${name.replace(/^\./, '')}`]);

/** Which of some names a list opens on which ports; a name that does not exist any more is open nowhere. */
function openOf(list: string): string[] {
  const lines = entriesOf(list)
    .split(' ')
    .filter((line) => !line.startsWith('statsig.'));
  return names.flatMap((name) =>
    ['443', '80', '22', '8443'].flatMap((port) => {
      const isOpen = lines.some((line) => {
        const [host = '', own] = line.split(':');
        const isName = host.startsWith('.') ? `.${name}`.endsWith(host) : host === name;
        return isName && (own === undefined ? ['443', '80'].includes(port) : own === port);
      });
      return isOpen && !name.startsWith('statsig.') ? [`${name}:${port}`] : [];
    }),
  );
}

const text = fc
  .tuple(policy, fc.constantFrom(undefined, 2))
  .map(([value, indent]) => JSON.stringify(value, null, indent));

describe('fixes of what a policy lets out', () => {
  test('hold, and leave the list as init renders it from the fixed policy', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (before) => {
        const { rolledBack, files } = await fixAll(render(before), ({ fixes }) => fixes[0]);
        expect(rolledBack).toEqual([]);
        const after = render(files[policyPath] ?? '');
        expect(entriesOf(files[listPath] ?? '')).toBe(entriesOf(after[listPath] ?? ''));
        for (const name of ['mode', 'devcontainer.json'])
          expect(files[`.devcontainer/${name}`]).toBe(after[`.devcontainer/${name}`]);
      }),
      { numRuns: runs(2) },
    );
  });

  test.each([[[443]], [[8443, 443]]])(
    'take out a range that is named twice, first with %j',
    async (ports) => {
      const range = { range: '198.51.100.0/24', ports: [443], reason: 'no name' };
      const before = JSON.stringify({ version: 1, name: 'x', allow: [{ ...range, ports }, range] });
      const { files } = await fixAll(render(before), ({ fixes }) => fixes[0]);
      expect(entriesOf(files[listPath] ?? '')).toBe(
        entriesOf(render(files[policyPath] ?? '')[listPath] ?? ''),
      );
      expect(files[policyPath]?.match(/198/g)).toHaveLength(1);
    },
  );

  test('take a host out beside one that becomes another, where nobody keeps the policy', async () => {
    const allow = ['.npmjs.org:443', 'api.anthropic.com'];
    const files = render(JSON.stringify({ version: 1, name: 'x', allow }));
    delete files[policyPath];
    const { rolledBack } = await fixAll(files, ({ fixes }) => fixes[0]);
    expect(rolledBack).toEqual([]);
  });

  test('that are safe change nothing of what is open', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (before) => {
        const files = render(before);
        const fixed = await fixAll(files, ({ fixes }) => fixes.find(({ safety }) => safety === 'safe'));
        expect(fixed.rolledBack).toEqual([]);
        expect(openOf(fixed.files[listPath] ?? '')).toEqual(openOf(files[listPath] ?? ''));
      }),
      { numRuns: runs(2) },
    );
  });

  test('hold where somebody has changed the list', async () => {
    const changes = fc.array(fc.tuple(fc.nat(40), entry), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(text, changes, async (before, changed) => {
        const files = render(before);
        const lines = (files[listPath] ?? '').split('\n');
        for (const [at, value] of changed)
          lines.splice(at % lines.length, at % 2, typeof value === 'string' ? value : JSON.stringify(value));
        const edited = { ...files, [listPath]: lines.join('\n') };
        const { rolledBack } = await fixAll(edited, ({ fixes }) => fixes[0]);
        expect(rolledBack).toEqual([]);
        const alone: Record<string, string> = { ...edited };
        delete alone[policyPath];
        expect((await fixAll(alone, ({ fixes }) => fixes[0])).rolledBack).toEqual([]);
      }),
      { numRuns: runs(2) },
    );
  });

  test('leave no finding in files that init renders', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (before) => {
        const files = render(before);
        const { findings } = await lintFiles(['.devcontainer/devcontainer.json'], memoryProject(files), {
          persona: 'pedantic',
          skip: unknown,
        });
        expect(findings.filter(({ place }) => place.file.path !== policyPath)).toEqual([]);
      }),
      { numRuns: runs(2) },
    );
  });
});
