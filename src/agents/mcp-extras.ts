import { member } from '../documents/json.js';
import type { SettingsDocument } from '../documents/settings.js';
import { findRemoteExecutions, type RemoteExecution } from '../documents/shell.js';
import type { McpServer, ServerExtras } from './mcp-servers.js';
import { readCommandAt } from './settings-commands.js';

/** What a server's definition holds that only a shell's grammar tells. */
export async function extendServer(
  document: SettingsDocument,
  { node, words }: Pick<McpServer, 'node' | 'words'>,
): Promise<ServerExtras> {
  const helper = member(node, 'headersHelper') ?? member(node, 'http_headers_helper');
  const remoteExecutions: RemoteExecution[] = [];
  // A plain word is no script.
  for (const { text } of words)
    if (/[^\w@./:=-]/.test(text)) remoteExecutions.push(...(await findRemoteExecutions(text)));
  return {
    headersCommand: helper && (await readCommandAt(document, helper.key, helper.value)),
    remoteExecutions,
  };
}
