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

/** Host variables whose usual value is a place of these tables. */
export const placesOfVariables: Readonly<Record<string, string>> = {
  XDG_CONFIG_HOME: '~/.config',
  XDG_DATA_HOME: '~/.local/share',
  APPDATA: '~/AppData/Roaming',
  LOCALAPPDATA: '~/AppData/Local',
  GNUPGHOME: '~/.gnupg',
  KUBECONFIG: '~/.kube/config',
  AWS_SHARED_CREDENTIALS_FILE: '~/.aws/credentials',
  AWS_CONFIG_FILE: '~/.aws/config',
  GOOGLE_APPLICATION_CREDENTIALS: '~/.config/gcloud/application_default_credentials.json',
  CLAUDE_CONFIG_DIR: '~/.claude',
  CODEX_HOME: '~/.codex',
  NPM_CONFIG_USERCONFIG: '~/.npmrc',
  XAUTHORITY: '~/.Xauthority',
  SSH_AUTH_SOCK: '/run/host-services/ssh-auth.sock',
  DBUS_SESSION_BUS_ADDRESS: '$XDG_RUNTIME_DIR/bus',
};
