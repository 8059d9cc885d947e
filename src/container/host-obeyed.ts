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

/** As many as a configuration can reasonably lay something over. */
const most = 8;

/** Those of them that a workspace has, relative to it. In a worktree `.git` is a file, so nothing lies below it. */
export function listObeyed(root: string, project: Project): readonly string[] {
  const top = new Set(namesIn(project, root));
  const isThere = (path: string): boolean => {
    if (!top.has(path.split('/', 1)[0] ?? '')) return false;
    let folder = root;
    return path.split('/').every((step) => {
      const found = namesIn(project, folder).includes(step);
      folder = joinFolder(folder, step) ?? folder;
      return found;
    });
  };
  return obeyed.filter(isThere).slice(0, most);
}

/** Whether the host runs or obeys a path of the workspace, or something below it. */
export function isObeyed(path: string): boolean {
  return obeyed.some((one) => path === one || path.startsWith(`${one}/`) || one.startsWith(`${path}/`));
}
