import { readEntry } from '../documents/allow-target.js';
import { elements, type JsonDocument, member, placeOf, stringValue } from '../documents/json.js';
import { removeNodes, replaceNode } from '../documents/json-edits.js';
import type { AllowEntry } from './allow-entry.js';

/** The hosts that Claude Code's sandbox lets commands reach: `sandbox.network.allowedDomains` of its settings. */
export function sandboxEntries(document: JsonDocument): AllowEntry[] {
  const network = member(member(document.root, 'sandbox')?.value, 'network')?.value;
  return elements(member(network, 'allowedDomains')?.value).flatMap((node) => {
    const text = stringValue(node);
    if (text === undefined) return [];
    const { target, flaws } = readEntry(text);
    // A star alone takes the whole sandbox away: the rule about weakened sandboxes says so.
    if (target.kind === 'everything') return [];
    const remove = () => removeNodes(document, [node]);
    return [
      {
        text,
        place: placeOf(document, node),
        reader: 'unknown',
        target,
        ports: 'port' in target && target.port !== undefined ? [target.port] : undefined,
        flaws: flaws.filter((flaw) => flaw !== 'star'),
        isPrivate: false,
        remove,
        removeAlone: remove,
        replace: (replacement) => replaceNode(document, node, replacement),
      },
    ];
  });
}
