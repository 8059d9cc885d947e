import type { Project } from '../core/rule.js';
import { elements, member, parseJson, stringValue } from '../documents/json.js';
import { projectRootOf } from '../documents/kinds.js';
import type { Container } from './container.js';

export const sourceKinds = ['images', 'features', 'extensions'] as const;
export type SourceKind = (typeof sourceKinds)[number];

/** Where things may come from, by kind: names in which `*` stands for any run of characters. Of a kind that is not there nothing is asked. */
export type AllowedSources = Partial<Record<SourceKind, readonly string[]>>;

/** As many as the schema of the policy takes. */
const mostPatterns = 1000;

const names = ['.devcontainer/harden-devcontainer.jsonc', 'harden-devcontainer.jsonc'];

/** What the policy of the project says, else the nearest one above it; what is wrong in it is not judged here. */
export function readAllowedSources({ file }: Container, project: Project): AllowedSources {
  for (
    let folder: string | undefined = projectRootOf(file.path);
    folder !== undefined;
    folder = above(folder)
  ) {
    for (const name of names) {
      const result = project.read(folder === '' ? name : `${folder}/${name}`);
      if (!('file' in result) || !result.file.text.includes('"sources"')) continue;
      const sources = member(member(parseJson(result.file).root, 'lint')?.value, 'sources')?.value;
      if (sources)
        return Object.fromEntries(
          sourceKinds.flatMap((kind) => {
            const list = elements(member(sources, kind)?.value).flatMap((node) => stringValue(node) ?? []);
            return list.length > 0 ? [[kind, list.slice(0, mostPatterns)]] : [];
          }),
        );
    }
  }
  return {};
}

function above(folder: string): string | undefined {
  if (folder === '') return undefined;
  const at = folder.lastIndexOf('/');
  return at < 0 ? '' : folder.slice(0, at);
}

/** Whether one of the patterns is the name, or stands for it. Case does not count. */
export function isListed(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matches(name.toLowerCase(), pattern.toLowerCase().split('*')));
}

/** The parts have to follow each other: the first at the start, the last at the end. */
function matches(name: string, [first = '', ...rest]: readonly string[]): boolean {
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false;
  const middle = name.slice(0, name.length - last.length);
  let at = first.length;
  for (const part of rest) {
    const found = middle.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}

/** A name as every registry knows it: `node` is `docker.io/library/node`. */
export function fullImageName(name: string): string {
  const [first = ''] = name.split('/');
  if (!name.includes('/')) return `docker.io/library/${name}`;
  return /[.:]|^localhost$/.test(first) ? name : `docker.io/${name}`;
}
