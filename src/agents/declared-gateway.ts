import { type PolicyGateway, readPolicy } from '../container/policy-document.js';
import type { Project } from '../core/rule.js';
import type { Place } from '../core/text.js';
import { parseJson, placeOf, stringValue } from '../documents/json.js';

/** A company's model gateway that the policy of a project names. */
export interface DeclaredGateway extends Pick<PolicyGateway, 'host' | 'port'> {
  readonly text: string;
  readonly place: Place;
}

/** `root` is the project's folder; its container is rendered from the policy there. */
export function readDeclaredGateway(root: string, project: Project): DeclaredGateway | undefined {
  const folder = root === '' ? '' : `${root}/`;
  const result = project.read(`${folder}.devcontainer/harden-devcontainer.jsonc`);
  if ('problem' in result) return undefined;
  const document = parseJson(result.file);
  const { gateway } = readPolicy(document);
  if (!gateway) return undefined;
  const { host, port, node } = gateway;
  return { host, port, text: stringValue(node) ?? '', place: placeOf(document, node) };
}
