import type { Edit } from '../core/rule.js';
import { member, stringValue } from '../documents/json.js';
import { addYamlItems, addYamlKeys, addYamlLines, type YamlValue } from '../documents/yaml-additions.js';
import { replaceYaml } from '../documents/yaml-edits.js';
import { type Layers, layersOf, type Stated } from './compose-layers.js';
import { relativePath } from './compose-mounts.js';
import { optionKeys } from './compose-options.js';
import type { Bind, EngineOption } from './container.js';
import { splitOutsideVariables, splitVariables } from './variables.js';

/**
 * Edits that give a service what options of `docker run` mean, in the file that counts most. None where one of them
 * has no key there, or its key is written so that a value can only be guessed at.
 */
export function addServiceOptions(service: Layers, options: readonly EngineOption[]): readonly Edit[] {
  const last = service.at(-1);
  const edits: (readonly Edit[])[] = [];
  const fresh = new Map<string, YamlValue>();
  for (const [name, texts] of groupByName(options)) {
    const known = optionKeys.get(name);
    if (!last || !known || (name === '--network' && layersOf(service, 'networks').length > 0)) return [];
    const { key, kind } = known;
    if (kind === 'list') {
      const list = member(last.node, key)?.value;
      if (list) edits.push(addItems({ ...last, node: list }, texts));
      else fresh.set(key, texts);
      continue;
    }
    const value = kind === 'switch' ? true : toScalar(texts.at(-1) ?? '');
    const present = layersOf(service, key).at(-1);
    if (present) edits.push(replaceYaml(present.file.document, present.node, value));
    else fresh.set(key, value);
  }
  if (last && fresh.size > 0) edits.push(addYamlKeys(last.file.document, last.node, [...fresh]));
  return edits.some((one) => one.length === 0) ? [] : edits.flat();
}

function groupByName(options: readonly EngineOption[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { name, value } of options)
    groups.set(name, [...(groups.get(name) ?? []), ...(value === undefined ? [] : [value])]);
  return groups;
}

/** Compose refuses a list that says the same twice. */
function addItems({ file, node }: Stated, texts: readonly string[]): readonly Edit[] {
  const present = new Set((node.children ?? []).map((child) => stringValue(child)));
  return addYamlItems(
    file.document,
    node,
    texts.filter((text) => !present.has(text)),
  );
}

function toScalar(text: string): string | number {
  return /^\d{1,9}(?:\.\d{1,3})?$/.test(text) ? Number(text) : text;
}

/** Edits that add read-only binds, given as devcontainer.json writes them; `root` is the folder of the workspace. */
export function addReadOnlyBinds(service: Layers, binds: readonly Bind[], root: string): readonly Edit[] {
  const folder = service.at(-1)?.file.folder ?? '';
  const texts = binds.map(({ source, target }) => {
    const path = toComposePath(source, folder, root);
    return path === undefined || !/^\/[^:$]*$/.test(target) ? undefined : `${path}:${target}:ro`;
  });
  if (texts.includes(undefined)) return [];
  return addServiceOptions(
    service,
    texts.map((value) => ({ name: '--volume', value })),
  );
}

/** A path of devcontainer.json as a compose file in `folder` writes it; undefined where it knows no such variable. */
function toComposePath(path: string, folder: string, root: string): string | undefined {
  const parts = splitVariables(path);
  const texts = parts.map((part, index) => {
    if (part.kind === 'text') return part.text.replaceAll('$', '$$$$');
    if (part.kind === 'workspace' && index === 0) return relativePath(folder, root) || '.';
    if (part.kind !== 'host') return undefined;
    if (part.shell) return part.text;
    return part.fallback === '' ? `\${${part.name}}` : `\${${part.name}:-${part.fallback}}`;
  });
  const whole = texts.join('');
  // A colon would end it.
  return texts.includes(undefined) || splitOutsideVariables(whole, ':').length > 1 ? undefined : whole;
}

const proxyName = 'engine-proxy';
const address = `tcp://${proxyName}:2375`;

/**
 * Edits that give a service, in place of the engine's socket, a proxy beside it that lets containers be looked at and
 * nothing be started or changed. None where they would not be in one network, or the service names an engine already.
 */
export function addEngineProxy(service: Layers): readonly Edit[] {
  const last = service.at(-1);
  const services = last?.node.parent?.parent;
  const isApart = ['networks', 'network_mode'].some((key) => layersOf(service, key).length > 0);
  if (!last || !services || isApart || member(services, proxyName)) return [];
  const named = layersOf(service, 'environment').at(-1);
  const { document } = last.file;
  const told = named
    ? named.node.type === 'array'
      ? addYamlItems(named.file.document, named.node, [`DOCKER_HOST=${address}`])
      : addYamlKeys(named.file.document, named.node, [['DOCKER_HOST', address]])
    : addYamlKeys(document, last.node, [['environment', [`DOCKER_HOST=${address}`]]]);
  const proxy = addYamlLines(document, services, [
    `${proxyName}:`,
    '  image: tecnativa/docker-socket-proxy:0.3.0',
    '  environment:',
    '    - CONTAINERS=1',
    '  volumes:',
    '    - /var/run/docker.sock:/var/run/docker.sock:ro',
  ]);
  return told.length === 0 || proxy.length === 0 ? [] : [...told, ...proxy];
}
