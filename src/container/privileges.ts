import type { JsonNode } from '../documents/json.js';
import { member, plainValue } from '../documents/json.js';
import type { Capability, Declared, Device, Namespace, SecurityOption } from './container.js';
import { declare, listNodes, type Source, textOfNode } from './declare.js';
import { allOf, declareOption, isSwitchedOff, type RunOption } from './run-args.js';

/** Truthy values of `privileged`: the tools ask for nothing else, so the text "false" counts. */
export function readPrivileged(source: Source, options: readonly RunOption[]): readonly Declared<unknown>[] {
  const node = member(source.document.root, 'privileged')?.value;
  const own = node && isTruthy(node) ? [declare(source, node, 'privileged', plainValue(node))] : [];
  if (options.length === 0) return own;
  const flags = allOf(options, '--privileged');
  const last = flags.at(-1);
  if (!last || isSwitchedOff(last)) return own;
  return [...own, declareOption<unknown>(last, true, flags)];
}

function isTruthy(node: JsonNode): boolean {
  return node.type === 'object' || node.type === 'array' || Boolean(node.value);
}

export function readCapabilities(
  source: Source,
  options: readonly RunOption[],
): readonly Declared<Capability>[] {
  const list = member(source.document.root, 'capAdd')?.value;
  if (!list && options.length === 0) return [];
  const own = listNodes(list).flatMap((node) =>
    capabilityNames(textOfNode(node)).map((name) => declare(source, node, 'capAdd', name)),
  );
  const flags = allOf(options, '--cap-add').flatMap((option) =>
    capabilityNames(option.value).map((name) => declareOption(option, name)),
  );
  return [...own, ...flags];
}

/** One capability per text is valid; a list with commas is refused by docker, and meant all the same. */
function capabilityNames(text = ''): readonly Capability[] {
  const names = text.split(',').map((name) => name.trim().toUpperCase().replace(/^CAP_/, ''));
  return names.filter((name) => name !== '');
}

export function readSecurityOptions(
  source: Source,
  options: readonly RunOption[],
): readonly Declared<SecurityOption>[] {
  const list = member(source.document.root, 'securityOpt')?.value;
  if (!list && options.length === 0) return [];
  const own = listNodes(list).flatMap((node) =>
    securityOption(textOfNode(node)).map((option) => declare(source, node, 'securityOpt', option)),
  );
  const flags = allOf(options, '--security-opt').flatMap((option) =>
    securityOption(option.value).map((value) => declareOption(option, value)),
  );
  return [...own, ...flags];
}

/** Docker separates at the first `=`, and at a `:` only where there is none. */
function securityOption(text = ''): readonly SecurityOption[] {
  const option = text.trim();
  if (option === '') return [];
  const separator = option.includes('=') ? '=' : ':';
  const at = option.indexOf(separator);
  if (at < 0) return [{ name: option.toLowerCase(), value: '' }];
  return [{ name: option.slice(0, at).trim().toLowerCase(), value: option.slice(at + 1).trim() }];
}

const namespaceFlags: readonly [string, Namespace['kind']][] = [
  ['--pid', 'pid'],
  ['--ipc', 'ipc'],
  ['--uts', 'uts'],
  ['--userns', 'user'],
  ['--cgroupns', 'cgroup'],
];

export function readNamespaces(options: readonly RunOption[]): readonly Declared<Namespace>[] {
  if (options.length === 0) return [];
  // A container can join several networks, but has one namespace of each other kind.
  const networks = allOf(options, '--network').flatMap((option) => {
    const value = networkName(option.value ?? '');
    return value === '' ? [] : [declareOption<Namespace>(option, { kind: 'network', value })];
  });
  const others = namespaceFlags.flatMap(([name, kind]) => {
    const all = allOf(options, name);
    const last = all.at(-1);
    const value = last?.value?.trim() ?? '';
    return last && value !== '' ? [declareOption<Namespace>(last, { kind, value }, all)] : [];
  });
  return [...networks, ...others];
}

/** `host` or `name=host,alias=x`, whose keys and values docker lower-cases. */
function networkName(text: string): string {
  const plain = text.trim();
  if (!/^\w+=/.test(plain)) return plain;
  const fields = plain
    .toLowerCase()
    .split(',')
    .map((field) => field.trim());
  return (
    fields
      .findLast((field) => field.startsWith('name='))
      ?.slice('name='.length)
      .trim() ?? ''
  );
}

const deviceFlags: readonly [string, Device['kind']][] = [
  ['--device', 'device'],
  ['--device-cgroup-rule', 'cgroup-rule'],
  ['--gpus', 'gpus'],
];

export function readDevices(options: readonly RunOption[]): readonly Declared<Device>[] {
  if (options.length === 0) return [];
  return deviceFlags.flatMap(([name, kind]) =>
    allOf(options, name).flatMap((option) => {
      const text = option.value?.trim() ?? '';
      const value = kind === 'device' ? hostDevice(text) : text;
      return value === '' ? [] : [declareOption<Device>(option, { kind, value })];
    }),
  );
}

/** The host's part of `/dev/a:/dev/b:rwm`, without dot segments, doubled and trailing slashes. */
function hostDevice(text: string): string {
  const [path = ''] = text.split(':');
  if (!path.startsWith('/')) return path;
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return `/${steps.join('/')}`;
}
