import { basename } from 'node:path';
import { namesIn, speaksFor } from '../core/listing.js';
import type { Project } from '../core/rule.js';
import { type ForgeId, forgeIds } from '../policy/forges.js';
import { type AgentId, agentIds, nameFrom, type StackId, stackIds } from '../policy/policy.js';
import type { Presets } from '../policy/presets.js';

/** What to propose for a project: its folder's name, and what its files speak for. */
export interface Proposal {
  readonly name: string;
  readonly stacks: readonly StackId[];
  readonly agents: readonly AgentId[];
  /** Where its remotes are; whether one is opened is for somebody to decide. */
  readonly forges: readonly ForgeId[];
}

export function propose(root: string, project: Project, presets: Presets): Proposal {
  const names = new Set([...namesIn(project, ''), ...namesBelow(project)]);
  const hosts = remoteHosts(project);
  const agents = agentIds.filter((id) => presets.agents[id].detect.some((path) => exists(project, path)));
  return {
    name: nameFrom(basename(root)),
    stacks: stackIds.filter((id) => speaksFor(presets.stacks[id].detect, names)),
    agents: agents.length > 0 ? agents : ['claude-code'],
    forges: forgeIds.filter((id) => presets.forges[id].remotes.some((host) => hosts.has(host))),
  };
}

function exists(project: Project, path: string): boolean {
  const at = path.lastIndexOf('/');
  return namesIn(project, path.slice(0, Math.max(at, 0))).includes(path.slice(at + 1));
}

/** Folders whose files are other people's, made by a build, or there to show something. */
const passedOver =
  /^(?:\.|(?:bin|build|dist|docs?|examples?|fixtures|node_modules|obj|out|samples?|site|target|tests?|third_party|vendor)$)/i;
const mostFolders = 200;

/** One folder below the root, where the parts of a monorepo have their manifests. */
function namesBelow(project: Project): readonly string[] {
  const folders = namesIn(project, '').filter((name) => !passedOver.test(name));
  return folders.slice(0, mostFolders).flatMap((folder) => namesIn(project, folder));
}

/** The hosts of git remotes, from the text of `.git/config` alone: git itself would run what that file names. */
function remoteHosts(project: Project): ReadonlySet<string> {
  const result = project.read('.git/config');
  if ('problem' in result) return new Set();
  const hosts = new Set<string>();
  let isRemote = false;
  for (const line of result.file.text.split('\n')) {
    const text = line.trim();
    if (text.startsWith('[')) isRemote = /^\[remote[ \t]/i.test(text);
    const url = isRemote ? /^(?:push)?url[ \t]*=[ \t]*(\S{1,2000})$/i.exec(text)?.[1] : undefined;
    const host = url && hostOf(url);
    if (host) hosts.add(host.toLowerCase());
  }
  return hosts;
}

/** Of `https://host/path`, `ssh://user@host:22/path` and `user@host:path`. */
function hostOf(url: string): string | undefined {
  if (url.includes('://')) return URL.canParse(url) ? new URL(url).hostname : undefined;
  return /^(?:[^@/:]+@)?([A-Za-z0-9.-]+):/.exec(url)?.[1];
}
