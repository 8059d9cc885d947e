import { readFileSync, writeFileSync } from 'node:fs';
import { hashOf } from '../mcp/tools.js';
import type { PolicyServer } from '../policy/servers.js';
import type { Places } from './places.js';

/**
 * What somebody on this machine has agreed to run. The policy comes with the repository, and what it says runs here, with
 * logins: that a repository says so is no permission.
 */
export function unapproved<T extends PolicyServer>(
  servers: readonly T[],
  { approvals }: Places,
): readonly T[] {
  const approved = readApprovals(approvals);
  return servers.filter((server) => approved[server.name] !== hashDeclaration(server));
}

export function approve(servers: readonly PolicyServer[], { approvals }: Places): void {
  const hashes = Object.fromEntries(servers.map((server) => [server.name, hashDeclaration(server)]));
  writeFileSync(approvals, `${JSON.stringify(hashes, null, 2)}\n`, { mode: 0o600 });
}

/** What was reviewed of its tools is not part of it. */
function hashDeclaration(server: PolicyServer): string {
  return hashOf({ ...server, pins: undefined });
}

function readApprovals(path: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  } catch {
    return {};
  }
}
