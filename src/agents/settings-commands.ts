import { elements, type JsonNode, member, placeOf, stringValue } from '../documents/json.js';
import type { SettingsDocument } from '../documents/settings.js';
import { type AgentName, type Setting, settingAt } from './agent-settings.js';
import { findShellDangers, type ShellDanger } from './shell-dangers.js';

/** A setting whose value is run as a command. */
export interface SettingsCommand extends Setting {
  /** The setting's name in the file. */
  readonly key: string;
  readonly text: string;
  /** Its output is used as a credential or sent as a header. */
  readonly credential: boolean;
  readonly dangers: readonly ShellDanger[];
}

const keys: Partial<Record<AgentName, readonly (readonly string[])[]>> = {
  claude: [
    ['apiKeyHelper'],
    ['awsAuthRefresh'],
    ['awsCredentialExport'],
    ['gcpAuthRefresh'],
    ['otelHeadersHelper'],
    ['statusLine', 'command'],
    ['subagentStatusLine', 'command'],
    ['fileSuggestion', 'command'],
    ['processWrapper'],
  ],
  gemini: [
    ['tools', 'discoveryCommand'],
    ['tools', 'callCommand'],
    ['toolDiscoveryCommand'],
    ['toolCallCommand'],
  ],
  qwen: [
    ['tools', 'discoveryCommand'],
    ['tools', 'callCommand'],
  ],
  aider: [['test-cmd'], ['lint-cmd'], ['load'], ['notifications-command']],
};

/** The commands that a file's settings start. */
export async function readCommands(
  agent: AgentName,
  document: SettingsDocument,
): Promise<readonly SettingsCommand[]> {
  const commands: SettingsCommand[] = [];
  for (const path of keys[agent] ?? []) {
    const node = path.reduce<JsonNode | undefined>((one, key) => member(one, key)?.value, document.root);
    const [key = ''] = path;
    // Aider takes a list of them too, one for each language.
    for (const one of node?.type === 'array' ? elements(node) : [node]) {
      const command = one && (await readCommandAt(document, key === 'tools' ? (path[1] ?? key) : key, one));
      if (command) commands.push(command);
    }
  }
  return commands;
}

/** The command that a node holds; undefined for an empty text and for what is none. */
export async function readCommandAt(
  document: SettingsDocument,
  key: string,
  node: JsonNode | undefined,
): Promise<SettingsCommand | undefined> {
  const text = stringValue(node);
  if (!node || text === undefined || text.trim() === '') return undefined;
  return {
    ...settingAt(document, node),
    place: placeOf(document, node),
    key,
    text,
    credential: /helper|auth|credential|headers/i.test(key),
    // Aider writes a language before the command: `python: flake8`.
    dangers: await findShellDangers(text.replace(/^[a-z+#]{1,20}:\s+/i, '')),
  };
}
