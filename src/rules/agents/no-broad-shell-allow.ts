import type { AgentSettings } from '../../agents/agent-settings.js';
import { offerNarrowing } from '../../agents/permission-fixes.js';
import type { AgentPermission } from '../../agents/permissions.js';
import { breadthOf } from '../../agents/shell-breadth.js';
import type { Report, Rule } from '../../core/rule.js';

export const noBroadShellAllow: Rule<'agent-settings'> = {
  id: 'no-broad-shell-allow',
  on: 'agent-settings',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Do not let Claude Code run any command without asking',
  why: 'A permission that ends in a free program argument is a permission for everything: injected text in a page, an issue or a file makes the agent run it as code, and no prompt stands in between. Deny rules for other commands do not help, for an interpreter starts them itself.',
  references: [
    'https://code.claude.com/docs/en/permissions',
    'https://cwe.mitre.org/data/definitions/78.html',
    'https://genai.owasp.org/llmrisk/llm062025-excessive-agency/',
  ],
  examples: [
    {
      bad: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    "allow": ["Bash(npm test)", «"Bash(*)"»]\n  }\n}\n',
      },
      fixed: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    "allow": ["Bash(npm test)"],\n    "ask": ["Bash(*)"]\n  }\n}\n',
      },
    },
    {
      bad: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    "allow": [\n      «"Bash(python3:*)"»,\n      "Read"\n    ],\n    "ask": ["Bash(git push:*)"]\n  }\n}\n',
      },
      fixed: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    "allow": [\n      "Read"\n    ],\n    "ask": ["Bash(git push:*)", "Bash(python3:*)"]\n  }\n}\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "node"\n}\n',
        '.devcontainer/Dockerfile':
          'FROM node:24\nCOPY claude.json /home/node/.claude/settings.json\nUSER node\n',
        '.devcontainer/claude.json': '{ "permissions": { "allow": [«"Bash"»] } }\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "node"\n}\n',
        '.devcontainer/Dockerfile':
          'FROM node:24\nCOPY claude.json /home/node/.claude/settings.json\nUSER node\n',
        '.devcontainer/claude.json': '{ "permissions": { "allow": [], "ask": ["Bash"] } }\n',
      },
    },
  ],
  good: [
    {
      '.claude/settings.json':
        '{ "permissions": { "allow": ["Bash(npm test)", "Bash(git status:*)", "Bash(npx tsc *)", "Bash(docker ps:*)", "Read"], "ask": ["Bash(curl:*)"], "deny": ["Bash", "Bash(sudo:*)", "Bash(bash -c *)"] } }',
    },
    {
      '.claude/settings.json':
        '{ "permissions": { "allow": ["Bash(npm run *)", "Bash(git *)", "Bash(make:*)"] } }',
    },
    {
      '.claude/settings.json':
        '{ "permissions": { "allow": ["Bash(python manage.py *)", "Bash(python -m pytest:*)"] } }',
    },
    {
      '.claude/settings.json': '{ "permissions": { "allow": "Bash", "deny": [1, null, { "Bash": true }] } }',
    },
  ],
  *check(settings) {
    if (settings.agent !== 'claude') return;
    for (const permission of settings.permissions) {
      const judged = judge(settings, permission);
      if (judged) yield { place: permission.place, ...judged, fixes: offerNarrowing(settings, [permission]) };
    }
  },
};

function judge(
  { image }: AgentSettings,
  { effect, tool, pattern, text }: AgentPermission,
): Pick<Report, 'message' | 'severity' | 'persona'> | undefined {
  if (effect !== 'allow' || tool !== 'shell') return undefined;
  const breadth = breadthOf(pattern ?? '*');
  if (!breadth) return undefined;
  const message = `allows ${text} without asking: ${breadth.reason}`;
  if (breadth.level === 'builder') return { message, severity: 'info', persona: 'pedantic' };
  if (image?.judged.isIsolated()) return { message, severity: 'info' };
  return { message, severity: breadth.level === 'everything' ? 'error' : 'warning' };
}
