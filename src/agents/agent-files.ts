import type { Container, Copy } from '../container/container.js';
import { joinFolder } from '../container/paths.js';
import { namesIn } from '../core/listing.js';
import type { Project } from '../core/rule.js';
import { isEgressKind, kindPlaces, matchesName, placeOfPath } from '../documents/kinds.js';
import type { ImageUse, JudgedContainer } from './agent-settings.js';

/** A folder with more files of one kind than these is no real one; each is read. */
const mostInFolder = 200;

const places = kindPlaces.filter(
  ({ kind }) => !/^(?:devcontainer|ignore-file|dockerfile|compose)$/.test(kind) && !isEgressKind(kind),
);

/**
 * The files below a project's root that agents, editors and MCP clients load by themselves. Folders are listed only
 * where the root has them, so a repository without such files costs one look.
 */
export function listAgentFiles(project: Project, root: string): readonly string[] {
  const names = namesIn(project, root);
  if (!names.some(isFirstOfAgents)) return [];
  const top = new Set(names);
  const found = new Set<string>();
  for (const { segments, first } of starts)
    if (first === undefined || top.has(first)) follow(project, root, names, segments, 0, found);
  return [...found];
}

/** Adds the files in a folder, with these names in it, that are named by the segments from `at` on. */
function follow(
  project: Project,
  folder: string,
  names: readonly string[],
  segments: readonly string[],
  at: number,
  found: Set<string>,
): void {
  const segment = segments[at] ?? '';
  const chosen = segment.includes('*')
    ? names.filter((name) => matchesName(segment, name)).slice(0, mostInFolder)
    : names.includes(segment)
      ? [segment]
      : [];
  for (const name of chosen) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (at === segments.length - 1) found.add(path);
    else follow(project, path, namesIn(project, path), segments, at + 1, found);
  }
}

/** The files of {@link listAgentFiles} that can be judged where there is no dev container. */
export function listLoneAgentFiles(project: Project, root: string): readonly string[] {
  return listAgentFiles(project, root).filter((path) => /\.(?:jsonc?|toml|ya?ml|code-workspace)$/.test(path));
}

const firstNames = new Set<string>();
/** What a name begins and ends with, where a pattern stands for it. */
const firstPatterns: { readonly start: string; readonly end: string }[] = [];
/** The places with the name that each begins with; undefined where that is a pattern. */
const starts = places.map(({ segments }) => {
  const [first = ''] = segments;
  const isPattern = first.includes('*');
  const [start = '', end = ''] = first.split('*');
  if (isPattern) firstPatterns.push({ start, end });
  else firstNames.add(first);
  return { segments, first: isPattern ? undefined : first };
});

/** Whether a folder with these entries may be a project's root: false for most folders, without a look into any. */
export function mayHoldConfigurations(entries: readonly { readonly name: string }[]): boolean {
  for (const { name } of entries) if (containerNames.has(name) || isFirstOfAgents(name)) return true;
  return false;
}

const containerNames = new Set(['.devcontainer', '.devcontainer.json', 'devcontainer.json']);

/** Whether a place of agents, editors and MCP clients begins with the name. */
function isFirstOfAgents(name: string): boolean {
  if (firstNames.has(name)) return true;
  for (const { start, end } of firstPatterns)
    if (name.endsWith(end) && name.startsWith(start) && name.length >= start.length + end.length) return true;
  return false;
}

/** A file that an agent reads: in the repository, or in an image that it is copied to. */
export interface AgentFile {
  readonly path: string;
  readonly image: ImageUse | undefined;
}

/**
 * The agents' files of a project: those that are named, those at their places below the root where a container shows
 * that it is a project's, and those that its Dockerfiles copy into place.
 */
export function findAgentFiles(
  root: string,
  containers: readonly JudgedContainer[],
  named: readonly string[],
  project: Project,
): readonly AgentFile[] {
  const listed = containers.length > 0 ? listAgentFiles(project, root) : [];
  const copied = containers.flatMap((judged) =>
    listCopiedFiles(judged.container.copies, project).map(({ path, target }) => ({
      path,
      image: { judged, target },
    })),
  );
  return [...[...new Set([...named, ...listed])].map((path) => ({ path, image: undefined })), ...copied];
}

const endpoint = /_(?:BASE_URL|API_BASE|API_HOST|ENDPOINT)$/;

/** Whether a container says anything that a question about agents could be about. */
export function concernsAgents({ posture, environment }: Container): boolean {
  return (
    posture.agents.length > 0 ||
    posture.unattended.length > 0 ||
    environment.some(({ value }) => endpoint.test(value.name))
  );
}

interface CopiedFile {
  readonly path: string;
  readonly target: string;
}

const home = /^(?:\/root|\/home\/[^/]+|~|\$\{?HOME\}?)$/;

/** The agents' files that a Dockerfile copies to where an agent in the container reads them. */
function listCopiedFiles(copies: readonly Copy[], project: Project): readonly CopiedFile[] {
  const found = new Map<string, CopiedFile>();
  const add = (path: string | undefined, target: string) => {
    if (path !== undefined && isUsersOrMachines(target) && 'file' in project.read(path))
      found.set(`${path} ${target}`, { path, target });
  };
  for (const { source, target } of copies) {
    const folder = target.replace(/\/+$/, '');
    const name = source.split('/').at(-1) ?? '';
    add(source, /\/$|^\.$/.test(target) || !/\.\w+$/.test(folder) ? `${folder}/${name}` : folder);
    add(source, folder);
    for (const { segments } of places) {
      if (segments.some((segment) => segment.includes('*'))) continue;
      // What the target's end has of the place already, the source folder holds the rest of.
      for (let at = 0; at < segments.length; at += 1) {
        const isEnd = at === 0 ? home.test(folder) : folder.endsWith(`/${segments.slice(0, at).join('/')}`);
        if (isEnd)
          add(joinFolder(source, segments.slice(at).join('/')), `${folder}/${segments.slice(at).join('/')}`);
      }
    }
  }
  return [...found.values()];
}

/** Whether a path in the image is one at which an agent looks for a user's or the machine's settings. */
function isUsersOrMachines(target: string): boolean {
  const place = placeOfPath(target.replace(/^\//, ''));
  if (!place || !places.includes(place)) return false;
  const folder = target.split('/').slice(0, -place.segments.length).join('/');
  return home.test(folder) || /^\/etc(?:\/|$)/.test(target);
}
