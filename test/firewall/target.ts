import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Internet } from './internet.js';
import type { Outcome } from './run.js';

/** A place where tools run as the unprivileged user: behind the firewall or, as a control, without it. */
export interface Target {
  /** Runs a bash script as the user, by the shortest way: for what is tried many times, and at the same time. */
  attempt(script: string): Promise<Outcome>;
  /** Runs a bash script as the user's own tool does (the reference CLI, where there is a container). */
  exec(script: string): Promise<Outcome>;
  /** Runs a bash script as root where init-firewall.sh is: in shape `sidecar` that is the gateway. */
  asRoot(script: string): Promise<Outcome>;
}

/** What the checks need. Each is a function, because tests are listed before anything has started. */
export interface Scene {
  readonly internet: () => Internet;
  readonly target: () => Target;
  /** The same without the firewall: here every attack must succeed, or it proves nothing. */
  readonly control: () => Target;
}

const program = readFileSync(join(import.meta.dirname, 'attack.py'), 'utf8');

/** Puts attack.py where attacks look for it. */
export async function installAttacks(...targets: readonly Target[]): Promise<void> {
  for (const target of targets) {
    const { code, stderr } = await target.attempt(
      `cat >/tmp/attack.py <<'END-OF-ATTACKS'\n${program}\nEND-OF-ATTACKS`,
    );
    if (code !== 0) throw new Error(`attack.py could not be written: ${stderr}`);
  }
}
