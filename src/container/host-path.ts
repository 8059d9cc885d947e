/**
 * A path on the host, resolved as far as the text allows, in one form for every syntax:
 * `${localEnv:HOME}/.ssh`, `~/.ssh`, `/home/me/.ssh`, `C:\Users\me\.ssh` all are base `home`, segments `['.ssh']`.
 */
export interface HostPath {
  /**
   * `root` absolute; `home` below a user's home; `runtime` below the user's runtime directory (`/run/user/<uid>`);
   * `workspace` below the project; `unknown` below something that only the host knows.
   */
  readonly base: 'root' | 'home' | 'workspace' | 'runtime' | 'unknown';
  /** Without `.`, `..` or empty ones; `/var/run` is `/run`, `/proc/1/root` is `/`. */
  readonly segments: readonly string[];
  /** How many levels above its base the path climbs: `${localWorkspaceFolder}/../..` is 2. */
  readonly up: number;
  /** The host variable that it begins with, when there is one: `SSH_AUTH_SOCK`. */
  readonly variable: string | undefined;
  /** Windows and macOS compare names without case. */
  readonly ignoreCase: boolean;
  /** False where the engine would not expand what is written (a literal `~` without compose). */
  readonly live: boolean;
}
