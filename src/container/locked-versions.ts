import type { Pin, Project, Wanted } from '../core/rule.js';
import { isExact, isFinal, readRange } from '../core/versions.js';

interface LockFile {
  readonly name: string;
  readonly source: Wanted['source'];
  /** The version that its text has for a package: looked for as text, since such files are megabytes long. */
  find(text: string, name: string): string | undefined;
}

const lockFiles: readonly LockFile[] = [
  {
    name: 'package-lock.json',
    source: 'npm',
    find: (text, name) =>
      versionAfter(text, `"node_modules/${name}": {`, /^\s*"version":\s*"([^"\s]{1,100})"/),
  },
  {
    name: 'npm-shrinkwrap.json',
    source: 'npm',
    find: (text, name) =>
      versionAfter(text, `"node_modules/${name}": {`, /^\s*"version":\s*"([^"\s]{1,100})"/),
  },
  {
    name: 'package.json',
    source: 'npm',
    find: (text, name) => versionAfter(text, `"${name}":`, /^\s*"([^"\s]{1,100})"/),
  },
  { name: 'uv.lock', source: 'pypi', find: findInToml },
  { name: 'poetry.lock', source: 'pypi', find: findInToml },
];

/** The one version of a package that the lock files or the manifest of a project name, where what is written lets it in. */
export function lockedVersion(
  { source, name, range }: Wanted,
  project: Project,
  root: string,
): Pin | undefined {
  const isWhole = source === 'npm' ? isExact : isFinal;
  const fits = readRange(range);
  if (!fits) return undefined;
  for (const lock of lockFiles) {
    if (lock.source !== source) continue;
    const result = project.read(root === '' ? lock.name : `${root}/${lock.name}`);
    if ('problem' in result) continue;
    const version = lock.find(result.file.text, name.replace(/\[.*$/s, ''));
    if (version !== undefined && isWhole(version) && fits(version)) return { version, from: lock.name };
  }
  return undefined;
}

function versionAfter(text: string, key: string, pattern: RegExp): string | undefined {
  const at = text.indexOf(key);
  return at < 0 ? undefined : pattern.exec(text.slice(at + key.length, at + key.length + 300))?.[1];
}

/** `[[package]]`, then its name and its version: poetry writes them so, and uv. */
function findInToml(text: string, name: string): string | undefined {
  const plain = name.toLowerCase().replace(/[-_.]+/g, '-');
  return versionAfter(text, `\nname = "${plain}"`, /^\r?\nversion = "([^"\s]{1,100})"/);
}
