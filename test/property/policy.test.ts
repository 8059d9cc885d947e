import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { parseJson } from '../../src/documents/json.js';
import { changePolicy, checkChange } from '../../src/policy/change.js';
import { createPolicy } from '../../src/policy/create.js';
import { parsePolicy } from '../../src/policy/parse.js';
import { agentIds } from '../../src/policy/policy.js';
import { joinPresets } from '../../src/policy/presets.js';
import { readAssets } from '../../src/project/assets.js';
import { planEmissions } from '../../src/scaffold/plan.js';
import { anyCharacter } from './any-character.js';
import { runs } from './runs.js';

const path = '.devcontainer/harden-devcontainer.jsonc';
const templates = readAssets('templates');
const presets = joinPresets(
  Object.fromEntries(Object.entries(readAssets('presets')).map(([name, text]) => [name, JSON.parse(text)])),
);

const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,10}[a-z0-9])?$/);
const host = fc
  .tuple(
    fc.constantFrom('', '.'),
    fc.array(label, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('test', 'xn--p1ai'),
  )
  .map(([dot, labels, top]) => `${dot}${labels.join('.')}.${top}`);
const port = fc.integer({ min: 1, max: 65535 });
// Half of the characters are those that some language could read as its own.
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'$(){}`\'"\\\n\r\t;|&<>#%!*?~ \u0000\u0007\u001b\u2028\u202e\ufeff/.'),
    fc.string({ minLength: 1, maxLength: 1, unit: anyCharacter }),
  ),
  maxLength: 30,
});
const maybe = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: text });

const rawPolicy = fc.record(
  {
    version: fc.constant(1),
    name: maybe(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,20}[A-Za-z0-9]$/)),
    stacks: fc.subarray(['node', 'python']),
    agents: fc.subarray([...agentIds]),
    allow: fc.array(
      fc.oneof(
        maybe(host),
        fc.tuple(host, port).map(([name, number]) => `${name}:${number}`),
        fc.record(
          { host: maybe(host), ports: fc.uniqueArray(port, { minLength: 1, maxLength: 3 }), reason: text },
          { requiredKeys: ['host'] },
        ),
      ),
      { maxLength: 4 },
    ),
    mcp: fc.array(
      fc.record(
        {
          name: maybe(label),
          port: fc.integer({ min: 1024, max: 65535 }),
          path: maybe(fc.constant('/mcp')),
          purpose: text,
        },
        { requiredKeys: ['name', 'port'] },
      ),
      { maxLength: 2 },
    ),
    caCertificates: maybe(fc.constantFrom('ca.pem', 'certs/ours.crt')),
  },
  { requiredKeys: ['version', 'name'] },
);

/** What the container's firewall reads: a name, .suffix or name:port. */
const allowlistLine = /^\.?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[1-9][0-9]{0,4})?$/;

describe('a policy that is accepted', () => {
  it('renders to files that say what it says, whatever its texts hold', () => {
    fc.assert(
      fc.property(rawPolicy, (raw) => {
        const file = { path, text: JSON.stringify(raw) };
        let plan: ReturnType<typeof planEmissions>;
        try {
          plan = planEmissions({ policy: file, certificates: 'pem' }, presets, templates);
        } catch (error) {
          // Refused with its place is right; anything else is not.
          if (error instanceof UserError && error.place) return;
          throw error;
        }
        const texts = Object.fromEntries(plan.emissions.map((emission) => [emission.path, emission.text]));
        const config = parseJson({ path: 'c', text: texts['.devcontainer/devcontainer.json'] ?? '' });
        expect(config.problems).toEqual([]);
        const lines = (texts['.devcontainer/allowlist'] ?? '')
          .split('\n')
          .filter((line) => line !== '' && !line.startsWith('#'));
        for (const line of lines) expect(line).toMatch(allowlistLine);
        const expected = plan.options.allow.flatMap(({ host, ports }) => {
          const web = ports.includes(443) && ports.includes(80);
          const rest = ports.filter((number) => !web || (number !== 443 && number !== 80));
          return [...(web ? [host] : []), ...rest.map((number) => `${host}:${number}`)];
        });
        expect(lines).toEqual(expected);
        const emitted = Object.keys(texts).sort();
        expect(emitted.filter((name) => name.includes('..') || name.startsWith('/'))).toEqual([]);
        const mcp = texts['.mcp.json'];
        expect(mcp === undefined ? [] : Object.keys(JSON.parse(mcp).mcpServers).sort()).toEqual(
          plan.options.forwards.map(({ name }) => name).sort(),
        );
      }),
      { numRuns: runs(60) },
    );
  });
});

describe('a change of the policy', () => {
  const change = fc.record(
    {
      name: fc.constantFrom('x', 'Shop 2'),
      stacks: fc.subarray(['node', 'python']),
      agents: fc.subarray([...agentIds]),
      allow: fc.array(host, { maxLength: 3 }),
      mcp: fc.uniqueArray(fc.record({ name: label, port: fc.integer({ min: 1024, max: 65535 }) }), {
        maxLength: 2,
        selector: ({ port }) => port,
      }),
    },
    { requiredKeys: ['name'] },
  );

  it('gives a policy that says so, and changes nothing the second time', () => {
    fc.assert(
      fc.property(change, change, (first, second) => {
        fc.pre(checkChange(first).length === 0 && checkChange(second).length === 0);
        const text = createPolicy(first);
        const changed = changePolicy({ path, text }, second);
        expect(changePolicy({ path, text: changed }, second)).toBe(changed);
        try {
          const policy = parsePolicy({ path, text: changed });
          expect(policy.name).toBe(second.name);
          if (second.stacks) expect(policy.stacks).toEqual(second.stacks);
          const hosts = policy.allow.map(({ host }) => host);
          for (const entry of [...(first.allow ?? []), ...(second.allow ?? [])])
            expect(hosts).toContain(entry);
        } catch (error) {
          // Two servers on one port is the one thing that a change can bring to a policy and not to itself.
          if (!(error instanceof UserError && /another server/.test(error.message))) throw error;
        }
      }),
      { numRuns: runs(50) },
    );
  });
});
