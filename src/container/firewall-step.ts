import type { Place } from '../core/text.js';
import type { Value } from './firewall-value.js';

export type Family = 4 | 6;
export const bothFamilies: readonly Family[] = [4, 6];

/** What a script does that matters to a firewall, in the order in which it is done. */
export type Action =
  | { readonly kind: 'policy'; readonly chain: Chain; readonly verdict: Verdict }
  | { readonly kind: 'rule'; readonly chain: Chain; readonly first: boolean; readonly rule: FilterRule }
  | { readonly kind: 'delete'; readonly chain: Chain; readonly rule: FilterRule }
  /** Without a chain the whole table is emptied. */
  | { readonly kind: 'flush'; readonly chain: Chain; readonly isTable: boolean }
  | { readonly kind: 'chain'; readonly chain: Chain; readonly exist: boolean }
  /** Without a name every chain that is not the kernel's. */
  | { readonly kind: 'drop-chain'; readonly chain: Chain }
  | {
      readonly kind: 'set';
      readonly action: SetAction;
      readonly name: string;
      readonly exist: boolean;
      readonly member?: Value;
    }
  /** ufw is switched on or off. */
  | { readonly kind: 'switch'; readonly on: boolean }
  /** Rules that were saved before are put back. */
  | { readonly kind: 'put-back' }
  /** The rules in force are read. */
  | { readonly kind: 'inspect' }
  | { readonly kind: 'fetch'; readonly program: string; readonly address: Value; readonly limited: boolean }
  | { readonly kind: 'lookup'; readonly program: string; readonly limited: boolean }
  | { readonly kind: 'sysctl'; readonly name: string; readonly value: string }
  | { readonly kind: 'exit'; readonly code: number | undefined; readonly cause: Cause }
  /** Another script or program is started. */
  | { readonly kind: 'call'; readonly words: readonly Value[]; readonly starters: readonly Value[] }
  | { readonly kind: 'unmodelled'; readonly what: string };

export type SetAction = 'create' | 'add' | 'destroy' | 'flush';

/** What decides whether a branch is taken: a tool or right that may be missing, what the caller gives, or anything else. */
export type Cause = 'tool' | 'caller' | 'other';

export type Verdict = 'accept' | 'drop' | 'jump' | 'return' | 'none';

export interface Chain {
  readonly families: readonly Family[];
  /** `filter`, `nat`; of nftables `nft inet filter`; `ufw`. */
  readonly table: string;
  readonly name: string;
  /** It judges what processes of the container send. */
  readonly isOutput: boolean;
}

export interface FilterRule {
  readonly verdict: Verdict;
  /** As written: `ACCEPT`, or the chain that is jumped to. */
  readonly target: string;
  readonly protocol: string | undefined;
  /** Destination as written; undefined where any will do. */
  readonly destination: Value | undefined;
  /** The one destination that is left out. */
  readonly except: Value | undefined;
  /** Destination ports; undefined for all. */
  readonly ports: readonly Value[] | undefined;
  readonly outInterface: Value | undefined;
  readonly states: readonly string[] | undefined;
  /** A named set that the destination must be in. */
  readonly set: string | undefined;
  /** Only for processes of some user or group. */
  readonly hasOwner: boolean;
  /** Has a condition besides these, so that it lets less through than they say. */
  readonly isNarrowed: boolean;
  /** The whole rule as one text, for comparing. */
  readonly text: string;
}

/** How a step came to be. */
export interface Circumstances {
  readonly place: Place;
  /** The span of the whole command where the place is a line of its input. */
  readonly command: Place;
  /** Whether it happens depends on something that is not known. */
  readonly isConditional: boolean;
  /** It happens only where somebody changes a default. */
  readonly isSwitched: boolean;
  readonly isBackground: boolean;
  /** Part of a trap. */
  readonly isHandler: boolean;
}

/** What follows on a step's success or failure: the script ends as failed, goes on, or remembers it. */
export type Sequel = 'stops' | 'goes-on' | 'noted';

export type Step = Action &
  Circumstances & {
    /** Where the script itself says what follows; else `set -e` decides. */
    onFailure?: Sequel;
    onSuccess?: Sequel;
    /** Failing ends the script, by `set -e`. */
    aborts: boolean;
  };

export function isUnconditional(rule: FilterRule): boolean {
  return (
    rule.protocol === undefined &&
    rule.destination === undefined &&
    rule.except === undefined &&
    rule.ports === undefined &&
    rule.outInterface === undefined &&
    rule.states === undefined &&
    rule.set === undefined &&
    !rule.hasOwner &&
    !rule.isNarrowed
  );
}

/** Whether a failure of the step ends the script as failed. */
export function stopsOnFailure({ onFailure, aborts }: Step): boolean {
  return onFailure === undefined ? aborts : onFailure === 'stops';
}
