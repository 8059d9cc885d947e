import type { Edit, Project } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import { type JsonDocument, type JsonNode, member, stringValue } from '../documents/json.js';
import { appendElements, setMember } from '../documents/json-edits.js';
import { scriptReader } from './called-scripts.js';
import type { Container, Declared } from './container.js';
import { declare, type Source } from './declare.js';
import { type Build, baseImage, dockerfileNode, readBuild, readLoneBuild } from './dockerfile-build.js';
import { readEnvironment } from './environment.js';
import { readExtensions } from './extensions.js';
import { readFeatureLock } from './feature-lock.js';
import { readFeatures, readLocalFeatures } from './features.js';
import { findFirewall } from './firewall.js';
import { readImageLabel } from './image-label.js';
import { readBuildImages, splitImage } from './image-references.js';
import { readLifecycle } from './lifecycle.js';
import { overrideMounts, readMounts } from './mounts.js';
import { readPosture } from './posture.js';
import {
  readCapabilities,
  readDevices,
  readNamespaces,
  readPrivileged,
  readSecurityOptions,
} from './privileges.js';
import { scriptSearch } from './project-scripts.js';
import { canFollow, declareOption, readRunOptions } from './run-args.js';
import { readUser } from './users.js';

/**
 * Adds up what a devcontainer.json, its Dockerfile, its local Features and the known images declare. Reads files
 * through `project` only; never throws, values of a wrong type are read as far as they can be.
 */
export async function buildContainer(document: JsonDocument, project: Project): Promise<Container> {
  return assemble(document, project, undefined);
}

/** What a Dockerfile that is linted by itself adds up to: a container of which only the image is known. */
export async function buildImageContainer(file: SourceFile, project: Project): Promise<Container> {
  const empty: JsonDocument = { file, root: undefined, problems: [], duplicates: [] };
  return assemble(empty, project, await readLoneBuild(file));
}

async function assemble(
  document: JsonDocument,
  project: Project,
  lone: Build | undefined,
): Promise<Container> {
  const kind = lone ? 'dockerfile' : sourceOf(document.root);
  const source: Source = { document, compose: kind === 'compose', feature: false };
  const options = readRunOptions(source);
  const features = readFeatures(source);
  const build = lone ?? (kind === 'dockerfile' ? await readBuild(source, project) : undefined);
  const image = readImage(source, kind, build);
  const { compose } = source;
  const labels: readonly Source[] = (build ? readImageLabel(build) : []).map((document) => ({
    document,
    compose,
    feature: true,
    fixed: true,
  }));
  // Label < Feature < devcontainer.json: only mounts and users mind the order, everything else adds up.
  const local: readonly Source[] = readLocalFeatures(source, features, project).map((document) => ({
    document,
    compose,
    feature: true,
  }));
  const all = [...labels, ...local, source];
  const search = scriptSearch(source, build, project);
  const readScripts = scriptReader(search);
  const lifecycle = (await Promise.all(all.map((one) => readLifecycle(one, readScripts)))).flat();
  const mounts = overrideMounts(all.map((one) => readMounts(one, one.feature ? [] : options)));
  const environment = [
    ...labels.flatMap((label) => readEnvironment(label, [])),
    ...readEnvironment(source, options),
  ];
  return {
    file: document.file,
    source: kind,
    image,
    images: build ? readBuildImages(build) : image ? [{ ...image, value: splitImage(image.value) }] : [],
    dockerfile: build?.file,
    mounts,
    privileged: all.flatMap((one) => readPrivileged(one, one.feature ? [] : options)),
    capabilities: all.flatMap((one) => readCapabilities(one, one.feature ? [] : options)),
    securityOptions: all.flatMap((one) => readSecurityOptions(one, one.feature ? [] : options)),
    namespaces: readNamespaces(source, options),
    devices: readDevices(source, options),
    options: options.map((option) =>
      declareOption(source, option, { name: option.name, value: option.value }),
    ),
    environment,
    lifecycle,
    features,
    featureLock: features.length > 0 ? readFeatureLock(document.file, project) : undefined,
    extensions: all.flatMap(readExtensions),
    user: readUser(source, options, { build, image, features, labels }),
    firewall: findFirewall(source, lifecycle, build, search),
    posture: readPosture({ document, build, features, mounts, environment, lifecycle }),
    copies: search.copies,
    setProperty: (name, value) => (document.root ? setMember(document, document.root, name, value) : []),
    addToList: (name, values) =>
      name === 'runArgs' && !canFollow(source, options) ? [] : addToList(document, name, values),
  };
}

function addToList(document: JsonDocument, name: string, values: readonly string[]): readonly Edit[] {
  if (!document.root) return [];
  const list = member(document.root, name)?.value;
  return list ? appendElements(document, list, values) : setMember(document, document.root, name, values);
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
  if (kind === 'dockerfile') return build && baseImage(build);
  const node = kind === 'image' ? member(source.document.root, 'image')?.value : undefined;
  const value = stringValue(node);
  return node && value !== undefined ? declare(source, node, 'image', value) : undefined;
}
