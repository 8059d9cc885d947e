import type { Destination } from './destinations.js';
import type { EgressTally } from './tally.js';

/** What `egress` shows of one container. */
export interface EgressReport {
  readonly container: { readonly id: string; readonly name: string; readonly status: string };
  /** `observe`: names that are not on the list are let through. */
  readonly mode: 'enforce' | 'observe';
  readonly tally: EgressTally;
  /** What an observing container let through besides the proxy. */
  readonly destinations: readonly Destination[];
  /** Nothing before it was counted. Milliseconds since 1970, as `now`. */
  readonly since: number | undefined;
  readonly now: number;
}
