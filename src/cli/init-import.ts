import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { UserError } from '../core/errors.js';
import { type ImportedServers, importServers } from '../policy/import-servers.js';
import { mcpConfigPath } from '../policy/mcp-config.js';
import { nameFrom } from '../policy/policy.js';
import { readExisting } from './init-changes.js';
import type { InitSession } from './init-decide.js';
import { write } from './io.js';

/** The servers that are imported, and where on the host their values go. */
export interface McpImport extends ImportedServers {
  /** Absolute. */
  readonly folder: string;
}

/** Reads the project's `.mcp.json` where `--import-mcp` is given, and says what stays there. @throws UserError */
export async function readImport({
  options,
  io,
  root,
  project,
}: InitSession): Promise<McpImport | undefined> {
  if (!options.importMcp) return undefined;
  const text = readExisting(project, mcpConfigPath);
  if (text === undefined) throw new UserError(`--import-mcp: there is no ${mcpConfigPath}`);
  const id = createHash('sha256').update(root).digest('hex').slice(0, 8);
  const place = `.config/harden-devcontainer/secrets/${nameFrom(basename(root)).replaceAll(' ', '-')}-${id}`;
  const imported = importServers({ path: mcpConfigPath, text }, `~/${place}`);
  for (const sentence of imported.skipped) await write(io.stderr, `warning: ${sentence}\n`);
  if (imported.secrets.size > 0)
    await write(
      io.stderr,
      `note: values of ${imported.secrets.size} variables move to ~/${place}; where ${mcpConfigPath} was committed they are in its history, so give out new ones\n`,
    );
  return { ...imported, folder: join(io.env.HOME ?? homedir(), place) };
}

/** Writes the values for the host side, for this user alone. @throws UserError where another value stands there already. */
export function storeSecrets({ folder, secrets }: McpImport): void {
  if (secrets.size === 0) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  for (const [name, text] of secrets) {
    const path = join(folder, name);
    try {
      writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || readFileSync(path, 'utf8') !== text)
        throw new UserError(
          `${path} cannot be written, or holds another value; nothing of the project was written`,
          {
            cause: error,
          },
        );
    }
  }
}
