import { replaceYaml } from '../documents/yaml-edits.js';
import {
  entriesOf,
  isYes,
  itemsOf,
  type Layers,
  lastOf,
  layersOf,
  pairsOf,
  placeOfStated,
  removeStated,
  type Stated,
  textAt,
  textOf,
} from './compose-layers.js';
import type { RunOption } from './run-args.js';

/** Keys of a service that hold one value, and the option of `docker run` that means the same. */
const values: Readonly<Record<string, string>> = {
  network_mode: '--network',
  pid: '--pid',
  ipc: '--ipc',
  uts: '--uts',
  userns_mode: '--userns',
  cgroup: '--cgroupns',
  cgroup_parent: '--cgroup-parent',
  runtime: '--runtime',
  pids_limit: '--pids-limit',
  mem_limit: '--memory',
  cpus: '--cpus',
  cpu_quota: '--cpu-quota',
  cpuset: '--cpuset-cpus',
  shm_size: '--shm-size',
  user: '--user',
};

/** Keys that switch something on. */
const switches: Readonly<Record<string, string>> = {
  privileged: '--privileged',
  read_only: '--read-only',
  init: '--init',
  oom_kill_disable: '--oom-kill-disable',
  use_api_socket: '--use-api-socket',
};

/** Keys that hold a list. */
const lists: Readonly<Record<string, string>> = {
  cap_add: '--cap-add',
  cap_drop: '--cap-drop',
  security_opt: '--security-opt',
  device_cgroup_rules: '--device-cgroup-rule',
  group_add: '--group-add',
  volumes_from: '--volumes-from',
  links: '--link',
  tmpfs: '--tmpfs',
};

/** Keys that hold `NAME=value` pairs, with what stands between the two for docker. */
const pairs: Readonly<Record<string, readonly [string, string]>> = {
  sysctls: ['--sysctl', '='],
  extra_hosts: ['--add-host', ':'],
};

/** A key of a service that says what an option says. */
export interface OptionKey {
  readonly key: string;
  readonly kind: 'value' | 'switch' | 'list';
}

const byKind = { value: values, switch: switches, list: { ...lists, volumes: '--volume' } } as const;

/** The key for each option that has one. */
export const optionKeys: ReadonlyMap<string, OptionKey> = new Map(
  (['value', 'switch', 'list'] as const).flatMap((kind) =>
    Object.entries(byKind[kind]).map(([key, name]): [string, OptionKey] => [name, { key, kind }]),
  ),
);

const [valueKeys, switchKeys, listKeys, pairKeys] = [
  Object.entries(values),
  Object.entries(switches),
  Object.entries(lists),
  Object.entries(pairs),
];

/** What a service of a compose file asks for, as the options of `docker run` that mean the same. */
export function serviceOptions(service: Layers): readonly RunOption[] {
  // Looked up from what is stated, for that is little of what could be.
  const all = entriesOf(service);
  return [
    ...readEach(all, valueKeys, readValue),
    ...readEach(all, switchKeys, readSwitch),
    ...hooks(all).flatMap((hook) => readSwitch(layersOf([hook], 'privileged'), '--privileged')),
    ...readEach(all, listKeys, readList),
    ...readEach(all, pairKeys, readPairs),
    ...readDevices(all),
    ...readLimits(all),
    ...readCredentialSpec(all),
  ];
}

type Entries = ReadonlyMap<string, Layers>;

const none: Layers = [];

function readEach<T>(
  all: Entries,
  keys: readonly (readonly [string, T])[],
  read: (layers: Layers, name: T) => readonly RunOption[],
): readonly RunOption[] {
  const found: RunOption[] = [];
  for (const [key, name] of keys) {
    const layers = all.get(key);
    if (layers) found.push(...read(layers, name));
  }
  return found;
}

/** `together` are the layers that have to go with it, where an earlier one would come back. */
function option(name: string, stated: Stated, value: string | undefined, together?: Layers): RunOption {
  return {
    name,
    value,
    syntax: 'compose',
    place: placeOfStated(stated),
    stated: together ?? [stated],
    remove: (all) => removeStated(all.flatMap((one) => one.stated ?? [])),
    setValue: (text) => replaceYaml(stated.file.document, stated.node, text),
    glued: false,
  };
}

function readValue(layers: Layers, name: string): readonly RunOption[] {
  const last = layers.at(-1);
  const text = last && textOf(last);
  return last && text !== undefined ? [option(name, last, text, layers)] : [];
}

function readSwitch(layers: Layers, name: string): readonly RunOption[] {
  const last = layers.at(-1);
  return last && isYes(last) ? [option(name, last, undefined, layers)] : [];
}

/** Commands that compose runs in the container when it starts or stops. */
function hooks(all: Entries): Layers {
  return ['post_start', 'pre_stop'].flatMap((key) =>
    (all.get(key) ?? none).flatMap(({ file, node }) =>
      (node.children ?? []).map((child) => ({ file, node: child })),
    ),
  );
}

function readList(layers: Layers, name: string): readonly RunOption[] {
  return itemsOf(layers).flatMap((item) => {
    const text = textOf(item);
    return text === undefined ? [] : [option(name, item, text)];
  });
}

function readPairs(layers: Layers, [flag, sign]: readonly [string, string]): readonly RunOption[] {
  return pairsOf(layers).map((pair) => {
    const { name, value } = pair;
    return option(flag, pair, value === undefined ? name : `${name}${sign}${value}`);
  });
}

/** `devices` in both forms, `gpus`, and reservations of devices, which are for GPUs. */
function readDevices(all: Entries): readonly RunOption[] {
  const devices = (all.get('devices') ?? none).flatMap(({ file, node }) =>
    (node.children ?? []).map((child) => ({ file, node: child })),
  );
  const reservations = layersOf(layersOf(all.get('deploy') ?? none, 'resources'), 'reservations');
  const gpus = [...(all.get('gpus') ?? none), ...layersOf(reservations, 'devices')];
  return [
    ...devices.flatMap((item) => {
      const text = item.node.type === 'object' ? textAt([item], 'source') : textOf(item);
      return text === undefined ? [] : [option('--device', item, text)];
    }),
    ...gpus.map((stated) => option('--gpus', stated, textOf(stated) ?? 'devices')),
  ];
}

function readLimits(all: Entries): readonly RunOption[] {
  const limits = layersOf(layersOf(all.get('deploy') ?? none, 'resources'), 'limits');
  return [
    ...readValue(layersOf(limits, 'pids'), '--pids-limit'),
    ...readValue(layersOf(limits, 'memory'), '--memory'),
    ...readValue(layersOf(limits, 'cpus'), '--cpus'),
  ];
}

function readCredentialSpec(all: Entries): readonly RunOption[] {
  return [...entriesOf(all.get('credential_spec') ?? none)].flatMap(([key, layers]) => {
    const stated = layers.at(-1);
    const text = stated && textOf(stated);
    return !stated || text === undefined
      ? []
      : [option('--security-opt', stated, `credentialspec=${key}://${text}`)];
  });
}

/** The words of a command, in either form. */
export function commandWords(service: Layers, key: string): readonly string[] {
  const stated = lastOf(service, key);
  if (!stated) return [];
  const items = stated.node.type === 'array' ? (stated.node.children ?? []) : [stated.node];
  return items.flatMap((node) => textOf({ file: stated.file, node }) ?? []);
}
