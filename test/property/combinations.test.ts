import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../src/documents/dockerfile.js';
import { parseJson, plainValue } from '../../src/documents/json.js';
import { parseToml } from '../../src/documents/toml.js';
import { parseYaml } from '../../src/documents/yaml.js';
import { lintFiles, memoryProject } from '../../src/index.js';
import { planInit } from '../../src/init.js';
import { forgeEntries } from '../../src/policy/forges.js';
import { agentIds, stackIds } from '../../src/policy/policy.js';
import { allPairs } from './pairwise.js';
import { isDeep } from './runs.js';

const vendored = new URL('../../schemas/vendor/devContainer.base.schema.json', import.meta.url);
const isDevContainer = new Ajv2019({ strict: false, validateFormats: false }).compile(
  JSON.parse(readFileSync(vendored, 'utf8')),
);

const choices = {
  stack: [undefined, ...stackIds],
  otherStack: [undefined, ...stackIds],
  agent: [undefined, ...agentIds],
  shape: ['single', 'sidecar'],
  mode: ['enforce', 'observe'],
  forge: [undefined, ...forgeEntries],
  models: [
    undefined,
    { local: ['ollama'] },
    { local: ['lm-studio', 'ollama'] },
    { gateway: { url: 'https://models.corp.example:8443/llm', private: true } },
  ],
  guards: [
    undefined,
    { bypass: true, approve: [], packages: { minimumAgeDays: 0, installScripts: true } },
    { arguments: 'hash', packages: { minimumAgeDays: 14 } },
  ],
  caCertificates: [undefined, 'ca.pem'],
  mcp: [
    undefined,
    [{ name: 'tracker', port: 8123 }],
    [
      {
        name: 'docs',
        command: ['docs'],
        tools: ['read'],
        purpose: 'x',
        reaches: 'x',
        owner: 'x',
        reviewed: '2026-11-01',
      },
    ],
  ],
  mcpTransport: ['socket', 'tls'],
  publish: [undefined, [3000]],
  limits: [undefined, { memory: '8g', cpus: 2.5, openFiles: 4096, temporary: '1g', sharedMemory: '1g' }],
  protect: [undefined, { readOnly: ['.git/hooks', '.vscode'], mask: ['.env', '.idea/'] }],
} as const;

const rows = allPairs(choices);
/** `npm test` takes a sample, `npm run test:property` every pair. */
const tried = isDeep ? rows : rows.filter((_, index) => index % 18 === 0);

/** A policy in which an agent is behind the gateway only where it can be told of one. */
function policyOf(row: (typeof rows)[number]): object {
  const { stack, otherStack, agent, forge, models, ...rest } = row;
  const listed = (values: readonly (string | undefined)[]) => [...new Set(values.filter((value) => value))];
  const isTold = models !== undefined && 'gateway' in models;
  return {
    version: 1,
    name: 'x',
    stacks: listed([stack, otherStack]),
    agents: listed([agent, isTold ? 'claude-code' : undefined]),
    forges: listed([forge]),
    models,
    ...rest,
  };
}

/** What only registries and users know; the policy and `.mcp.json` are the user's. */
const unknown = ['pin-image-digest', 'pin-extension-version', 'require-runtime-hardening'];
const isOurs = (path: string) => !path.endsWith('.jsonc') && path !== '.mcp.json';

/** `init` itself passes over what these tests prove. */
async function findingsIn(
  emissions: readonly { readonly path: string; readonly text: string }[],
): Promise<readonly string[]> {
  const project = memoryProject(Object.fromEntries(emissions.map(({ path, text }) => [path, text])));
  const options = { persona: 'pedantic', skip: unknown } as const;
  const { findings } = await lintFiles(['.devcontainer/devcontainer.json'], project, options);
  return findings
    .filter(({ place }) => isOurs(place.file.path))
    .map(({ ruleId, place, message }) => `${ruleId} ${place.file.path}: ${message}`);
}

const scripts = new Map<string, string>();

async function check(path: string, text: string): Promise<void> {
  if (path.endsWith('/devcontainer.json')) {
    const document = parseJson({ path, text });
    expect([path, document.problems, document.duplicates]).toEqual([path, [], []]);
    expect([isDevContainer(plainValue(document.root)), isDevContainer.errors]).toEqual([true, null]);
  } else if (/\.jsonc?$/.test(path)) expect([path, parseJson({ path, text }).problems]).toEqual([path, []]);
  else if (path.endsWith('.yaml') || path.endsWith('.yml'))
    expect([path, (await parseYaml({ path, text })).problems]).toEqual([path, []]);
  else if (path.endsWith('.toml'))
    expect([path, (await parseToml({ path, text })).problems]).toEqual([path, []]);
  else if (path.endsWith('/Dockerfile')) {
    const { stages } = await parseDockerfile({ path, text });
    expect(stages.length).toBeGreaterThan(0);
    // A stage that is copied from is there, under one name.
    const names = stages.map(({ name }) => name);
    for (const [, from] of text.matchAll(/^COPY --from=(\S+)/gm)) expect(names).toContain(from);
    expect(new Set(names).size).toBe(names.length);
  }
  if (/^#!.*\b(?:ba)?sh\b/.test(text)) scripts.set(text, path);
}

describe('every combination of a covering array', () => {
  it('has each value beside each other one', () => {
    const names = Object.keys(choices) as (keyof typeof choices)[];
    for (const a of names)
      for (const b of names)
        for (const one of choices[a])
          for (const other of a === b ? [] : choices[b])
            expect(rows.some((row) => row[a] === one && row[b] === other)).toBe(true);
  });

  it(`renders, follows its schemas and has no finding of ours (${tried.length} of them)`, {
    timeout: 900_000,
  }, async () => {
    const found: string[] = [];
    for (const row of tried) {
      const text = JSON.stringify(policyOf(row));
      const policy = { path: '.devcontainer/harden-devcontainer.jsonc', text };
      try {
        const { emissions } = await planInit({ policy, certificates: '-----BEGIN CERTIFICATE-----\n' });
        for (const { path, text } of emissions) await check(path, text);
        for (const finding of await findingsIn(emissions)) found.push(`${finding} with ${text}`);
      } catch (error) {
        found.push(`${error instanceof Error ? error.message : error} with ${text}`);
      }
    }
    expect(found).toEqual([]);
  });

  // `npm test` asks for no shellcheck.
  const program = 'shellcheck';
  if (isDeep)
    it.skipIf(spawnSync(program, ['--version']).status !== 0)(
      'has scripts that shellcheck has nothing to say about',
      () => {
        expect(scripts.size).toBeGreaterThan(3);
        for (const [text, path] of scripts) {
          const { status, stdout } = spawnSync(program, ['-'], { input: text, encoding: 'utf8' });
          expect([path, status, stdout]).toEqual([path, 0, '']);
        }
      },
    );
});
