import type { Place, SourceFile } from '../core/text.js';
import { type JsonDocument, placeOf } from '../documents/json.js';
import type { AllowEntry } from './allow-entry.js';
import { suffixesOf } from './covered.js';
import type { Need } from './egress-needs.js';
import type { JoinedList } from './rendered-list.js';

/** How an allowlist and what it is for have come apart. */
export type Drift =
  /** The policy, or one of its stacks and agents, opens hosts that the rendered list does not. */
  | { readonly kind: 'not-rendered'; readonly place: Place; readonly hosts: readonly string[] }
  /** The rendered list opens what the policy does not. */
  | { readonly kind: 'not-in-policy'; readonly entry: AllowEntry }
  /** Something in the repository asks for a host that is closed. */
  | { readonly kind: 'needed'; readonly place: Place; readonly host: string; readonly what: string }
  /** A host of a stack that nothing in the repository speaks for. */
  | { readonly kind: 'unused'; readonly entry: AllowEntry; readonly what: string };

/** How the rendered list differs from its policy. */
export function driftFromPolicy(document: JsonDocument, { residual, missing }: JoinedList): Drift[] {
  return [
    ...Array.from(missing, ([node, hosts]): Drift => {
      const place =
        node.type === 'object' ? { file: document.file, at: startOf(node.offset) } : placeOf(document, node);
      return { kind: 'not-rendered', place, hosts };
    }),
    ...residual.map((entry): Drift => ({ kind: 'not-in-policy', entry })),
  ];
}

/** Hosts that are asked for and closed. `list` is where the others are open. */
export function driftFromNeeds(
  needs: readonly Need[],
  openings: ReadonlySet<string>,
  list: SourceFile,
): Drift[] {
  const isOpen = ({ host, port }: Need) =>
    [host, ...suffixesOf(host)].some((name) => openings.has(`${name} ${port}`) || openings.has(`${name} *`));
  return needs
    .filter((need) => !isOpen(need))
    .map(({ host, what, place }) => ({
      kind: 'needed',
      place: place ?? { file: list, at: startOf(0) },
      host,
      what,
    }));
}

function startOf(offset: number) {
  return { start: offset, end: offset };
}
