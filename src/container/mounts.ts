import { remember } from '../core/remember.js';
import type { Edit } from '../core/rule.js';
import { type JsonNode, member, members, plainValue, stringValue } from '../documents/json.js';
import { replaceNode } from '../documents/json-edits.js';
import type { DeclaredMount, Mount, Syntax } from './container.js';
import { declare, listNodes, type Source, textOfNode } from './declare.js';
import { resolveHostPath } from './host-path.js';
import { lostInObject, lostInText } from './lost-options.js';
import {
  readCsvMount,
  readShortMount,
  resolveMount,
  toFileCsv,
  toFileShort,
  toReadOnlyCsv,
  toReadOnlyShort,
  toVolumeCsv,
  toVolumeShort,
} from './mount-syntax.js';
import { declareOption, isSwitchedOff, type RunOption } from './run-args.js';

/** Mounts of `mounts`, `workspaceMount` and `runArgs`, in the order in which docker gets them. */
export function readMounts(source: Source, options: readonly RunOption[]): readonly DeclaredMount[] {
  const { root } = source.document;
  const workspace = source.compose || source.feature ? undefined : member(root, 'workspaceMount')?.value;
  const mounts = member(root, 'mounts')?.value;
  if (!workspace && options.length === 0) return mounts ? listMounts(source, mounts) : [];
  return [
    ...readStringMount(source, workspace, 'workspaceMount'),
    ...listMounts(source, mounts),
    ...readRunMounts(source, options),
  ];
}

/** `mounts`: a list, or one string or object in place of it. */
function listMounts(source: Source, node: JsonNode | undefined): readonly DeclaredMount[] {
  const isOne = node?.type === 'object' && ['source', 'target', 'type'].some((key) => member(node, key));
  return (isOne ? [node] : listNodes(node)).flatMap((item) =>
    item.type === 'object' ? readObjectMount(source, item) : readStringMount(source, item, 'mounts'),
  );
}

const mountOfDocker = remember((text) => resolveMount(readCsvMount(text, plain), plain));
const lostByDocker = remember((text) => lostInText(text, plain));
const plain = { compose: false };

function mountOf(text: string, source: Source): Mount {
  return source.compose ? resolveMount(readCsvMount(text, source), source) : mountOfDocker(text);
}

function readStringMount(
  source: Source,
  node: JsonNode | undefined,
  syntax: Syntax,
): readonly DeclaredMount[] {
  const text = stringValue(node);
  if (node === undefined || text === undefined || text.trim() === '') return [];
  const value = mountOf(text, source);
  return [
    {
      ...declare(source, node, syntax, value),
      lost: source.compose ? lostInText(text, source) : lostByDocker(text),
      toVolume: (name) =>
        source.fixed ? undefined : replaceNode(source.document, node, toVolumeCsv(text, name)),
      toFile: (name) =>
        fileEdits(source, value, toFileCsv(text, name), (one) => replaceNode(source.document, node, one)),
      toReadOnly: () =>
        readOnlyEdits(source, value, () => replaceNode(source.document, node, toReadOnlyCsv(text))),
    },
  ];
}

/** The tools turn the object into the string form, with these three keys and no other. */
function readObjectMount(source: Source, node: JsonNode): readonly DeclaredMount[] {
  const text = ['type', 'source', 'target']
    .flatMap((key) => {
      const value = textOfNode(member(node, key)?.value);
      return value === undefined ? [] : [`${key}=${value}`];
    })
    .join(',');
  if (text === '') return [];
  const value = mountOf(text, source);
  return [
    {
      ...declare(source, node, 'mounts', value),
      lost: lostInObject(node, source),
      toVolume: (name) => (source.fixed ? undefined : toVolumeObject(source, node, name)),
      // The object form cannot say read-only.
      toFile: (name) =>
        fileEdits(source, value, toFileCsv(text, name), (one) => replaceNode(source.document, node, one)),
      toReadOnly: () =>
        readOnlyEdits(source, value, () => replaceNode(source.document, node, toReadOnlyCsv(text))),
    },
  ];
}

function toVolumeObject({ document }: Source, node: JsonNode, name: string): readonly Edit[] {
  const [type, path] = [member(node, 'type'), member(node, 'source')];
  if (type && path)
    return [...replaceNode(document, type.value, 'volume'), ...replaceNode(document, path.value, name)];
  const entries = members(node).map(({ key, value }) => [key, plainValue(value)]);
  return replaceNode(document, node, { ...Object.fromEntries(entries), type: 'volume', source: name });
}

function readOnlyEdits(
  source: Source,
  mount: Mount,
  edits: () => readonly Edit[],
): readonly Edit[] | undefined {
  // Under compose the option would be written and then lost.
  if (source.compose || source.fixed || mount.readOnly || (mount.type !== 'bind' && mount.type !== 'volume'))
    return undefined;
  return edits();
}

function fileEdits(
  source: Source,
  { type, source: path, target }: Mount,
  text: string | undefined,
  write: (text: string) => readonly Edit[],
): readonly Edit[] | undefined {
  const isFolder = type === 'bind' && path !== undefined && target !== undefined;
  return source.compose || source.fixed || !isFolder || text === undefined ? undefined : write(text);
}

function readRunMounts(source: Source, options: readonly RunOption[]): readonly DeclaredMount[] {
  return options.flatMap((option) => {
    if (option.name === '--use-api-socket') return readApiSocket(source, option);
    if (option.value === undefined) return [];
    if (option.name === '--mount') return [readOptionMount(source, option, csvForm)];
    if (option.name === '--volume') return [readOptionMount(source, option, shortForm)];
    return option.name === '--tmpfs' ? [readTmpfs(option)] : [];
  });
}

const csvForm = { read: readCsvMount, toVolume: toVolumeCsv, toFile: toFileCsv, toReadOnly: toReadOnlyCsv };
const shortForm = {
  read: readShortMount,
  toVolume: toVolumeShort,
  toFile: toFileShort,
  toReadOnly: toReadOnlyShort,
};

function readOptionMount(
  source: Source,
  option: RunOption,
  form: typeof csvForm | typeof shortForm,
): DeclaredMount {
  const text = (option.value ?? '').trim();
  const value = resolveMount(form.read(text, source), source);
  return {
    ...declareOption(option, value),
    toVolume: (name) => (value.target === undefined ? undefined : option.setValue(form.toVolume(text, name))),
    toFile: (name) => fileEdits(source, value, form.toFile(text, name), (one) => option.setValue(one)),
    toReadOnly: () => readOnlyEdits(source, value, () => option.setValue(form.toReadOnly(text))),
  };
}

function readTmpfs(option: RunOption): DeclaredMount {
  const [target] = (option.value ?? '').split(':');
  const value: Mount = { type: 'tmpfs', source: undefined, target, readOnly: false, host: undefined };
  return { ...declareOption(option, value), toVolume: () => undefined, toReadOnly: () => undefined };
}

/** Docker's own way to hand its socket over, with the logins to registries. */
function readApiSocket(source: Source, option: RunOption): readonly DeclaredMount[] {
  if (isSwitchedOff(option)) return [];
  const path = '/var/run/docker.sock';
  const host = resolveHostPath(path, source);
  const value: Mount = { type: 'bind', source: path, target: path, readOnly: false, host };
  const none = () => undefined;
  return [{ ...declareOption(option, value), toVolume: none, toReadOnly: none }];
}

/** Among the sources in order, each a file, a later mount on the same target takes the place of an earlier one. */
export function overrideMounts(sources: readonly (readonly DeclaredMount[])[]): readonly DeclaredMount[] {
  const [first, ...others] = sources.filter((mounts) => mounts.length > 0);
  if (others.length === 0) return first ?? [];
  return sources.flatMap((mounts, index) => {
    const later = new Set(
      sources.slice(index + 1).flatMap((others) => others.map(({ value }) => value.target)),
    );
    return mounts.filter(({ value }) => value.target === undefined || !later.has(value.target));
  });
}
