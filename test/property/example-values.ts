import { type JsonNode, parseJson, spanOf } from '../../src/documents/json.js';
import { kindOf } from '../../src/documents/kinds.js';
import { rules } from '../../src/rules/index.js';
import type { Files } from './mutate.js';

/** Features with options that rules look at. */
const featuresWithOptions = `{ "features": {
  "ghcr.io/devcontainers/features/common-utils:2": { "username": "none", "installZsh": true },
  "ghcr.io/devcontainers/features/sshd:1": { "gatewayPorts": "yes" },
  "ghcr.io/devcontainers/features/desktop-lite:1": { "noPassword": true, "password": "x" },
  "ghcr.io/devcontainers/features/docker-in-docker:2": { "version": "latest", "moby": true }
} }`;

/** The files of every rule's examples. */
export const seeds: readonly Files[] = [
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

export interface Value {
  readonly files: Files;
  readonly path: string;
  readonly node: JsonNode;
}

/** Every value of every file of JSON. */
export const all: readonly Value[] = seeds.flatMap((files) =>
  Object.entries(files).flatMap(([path, text]) => {
    const root = /\.jsonc?$/.test(path) ? parseJson({ path, text }).root : undefined;
    return root ? nodesIn(root).map((node) => ({ files, path, node })) : [];
  }),
);

/** The files with other text in the place of the value. */
export function replaceValue({ files, path, node }: Value, value: string): Files {
  const text = files[path] ?? '';
  const { start, end } = spanOf(node);
  return { ...files, [path]: text.slice(0, start) + value + text.slice(end) };
}

/** The files that are linted for themselves. */
export function listLinted(files: Files): readonly string[] {
  return Object.keys(files).filter((path) => ![undefined, 'ignore-file'].includes(kindOf(path)));
}
