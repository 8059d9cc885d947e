import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type JsonNode, parseJson, spanOf } from '../../src/documents/json.js';
import { kindOf } from '../../src/documents/kinds.js';
import { lintFiles } from '../../src/index.js';
import { memoryProject } from '../../src/project/memory.js';
import { rules } from '../../src/rules/index.js';
import { type Files, misplaced } from './mutate.js';
import { runs } from './runs.js';

const values = ['null', 'true', '-1', '""', '[]', '{}', '[[1, null]]', '{"a":{"b":[]}}'];

const featuresWithOptions = `{ "features": {
  "ghcr.io/devcontainers/features/common-utils:2": { "username": "none", "installZsh": true },
  "ghcr.io/devcontainers/features/sshd:1": { "gatewayPorts": "yes" },
  "ghcr.io/devcontainers/features/desktop-lite:1": { "noPassword": true, "password": "x" },
  "ghcr.io/devcontainers/features/docker-in-docker:2": { "version": "latest", "moby": true }
} }`;

const seeds: readonly Files[] = [
  featuresWithOptions,
  ...rules.flatMap(({ examples, good }) => [...examples.map(({ bad }) => bad), ...good]),
].map((files) =>
  Object.fromEntries(
    Object.entries(typeof files === 'string' ? { '.devcontainer/devcontainer.json': files } : files).map(
      ([path, text]) => [path, text.replace(/[«»]/g, '')],
    ),
  ),
);

function nodesIn(node: JsonNode): readonly JsonNode[] {
  const below = (node.children ?? []).flatMap(nodesIn);
  return node.type === 'property' ? below : [node, ...below];
}

interface Value {
  readonly files: Files;
  readonly path: string;
  readonly node: JsonNode;
}

/** Every value of every file of JSON. */
const all: readonly Value[] = seeds.flatMap((files) =>
  Object.entries(files).flatMap(([path, text]) => {
    const root = /\.jsonc?$/.test(path) ? parseJson({ path, text }).root : undefined;
    return root ? nodesIn(root).map((node) => ({ files, path, node })) : [];
  }),
);

async function lintWith({ files, path, node }: Value, value: string): Promise<void> {
  const text = files[path] ?? '';
  const { start, end } = spanOf(node);
  const changed = { ...files, [path]: text.slice(0, start) + value + text.slice(end) };
  const linted = Object.keys(changed).filter((one) => ![undefined, 'ignore-file'].includes(kindOf(one)));
  const { findings } = await lintFiles(linted, memoryProject(changed), { persona: 'pedantic' });
  expect(misplaced(findings, changed)).toEqual([]);
}

test('a value of any type in place of any other crashes no rule', async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom(...all), fc.constantFrom(...values), lintWith), {
    numRuns: runs(300),
  });
});

test('nor does it for the options of a Feature, each of them', async () => {
  for (const one of all.filter(({ files }) => files === seeds[0]))
    for (const value of values) await lintWith(one, value);
});
