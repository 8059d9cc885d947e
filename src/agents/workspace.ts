import type { Project } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';
import { jsonProblems } from '../documents/json-problems.js';
import { type DocumentKind, kindOf } from '../documents/kinds.js';
import type { UnreadableFile } from '../documents/problem.js';
import { parseSettings, type SettingsDocument } from '../documents/settings.js';
import type { AgentFile } from './agent-files.js';
import {
  type AgentName,
  type AgentSettings,
  agentOf,
  type ImageUse,
  type JudgedContainer,
  type Scope,
} from './agent-settings.js';
import { type DeclaredGateway, readDeclaredGateway } from './declared-gateway.js';
import { hasHooks, readHooks } from './hooks.js';
import { extendServer } from './mcp-extras.js';
import { type McpConfig, readServers } from './mcp-servers.js';
import { readFileTrust } from './mcp-trust.js';
import { readPermissions } from './permissions.js';
import { readCommands } from './settings-commands.js';

declare module '../core/rule.js' {
  interface Subjects {
    workspace: Workspace;
  }
}

/** One project: its dev containers and what agents, editors and MCP clients load from it. */
export interface Workspace {
  /** '/'-separated, `''` for the root of everything. */
  readonly root: string;
  readonly containers: readonly JudgedContainer[];
  readonly settings: readonly AgentSettings[];
  readonly configs: readonly McpConfig[];
  readonly gateway: DeclaredGateway | undefined;
}

export interface WorkspaceReading {
  readonly workspace: Workspace;
  readonly documents: readonly SettingsDocument[];
  readonly problems: readonly UnreadableFile[];
}

/** Reads agents' files of a project. One with errors gives a problem, and what can be read of it. */
export async function readWorkspace(
  root: string,
  containers: readonly JudgedContainer[],
  files: readonly AgentFile[],
  project: Project,
): Promise<WorkspaceReading> {
  const reading: Reading = {
    root,
    containers,
    project,
    settings: [],
    configs: [],
    documents: [],
    problems: [],
  };
  for (const { path, image } of files) await readAgentFile(reading, path, image);
  const { settings, configs, documents, problems } = reading;
  return {
    workspace: { root, containers, settings, configs, gateway: readDeclaredGateway(root, project) },
    documents,
    problems,
  };
}

interface Reading {
  readonly root: string;
  readonly containers: readonly JudgedContainer[];
  readonly project: Project;
  readonly settings: AgentSettings[];
  readonly configs: McpConfig[];
  readonly documents: SettingsDocument[];
  readonly problems: UnreadableFile[];
}

/** What is Markdown is not read here. */
const readable = /\.(?:json|jsonc|toml|ya?ml|code-workspace)$/;

async function readAgentFile(reading: Reading, path: string, image: ImageUse | undefined): Promise<void> {
  // In an image its place there decides what it is; the repository may call it otherwise.
  const place = image ? image.target.replace(/^\//, '') : path;
  const kind = kindOf(place);
  const agent = agentOf({ path: place, text: '' });
  if (!kind || !agent || !readable.test(path)) return;
  const result = reading.project.read(path);
  if ('problem' in result) {
    const message = `the file ${result.message}`;
    reading.problems.push({ file: { path, text: '' }, at: { start: 0, end: 0 }, message });
    return;
  }
  const document = await readDocument(reading, result.file);
  const scope = scopeOf(place, image);
  if (withServers.has(kind)) {
    const servers = await readServers(document, agent, (server) => extendServer(document, server));
    const containers = reading.containers.map(({ container }) => container);
    const trusted = readFileTrust(document, agent);
    // Most files of settings say nothing about servers.
    if (servers.length > 0 || trusted.length > 0)
      reading.configs.push({
        client: agent,
        document,
        servers,
        trusted,
        image,
        containers,
        siblings: reading.configs,
      });
  }
  if (kind !== 'mcp-config')
    reading.settings.push(await toSettings(reading, document, { agent, scope, image }));
}

async function readDocument(reading: Reading, file: SourceFile): Promise<SettingsDocument> {
  const known = reading.documents.find((document) => document.file === file);
  if (known) return known;
  const document = await parseSettings(file);
  reading.documents.push(document);
  reading.problems.push(...problemsOf(document));
  return document;
}

function problemsOf(document: SettingsDocument): readonly UnreadableFile[] {
  const { file, language, problems } = document;
  if (language === 'toml') return problems.map(({ at, message }) => ({ file, at, message }));
  // An empty YAML file sets nothing, which is no mistake; to JSON it is.
  return language === 'yaml' && file.text.trim() === '' ? [] : jsonProblems(document);
}

async function toSettings(
  { root, project, containers }: Reading,
  document: SettingsDocument,
  { agent, scope, image }: { agent: AgentName; scope: Scope; image: ImageUse | undefined },
): Promise<AgentSettings> {
  return {
    agent,
    scope,
    document,
    image,
    containers,
    permissions: readPermissions(agent, document),
    hooks: hasHooks(agent) ? await readHooks(document, { root, project }) : [],
    commands: await readCommands(agent, document),
  };
}

const withServers: ReadonlySet<DocumentKind> = new Set([
  'mcp-config',
  'claude-settings',
  'codex-config',
  'gemini-settings',
  'qwen-settings',
  'opencode-config',
  'amp-settings',
  'zed-settings',
  'continue-config',
  'vscode-settings',
]);

function scopeOf(path: string, image: ImageUse | undefined): Scope {
  if (/(?:^|\/)managed-(?:settings|mcp)(?:\.d\/[^/]+)?\.json$/.test(path) || /^etc\//.test(path))
    return 'managed';
  if (image) return 'user';
  return /settings\.local\.json$/.test(path) ? 'personal' : 'project';
}
