import type { Container } from '../container/container.js';
import type { Edit, Finding } from '../core/rule.js';
import type { Place, SourceFile } from '../core/text.js';
import type { JsonNode } from '../documents/json.js';
import { placeOfPath } from '../documents/kinds.js';
import { removeSettings, type SettingsDocument } from '../documents/settings.js';
import type { HookCommand } from './hooks.js';
import type { AgentPermission } from './permissions.js';
import type { SettingsCommand } from './settings-commands.js';

declare module '../core/rule.js' {
  interface Subjects {
    'agent-settings': AgentSettings;
  }
}

export type AgentName =
  | 'claude'
  | 'codex'
  | 'gemini'
  | 'qwen'
  | 'cursor'
  | 'copilot'
  | 'opencode'
  | 'aider'
  | 'amp'
  | 'continue'
  | 'zed'
  | 'cline'
  | 'roo'
  | 'kiro'
  | 'amazonq'
  | 'grok'
  | 'vscode';

/** The names that users know, for messages. */
export const agentTitles: Readonly<Record<AgentName, string>> = {
  claude: 'Claude Code',
  codex: 'Codex',
  gemini: 'Gemini CLI',
  qwen: 'Qwen Code',
  cursor: 'Cursor',
  copilot: 'Copilot',
  opencode: 'OpenCode',
  aider: 'Aider',
  amp: 'Amp',
  continue: 'Continue',
  zed: 'Zed',
  cline: 'Cline',
  roo: 'Roo',
  kiro: 'Kiro',
  amazonq: 'Amazon Q',
  grok: 'Grok',
  vscode: 'VS Code',
};

/**
 * Whom a file governs: `project` everybody who opens the repository, `personal` one user of it, `user` every project of
 * a user, `managed` every user of a machine. The last two are seen only as files that a Dockerfile copies into place.
 */
export type Scope = 'project' | 'personal' | 'user' | 'managed';

/** A container with what the rules about its ways out have found. */
export interface JudgedContainer {
  readonly container: Container;
  /** Findings about its mounts, privileges, user and secrets. Worked out when first asked. */
  exposures(): readonly Finding[];
  /** Egress is closed, the user is not root, and nothing is open to the host. */
  isIsolated(): boolean;
}

/** A file of the repository that a Dockerfile puts where an agent in the container reads it. */
export interface ImageUse {
  readonly judged: JudgedContainer;
  /** Where it lands, as the Dockerfile names it. */
  readonly target: string;
}

/** One file of settings that an agent, an editor or an MCP client loads by itself. */
export interface AgentSettings {
  readonly agent: AgentName;
  readonly scope: Scope;
  readonly document: SettingsDocument;
  /** Undefined for a file of the repository: it governs the agent on the host too, so it is judged for the host. */
  readonly image: ImageUse | undefined;
  /** The dev containers of the project. */
  readonly containers: readonly JudgedContainer[];
  readonly permissions: readonly AgentPermission[];
  readonly hooks: readonly HookCommand[];
  readonly commands: readonly SettingsCommand[];
}

/** A setting of a file, and the edits that take it out. */
export interface Setting {
  readonly place: Place;
  remove(): readonly Edit[];
}

export function settingAt(document: SettingsDocument, node: JsonNode): Setting {
  const at = { start: node.offset, end: node.offset + node.length };
  return { place: { file: document.file, at }, remove: () => removeSettings(document, [node]) };
}

const byFolder: Readonly<Record<string, AgentName>> = {
  '.claude': 'claude',
  'managed-settings.d': 'claude',
  '.codex': 'codex',
  '.grok': 'grok',
  '.gemini': 'gemini',
  '.qwen': 'qwen',
  '.cursor': 'cursor',
  '.github': 'copilot',
  'github-copilot': 'copilot',
  'copilot-cli': 'copilot',
  '.opencode': 'opencode',
  '.amp': 'amp',
  '.continue': 'continue',
  '.zed': 'zed',
  '.roo': 'roo',
  '.kiro': 'kiro',
  '.amazonq': 'amazonq',
  '.vscode': 'vscode',
};
const byName: Readonly<Record<string, AgentName>> = {
  '.mcp.json': 'claude',
  'managed-mcp.json': 'claude',
  'managed-settings.json': 'claude',
  'cline_mcp_settings.json': 'cline',
  'opencode.json': 'opencode',
  'opencode.jsonc': 'opencode',
  '.aider.conf.yml': 'aider',
  '*.code-workspace': 'vscode',
};

/** The agent that reads a file at this path; undefined where none is known to. */
export function agentOf({ path }: SourceFile): AgentName | undefined {
  const [first = '', second = ''] = placeOfPath(path)?.segments ?? [];
  return second === '' ? byName[first] : byFolder[first];
}
