import { listRepositorySecrets, type RepositorySecret } from '../container/repository-secrets.js';
import type { Project } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import { ignoreFiles, newIgnoreFile, readableBy } from './secret-coverage.js';

/** The files of a project that hold secrets, without data of tests and examples. */
export function findSecrets(project: Project): readonly RepositorySecret[] {
  return listRepositorySecrets('', project).filter(({ sample }) => !sample);
}

/**
 * The ignore files of agents, by the agents' names, with every secret in them that they do not cover yet; the lines that are
 * there stay. Only the files that change.
 */
export function coverSecrets(
  agents: readonly string[],
  secrets: readonly RepositorySecret[],
  project: Project,
): readonly SourceFile[] {
  return agents.flatMap((agent) => {
    const names = ignoreFiles[agent];
    if (!names) return [];
    const { open, file = newIgnoreFile(names, '', project) } = readableBy(names, '', secrets, project);
    return open.length > 0 && file ? [{ path: file.path, text: appendPaths(file.text, open) }] : [];
  });
}

function appendPaths(text: string, secrets: readonly RepositorySecret[]): string {
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || /[\r\n]$/.test(text) ? '' : lineEnd;
  const lines = secrets.map(({ path }) => `/${escapePattern(path)}${lineEnd}`);
  return `${text}${gap}${lines.join('')}`;
}

/** A path as a line of gitignore's language that means this path alone. A line break has no such form: any character stands for it. */
function escapePattern(path: string): string {
  return path
    .replace(/[\\*?[\]]/g, '\\$&')
    .replace(/[\r\n\0]/g, '?')
    .replace(/ $/, '\\ ');
}
