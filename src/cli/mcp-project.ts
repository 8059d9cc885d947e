import { resolve } from 'node:path';
import { UserError } from '../core/errors.js';
import { type Places, placesOf } from '../host/places.js';
import type { HostServer } from '../host/servers.js';
import { type AllPins, readPins } from '../host/tool-pins.js';
import { parsePolicy } from '../policy/parse.js';
import { type Policy, policyPath } from '../policy/policy.js';
import { kindOf, openFolder } from '../project/read.js';
import { readExisting } from './init-changes.js';
import type { Io } from './io.js';

export const mcpVerbs = ['up', 'down', 'status', 'audit', 'review'] as const;
export type McpVerb = (typeof mcpVerbs)[number];

export interface McpCommandOptions {
  readonly verb: McpVerb;
  /** The project, relative to the working directory. */
  readonly dir: string;
  readonly yes: boolean;
  readonly foreground: boolean;
  readonly listen: string | undefined;
  readonly verify: boolean;
}

/** The project whose servers are meant, as its policy declares them. */
export interface McpProject {
  readonly root: string;
  readonly policy: Policy;
  readonly servers: readonly HostServer[];
  readonly pins: AllPins;
  readonly places: Places;
}

/** @throws UserError where there is no policy, or it declares no server behind the gate. */
export function openMcpProject({ dir }: McpCommandOptions, io: Io): McpProject {
  const places = openPlaces(dir, io);
  const text = readExisting(openFolder(places.project), policyPath);
  if (text === undefined) throw new UserError(`there is no ${policyPath} in ${dir}; run init first`);
  const policy = parsePolicy({ path: policyPath, text });
  if (policy.servers.length === 0)
    throw new UserError(
      `${policyPath} declares no MCP server with "command" or "url", so there is nothing to start`,
    );
  const pins = readPins(places.project);
  const servers = policy.servers.map((server) => ({ ...server, pins: pins[server.name] ?? {} }));
  return { root: places.project, policy, servers, pins, places };
}

/** Where the host side of a project is, whether its policy can be read or not. */
export function openPlaces(dir: string, io: Io): Places {
  if (process.platform === 'win32')
    throw new UserError('the host side of MCP runs on Linux and macOS; on Windows run it inside WSL');
  const root = resolve(io.cwd, dir);
  const kind = kindOf(root);
  if (kind !== 'folder') throw new UserError(`${dir} ${kind ? 'is not a folder' : 'does not exist'}`);
  return placesOf(root, io.env);
}
