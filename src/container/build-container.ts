import { once } from '../core/once.js';
import type { Project } from '../core/rule.js';
import type { Place, SourceFile } from '../core/text.js';
import { type JsonDocument, type JsonNode, member, placeOf, stringValue } from '../documents/json.js';
import { setMembers } from '../documents/json-edits.js';
import { addToList } from './add-to-list.js';
import { readBuildArguments, readBuildContext, readBuildOptions } from './build-settings.js';
import { readInstructions } from './built-instructions.js';
import { scriptReader } from './called-scripts.js';
import type { Compose, Service } from './compose.js';
import type { BuildSettings } from './compose-build.js';
import type { Bind, ComposeParts, Container, Declared, LifecycleCommand } from './container.js';
import { declare, type Source } from './declare.js';
import { type Build, baseImage, dockerfileNode, readBuild, readLoneBuild } from './dockerfile-build.js';
import { readEnvironment } from './environment.js';
import { readExtensions } from './extensions.js';
import { readFeatureLock } from './feature-lock.js';
import { readFeatures, readLocalFeatures } from './features.js';
import { readFileSources } from './file-sources.js';
import { findFirewall, findIdleFirewall } from './firewall.js';
import { readImageLabel } from './image-label.js';
import { readBuildImages, splitImage } from './image-references.js';
import { addLifecycle } from './lifecycle.js';
import { overrideMounts, readMounts } from './mounts.js';
import { readPorts } from './ports.js';
import { readPosture } from './posture.js';
import {
  readCapabilities,
  readDevices,
  readNamespaces,
  readPrivileged,
  readSecurityOptions,
} from './privileges.js';
import { scriptSearch } from './project-scripts.js';
import { canFollow, declareOption, type RunOption, readRunOptions } from './run-args.js';
import { readStartup } from './startup.js';
import { readUser } from './users.js';

// Loaded for those who need it: the parser of YAML takes its time.
const loadCompose = once(() => import('./compose.js'));

/**
 * Adds up what a devcontainer.json, its Dockerfile, its compose files, its local Features and the known images declare.
 * Reads files through `project` only; never throws, values of a wrong type are read as far as they can be.
 */
export async function buildContainer(document: JsonDocument, project: Project): Promise<Container> {
  const kind = sourceOf(document.root);
  const source: Source = { document, compose: kind === 'compose', feature: false };
  if (kind !== 'compose') {
    const build = kind === 'dockerfile' ? await readBuild(source, project) : undefined;
    return assemble(source, { kind, build, project });
  }
  const { readCompose } = await loadCompose();
  const compose = await readCompose(document, project);
  const service = compose.services.find(({ name }) => name === compose.main);
  const neighbours = await Promise.all(
    compose.services.filter((one) => one !== service).map((one) => buildNeighbour(one, compose, project)),
  );
  const container = await assemble(source, { kind, build: service?.build, project, service });
  return joinProject(container, compose, neighbours);
}

/** What a Dockerfile that is linted by itself adds up to: a container of which only the image is known. */
export async function buildImageContainer(file: SourceFile, project: Project): Promise<Container> {
  const document: JsonDocument = { file, root: undefined, problems: [], duplicates: [] };
  const source: Source = { document, compose: false, feature: false };
  return assemble(source, { kind: 'dockerfile', build: await readLoneBuild(file), project });
}

/** The services of a compose file that was named itself, with what could not be read of it. */
export async function buildServices(
  file: SourceFile,
  project: Project,
): Promise<Pick<ComposeParts, 'unread' | 'documents' | 'neighbours'>> {
  const { readComposeFile } = await loadCompose();
  const compose = await readComposeFile(file, project);
  const neighbours = await Promise.all(
    compose.services.map((service) => buildNeighbour(service, compose, project)),
  );
  return { ...compose.project, neighbours };
}

/** What a service that no tools run in adds up to. */
async function buildNeighbour(service: Service, compose: Compose, project: Project): Promise<Container> {
  const document: JsonDocument = { file: service.file, root: undefined, problems: [], duplicates: [] };
  const source: Source = { document, compose: true, feature: true, fixed: true };
  const container = await assemble(source, { kind: 'compose', build: service.build, project, service });
  return {
    ...joinProject(container, compose, []),
    isNeighbour: true,
    // Nobody's tools or agents run there, and what it gets from the host is for its own work.
    user: { name: undefined, decidedBy: undefined, certainty: 'unknown', imageUser: undefined },
    posture: { agents: [], unattended: [] },
    environment: container.environment.map((one) => ({ ...one, value: { ...one.value, hostVariables: [] } })),
  };
}

function joinProject(container: Container, compose: Compose, neighbours: readonly Container[]): Container {
  const { services, project } = compose;
  const { joined, internal } = services.find(({ name }) => name === container.service) ?? {};
  const owner = neighbours.find(({ service }) => service === joined?.service);
  // Who shares another's network is held by the other's firewall: of whoever may set one up.
  const isHeld =
    owner?.firewall !== undefined || owner?.capabilities.some(({ value }) => value === 'NET_ADMIN');
  return {
    ...container,
    firewall: container.firewall ?? (isHeld ? (owner?.firewall ?? joined?.place) : internal),
    compose: { ...project, services: compose.names, main: compose.main, ports: compose.ports, neighbours },
  };
}

interface Parts {
  readonly kind: Container['source'];
  readonly build: Build | undefined;
  readonly project: Project;
  readonly service?: Service | undefined;
}

async function assemble(source: Source, { kind, build, project, service }: Parts): Promise<Container> {
  const { document, compose } = source;
  const own = readRunOptions(source);
  const options = service ? [...own, ...service.options] : own;
  const features = readFeatures(source);
  const image = readImage(source, kind, build) ?? service?.image;
  const labels = build
    ? readImageLabel(build).map((document): Source => ({ document, compose, feature: true, fixed: true }))
    : [];
  // Label < Feature < devcontainer.json: only mounts and users mind the order, everything else adds up.
  const local = readLocalFeatures(source, features, project).map(
    (document): Source => ({ document, compose, feature: true }),
  );
  const others = [...labels, ...local];
  const search = scriptSearch(source, build, project);
  const readScripts = scriptReader(search);
  const lifecycle: Declared<LifecycleCommand>[] = [];
  for (const one of others) await addLifecycle(one, readScripts, lifecycle);
  await addLifecycle(source, readScripts, lifecycle);
  const ownMounts = readMounts(source, options);
  const mounts =
    service || others.length > 0
      ? overrideMounts([service?.mounts ?? [], ...others.map((one) => readMounts(one, [])), ownMounts])
      : ownMounts;
  const ownEnvironment = addUp(labels, source, options, readEnvironment);
  const environment = service ? overrideEnvironment(service.environment, ownEnvironment) : ownEnvironment;
  const settings = service?.buildSettings ?? readBuildSettings(source, kind);
  return {
    file: document.file,
    source: kind,
    service: service?.name,
    servicePlace: service?.place,
    isNeighbour: false,
    image,
    images: build ? readBuildImages(build) : image ? [{ ...image, value: splitImage(image.value) }] : [],
    dockerfile: build?.file,
    buildArguments: settings.buildArguments,
    buildOptions: settings.buildOptions,
    buildContexts: settings.buildContexts,
    instructions: build ? readInstructions(build) : [],
    context: build?.context,
    mounts,
    privileged: addUp(others, source, options, readPrivileged),
    capabilities: addUp(others, source, options, readCapabilities),
    securityOptions: addUp(others, source, options, readSecurityOptions),
    namespaces: readNamespaces(options),
    devices: readDevices(options),
    options: options.map((option) => declareOption(option, { name: option.name, value: option.value })),
    ports: join(readPorts(source, options), service?.ports),
    environment,
    fileSources: join(readFileSources(options), service?.fileSources),
    lifecycle,
    features,
    featureList: placeOfKey(document, 'features'),
    featureLock: features.length > 0 ? readFeatureLock(document.file, project) : undefined,
    extensions: addUp(others, source, options, readExtensions),
    user: readUser(source, options, { build, image, features, labels }),
    firewall: findFirewall(source, lifecycle, build, search, service?.entry),
    idleFirewall: findIdleFirewall(source, build, search, service?.entry),
    posture: readPosture({ document, build, features, mounts, environment, lifecycle }),
    startup: readStartup(source, build, search, service?.entry),
    copies: search.copies,
    compose: undefined,
    setProperties: (values) => (document.root ? setMembers(document, document.root, values) : []),
    addToList: (name, values) => addToList(document, name, values),
    addOptions: (added) => {
      if (compose) return service?.addOptions(added) ?? [];
      const words = added.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`));
      return canFollow(source, options) ? addToList(document, 'runArgs', words) : [];
    },
    addEngineProxy: () => service?.addEngineProxy() ?? [],
    addReadOnly: (binds) =>
      compose
        ? (service?.addReadOnly(inWorkspace(binds, document)) ?? [])
        : addToList(document, 'mounts', binds.map(readOnlyText)),
  };
}

/** What other files declare, then the container's own; almost no container has others. */
function addUp<T>(
  others: readonly Source[],
  source: Source,
  options: readonly RunOption[],
  read: (one: Source, options: readonly RunOption[]) => readonly T[],
): readonly T[] {
  const own = read(source, options);
  return others.length === 0 ? own : [...others.flatMap((one) => read(one, [])), ...own];
}

function join<T>(own: readonly T[], added: readonly T[] | undefined): readonly T[] {
  return added === undefined || added.length === 0 ? own : [...own, ...added];
}

/** Of a name that the tools set as well, the value of the compose file is lost. */
function overrideEnvironment(
  service: Container['environment'],
  own: Container['environment'],
): Container['environment'] {
  if (service.length === 0) return own;
  const set = new Set(own.map(({ value }) => (value.scope === 'container' ? value.name : '')));
  return [...service.filter(({ value }) => !set.has(value.name)), ...own];
}

function placeOfKey(document: JsonDocument, key: string): Place | undefined {
  const found = member(document.root, key);
  return found && placeOf(document, found.keyNode);
}

/** How the tools build the image that devcontainer.json names a Dockerfile for. */
function readBuildSettings(source: Source, kind: Container['source']): BuildSettings {
  if (kind !== 'dockerfile') return { buildArguments: [], buildOptions: [], buildContexts: [] };
  return {
    buildArguments: readBuildArguments(source),
    buildOptions: readBuildOptions(source),
    buildContexts: readBuildContext(source),
  };
}

function readOnlyText({ source, target }: Bind): string {
  return `type=bind,source=${source},target=${target},readonly`;
}

/** A compose file knows no name for the workspace's folder in the container. */
function inWorkspace(binds: readonly Bind[], { root }: JsonDocument): readonly Bind[] {
  const folder = stringValue(member(root, 'workspaceFolder')?.value);
  const fill = (path: string) => path.replace('${containerWorkspaceFolder}', () => folder ?? '$');
  return binds.map(({ source, target }) => ({ source, target: fill(target) }));
}

/** The order in which the tools look: a Dockerfile, an image, then compose. */
function sourceOf(root: JsonNode | undefined): Container['source'] {
  if (dockerfileNode(root)) return 'dockerfile';
  if (member(root, 'image')) return 'image';
  return member(root, 'dockerComposeFile') ? 'compose' : 'none';
}

function readImage(
  source: Source,
  kind: Container['source'],
  build: Build | undefined,
): Declared<string> | undefined {
  if (kind === 'dockerfile' || kind === 'compose') return build && baseImage(build);
  const node = kind === 'image' ? member(source.document.root, 'image')?.value : undefined;
  const value = stringValue(node);
  return node && value !== undefined ? declare(source, node, 'image', value) : undefined;
}
