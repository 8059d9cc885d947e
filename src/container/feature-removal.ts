import { editTwice } from '../core/edit.js';
import type { Edit, Project } from '../core/rule.js';
import {
  elements,
  type JsonDocument,
  type JsonNode,
  member,
  parseJson,
  stringValue,
} from '../documents/json.js';
import { removeWithEmptyParents } from '../documents/json-edits.js';
import type { Container, Declared, Feature } from './container.js';
import { renewLock } from './feature-lock-edits.js';
import { hasTunnel } from './privilege-reasons.js';

/** What goes with a Feature: itself, and what it alone gave a reason for. */
export interface FeatureRemoval {
  readonly edits: readonly Edit[];
  /** Capabilities that nothing else here needs. */
  readonly capabilities: readonly string[];
}

const tunnelCapability = /^(?:cap_)?net_admin$/i;

/**
 * Edits that take a Feature out, of the lock file too. NET_ADMIN goes with the last one that makes a tunnel: without it the capability would be a
 * finding, and as long as the Feature is there it is none, so that neither could be mended alone.
 */
export function removeFeature(
  feature: Declared<Feature>,
  container: Container,
  project: Project,
): FeatureRemoval {
  const others = { ...container, features: container.features.filter((one) => one !== feature) };
  const { edits, capabilities } = removeWithCapability(feature, container, others);
  if (!container.featureLock || edits.length === 0) return { edits, capabilities };
  const lock = renewLock(others, project).edits.filter(
    ({ file }) => file === container.featureLock?.file.path,
  );
  return { edits: [...edits, ...lock], capabilities };
}

function removeWithCapability(
  feature: Declared<Feature>,
  container: Container,
  others: Container,
): FeatureRemoval {
  const removed = feature.remove();
  const isOnlyReason =
    container.capabilities.some(({ value }) => value === 'NET_ADMIN') &&
    hasTunnel(container) &&
    !hasTunnel(others) &&
    !(container.firewall || container.idleFirewall);
  if (!isOnlyReason || feature.place.file !== container.file) return { edits: removed, capabilities: [] };
  const edits = editTwice(container.file, removed, (changed) => {
    const document = parseJson(changed);
    return removeWithEmptyParents(document, tunnelNodes(document));
  });
  return edits.length > 0 ? { edits, capabilities: ['NET_ADMIN'] } : { edits: removed, capabilities: [] };
}

/** Where a devcontainer.json adds the capability: in `capAdd`, and in `runArgs` in one word or in two. */
function tunnelNodes({ root }: JsonDocument): readonly JsonNode[] {
  const added = elements(member(root, 'capAdd')?.value).filter((node) =>
    tunnelCapability.test(stringValue(node) ?? ''),
  );
  const words = elements(member(root, 'runArgs')?.value);
  const given = words.flatMap((node, index) => {
    const text = stringValue(node) ?? '';
    const next = words[index + 1];
    if (/^--cap-add=/.test(text)) return tunnelCapability.test(text.slice('--cap-add='.length)) ? [node] : [];
    return text === '--cap-add' && next && tunnelCapability.test(stringValue(next) ?? '') ? [node, next] : [];
  });
  return [...added, ...given];
}
