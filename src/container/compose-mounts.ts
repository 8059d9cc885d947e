import { remember } from '../core/remember.js';
import type { Edit } from '../core/rule.js';
import { definitions, type JsonNode, member, stringValue } from '../documents/json.js';
import { addYamlKeys, appendLines } from '../documents/yaml-additions.js';
import { removeYaml, replaceYaml } from '../documents/yaml-edits.js';
import type { ComposeProject } from './compose-files.js';
import {
  declareStated,
  isYes,
  type Layers,
  lastOf,
  layersOf,
  placeOfStated,
  removeStated,
  type Stated,
  textAt,
  textOf,
} from './compose-layers.js';
import type { DeclaredMount, Mount } from './container.js';
import { type HostPath, resolveHostPath } from './host-path.js';
import {
  isPath,
  readShortMount,
  type StatedMount,
  toFileShort,
  toReadOnlyShort,
  toVolumeShort,
} from './mount-syntax.js';
import { splitVariables } from './variables.js';

// A dollar sign that compose leaves alone begins no variable further on.
const literalDollar = '\uFF04';

/** The `volumes` of a service, each target once: the last mount on it. `root` is the folder of the workspace. */
export function readServiceMounts(
  service: Layers,
  { volumes }: ComposeProject,
  root: string,
): readonly DeclaredMount[] {
  const items = layersOf(service, 'volumes').flatMap(({ file, node }) =>
    (node.children ?? []).map((child) => ({ file, node: child })),
  );
  const all = items.flatMap((item) => readVolume(item, volumes, root) ?? []);
  const last = new Map(all.map((mount) => [mount.value.target, mount]));
  return all.filter((mount) => mount.value.target === undefined || last.get(mount.value.target) === mount);
}

function readVolume(
  item: Stated,
  volumes: ReadonlyMap<string, Layers>,
  root: string,
): DeclaredMount | undefined {
  const stated = item.node.type === 'object' ? readLong(item) : readShort(item);
  if (!stated) return undefined;
  const bound = stated.type === 'volume' ? readBound(volumes.get(stated.source ?? '') ?? []) : undefined;
  if (bound) return declareBound(item, stated, bound, root);
  const value = { ...stated, host: hostOf(stated, item, root) };
  return {
    ...declareStated(item, value),
    toVolume: (name) => toVolume(item, value, name),
    toFile: (name) => toFile(item, value, name),
    toReadOnly: () => toReadOnly(item, value),
  };
}

function readShort(item: Stated): StatedMount | undefined {
  const text = textOf(item, literalDollar)?.trim();
  return text ? readShortMount(text) : undefined;
}

function readLong(item: Stated): StatedMount {
  const layers = [item];
  const text = (key: string) => {
    const stated = lastOf(layers, key);
    return stated && textOf(stated, literalDollar);
  };
  const source = text('source') ?? text('src');
  const type = textAt(layers, 'type')?.toLowerCase();
  const isKnown = type === 'bind' || type === 'tmpfs' || type === 'npipe' || type === 'volume';
  return {
    type: isKnown ? type : source !== undefined && isPath(source) ? 'bind' : 'volume',
    source,
    target: text('target') ?? text('destination') ?? text('dst'),
    readOnly: isYes(lastOf(layers, 'read_only')),
  };
}

/** Where the source lies: relative paths begin at the file's folder, not at the workspace. */
function hostOf({ type, source }: StatedMount, { file }: Stated, root: string): HostPath | undefined {
  return source === undefined || (type !== 'bind' && type !== 'npipe')
    ? undefined
    : resolveComposePath(source, file.folder, root);
}

/** A path of a compose file on the host; `folder` is what it is relative to, `root` the folder of the workspace. */
export function resolveComposePath(path: string, folder: string, root: string): HostPath {
  const host = resolvePath(path);
  if (host.base !== 'workspace' || host.variable !== undefined) return host;
  return resolvePath(`\${localWorkspaceFolder}/${relativePath(root, folder)}/${path}`);
}

const resolvePath = remember((path) => resolveHostPath(path, { compose: true }));

/** From one folder of the project to another: `../shared`. */
export function relativePath(from: string, to: string): string {
  const [start, end] = [from, to].map((path) => path.split('/').filter(Boolean));
  let common = 0;
  while (start?.[common] !== undefined && start[common] === end?.[common]) common += 1;
  return [...(start ?? []).slice(common).map(() => '..'), ...(end ?? []).slice(common)].join('/');
}

/** A bind in disguise: a volume of the local driver with `o: bind` and a folder of the host as its `device`. */
interface Bound {
  readonly device: Stated;
  readonly options: Layers;
}

function readBound(volume: Layers): Bound | undefined {
  const options = layersOf(volume, 'driver_opts');
  const device = lastOf(options, 'device');
  const isBind = (textAt(options, 'o') ?? '').split(',').some((one) => /^r?bind$/.test(one.trim()));
  return device && (isBind || textAt(options, 'type') === 'none') ? { device, options } : undefined;
}

function declareBound(
  item: Stated,
  stated: StatedMount,
  { device, options }: Bound,
  root: string,
): DeclaredMount {
  const source = textOf(device, literalDollar) ?? '';
  const isReadOnly = stated.readOnly || (textAt(options, 'o') ?? '').split(',').includes('ro');
  const bind: StatedMount = { ...stated, type: 'bind', source, readOnly: isReadOnly };
  const value: Mount = { ...bind, host: hostOf(bind, device, root) };
  return {
    value,
    place: placeOfStated(device),
    syntax: 'compose',
    volume: stated.source,
    remove: () => removeStated([item]),
    // Without its options the volume is an ordinary one.
    toVolume: () => orNone(removeStated(options)),
    toReadOnly: () => toReadOnly(item, value),
  };
}

function orNone(edits: readonly Edit[]): readonly Edit[] | undefined {
  return edits.length > 0 ? edits : undefined;
}

function toVolume(item: Stated, { target }: Mount, name: string): readonly Edit[] | undefined {
  const { file, node } = item;
  const { document } = file;
  const text = stringValue(node);
  if (target === undefined) return undefined;
  if (text !== undefined) {
    if (isUncertain(text)) return undefined;
    return withVolume(item, name, replaceYaml(document, node, toVolumeShort(text, name)));
  }
  const [type, source] = [
    member(node, 'type')?.value,
    (member(node, 'source') ?? member(node, 'src'))?.value,
  ];
  if (!type || !source) return undefined;
  const bind = member(node, 'bind')?.value;
  const parts = [
    replaceYaml(document, type, 'volume'),
    replaceYaml(document, source, name),
    ...(bind ? [removeYaml(document, [bind])] : []),
  ];
  return parts.some((edits) => edits.length === 0) ? undefined : withVolume(item, name, parts.flat());
}

/** The same edits, and those that declare the volume. */
function withVolume(
  { file: { document } }: Stated,
  name: string,
  edits: readonly Edit[],
): readonly Edit[] | undefined {
  const { root, roots } = document;
  if (edits.length === 0 || !root || roots.length !== 1) return undefined;
  const volumes = member(root, 'volumes')?.value;
  if (definitions(volumes, name).length > 0) return edits;
  if (!volumes) return [...edits, appendLines(document, ['volumes:', `  ${name}:`])];
  const added = addYamlKeys(document, volumes, [[name, undefined]]);
  return added.length > 0 ? [...edits, ...added] : undefined;
}

/** In the short form only: the long one would take the place of many lines. */
function toFile(
  { file: { document }, node }: Stated,
  mount: Mount,
  name: string,
): readonly Edit[] | undefined {
  const text = stringValue(node);
  const isFolder = mount.type === 'bind' && mount.target !== undefined;
  return text === undefined || !isFolder || isUncertain(text)
    ? undefined
    : orNone(replaceYaml(document, node, toFileShort(text, name)));
}

function toReadOnly({ file: { document }, node }: Stated, mount: Mount): readonly Edit[] | undefined {
  if (mount.readOnly || (mount.type !== 'bind' && mount.type !== 'volume')) return undefined;
  const text = stringValue(node);
  if (text !== undefined)
    return isUncertain(text) ? undefined : orNone(replaceYaml(document, node, toReadOnlyShort(text)));
  const present: JsonNode | undefined = member(node, 'read_only')?.value;
  return orNone(
    present ? replaceYaml(document, present, true) : addYamlKeys(document, node, [['read_only', true]]),
  );
}

/** A variable may hold colons: where nothing is known of it, the text cannot be taken apart. */
function isUncertain(text: string): boolean {
  return splitVariables(text).some(
    (part) =>
      part.kind === 'unknown' || (part.kind === 'host' && !/^(?:HOME|USER|USERPROFILE|PWD)$/.test(part.name)),
  );
}
