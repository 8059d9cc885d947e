import type { Edit, Severity } from '../core/rule.js';
import { didYouMean } from '../core/suggest.js';
import type { Place } from '../core/text.js';
import { type JsonDocument, type JsonMember, member, placeOf, stringValue } from '../documents/json.js';
import { removeNodes, setMember } from '../documents/json-edits.js';
import type { Container } from './container.js';
import { placeOfContainer } from './place.js';

/** Something that leaves open, or says in vain, what a container is made from. */
export interface DefinitionProblem {
  readonly place: Place;
  readonly message: string;
  readonly severity?: Severity;
  /** Edits that take out what the tools pass over. */
  readonly ignored?: readonly Edit[];
  /** Edits that write what was probably meant. */
  readonly meant?: { readonly title: string; readonly edits: readonly Edit[] };
}

export function* findDefinitionProblems(
  document: JsonDocument,
  container: Container,
): Iterable<DefinitionProblem> {
  const { root } = document;
  // An empty object is a file that somebody has only begun.
  if (root?.type !== 'object' || root.children?.length === 0) return;
  // A Template has its options filled in first.
  if (document.file.text.includes('${templateOption:')) return;
  yield* findSource(document, container);
  if (container.source === 'compose') yield* findService(document, container);
  else if (container.source !== 'none') yield* findWorkspace(document, container);
}

function* findSource(document: JsonDocument, container: Container): Iterable<DefinitionProblem> {
  const { root } = document;
  if (container.source === 'none') {
    // Broken text may have said it; and Codespaces, whom a file is for, puts an image of its own in its place.
    if (document.problems.length > 0 || member(member(root, 'customizations')?.value, 'codespaces')) return;
    yield {
      place: placeOfContainer(container),
      message:
        'names no image, no Dockerfile and no compose file: there is no container, but the large default one in Codespaces',
      severity: 'warning',
    };
    return;
  }
  const [image, compose] = [member(root, 'image'), member(root, 'dockerComposeFile')];
  const taken = container.source === 'dockerfile' ? 'the Dockerfile' : 'the image';
  if (container.source === 'dockerfile' && image) yield passOver(document, image, taken);
  if (container.source !== 'compose' && compose) yield passOver(document, compose, taken);
}

function passOver(
  document: JsonDocument,
  { key, keyNode, property }: JsonMember,
  taken: string,
): DefinitionProblem {
  return {
    place: placeOf(document, keyNode),
    message: `${key} is passed over: the tools take ${taken} and read nothing of it`,
    ignored: removeNodes(document, [property]),
  };
}

function* findService(document: JsonDocument, { compose, service }: Container): Iterable<DefinitionProblem> {
  const { root } = document;
  const node = member(root, 'service')?.value;
  const name = stringValue(node);
  const files = member(root, 'dockerComposeFile');
  const services = compose?.services ?? [];
  if (files && (!node || name === undefined)) {
    const choice = services.length > 0 ? `: it is one of ${services.slice(0, 5).join(', ')}` : '';
    yield { place: placeOf(document, node ?? files.keyNode), message: `no service is named${choice}` };
  }
  // What could not be read may have it.
  const isOpen = services.length === 0 || compose?.unread.some(({ isReference }) => isReference);
  if (!node || name === undefined || service !== undefined || isOpen || name.includes('${')) return;
  yield {
    place: placeOf(document, node),
    message: `the compose files have no service ${name}${didYouMean(name, services) || `: they have ${services.slice(0, 5).join(', ')}`}`,
  };
}

function* findWorkspace(document: JsonDocument, { mounts }: Container): Iterable<DefinitionProblem> {
  const { root } = document;
  const found = member(root, 'workspaceMount');
  const target = mounts.find(({ syntax }) => syntax === 'workspaceMount')?.value.target;
  if (!root || !found || target === undefined || member(root, 'workspaceFolder')) return;
  yield {
    place: placeOf(document, found.keyNode),
    message: `the workspace is mounted to ${target}, but without workspaceFolder the tools open another folder`,
    severity: 'warning',
    meant: {
      title: `set workspaceFolder to ${target}`,
      edits: setMember(document, root, 'workspaceFolder', target),
    },
  };
}
