import { namesIn } from '../core/listing.js';
import type { Project } from '../core/rule.js';
import { decidingRule, parseGitignore } from '../documents/gitignore.js';
import { isSampleData, judgeSecretFile, maySecretFile } from './secret-files.js';

/** Files of one kind that something on the host runs later, whoever wrote them. */
export interface HostFiles {
  readonly id: string;
  /** What they are, for a question. */
  readonly title: string;
  /** What no longer works in the container while they cannot be changed. */
  readonly cost: string;
  /** Chosen where nobody chooses. */
  readonly usual: boolean;
  /** Those that are there, '/'-separated, as the policy's lists take them. */
  readonly readOnly: readonly string[];
  readonly mask: readonly string[];
}

/** What to propose for the policy's section `protect`. */
export interface ProposedProtection {
  readonly groups: readonly HostFiles[];
  /** Files with secrets. */
  readonly mask: readonly string[];
  /** Found, but not masked: their names hold characters that a mount cannot say. */
  readonly odd: readonly string[];
  /** The tree is larger than what is looked through. */
  readonly isPartial: boolean;
}

const kinds: readonly (Omit<HostFiles, 'readOnly' | 'mask'> & {
  readonly names: readonly (string | RegExp)[];
})[] = [
  {
    id: 'git-hooks',
    title: "Git's hooks",
    cost: 'no hook can be installed or changed from inside',
    usual: true,
    names: ['.git/hooks', '.husky', '.githooks'],
  },
  {
    id: 'git-config',
    title: "the repository's Git configuration, which names programs",
    cost: '`git remote add`, `git push -u` and `git config` fail inside',
    usual: false,
    names: ['.git/config'],
  },
  {
    id: 'editors',
    title: 'tasks, launchers and settings of editors',
    cost: 'workspace settings cannot be saved from inside',
    usual: true,
    names: ['.vscode', '.idea', '.fleet', '.zed', /\.code-workspace$/],
  },
  {
    id: 'shell',
    title: 'files that a shell on the host loads in this folder',
    cost: 'they are changed on the host alone',
    usual: true,
    names: ['.envrc', 'mise.toml', '.mise.toml'],
  },
  {
    id: 'agents',
    title: 'settings, hooks and MCP servers of agents',
    cost: '"always allow" is not remembered, and skills and commands are written on the host',
    usual: true,
    names: [
      ...['.claude', '.codex', '.gemini', '.cursor', '.opencode', 'opencode.json', 'opencode.jsonc'],
      ...['.mcp.json', '.cline', '.clinerules', '.roo', '.aider.conf.yml', '.continue', '.windsurf'],
      ...['.qwen', '.amp', '.github/hooks', '.github/copilot'],
    ],
  },
];

/** A path that the policy takes. */
const sayable = /^[A-Za-z0-9._@+-](?:[A-Za-z0-9._@+/ -]{0,198}[A-Za-z0-9._@+-])?$/;

const skipped = new Set([
  ...['node_modules', '.git', '.hg', '.svn', 'vendor', 'third_party', 'target', 'dist', 'build', 'out'],
  ...['.venv', 'venv', '__pycache__', '.tox', '.next', '.cache', 'coverage', '.devcontainer'],
]);

/** Folders and files that are looked at; a larger tree is told to be. */
const mostPaths = 20_000;
const deepest = 8;

/** Looks through a project for what a container should not change, and what it should not see. Reads, and no more. */
export function proposeProtection(project: Project): ProposedProtection {
  const groups = kinds.flatMap(({ names, ...kind }) => {
    const paths = names.flatMap((name) => present(project, name)).filter((path) => sayable.test(path));
    return paths.length > 0 ? [{ ...kind, ...split(paths, project) }] : [];
  });
  const { paths, isPartial } = secretFiles(project);
  return {
    groups,
    mask: paths.filter((path) => sayable.test(path)),
    odd: paths.filter((path) => !sayable.test(path)),
    isPartial,
  };
}

/** What exists wherever the container is started can be read-only; what Git ignores may be missing elsewhere, and is masked. */
function split(paths: readonly string[], project: Project): Pick<HostFiles, 'readOnly' | 'mask'> {
  const ignore = project.read('.gitignore');
  const rules = 'file' in ignore ? parseGitignore(ignore.file) : [];
  const isIgnored = (path: string) => {
    const rule = decidingRule(rules, `${path}/x`) ?? decidingRule(rules, path);
    return rule !== undefined && !rule.negated;
  };
  const isFolder = (path: string) => 'names' in project.list(path);
  return {
    readOnly: paths.filter((path) => !isIgnored(path)),
    mask: paths.filter(isIgnored).map((path) => (isFolder(path) ? `${path}/` : path)),
  };
}

function present(project: Project, name: string | RegExp): readonly string[] {
  if (typeof name !== 'string') return namesIn(project, '').filter((one) => name.test(one));
  const [folder, last = ''] = name.includes('/') ? name.split('/') : ['', name];
  return namesIn(project, folder ?? '').includes(last) ? [name] : [];
}

function secretFiles(project: Project): { readonly paths: readonly string[]; readonly isPartial: boolean } {
  const paths: string[] = [];
  let seen = 0;
  let isPartial = false;
  const visit = (folder: string, depth: number): void => {
    for (const name of namesIn(project, folder)) {
      seen += 1;
      if (seen > mostPaths) {
        isPartial = true;
        return;
      }
      const path = folder === '' ? name : `${folder}/${name}`;
      if (maySecretFile(path)) {
        if (isSecret(project, path)) paths.push(path);
      } else if (!skipped.has(name) && depth < deepest && !/.\.[a-z]\w{0,4}$/i.test(name))
        visit(path, depth + 1);
    }
  };
  visit('', 0);
  return { paths, isPartial };
}

function isSecret(project: Project, path: string): boolean {
  if (isSampleData(path)) return false;
  const result = project.read(path);
  if ('problem' in result && result.problem !== 'not-utf8') return false;
  return judgeSecretFile(path, 'file' in result ? result.file.text : undefined) !== undefined;
}
