import type { Project } from '../core/rule.js';
import type { Place, SourceFile } from '../core/text.js';
import { type JsonDocument, member, members, parseJson, placeOf, stringValue } from '../documents/json.js';

/** One Feature of the lock file. */
export interface LockedFeature {
  /** As devcontainer.json names it, lower case. */
  readonly reference: string;
  readonly version: string | undefined;
  /** Both the address and the digest of the content are there. */
  readonly verified: boolean;
  /** References of Features that this one brings along. */
  readonly dependsOn: readonly string[];
  readonly place: Place;
}

/** The lock file beside a devcontainer.json. */
export interface FeatureLock {
  readonly file: SourceFile;
  /** Undefined where the file is no lock file: it does not parse, or has no object of Features. */
  readonly features: readonly LockedFeature[] | undefined;
}

/** The path at which the tools look for the lock file of a devcontainer.json. */
export function lockPath(config: string): string {
  const start = config.lastIndexOf('/') + 1;
  const name = config[start] === '.' ? '.devcontainer-lock.json' : 'devcontainer-lock.json';
  return config.slice(0, start) + name;
}

/** Reads the lock file; undefined where there is none. An empty one is the tools' way to ask for a new one. */
export function readFeatureLock(config: SourceFile, project: Project): FeatureLock | undefined {
  const result = project.read(lockPath(config.path));
  if ('problem' in result || result.file.text.trim() === '') return undefined;
  const { file } = result;
  const document = parseJson(file);
  const features = member(document.root, 'features')?.value;
  const isSound = document.problems.length === 0 && features?.type === 'object';
  return {
    file,
    features: isSound ? members(features).map((entry) => readEntry(document, entry)) : undefined,
  };
}

function readEntry(
  document: JsonDocument,
  { key, keyNode, value }: ReturnType<typeof members>[number],
): LockedFeature {
  const text = (name: string) => stringValue(member(value, name)?.value);
  const digest = /^sha256:[0-9a-f]{64}$/;
  const resolved = text('resolved') ?? '';
  return {
    reference: key.toLowerCase(),
    version: text('version'),
    // An archive is named by its address alone, anything in a registry by its digest too.
    verified:
      digest.test(text('integrity') ?? '') &&
      (/^https?:\/\//.test(resolved) || digest.test(resolved.split('@').at(-1) ?? '')),
    dependsOn: (member(value, 'dependsOn')?.value.children ?? []).flatMap(
      (node) => stringValue(node)?.toLowerCase() ?? [],
    ),
    place: placeOf(document, keyNode),
  };
}
