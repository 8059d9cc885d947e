import type { AgentSettings } from '../../agents/agent-settings.js';
import { breadthOf } from '../../agents/shell-breadth.js';
import type { Workspace } from '../../agents/workspace.js';
import { offerFix } from '../../container/fixes.js';
import type { Report, Rule, Severity } from '../../core/rule.js';
import { elements, type JsonNode, member, placeOf, stringValue } from '../../documents/json.js';
import { removeSettings } from '../../documents/settings.js';

export const noGeminiAutoApprove: Rule<'workspace'> = {
  id: 'no-gemini-auto-approve',
  on: 'workspace',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Do not let Gemini CLI or Qwen Code act without asking from a repository',
  why: 'A committed setting holds for everybody who opens the folder. With edits approved, a shell among the allowed tools or the sandbox open, text in a file is enough to change the project or to run a command.',
  references: [
    'https://geminicli.com/docs/reference/configuration/',
    'https://geminicli.com/docs/cli/trusted-folders/',
    'https://cwe.mitre.org/data/definitions/862.html',
  ],
  examples: [
    {
      bad: {
        '.gemini/settings.json':
          '{\n  "general": { "defaultApprovalMode": «"auto_edit"», "vimMode": true },\n  "tools": { "allowed": ["read_file", «"run_shell_command"»] }\n}\n',
      },
      fixed: {
        '.gemini/settings.json':
          '{\n  "general": { "vimMode": true },\n  "tools": { "allowed": ["read_file"] }\n}\n',
      },
    },
    {
      bad: { '.qwen/settings.json': '{\n  "tools": { "approvalMode": «"yolo"» }\n}\n' },
      fixed: { '.qwen/settings.json': '{}\n' },
    },
    {
      bad: '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "postCreateCommand": "npm i -g @google/gemini-cli@0.10.0",\n  "containerEnv": { "GEMINI_CLI_TRUST_WORKSPACE": «"true"» }\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "postCreateCommand": "npm i -g @google/gemini-cli@0.10.0"\n}\n',
    },
  ],
  good: [
    {
      '.gemini/settings.json':
        '{ "general": { "defaultApprovalMode": "plan" }, "tools": { "allowed": ["run_shell_command(git status)", "run_shell_command(npm test)"], "exclude": ["run_shell_command"], "sandbox": true }, "security": { "disableYoloMode": true, "folderTrust": { "enabled": true }, "blockGitExtensions": true } }',
    },
    { '.qwen/settings.json': '{ "tools": { "approvalMode": "default" } }' },
  ],
  *check(workspace) {
    for (const settings of workspace.settings) {
      if (settings.agent !== 'gemini' && settings.agent !== 'qwen') continue;
      if (settings.image?.judged.isIsolated()) continue;
      yield* checkKeys(settings);
      yield* checkTools(settings);
    }
    yield* checkVariables(workspace);
  },
};

interface Weakness {
  readonly path: readonly string[];
  isWeak(value: unknown): boolean;
  readonly what: string;
  readonly severity?: Severity;
}

const isYolo = (value: unknown) => value === 'yolo';
const isAutoEdit = (value: unknown) => value === 'auto_edit' || value === 'auto-edit';

const weaknesses: readonly Weakness[] = [
  ...[['general', 'defaultApprovalMode'], ['tools', 'approvalMode'], ['approvalMode']].flatMap(
    (path): Weakness[] => [
      { path, isWeak: isYolo, what: 'approves every tool unseen', severity: 'error' },
      { path, isWeak: isAutoEdit, what: 'approves every edit unseen' },
    ],
  ),
  {
    path: ['tools', 'sandboxNetworkAccess'],
    isWeak: (value) => value === true,
    what: 'opens the network to the sandbox',
  },
  {
    path: ['security', 'folderTrust', 'enabled'],
    isWeak: (value) => value === false,
    what: 'trusts every folder',
  },
  {
    path: ['security', 'blockGitExtensions'],
    isWeak: (value) => value === false,
    what: 'lets extensions come from any repository',
  },
];

function* checkKeys(settings: AgentSettings): Iterable<Report> {
  const { root } = settings.document;
  for (const { path, isWeak, what, severity } of weaknesses) {
    const node = path.reduce<JsonNode | undefined>((one, key) => member(one, key)?.value, root);
    if (node && isWeak(node.value))
      yield {
        ...finding(settings, node, `${what} (${path.join('.')} ${String(node.value)})`),
        ...(severity && { severity }),
      };
  }
  for (const node of elements(member(member(root, 'tools')?.value, 'sandboxAllowedPaths')?.value))
    if (/^(?:\/|~\/?|\$HOME\/?)$/.test(stringValue(node) ?? ''))
      yield {
        ...finding(settings, node, `gives the sandbox ${stringValue(node)} of the machine`),
        severity: 'error',
      };
}

function* checkTools(settings: AgentSettings): Iterable<Report> {
  for (const { effect, tool, pattern, node, text } of settings.permissions) {
    const breadth = effect === 'allow' && tool === 'shell' ? breadthOf(pattern ?? '*') : undefined;
    if (breadth && breadth.level !== 'builder')
      yield finding(settings, node, `allows ${text} without asking: ${breadth.reason}`);
  }
}

function finding({ document }: AgentSettings, node: JsonNode, what: string): Report {
  return {
    place: placeOf(document, node),
    message: what,
    fixes: offerFix('remove it', 'the agent asks as it does by default', removeSettings(document, [node])),
  };
}

function* checkVariables({ containers }: Workspace): Iterable<Report> {
  for (const { container } of containers)
    for (const { value, place, remove } of container.environment)
      if (value.name === 'GEMINI_CLI_TRUST_WORKSPACE' && /^(?:true|1)$/i.test(value.value ?? ''))
        yield {
          place,
          message: 'trusts the workspace without a question (GEMINI_CLI_TRUST_WORKSPACE)',
          severity: 'info',
          fixes: offerFix('remove it', 'the agent asks once for the folder', remove()),
        };
}
