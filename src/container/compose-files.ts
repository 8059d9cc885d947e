import type { Project } from '../core/rule.js';
import type { Place } from '../core/text.js';
import { type JsonNode, member, members, placeOf } from '../documents/json.js';
import { jsonProblems } from '../documents/json-problems.js';
import type { UnreadableFile } from '../documents/problem.js';
import { parseYaml, type YamlDocument } from '../documents/yaml.js';
import { type ComposeFile, entriesOf, itemsOf, type Layers, type Stated, textOf } from './compose-layers.js';
import { parseDotEnv } from './dot-env.js';
import type { Variables } from './interpolate.js';
import { joinFolder } from './paths.js';

/** A project that includes and extends more files than these is no real one. */
const mostFiles = 200;

/** How far services that extend each other are followed. */
const mostExtended = 40;

/** What all compose files of a dev container say, with `extends` and `include` followed and every profile on. */
export interface ComposeProject {
  readonly services: ReadonlyMap<string, Layers>;
  readonly volumes: ReadonlyMap<string, Layers>;
  readonly networks: ReadonlyMap<string, Layers>;
  readonly secrets: ReadonlyMap<string, Layers>;
  readonly configs: ReadonlyMap<string, Layers>;
  /** Every file that was read. */
  readonly documents: readonly YamlDocument[];
  /** What could not be read, at the place that names it. */
  readonly unread: readonly UnreadableFile[];
}

/** One compose file that is named somewhere. */
export interface NamedFile {
  /** In the project; undefined where it lies outside. */
  readonly path: string | undefined;
  /** As written, for messages. */
  readonly name: string;
  /** Undefined where the file was given itself. */
  readonly place: Place | undefined;
}

interface Loader {
  readonly project: Project;
  readonly documents: Map<string, YamlDocument | undefined>;
  readonly unread: UnreadableFile[];
  /** Layers of each thing by kind and name. */
  readonly found: Record<TopLevel, Map<string, Stated[]>>;
  /** Files that are being included. */
  readonly included: Set<string>;
  /** Limits that were met: each is told at the first place that goes beyond it. */
  readonly met: Set<'files' | 'extended'>;
}

const topLevels = ['services', 'volumes', 'networks', 'secrets', 'configs'] as const;
type TopLevel = (typeof topLevels)[number];

/**
 * Reads compose files, of which later ones override earlier ones. Paths are relative to the folder of the first; its
 * `.env` states the variables, and the environment is not read. Never throws.
 */
export async function loadCompose(files: readonly NamedFile[], project: Project): Promise<ComposeProject> {
  const loader: Loader = {
    project,
    documents: new Map(),
    unread: [],
    found: {
      services: new Map(),
      volumes: new Map(),
      networks: new Map(),
      secrets: new Map(),
      configs: new Map(),
    },
    included: new Set(),
    met: new Set(),
  };
  const folder = folderOf(files.find(({ path }) => path !== undefined)?.path ?? '');
  const variables = readVariables(loader, folder);
  for (const file of files) await loadFile(loader, file, { folder, variables });
  return {
    ...loader.found,
    documents: [...loader.documents.values()].flatMap((document) => document ?? []),
    unread: loader.unread,
  };
}

type Frame = Omit<ComposeFile, 'document'>;

function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}

function readVariables(loader: Loader, folder: string): Variables {
  const path = joinFolder(folder, '.env');
  const result = path === undefined ? undefined : loader.project.read(path);
  if (result && 'file' in result) return parseDotEnv(result.file.text);
  // Compose passes over a folder of that name, such as a virtual environment of Python.
  if (path !== undefined && result && !['missing', 'not-a-file'].includes(result.problem))
    addProblem(loader, path, `the file ${result.message}`);
  return new Map();
}

async function loadFile(loader: Loader, named: NamedFile, frame: Frame): Promise<void> {
  const document = await readDocument(loader, named);
  for (const root of document?.roots ?? []) {
    const file: ComposeFile = { ...frame, document: document as YamlDocument };
    await loadIncluded(loader, { file, node: root });
    for (const key of topLevels) {
      for (const { key: name, value } of members(member(root, key)?.value)) {
        const stated = { file, node: value };
        const layers =
          key === 'services'
            ? await extendService(loader, stated, root, [`${named.path}#${name}`])
            : [stated];
        loader.found[key].set(name, [...(loader.found[key].get(name) ?? []), ...layers]);
      }
    }
  }
}

/** Each file once; what is wrong with it is told at its own places, that it is missing where it is named. */
async function readDocument(
  loader: Loader,
  { path, name, place }: NamedFile,
): Promise<YamlDocument | undefined> {
  if (path !== undefined && loader.documents.has(path)) return loader.documents.get(path);
  if (loader.documents.size >= mostFiles) {
    tellLimit(
      loader,
      'files',
      place ?? path ?? name,
      `the compose file ${name} is one of more than ${mostFiles}`,
    );
    return undefined;
  }
  const result = path === undefined ? undefined : loader.project.read(path);
  if (!result || !('file' in result)) {
    const reason = result?.message ?? 'lies outside the project, so it is not read';
    if (place) addUnread(loader, place, `the compose file ${name} ${reason}`);
    else addProblem(loader, path ?? name, `the file ${reason}`);
    return undefined;
  }
  const document = await parseYaml(result.file);
  loader.documents.set(result.file.path, document);
  loader.unread.push(...jsonProblems(document, 'a mapping with services'));
  return document;
}

function addUnread({ unread }: Loader, { file, at }: Place, message: string, isNote?: true): void {
  unread.push({ file, at, message, isReference: true, ...(isNote && { isNote }) });
}

/** What goes beyond a limit has one cause, however much of it there is. */
function tellLimit(loader: Loader, limit: 'files' | 'extended', place: Place | string, what: string): void {
  if (loader.met.has(limit)) return;
  loader.met.add(limit);
  const message = `${what}; it and what comes behind it are not read`;
  if (typeof place === 'string') addProblem(loader, place, message);
  else addUnread(loader, place, message);
}

function addProblem({ unread }: Loader, path: string, message: string): void {
  unread.push({ file: { path, text: '' }, at: { start: 0, end: 0 }, message });
}

/** The layers of a service: of the one that it extends, then its own. */
async function extendService(
  loader: Loader,
  service: Stated,
  root: JsonNode,
  chain: readonly string[],
): Promise<Layers> {
  const { file, node } = service;
  const value = member(node, 'extends')?.value;
  if (!value || value.type === 'null') return [service];
  const nameNode = value.type === 'object' ? member(value, 'service')?.value : value;
  const name = nameNode && textOf({ file, node: nameNode });
  const place = placeOf(file.document, nameNode ?? value);
  if (name === undefined) return [service];
  const base = await findBase(loader, { file, node: value }, root);
  const found = member(member(base?.root, 'services')?.value, name)?.value;
  if (base && !found) addUnread(loader, place, `there is no service ${name} to extend`);
  if (!base || !found) return [service];
  const id = `${base.file.document.file.path}#${name}`;
  if (chain.includes(id)) {
    addUnread(loader, place, `the service ${name} extends itself in a circle`);
    return [service];
  }
  if (chain.length > mostExtended) {
    tellLimit(
      loader,
      'extended',
      place,
      `the service ${name} is one of more than ${mostExtended} in a chain`,
    );
    return [service];
  }
  const layers = await extendService(loader, { file: base.file, node: found }, base.root, [...chain, id]);
  return [...layers, service];
}

/** The file with the extended service: paths in it are relative to its own folder. */
async function findBase(
  loader: Loader,
  { file, node }: Stated,
  root: JsonNode,
): Promise<{ readonly file: ComposeFile; readonly root: JsonNode } | undefined> {
  const other = member(node, 'file')?.value;
  const name = other && textOf({ file, node: other });
  if (!other || name === undefined) return { file, root };
  const named = nameFile({ file, node: other }, name);
  const document = await readDocument(loader, named);
  if (!document?.root || named.path === undefined) return undefined;
  return { file: { ...file, document, folder: folderOf(named.path) }, root: document.root };
}

function nameFile({ file, node }: Stated, name: string): NamedFile {
  return { path: joinFolder(file.folder, name), name, place: placeOf(file.document, node) };
}

/** Files that `include` names; what is included has its own folder and its own variables. */
async function loadIncluded(loader: Loader, root: Stated): Promise<void> {
  const list = entriesOf([root]).get('include') ?? [];
  const entries = list.flatMap(({ file, node }) =>
    (node.children ?? []).map((child) => ({ file, node: child })),
  );
  for (const entry of [...entries, ...list.filter(({ node }) => !node.children)]) {
    const path = member(entry.node, 'path')?.value;
    const paths = entry.node.type === 'object' ? (path ? itemsOf([{ ...entry, node: path }]) : []) : [entry];
    const files = paths.flatMap((stated) => {
      const name = textOf(stated);
      if (name === undefined) return [];
      if (!/^(?:[a-z][a-z0-9+.-]+:|git@)/i.test(name)) return [nameFile(stated, name)];
      const place = placeOf(stated.file.document, stated.node);
      addUnread(loader, place, `${name} is included from elsewhere, so it is not read`, true);
      return [];
    });
    const [first] = files;
    if (!first || loader.included.has(first.path ?? '')) continue;
    loader.included.add(first.path ?? '');
    await includeFiles(loader, entry, files, folderOf(first.path ?? ''));
  }
}

async function includeFiles(
  loader: Loader,
  entry: Stated,
  files: readonly NamedFile[],
  own: string,
): Promise<void> {
  const directory = member(entry.node, 'project_directory')?.value;
  const name = directory && textOf({ ...entry, node: directory });
  const folder = (name === undefined ? own : joinFolder(entry.file.folder, name)) ?? own;
  // What the including project states counts more.
  const variables = new Map([...readVariables(loader, folder), ...entry.file.variables]);
  for (const file of files) await loadFile(loader, file, { folder, variables });
}
