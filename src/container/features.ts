import { remember } from '../core/remember.js';
import type { Project } from '../core/rule.js';
import { type JsonDocument, member, members, parseJson, plainValue } from '../documents/json.js';
import { replaceNode } from '../documents/json-edits.js';
import type { Declared, Feature } from './container.js';
import { declare, type Source } from './declare.js';
import { splitImage } from './image-references.js';
import { joinPath } from './paths.js';

export function readFeatures(source: Source): readonly Declared<Feature>[] {
  return members(member(source.document.root, 'features')?.value).map(({ key, keyNode, value }) => {
    const plain = plainValue(value);
    // A plain text or number in place of the options is the version.
    const options = typeof plain === 'object' && plain !== null ? plain : { version: plain };
    const { id, origin, name, tag, digest } = readReference(key);
    return declare(source, keyNode, 'features', {
      reference: key,
      id,
      origin,
      version: tag,
      digest,
      options: options as Record<string, unknown>,
      setVersion: (wanted: string) =>
        source.fixed ? [] : replaceNode(source.document, keyNode, `${name}:${wanted}`),
    });
  });
}

const readReference = remember((key) => {
  const reference = key.trim();
  const { name, tag, digest } = splitImage(reference);
  return { id: featureId(reference), origin: originOf(reference), name, tag, digest };
});

function originOf(reference: string): Feature['origin'] {
  if (/^\.{0,2}\//.test(reference)) return 'local';
  if (/^https?:\/\//i.test(reference)) return 'archive';
  // A registry is told from an account by the dot or the port in its name.
  return /^[^/]*[.:][^/]*\//.test(reference) ? 'registry' : 'legacy';
}

/**
 * `ghcr.io/o/r/f:1@sha256:…` without version and digest, lower case. A port of the registry is no version, and of an
 * archive (`https://…/devcontainer-feature-f.tgz`) the name inside its file's name counts.
 */
function featureId(reference: string): string {
  return reference
    .replace(/\/devcontainer-feature-([^/]*)\.tgz$/i, '/$1')
    .replace(/@[^/]*$/, '')
    .replace(/:[^/]*$/, '')
    .toLowerCase();
}

/** The metadata of the Features that lie beside the devcontainer.json (`./name`), as far as they can be read. */
export function readLocalFeatures(
  source: Source,
  features: readonly Declared<Feature>[],
  project: Project,
): readonly JsonDocument[] {
  const documents: JsonDocument[] = [];
  for (const { value } of features) {
    const { reference } = value;
    if (!/^\.{1,2}\//.test(reference)) continue;
    const path = joinPath(source.document.file.path, reference, 'devcontainer-feature.json');
    const result = path === undefined ? undefined : project.read(path);
    if (result && 'file' in result) documents.push(parseJson(result.file));
  }
  return documents;
}
