import type { Project } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import { type DockerfileDocument, type DockerStage, parseDockerfile } from '../documents/dockerfile.js';
import { findTargetStage, neededStages, stageChain } from '../documents/dockerfile-stages.js';
import { type JsonNode, member, members, stringValue } from '../documents/json.js';
import type { Declared } from './container.js';
import { type Source, textOfNode } from './declare.js';
import { joinPath } from './paths.js';

/** The Dockerfile that a devcontainer.json builds, as far as its stages matter. */
export interface Build {
  readonly file: SourceFile;
  readonly document: DockerfileDocument;
  /** The stages that are built, in the file's order. */
  readonly stages: readonly DockerStage[];
  /** The stage that is built, then the stages it is built on. */
  readonly chain: readonly DockerStage[];
  /** The folder that COPY reads from, relative to the project; undefined where it lies outside. */
  readonly context: string | undefined;
}

/** The value that names the Dockerfile: `build.dockerfile`, or the older `dockerFile`. */
export function dockerfileNode(root: JsonNode | undefined): JsonNode | undefined {
  return (member(root, 'dockerFile') ?? member(member(root, 'build')?.value, 'dockerfile'))?.value;
}

/** Reads the Dockerfile; undefined where there is none or it cannot be read. */
export async function readBuild({ document }: Source, project: Project): Promise<Build | undefined> {
  const { root, file: config } = document;
  const name = stringValue(dockerfileNode(root));
  const path = name === undefined ? undefined : joinPath(config.path, ...localPath(config, name));
  const result = path === undefined ? undefined : project.read(path);
  if (!result || !('file' in result)) return undefined;
  const build = member(root, 'build')?.value;
  const context = stringValue((member(root, 'context') ?? member(build, 'context'))?.value) ?? '.';
  return buildOf(result.file, {
    args: buildArguments(build),
    target: stringValue(member(build, 'target')?.value),
    context: joinPath(config.path, ...localPath(config, context)),
  });
}

/** How a Dockerfile is built. */
interface BuildOptions {
  readonly args: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  readonly context: string | undefined;
}

/** Reads a Dockerfile for one build of it. `written` is the file that its text stands in, where that is another. */
export async function buildOf(
  file: SourceFile,
  { args, target, context }: BuildOptions,
  written = file,
): Promise<Build> {
  const parsed = await parseDockerfile(file, args);
  const stage = findTargetStage(parsed, target);
  return {
    file: written,
    document: { ...parsed, file: written },
    stages: stage ? neededStages(parsed, stage) : [],
    chain: stage ? stageChain(parsed, stage) : [],
    context,
  };
}

/** A Dockerfile that no devcontainer.json builds: each stage may be the one that is meant, the last is likeliest. */
export async function readLoneBuild(file: SourceFile): Promise<Build> {
  const document = await parseDockerfile(file);
  const last = document.stages.at(-1);
  return {
    file,
    document,
    stages: document.stages,
    chain: last ? stageChain(document, last) : [],
    context: joinPath(file.path, '.'),
  };
}

/** A path of devcontainer.json, where the workspace's folder may be named in full. */
export function localPath({ path }: SourceFile, text: string): readonly string[] {
  const below = /^\$\{localWorkspaceFolder\}[\\/]*(.*)$/s.exec(text)?.[1];
  if (below === undefined) return [text];
  const folders = path.split('/').slice(0, -1);
  // The workspace is the folder that holds `.devcontainer`, or the file itself.
  const up = folders.lastIndexOf('.devcontainer');
  return [...folders.slice(up < 0 ? folders.length : up).map(() => '..'), below];
}

function buildArguments(build: JsonNode | undefined): Readonly<Record<string, string>> {
  const entries = members(member(build, 'args')?.value).flatMap(({ key, value }) => {
    const text = textOfNode(value);
    // What comes from the host is not known; the Dockerfile's default then says more.
    return text === undefined || text.includes('${') ? [] : [[key, text] as const];
  });
  return Object.fromEntries(entries);
}

/** The image at the bottom of the stages, for what it brings along. */
export function baseImage({ file, chain }: Build): Declared<string> | undefined {
  const base = chain.at(-1)?.base;
  return base && { value: base.text, place: { file, at: base.at }, syntax: 'Dockerfile', remove: () => [] };
}
