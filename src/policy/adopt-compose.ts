import { posix } from 'node:path';
import type { Project } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import { elements, member, parseJson, plainValue, stringValue } from '../documents/json.js';
import { parseYaml } from '../documents/yaml.js';
import type { AdoptionNote } from './adopt.js';

/** A compose file as a plain value, and where it lies. */
export interface ComposeSource {
  readonly path: string;
  readonly value: unknown;
}

/** The services beside the one that is worked in: databases and the like. */
export interface AdoptedServices {
  /** Text of the compose file for them; undefined where there are none. */
  readonly text: string | undefined;
  readonly notes: readonly AdoptionNote[];
}

/** Where they go, relative to the project. */
export const servicesPath = '.devcontainer/compose.services.yaml';

type Values = Readonly<Record<string, unknown>>;

/** What a service may keep: nothing of it reaches the host or the network beyond the gateway. */
const kept = new Set([
  'image',
  'build',
  'command',
  'entrypoint',
  'environment',
  'env_file',
  'healthcheck',
  'depends_on',
  'restart',
  'working_dir',
  'user',
  'init',
  'tmpfs',
  'shm_size',
  'ulimits',
  'volumes',
  'mem_limit',
  'cpus',
  'pids_limit',
  'stop_signal',
  'stop_grace_period',
  'read_only',
  'platform',
]);

/** The services that a configuration starts beside its own; none where it has no compose file that can be read. */
export async function readServices(config: SourceFile, project: Project): Promise<AdoptedServices> {
  const { root } = parseJson(config);
  const named = member(root, 'dockerComposeFile')?.value;
  const files = named?.type === 'array' ? elements(named) : named ? [named] : [];
  const sources: ComposeSource[] = [];
  for (const node of files) {
    const path = posix.join(posix.dirname(config.path), stringValue(node) ?? '');
    const result = project.read(path);
    const document = 'file' in result ? await parseYaml(result.file) : undefined;
    if (document?.root && document.problems.length === 0)
      sources.push({ path, value: plainValue(document.root) });
  }
  if (sources.length === 0) return { text: undefined, notes: [] };
  return adoptServices(sources, stringValue(member(root, 'service')?.value) ?? '');
}

/**
 * Moves them into the network of the gateway, where they answer under their old names on 127.0.0.1 and let nothing out.
 * `main` is the service that the rendered workspace replaces. Of several files a later one adds to an earlier.
 */
export function adoptServices(sources: readonly ComposeSource[], main: string): AdoptedServices {
  const notes: AdoptionNote[] = [];
  const services = new Map<string, Record<string, unknown>>();
  const volumes: Record<string, unknown> = {};
  // Relative paths count from the folder of the first file.
  const path = sources[0]?.path ?? '';
  for (const { value } of sources) {
    const { services: all, volumes: named } = asObject(value);
    for (const [name, options] of Object.entries(asObject(named)))
      if (isPlainVolume(options)) volumes[name] = options ?? {};
    for (const [name, options] of Object.entries(asObject(all))) {
      if (name === main) continue;
      const own = readService(name, asObject(options), path, notes);
      services.set(name, { ...services.get(name), ...own });
    }
  }
  for (const [name, service] of services) finish(name, service, services, volumes, notes);
  notes.push({
    path: ['services', main],
    fate: 'replaced',
    reason:
      'the rendered workspace takes its place; what else it needs goes into "image", a Feature or a command',
  });
  return { text: services.size === 0 ? undefined : render(services, volumes), notes };
}

function readService(
  name: string,
  options: Values,
  path: string,
  notes: AdoptionNote[],
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(options)) {
    const reason = kept.has(key) ? undefined : refusalOf(key);
    if (reason !== undefined) notes.push({ path: ['services', name, key], fate: 'left', reason });
    else if (key === 'build') result.build = moveBuild(value, path);
    else if (key === 'env_file') result.env_file = [value].flat().map((file) => movePath(String(file), path));
    else if (key === 'volumes') result.volumes = moveVolumes(name, value, path, notes);
    else result[key] = value;
  }
  return result;
}

function refusalOf(key: string): string {
  if (key === 'ports' || key === 'expose')
    return 'it is reached from inside, on 127.0.0.1; the host is let in by "publish" of the policy';
  if (/^(?:networks|network_mode|links|dns|extra_hosts|hostname|container_name)$/.test(key))
    return "it is in the gateway's network, under its name";
  return 'it is not carried over: it could reach the host, or is not known to be harmless';
}

/** The path from `.devcontainer`, where the first of our files is. */
function movePath(path: string, from: string): string {
  if (/^(?:\/|~|\$)/.test(path)) return path;
  const moved = posix.relative('.devcontainer', posix.join(posix.dirname(from), path));
  return moved.startsWith('.') ? moved : `./${moved}`;
}

function moveBuild(value: unknown, from: string): unknown {
  const {
    context = '.',
    dockerfile,
    args,
    target,
  } = typeof value === 'string' ? { context: value } : asObject(value);
  const folder = posix.join(posix.dirname(from), String(context));
  const isReplaced = posix.join(folder, String(dockerfile ?? 'Dockerfile')) === '.devcontainer/Dockerfile';
  const file = isReplaced ? posix.relative(folder, '.devcontainer/before-adoption/Dockerfile') : dockerfile;
  return JSON.parse(
    JSON.stringify({ context: movePath(String(context), from), dockerfile: file, args, target }),
  );
}

/** Named volumes, and files of the project that are only read: an initial dump, a configuration. */
function moveVolumes(name: string, value: unknown, from: string, notes: AdoptionNote[]): unknown[] {
  return (Array.isArray(value) ? value : []).flatMap((volume: unknown): unknown[] => {
    const leave = (reason: string) => {
      notes.push({
        path: ['services', name, 'volumes'],
        fate: 'left',
        reason: `${JSON.stringify(volume)}: ${reason}`,
      });
      return [];
    };
    const { type, source, target } = asObject(volume);
    const [short, inner] = typeof volume === 'string' ? volume.split(':') : [source, target];
    if (typeof volume === 'string' && inner === undefined) return [volume];
    if (typeof short !== 'string' || typeof inner !== 'string') return leave('its form is not known');
    if (/^[A-Za-z0-9][\w.-]*$/.test(short) && type !== 'bind') return [`${short}:${inner}`];
    const moved = movePath(short, from);
    if (!/^\.\.?(?:\/|$)/.test(moved) || moved.startsWith('../..'))
      return leave('it lies outside of the project');
    return [`${moved}:${inner}:ro`];
  });
}

function isPlainVolume(options: unknown): boolean {
  return options === null || options === undefined || Object.keys(asObject(options)).length === 0;
}

/** Joins the service with the gateway, and takes out what leads to services and volumes that are not there. */
function finish(
  name: string,
  service: Record<string, unknown>,
  services: ReadonlyMap<string, unknown>,
  volumes: Record<string, unknown>,
  notes: AdoptionNote[],
): void {
  const wanted = service.depends_on;
  const before = Array.isArray(wanted)
    ? Object.fromEntries(wanted.map((other) => [String(other), { condition: 'service_started' }]))
    : asObject(wanted);
  const known = Object.entries(before).filter(([other]) => services.has(other));
  service.depends_on = { gateway: { condition: 'service_healthy' }, ...Object.fromEntries(known) };
  service.network_mode = 'service:gateway';
  service.cap_drop = ['NET_RAW'];
  service.security_opt = ['no-new-privileges:true'];
  for (const volume of (service.volumes ?? []) as readonly string[]) {
    const [source = ''] = volume.split(':');
    if (/^[A-Za-z0-9]/.test(source)) volumes[source] ??= {};
  }
  notes.push({
    path: ['services', name],
    fate: 'kept',
    reason: `it is in ${servicesPath}, in the gateway's network: "${name}" is 127.0.0.1 there`,
  });
}

function render(services: ReadonlyMap<string, unknown>, volumes: Values): string {
  const names = [...services.keys()].map((name) => `${name}:127.0.0.1`);
  const used = JSON.stringify([...services.values()]);
  const file = {
    services: { gateway: { extra_hosts: names }, ...Object.fromEntries(services) },
    volumes: Object.fromEntries(Object.entries(volumes).filter(([name]) => used.includes(`"${name}:`))),
  };
  return `# Services beside the workspace, adopted by harden-devcontainer; this file is yours from now on.\n# JSON is YAML. They share the gateway's network: the firewall is around them too.\n${JSON.stringify(file, undefined, 2)}\n`;
}

function asObject(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : {};
}
