import type { Edit, Project } from '../core/rule.js';
import type { Place, SourceFile } from '../core/text.js';
import { type JsonDocument, member, stringValue } from '../documents/json.js';
import { projectRootOf } from '../documents/kinds.js';
import type { UnreadableFile } from '../documents/problem.js';
import { addEngineProxy, addReadOnlyBinds, addServiceOptions } from './compose-additions.js';
import { type BuildSettings, readBuildSettings } from './compose-build.js';
import { readServiceEnvironment, sharedVariables } from './compose-environment.js';
import { readServiceFiles } from './compose-file-sources.js';
import { type ComposeProject, loadCompose, type NamedFile } from './compose-files.js';
import {
  declareStated,
  entriesOf,
  isYes,
  itemsOf,
  type Layers,
  lastOf,
  layersOf,
  pairsOf,
  placeOfStated,
  type Stated,
  textAt,
  textOf,
} from './compose-layers.js';
import { readServiceMounts } from './compose-mounts.js';
import { commandWords, serviceOptions } from './compose-options.js';
import { readServicePorts } from './compose-ports.js';
import type { Bind, Declared, DeclaredMount, EngineOption, EnvironmentVariable } from './container.js';
import { listNodes } from './declare.js';
import { type Build, buildOf, localPath } from './dockerfile-build.js';
import { parseDotEnv } from './dot-env.js';
import type { FileSource } from './file-sources.js';
import type { Entry } from './firewall.js';
import { joinFolder, joinPath } from './paths.js';
import type { DeclaredPort } from './ports.js';
import type { RunOption } from './run-args.js';

/** One service of compose, read as far as a container is concerned. */
export interface Service {
  readonly name: string;
  /** The file that states it last. */
  readonly file: SourceFile;
  /** Its name in that file. */
  readonly place: Place;
  readonly options: readonly RunOption[];
  readonly mounts: readonly DeclaredMount[];
  readonly ports: readonly DeclaredPort[];
  readonly environment: readonly Declared<EnvironmentVariable>[];
  readonly fileSources: readonly Declared<FileSource>[];
  readonly build: Build | undefined;
  readonly buildSettings: BuildSettings;
  readonly image: Declared<string> | undefined;
  /** Its entrypoint and command, where the compose file says them. */
  readonly entry: Entry | undefined;
  /** The service whose network it joins. */
  readonly joined: { readonly service: string; readonly place: Place } | undefined;
  /** Where it is put in networks that let nothing out, and in no other. */
  readonly internal: Place | undefined;
  /** Edits that add what options of `docker run` mean. */
  addOptions(options: readonly EngineOption[]): readonly Edit[];
  /** Edits that add read-only binds; none where one of them cannot be said here. */
  addReadOnly(binds: readonly Bind[]): readonly Edit[];
  addEngineProxy(): readonly Edit[];
}

/** The services of a dev container that uses compose. */
export interface Compose {
  readonly project: ComposeProject;
  readonly services: readonly Service[];
  readonly names: readonly string[];
  readonly ports: readonly DeclaredPort[];
  /** The name of the one that the tools run in. */
  readonly main?: string | undefined;
}

/** Reads the compose files that a devcontainer.json names, and all services in them. */
export async function readCompose(document: JsonDocument, project: Project): Promise<Compose> {
  const compose = await readServices(composeFiles(document, project), document.file.path, project);
  return { ...compose, main: stringValue(member(document.root, 'service')?.value) };
}

/** Reads a compose file that was named itself. */
export async function readComposeFile(file: SourceFile, project: Project): Promise<Compose> {
  return readServices([{ path: file.path, name: file.path, place: undefined }], file.path, project);
}

async function readServices(files: readonly NamedFile[], path: string, project: Project): Promise<Compose> {
  const loaded = await loadCompose(files, project);
  const root = projectRootOf(path);
  const shared = sharedVariables(loaded.services.values());
  const unread: UnreadableFile[] = [];
  const surroundings = { root, shared, project, unread };
  const services: Service[] = [];
  for (const [name, layers] of loaded.services) {
    const service = await readService(name, layers, loaded, surroundings);
    if (service) services.push(service);
  }
  return {
    project: { ...loaded, unread: [...loaded.unread, ...unread] },
    services,
    names: services.map(({ name }) => name),
    ports: services.flatMap(({ ports }) => ports),
  };
}

interface Surroundings {
  readonly root: string;
  readonly shared: ReadonlySet<string>;
  readonly project: Project;
  readonly unread: UnreadableFile[];
}

async function readService(
  name: string,
  layers: Layers,
  compose: ComposeProject,
  surroundings: Surroundings,
): Promise<Service | undefined> {
  const { root, shared } = surroundings;
  const last = layers.at(-1);
  if (!last) return undefined;
  const image = lastOf(layers, 'image');
  const reference = image && textOf(image);
  return {
    name,
    file: last.file.document.file,
    place: placeOfName(last),
    options: serviceOptions(layers),
    mounts: readServiceMounts(layers, compose, root),
    ports: readServicePorts(name, layers),
    environment: readServiceEnvironment(layers, shared),
    fileSources: readServiceFiles(layers, compose, root),
    build: await readServiceBuild(name, layers, surroundings),
    buildSettings: readBuildSettings(layers),
    // What is built here only gets that name.
    image:
      image && reference && layersOf(layers, 'build').length === 0
        ? { ...declareStated(image, reference), syntax: 'image', remove: () => [] }
        : undefined,
    entry: readEntry(layers),
    joined: readJoined(layers),
    internal: readInternal(layers, compose),
    addOptions: (options) => addServiceOptions(layers, options),
    addReadOnly: (binds) => addReadOnlyBinds(layers, binds, root),
    addEngineProxy: () => addEngineProxy(layers),
  };
}

function placeOfName({ file, node }: Stated): Place {
  const name = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  return placeOfStated({ file, node: name ?? node });
}

function readJoined(service: Layers): Service['joined'] {
  const stated = lastOf(service, 'network_mode');
  const [, name] = /^service:(.+)$/.exec((stated && textOf(stated)) ?? '') ?? [];
  return stated && name ? { service: name, place: placeOfStated(stated) } : undefined;
}

function readInternal(service: Layers, { networks }: ComposeProject): Place | undefined {
  const layers = layersOf(service, 'networks');
  const names = [...itemsOf(layers).flatMap((item) => textOf(item) ?? []), ...entriesOf(layers).keys()];
  const last = layers.at(-1);
  const isInternal = (name: string) => isYes(lastOf(networks.get(name) ?? [], 'internal'));
  return last && names.length > 0 && names.every(isInternal) ? placeOfStated(last) : undefined;
}

function readEntry(layers: Layers): Entry | undefined {
  const stated = lastOf(layers, 'entrypoint') ?? lastOf(layers, 'command');
  const words = [...commandWords(layers, 'entrypoint'), ...commandWords(layers, 'command')];
  return stated && { words, place: placeOfStated(stated) };
}

/** The compose files in the order in which they override each other. */
function composeFiles({ root, file }: JsonDocument, project: Project): readonly NamedFile[] {
  const value = member(root, 'dockerComposeFile')?.value;
  const nodes = listNodes(value);
  if (nodes.length === 0) return defaultFiles(projectRootOf(file.path), project);
  return nodes.flatMap((node): readonly NamedFile[] => {
    const name = stringValue(node);
    // What only the host knows is left out.
    if (name === undefined || /\$\{(?!localWorkspaceFolder\})/.test(name)) return [];
    const place = { file, at: { start: node.offset, end: node.offset + node.length } };
    return [{ path: joinPath(file.path, ...localPath(file, name)), name, place }];
  });
}

const defaultNames = ['docker-compose.yml', 'docker-compose.yaml', 'compose.yaml', 'compose.yml'];

/** An empty list: `COMPOSE_FILE` of the workspace's `.env`, else the usual names with what overrides them. */
function defaultFiles(root: string, project: Project): readonly NamedFile[] {
  const env = project.read(joinFolder(root, '.env') ?? '.env');
  const stated = 'file' in env ? parseDotEnv(env.file.text).get('COMPOSE_FILE') : undefined;
  if (stated) {
    return stated.split(/[:;]/).map((name) => ({ path: joinFolder(root, name), name, place: undefined }));
  }
  const isThere = (name: string) => 'file' in project.read(joinFolder(root, name) ?? name);
  const name = defaultNames.find(isThere);
  if (name === undefined) return [];
  const override = name.replace(/\.ya?ml$/, '.override$&');
  const names = isThere(override) ? [name, override] : [name];
  return names.map((one) => ({ path: joinFolder(root, one), name: one, place: undefined }));
}

/** The Dockerfile of a service: in its context, named, or written into the compose file. Tells what cannot be read. */
async function readServiceBuild(
  name: string,
  service: Layers,
  { project, unread }: Surroundings,
): Promise<Build | undefined> {
  const layers = layersOf(service, 'build');
  const last = layers.at(-1);
  if (!last) return undefined;
  const tell = (stated: Stated, message: string, isNote?: true) => {
    const { file, at } = placeOfStated(stated);
    unread.push({
      file,
      at,
      message: `service ${name}: ${message}`,
      isReference: true,
      ...(isNote && { isNote }),
    });
  };
  const contextNode = lastOf(layers, 'context') ?? last;
  const contextText = (last.node.type === 'object' ? textAt(layers, 'context') : textOf(last)) ?? '.';
  const context = joinFolder(contextNode.file.folder, contextText);
  const options = { args: readArguments(layers), target: textAt(layers, 'target'), context };
  const inline = lastOf(layers, 'dockerfile_inline');
  if (inline) return buildOf(inlineFile(inline), options, inline.file.document.file);
  const node = lastOf(layers, 'dockerfile');
  const file = (node && textOf(node)) ?? 'Dockerfile';
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/|git@)/i.test(contextText)) {
    tell(contextNode, `it is built from ${contextText}, which is not read`, true);
    return undefined;
  }
  // What only the host knows is left out.
  if (/\$\{/.test(contextText + file)) return undefined;
  const path = context === undefined ? undefined : joinFolder(context, file);
  const result = path === undefined ? undefined : project.read(path);
  if (!result || !('file' in result)) {
    const reason = result?.message ?? 'lies outside the project, so it is not read';
    tell(node ?? contextNode, `the Dockerfile ${path ?? file} ${reason}`);
    return undefined;
  }
  const build = await buildOf(result.file, options);
  if (build.chain.length === 0)
    tell(
      node ?? contextNode,
      `the Dockerfile ${path} has no stage that is built, so nothing in it was checked`,
    );
  return build;
}

function readArguments(build: Layers): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairsOf(layersOf(build, 'args')).flatMap(({ name, value }) =>
      // What is not known here leaves the Dockerfile's default, which says more.
      value === undefined || value.includes('${') ? [] : [[name, value]],
    ),
  );
}

/** The Dockerfile's text at its place in the compose file, with blanks around it, so that places stay true. */
function inlineFile({ file, node }: Stated): SourceFile {
  const { path, text } = file.document.file;
  const from =
    node.offset + (/^[|>][^\n]*\n/.exec(text.slice(node.offset, node.offset + 200))?.[0].length ?? 0);
  const end = node.offset + node.length;
  const blank = (part: string) => part.replaceAll(/[^\r\n]/g, ' ');
  return { path, text: blank(text.slice(0, from)) + text.slice(from, end) + blank(text.slice(end)) };
}
