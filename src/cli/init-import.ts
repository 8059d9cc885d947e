import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { UserError } from '../core/errors.js';
import { printable } from '../core/printable.js';
import type { Project } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import { type ImportedServers, importServers } from '../policy/import-servers.js';
import { mcpClientFiles } from '../policy/mcp-config.js';
import { nameFrom, policyPath } from '../policy/policy.js';
import { openFolder } from '../project/read.js';
import { readExisting } from './init-changes.js';
import type { InitSession } from './init-decide.js';
import { write } from './io.js';

/** The servers that are imported, and where on the host their values go. */
export interface McpImport extends ImportedServers {
  /** Absolute. */
  readonly folder: string;
  /** Where in the project each stood: the way to it takes its place there. */
  readonly taken: readonly { readonly path: string; readonly name: string }[];
}

/** Where clients keep the servers of their user, below the home folder. */
const userFiles = ['.claude.json', '.cursor/mcp.json', '.gemini/settings.json', '.copilot/mcp-config.json'];

/** A client's file to import from. */
interface ImportSource {
  readonly file: SourceFile;
  readonly key: string;
  readonly isOfProject: boolean;
}

/**
 * Whether to import: where a flag says so, or the user does. Undefined where the user cancels. Only a project without a
 * policy is asked about.
 */
export async function wantsImport({ options, project, prompter }: InitSession): Promise<boolean | undefined> {
  if (options.importMcp || options.importMcpUser) return true;
  if (!prompter || readExisting(project, policyPath) !== undefined) return false;
  const found = sourcesOfProject(project).flatMap(({ file, key }) => {
    const names = importServers(file, '~', key).servers.map(({ name }) => name);
    return names.length > 0 ? [`${file.path} (${printable(names.join(', '))})`] : [];
  });
  if (found.length === 0) return false;
  return prompter.confirm(
    `MCP servers are named in ${found.join(', ')}. Run them on the host, behind the gate, and take their secrets out of the repository?`,
    true,
  );
}

/** Reads the clients' files, and says what stays there. @throws UserError */
export async function readImport(session: InitSession): Promise<McpImport> {
  const { io, root } = session;
  const id = createHash('sha256').update(root).digest('hex').slice(0, 8);
  const place = `.config/harden-devcontainer/secrets/${nameFrom(basename(root)).replaceAll(' ', '-')}-${id}`;
  const servers = new Map<string, ImportedServers['servers'][number]>();
  const secrets = new Map<string, string>();
  const skipped: string[] = [];
  const taken: { path: string; name: string }[] = [];
  for (const { file, key, isOfProject } of listSources(session)) {
    const imported = importServers(file, `~/${place}`, key);
    skipped.push(...imported.skipped);
    for (const server of imported.servers) {
      if (servers.has(server.name)) {
        skipped.push(
          `${JSON.stringify(server.name)} stays in ${file.path}: another file has a server of that name`,
        );
        continue;
      }
      servers.set(server.name, server);
      if (isOfProject) taken.push({ path: file.path, name: server.name });
      for (const [name, text] of imported.secrets)
        if (name.startsWith(`${server.name}.`)) secrets.set(name, text);
    }
  }
  for (const sentence of skipped) await write(io.stderr, `warning: ${printable(sentence)}\n`);
  if (secrets.size > 0)
    await write(
      io.stderr,
      `note: values of ${secrets.size} variables move to ~/${place}; where a file of the project with them was committed they are in its history, so give out new ones\n`,
    );
  return { servers: [...servers.values()], secrets, skipped, taken, folder: join(homeOf(session), place) };
}

function listSources(session: InitSession): readonly ImportSource[] {
  const { options, project } = session;
  // Whoever was asked was asked about the project's.
  const isOfProject = options.importMcp || !options.importMcpUser;
  const ofProject = isOfProject ? sourcesOfProject(project) : [];
  const home = openFolder(homeOf(session));
  const ofUser = userFiles.flatMap((path): ImportSource[] => {
    const text = options.importMcpUser ? readExisting(home, path) : undefined;
    return text === undefined
      ? []
      : [{ file: { path: `~/${path}`, text }, key: 'mcpServers', isOfProject: false }];
  });
  if (options.importMcp && ofProject.length === 0)
    throw new UserError(`--import-mcp: there is no ${mcpClientFiles.map(({ path }) => path).join(', ')}`);
  if (options.importMcpUser && ofUser.length === 0)
    throw new UserError(`--import-mcp-user: there is no ${userFiles.map((path) => `~/${path}`).join(', ')}`);
  return [...ofProject, ...ofUser];
}

function sourcesOfProject(project: Project): readonly ImportSource[] {
  return mcpClientFiles.flatMap(({ path, key }): ImportSource[] => {
    const text = readExisting(project, path);
    return text === undefined ? [] : [{ file: { path, text }, key, isOfProject: true }];
  });
}

function homeOf({ io }: InitSession): string {
  return io.env.HOME ?? homedir();
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
