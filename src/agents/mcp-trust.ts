import { elements, type JsonNode, member, stringValue } from '../documents/json.js';
import type { SettingsDocument } from '../documents/settings.js';
import { type AgentName, settingAt } from './agent-settings.js';
import type { McpTrust } from './mcp-servers.js';

/** Settings of a whole file that let servers or their tools run without anybody having looked at them. */
export function readFileTrust(document: SettingsDocument, agent: AgentName): readonly McpTrust[] {
  if (agent !== 'claude') return [];
  const { root } = document;
  const switches = ['enableAllProjectMcpServers', 'allowAllClaudeAiMcps'].flatMap((key) => {
    const node = member(root, key)?.value;
    return node?.value === true ? [{ ...settingAt(document, node), key, tool: '*' }] : [];
  });
  const named = elements(member(root, 'enabledMcpjsonServers')?.value).flatMap((node) =>
    isWildcard(stringValue(node)) ? [trustAt(document, node, 'enabledMcpjsonServers')] : [],
  );
  const allowed = elements(member(root, 'allowedMcpServers')?.value).flatMap((node) => {
    const patterns = ['serverName', 'serverUrl'].map((key) => stringValue(member(node, key)?.value));
    return patterns.some(isWildcard) ? [trustAt(document, node, 'allowedMcpServers')] : [];
  });
  return [...switches, ...named, ...allowed];
}

function trustAt(document: SettingsDocument, node: JsonNode, key: string): McpTrust {
  return { ...settingAt(document, node), key, tool: '*' };
}

function isWildcard(text: string | undefined): boolean {
  return text !== undefined && /^(?:\*+|\*:\/\/\*(?:\/\*)?|https?:\/\/\*(?:\/\*)?)$/.test(text.trim());
}
