import { namesIn } from '../core/listing.js';
import type { Project } from '../core/rule.js';
import { joinFolder } from './paths.js';

/** What a later action on the host runs or obeys: a rebuild, a git command, opening the folder, starting an agent. */
const obeyed = [
  '.devcontainer',
  '.devcontainer.json',
  '.git/hooks',
  '.git/config',
  '.husky',
  '.vscode',
  '.idea',
  '.zed',
  '.claude',
  '.mcp.json',
  '.codex',
  '.gemini',
  '.cursor',
  '.continue',
  '.opencode',
  'opencode.json',
  '.qwen',
  '.github/hooks',
  '.github/copilot',
  '.envrc',
  '.mise.toml',
  '.pre-commit-config.yaml',
  'lefthook.yml',
];

const steps = obeyed.map((path) => path.split('/'));

/** As many as a configuration can reasonably lay something over. */
const most = 8;

/** Those of them that a workspace has, relative to it. In a worktree `.git` is a file, so nothing lies below it. */
export function listObeyed(root: string, project: Project): readonly string[] {
  const top = namesIn(project, root);
  const found: string[] = [];
  for (const [at, path] of obeyed.entries()) {
    const [first = '', ...rest] = steps[at] ?? [];
    if (top.includes(first) && isBelow(joinFolder(root, first) ?? root, rest, project)) found.push(path);
  }
  return found.slice(0, most);
}

function isBelow(start: string, rest: readonly string[], project: Project): boolean {
  let folder = start;
  for (const step of rest) {
    if (!namesIn(project, folder).includes(step)) return false;
    folder = `${folder}/${step}`;
  }
  return true;
}

/** Whether the host runs or obeys a path of the workspace, or something below it. */
export function isObeyed(path: string): boolean {
  return obeyed.some((one) => path === one || path.startsWith(`${one}/`) || one.startsWith(`${path}/`));
}
