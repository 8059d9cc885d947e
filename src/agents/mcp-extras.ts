import { member } from '../documents/json.js';
import type { SettingsDocument } from '../documents/settings.js';
import { findRemoteExecutions } from '../documents/shell.js';
import type { McpServer, ServerExtras } from './mcp-servers.js';
import { readCommandAt } from './settings-commands.js';

/** What a server's definition holds that only a shell's grammar tells. */
export async function extendServer(
  document: SettingsDocument,
  { node, words }: Pick<McpServer, 'node' | 'words'>,
): Promise<ServerExtras> {
  const key = ['headersHelper', 'http_headers_helper'].find((name) => member(node, name)) ?? '';
  const executions = await Promise.all(words.map(({ text }) => findRemoteExecutions(text)));
  return {
    headersCommand: await readCommandAt(document, key, member(node, key)?.value),
    remoteExecutions: executions.flat(),
  };
}
