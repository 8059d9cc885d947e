import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { UserError } from '../core/errors.js';

/** Where the host side of one project keeps its things. Nothing of it is in the project but the sockets' folder. */
export interface Places {
  /** The project without links. */
  readonly project: string;
  /** Mode 0700: nobody else on the host gets through it. */
  readonly closed: string;
  /** Below `closed`; it alone is mounted into the container. */
  readonly sockets: string;
  /** Mode 0700, outside of the project. */
  readonly state: string;
  readonly control: string;
  readonly audit: string;
  readonly head: string;
  readonly approvals: string;
  readonly children: string;
  readonly log: string;
  readonly work: string;
}

/** Relative to the project. */
export const closedFolder = '.devcontainer/mcp';
export const socketFolder = `${closedFolder}/host`;

/** The longest path that a socket can be bound to, on every system. */
const longestSocket = 103;

export function placesOf(root: string, env: Readonly<Record<string, string | undefined>>): Places {
  const project = realpathSync(root);
  const base =
    env.XDG_STATE_HOME && isAbsolute(env.XDG_STATE_HOME)
      ? env.XDG_STATE_HOME
      : join(env.HOME ?? homedir(), '.local', 'state');
  const id = createHash('sha256').update(project).digest('hex').slice(0, 12);
  const state = join(base, 'harden-devcontainer', 'mcp', id);
  const control = join(state, 'control');
  if (Buffer.byteLength(control) > longestSocket)
    throw new UserError(`${control} is too long for a socket; set XDG_STATE_HOME to a shorter folder`);
  return {
    project,
    closed: join(project, closedFolder),
    sockets: join(project, socketFolder),
    state,
    control,
    audit: join(state, 'audit.jsonl'),
    head: join(state, 'audit.head'),
    approvals: join(state, 'approved.json'),
    children: join(state, 'children'),
    log: join(state, 'log'),
    work: join(state, 'work'),
  };
}

/** Makes the folders that are missing, and closes them to others whatever their modes were. */
export function makePlaces({ project, state, work, closed, sockets }: Places): void {
  for (const folder of [join(project, '.devcontainer'), closed, sockets]) refuseLink(folder);
  for (const [folder, mode] of [
    [state, 0o700],
    [work, 0o700],
    [closed, 0o700],
    // The container's forwarder has another uid; the folder above keeps the host's users out.
    [sockets, 0o755],
  ] as const) {
    mkdirSync(folder, { recursive: true, mode });
    chmodSync(folder, mode);
  }
}

/** A repository may bring a link along: modes would be changed, and files removed, wherever it leads. */
function refuseLink(folder: string): void {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found && !found.isDirectory())
    throw new UserError(
      `${folder} is not a folder but ${found.isSymbolicLink() ? 'a link' : 'a file'}; remove it`,
    );
}
