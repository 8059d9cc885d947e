import type { Container } from '../container/container.js';
import { joinFolder } from '../container/paths.js';
import type { RepositorySecret } from '../container/repository-secrets.js';
import type { Project } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import { decidingRule, type IgnoreRule, parseGitignore } from '../documents/gitignore.js';
import type { Workspace } from './workspace.js';

/** The ignore files of agents that have one, by the agent's name. What is missing here has no such mechanism. */
export const ignoreFiles: Readonly<Record<string, readonly string[]>> = {
  Cursor: ['.cursorignore'],
  'Gemini CLI': ['.geminiignore', '.aiexclude'],
  Aider: ['.aiderignore'],
  Cline: ['.clineignore'],
  Roo: ['.rooignore'],
  'Qwen Code': ['.qwenignore'],
  Continue: ['.continueignore'],
};

/** Files that a container has nothing of: something else is mounted over them. */
export function isMasked({ mounts }: Container, path: string): boolean {
  return mounts.some(
    ({ value: { target, type, source } }) =>
      (type === 'tmpfs' || type === 'volume' || source === '/dev/null') && target?.endsWith(`/${path}`),
  );
}

/** The secrets that no deny rule for reading of Claude Code covers. */
export function readableByClaude(
  { root, settings }: Workspace,
  secrets: readonly RepositorySecret[],
): readonly RepositorySecret[] {
  const patterns = settings
    .filter(({ agent }) => agent === 'claude')
    .flatMap(({ permissions }) => permissions)
    .filter(({ effect, tool }) => effect === 'deny' && tool === 'read')
    .map(({ pattern }) => (pattern === undefined ? '*' : pattern.trim().replace(/^\.\//, '')));
  const rules = parseGitignore({
    path: '',
    text: patterns.filter((one) => !/^(?:\/\/|~|!)/.test(one)).join('\n'),
  });
  return secrets.filter(({ path }) => !isCovered(rules, belowRoot(root, path)));
}

/** The secrets that an agent's ignore files do not cover, and the first of those files that is there. */
export function readableBy(
  names: readonly string[],
  root: string,
  secrets: readonly RepositorySecret[],
  project: Project,
): { readonly open: readonly RepositorySecret[]; readonly file: SourceFile | undefined } {
  const files = names.flatMap((name) => {
    const result = project.read(joinFolder(root, name) ?? name);
    return 'file' in result ? [result.file] : [];
  });
  const rules = files.flatMap(parseGitignore);
  return { open: secrets.filter(({ path }) => !isCovered(rules, belowRoot(root, path))), file: files[0] };
}

/** The first of an agent's ignore files, to be begun; undefined where something else lies there. */
export function newIgnoreFile(
  [name = '']: readonly string[],
  root: string,
  project: Project,
): SourceFile | undefined {
  const path = joinFolder(root, name) ?? name;
  const result = project.read(path);
  return 'problem' in result && result.problem === 'missing' ? { path, text: '' } : undefined;
}

function isCovered(rules: readonly IgnoreRule[], path: string): boolean {
  const rule = decidingRule(rules, path);
  return rule !== undefined && !rule.negated;
}

export function belowRoot(root: string, path: string): string {
  return root === '' ? path : path.slice(root.length + 1);
}
