import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import type { Pins } from '../mcp/tools.js';

/** Hashes of the tools that were reviewed, beside the policy, so that they are read like code. */
export const pinsPath = '.devcontainer/mcp-tools.json';

export type AllPins = Readonly<Record<string, Pins>>;

/** By server. @throws UserError where it is not what we wrote. */
function parsePins(text: string): AllPins {
  try {
    const { servers } = JSON.parse(text) as { servers?: Record<string, Record<string, unknown>> };
    if (typeof servers !== 'object' || servers === null) throw new Error('no servers');
    for (const pins of Object.values(servers))
      for (const hash of Object.values(pins))
        if (typeof hash !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(hash)) throw new Error('no hash');
    return servers as AllPins;
  } catch (error) {
    throw new UserError(`${pinsPath} is not what \`mcp review\` writes; remove it and review again`, {
      cause: error,
    });
  }
}

/** Empty where there is no file yet. @throws UserError where it cannot be read, or is not what we wrote. */
export function readPins(project: string): AllPins {
  const path = join(project, pinsPath);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    // A review that began from nothing would forget what was reviewed of the other servers.
    throw new UserError(`${pinsPath} cannot be read: ${message}`, { cause: error });
  }
  return parsePins(text);
}

export function formatPins(pins: AllPins): string {
  const sorted = Object.fromEntries(
    Object.entries(pins)
      .sort(byName)
      .map(([name, tools]) => [name, Object.fromEntries(Object.entries(tools).sort(byName))]),
  );
  return `${JSON.stringify({ servers: sorted }, null, 2)}\n`;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
