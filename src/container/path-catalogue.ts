import type { Severity } from '../core/rule.js';

/** A severity, `pedantic` for an info of the pedantic persona, `none` for silence. */
export type Grade = Severity | 'pedantic' | 'none';

/**
 * What a host path is to an attacker. `agent-state`, `exec`, `identity` and `cache` are obeyed, run or built from
 * on the host later, so writing them is an attack of its own; of the others the contents are what is lost.
 */
export type CredentialKind =
  | 'key'
  | 'token'
  | 'cloud'
  | 'cluster'
  | 'store'
  | 'browser'
  | 'wallet'
  | 'db'
  | 'net'
  | 'agent-state'
  | 'exec'
  | 'history'
  | 'identity'
  | 'cache'
  | 'public';

/** One row of the catalogue of host paths. Everything below a folder counts as the folder. */
export interface CredentialEntry {
  readonly kind: CredentialKind;
  /** What lies there, a noun for messages. */
  readonly what: string;
  /** Grade of any mount, read-only or not: reading is the harm. */
  readonly read: Grade;
  /** Grade of a writable mount. */
  readonly write: Grade;
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/** The rows' lists, one comma-separated text each: names hold blanks, but no comma. */
export function paths(list: string): readonly string[] {
  return list.trim().split(/\s*,\s*/);
}

/** Folders that are matched by themselves only: what else lies below them is judged by its own name. */
export const credentialParents: readonly string[] = [
  '~/.config',
  '~/.local',
  '~/.local/share',
  '~/.local/state',
  '~/Library',
  '~/Library/Application Support',
  '~/AppData',
  '~/AppData/Local',
  '~/AppData/Roaming',
  '~/snap',
  '~/.var',
];
