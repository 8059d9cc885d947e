import { type JsonDocument, type JsonNode, spanOf, stringValue } from '../documents/json.js';
import type { UnreadableFile } from '../documents/problem.js';
import type { Container } from './container.js';
import { dockerfileNode } from './dockerfile-build.js';

/**
 * Files that a devcontainer.json refers to and that could not be read, at the reference: what they declare is missing
 * from the container. `problems` says by path why a file could not be read: 'does not exist'. A name with a variable of
 * the host is left out, for only the host knows it.
 */
export function unreadReferences(
  document: JsonDocument,
  container: Container,
  problems: ReadonlyMap<string, string>,
): UnreadableFile[] {
  const unread: UnreadableFile[] = [];
  const add = (at: UnreadableFile['at'], title: string, reference: string, path: string) => {
    const reason = reasonFor(path, problems) ?? 'lies outside the project, so it is not read';
    unread.push({
      file: document.file,
      at,
      message: `the ${title} ${reference} ${reason}`,
      isReference: true,
    });
  };
  const node: JsonNode | undefined = dockerfileNode(document.root);
  const name = stringValue(node);
  if (node && name !== undefined && !container.dockerfile && !namesVariable(name))
    add(spanOf(node), 'Dockerfile', name, name);
  // No stage is an empty or broken Dockerfile, or a build.target that is not in it: nothing of it was checked.
  if (node && name !== undefined && container.dockerfile && !container.image) {
    const message = `the Dockerfile ${name} has no stage that is built, so nothing in it was checked`;
    unread.push({ file: document.file, at: spanOf(node), message, isReference: true });
  }
  for (const { value, place } of container.features) {
    const { reference } = value;
    if (!/^\.{1,2}\//.test(reference)) continue;
    const metadata = `${reference.replace(/\/+$/, '')}/devcontainer-feature.json`;
    if (reasonFor(metadata, problems) !== undefined) add(place.at, 'Feature', reference, metadata);
  }
  return unread;
}

function namesVariable(name: string): boolean {
  return name.replace(/^\$\{localWorkspaceFolder\}/, '').includes('${');
}

/** The problem of the path that ends as the reference does, which is relative to some folder. */
function reasonFor(reference: string, problems: ReadonlyMap<string, string>): string | undefined {
  const end = reference
    .split(/[\\/]/)
    .filter((step) => step !== '' && step !== '.' && step !== '..' && !step.startsWith('${'))
    .join('/');
  for (const [path, reason] of problems) if (path === end || path.endsWith(`/${end}`)) return reason;
  return undefined;
}
