import type { AgentSettings } from '../../agents/agent-settings.js';
import {
  belowRoot,
  ignoreFiles,
  isMasked,
  newIgnoreFile,
  readableBy,
  readableByClaude,
} from '../../agents/secret-coverage.js';
import type { Workspace } from '../../agents/workspace.js';
import type { Container, Sign } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { listRepositorySecrets, type RepositorySecret } from '../../container/repository-secrets.js';
import type { Edit, Fix, Project, Report, Rule } from '../../core/rule.js';
import type { SourceFile } from '../../core/text.js';
import { member, placeOf } from '../../documents/json.js';
import { appendSetting, setSetting } from '../../documents/settings.js';

export const requireAgentIgnoreCoverage: Rule<'workspace'> = {
  id: 'require-agent-ignore-coverage',
  on: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  persona: 'default',
  summary: 'Tell agents which files of the workspace are not for them',
  why: 'An agent that looks around reads what lies there, and what it has read goes to the model and into its answers. Deny rules and ignore files stop its own tools, not a shell; an empty mount over the file stops both.',
  references: [
    'https://code.claude.com/docs/en/permissions',
    'https://cursor.com/docs/context/ignore-files',
    'https://cwe.mitre.org/data/definitions/200.html',
  ],
  examples: [
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{ "image": "node:24", "remoteUser": "node", "features": { "ghcr.io/anthropics/devcontainer-features/claude-code:1": {} } }\n',
        '.claude/settings.json': '{\n  "permissions": {\n    "deny": «["Read(./secrets/**)"]»\n  }\n}\n',
        '.env': 'API_KEY=q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{ "image": "node:24", "remoteUser": "node", "features": { "ghcr.io/anthropics/devcontainer-features/claude-code:1": {} } }\n',
        '.claude/settings.json':
          '{\n  "permissions": {\n    "deny": ["Read(./secrets/**)", "Read(./.env)"]\n  }\n}\n',
        '.env': 'API_KEY=q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{ "image": "node:24", "remoteUser": "node", "postCreateCommand": "npm i -g «@google/gemini-cli»@0.10.0" }\n',
        '.geminiignore': 'dist/\n',
        '.env.local': 'API_KEY=q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{ "image": "node:24", "remoteUser": "node", "postCreateCommand": "npm i -g @google/gemini-cli@0.10.0" }\n',
        '.geminiignore': 'dist/\n/.env.local\n',
        '.env.local': 'API_KEY=q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{ "image": "node:24", "remoteUser": "node", "postCreateCommand": "npm i -g «@google/gemini-cli»@0.10.0" }\n',
        '.env': 'API_KEY=q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{ "image": "node:24", "remoteUser": "node", "postCreateCommand": "npm i -g @google/gemini-cli@0.10.0" }\n',
        '.geminiignore': '/.env\n',
        '.env': 'API_KEY=q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc\n',
      },
    },
  ],
  good: [
    {
      '.devcontainer/devcontainer.json':
        '{ "image": "node:24", "remoteUser": "node", "features": { "ghcr.io/anthropics/devcontainer-features/claude-code:1": {} } }',
      '.claude/settings.json': '{ "permissions": { "deny": ["Read(./.env*)"] } }',
      '.env': 'API_KEY=q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc',
    },
    {
      '.devcontainer/devcontainer.json':
        '{ "image": "node:24", "remoteUser": "node", "features": { "ghcr.io/anthropics/devcontainer-features/claude-code:1": {} }, "mounts": ["type=bind,source=/dev/null,target=/workspaces/app/.env"] }',
      '.env': 'API_KEY=q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc',
    },
    {
      '.devcontainer/devcontainer.json': '{ "image": "node:24", "remoteUser": "node" }',
      '.env': 'API_KEY=q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc',
    },
    {
      '.devcontainer/devcontainer.json':
        '{ "image": "node:24", "remoteUser": "node", "postCreateCommand": "npm i -g @openai/codex@0.50.0" }',
      '.env': 'API_KEY=q8Zr2Lx7Vb4Nw9Tk3Hd6Jf1Yp5Gc',
    },
  ],
  *check(workspace, project) {
    for (const { container } of workspace.containers) {
      if (container.posture.agents.length === 0) continue;
      const secrets = listRepositorySecrets(workspace.root, project).filter(
        ({ path, sample }) => !sample && !isMasked(container, belowRoot(workspace.root, path)),
      );
      if (secrets.length > 0) yield* checkAgents(workspace, container, secrets, project);
    }
  },
};

function* checkAgents(
  workspace: Workspace,
  { posture }: Container,
  secrets: readonly RepositorySecret[],
  project: Project,
): Iterable<Report> {
  for (const agent of posture.agents) {
    if (agent.what === 'Claude Code') {
      const open = readableByClaude(workspace, secrets);
      if (open.length > 0) yield reportClaude(workspace, agent, open);
      continue;
    }
    const names = ignoreFiles[agent.what];
    if (!names) continue;
    const { open, file } = readableBy(names, workspace.root, secrets, project);
    if (open.length > 0)
      yield reportIgnore(
        workspace,
        agent,
        names[0] ?? '',
        open,
        file ?? newIgnoreFile(names, workspace.root, project),
      );
  }
}

function messageOf(
  agent: Sign,
  { root }: Workspace,
  open: readonly RepositorySecret[],
  where: string,
): string {
  const shown = open.slice(0, 3).map(({ path }) => belowRoot(root, path));
  const more = open.length > shown.length ? ` and ${open.length - shown.length} more` : '';
  return `nothing keeps ${agent.what} from reading ${shown.join(', ')}${more}: name them in ${where}, which stops its own tools, or mount something empty over them, which stops a shell too`;
}

function reportClaude(workspace: Workspace, agent: Sign, open: readonly RepositorySecret[]): Report {
  const settings = workspace.settings.find((one) => one.agent === 'claude' && one.scope === 'project');
  const permissions = member(settings?.document.root, 'permissions');
  const deny = member(permissions?.value, 'deny')?.value;
  const node = deny ?? permissions?.keyNode;
  const rules = open.map(({ path }) => `Read(./${belowRoot(workspace.root, path)})`);
  return {
    place: settings && node ? placeOf(settings.document, node) : agent.place,
    message: messageOf(agent, workspace, open, 'permissions.deny'),
    fixes: asSafe('deny reading them', settings ? denyEdits(settings, rules) : []),
  };
}

function denyEdits({ document }: AgentSettings, rules: readonly string[]): readonly Edit[] {
  const permissions = member(document.root, 'permissions')?.value;
  const deny = member(permissions, 'deny')?.value;
  if (deny) return rules.flatMap((rule) => appendSetting(document, deny, rule));
  if (permissions) return setSetting(document, permissions, 'deny', rules);
  return document.root ? setSetting(document, document.root, 'permissions', { deny: rules }) : [];
}

function reportIgnore(
  workspace: Workspace,
  agent: Sign,
  name: string,
  open: readonly RepositorySecret[],
  file: SourceFile | undefined,
): Report {
  const paths = open
    .map(({ path }) => belowRoot(workspace.root, path))
    .filter((path) => !/[\\*?[\]\s#!]/.test(path));
  return {
    place: agent.place,
    message: messageOf(agent, workspace, open, name),
    fixes: asSafe(
      file?.text === '' ? `begin ${name} with them` : `add them to ${name}`,
      file ? appendLines(file, paths) : [],
    ),
  };
}

function appendLines({ path, text }: SourceFile, lines: readonly string[]): readonly Edit[] {
  if (lines.length === 0) return [];
  const lineEnd = /\r\n/.test(text) ? '\r\n' : '\n';
  const isOpen = text !== '' && !/[\r\n]$/.test(text);
  const added = lines.map((line) => `/${line}`).join(lineEnd);
  const at = { start: text.length, end: text.length };
  return [{ file: path, at, text: isOpen ? lineEnd + added : added + lineEnd }];
}

function asSafe(title: string, edits: readonly Edit[]): readonly Fix[] {
  const fixes = offerFix(title, 'the agent asks for what it needs of them', edits);
  return fixes.map((fix) => ({ ...fix, safety: 'safe' }));
}
