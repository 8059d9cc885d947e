import type { AgentSettings } from '../../agents/agent-settings.js';
import { offerFix } from '../../container/fixes.js';
import type { Report, Rule } from '../../core/rule.js';
import { elements, type JsonNode, member, members, placeOf, stringValue } from '../../documents/json.js';
import { appendSetting, removeSettings } from '../../documents/settings.js';

export const noPermissionBypassDefault: Rule<'agent-settings'> = {
  id: 'no-permission-bypass-default',
  on: 'agent-settings',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Do not start Claude Code with its permission checks off',
  why: 'With the checks off the agent does at once whatever a page, an issue or a file talks it into, also in files that the host runs later. That is a choice for a container that is closed on every side, not for a repository that everybody opens on their own machine.',
  references: [
    'https://code.claude.com/docs/en/permission-modes',
    'https://code.claude.com/docs/en/devcontainer',
    'https://cwe.mitre.org/data/definitions/862.html',
  ],
  examples: [
    {
      bad: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    "defaultMode": «"bypassPermissions"»,\n    "deny": ["Bash(sudo *)"]\n  }\n}\n',
      },
      fixed: { '.claude/settings.json': '{\n  "permissions": {\n    "deny": ["Bash(sudo *)"]\n  }\n}\n' },
    },
    {
      bad: { '.claude/settings.local.json': '{\n  "skipDangerousModePermissionPrompt": «true»\n}\n' },
      fixed: { '.claude/settings.local.json': '{}\n' },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "node"\n}\n',
        '.devcontainer/Dockerfile':
          'FROM node:24\nCOPY managed.json /etc/claude-code/managed-settings.json\nUSER node\n',
        '.devcontainer/managed.json': '{\n  "autoMode": {\n    "allow": «["run the tests"]»\n  }\n}\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "node"\n}\n',
        '.devcontainer/Dockerfile':
          'FROM node:24\nCOPY managed.json /etc/claude-code/managed-settings.json\nUSER node\n',
        '.devcontainer/managed.json':
          '{\n  "autoMode": {\n    "allow": ["run the tests", "$defaults"]\n  }\n}\n',
      },
    },
  ],
  good: [
    {
      '.claude/settings.json':
        '{ "permissions": { "defaultMode": "plan", "disableBypassPermissionsMode": "disable" } }',
    },
    { '.claude/settings.json': '{ "permissions": { "defaultMode": "dontAsk" } }' },
    { '.claude/settings.json': '{ "permissions": { "defaultMode": "acceptEdits" } }' },
    {
      '.devcontainer/devcontainer.json':
        '{ "build": { "dockerfile": "Dockerfile" }, "remoteUser": "node", "runArgs": ["--cap-add=NET_ADMIN"], "postStartCommand": "sudo /usr/local/bin/init-firewall.sh" }',
      '.devcontainer/Dockerfile':
        'FROM node:24\nCOPY init-firewall.sh /usr/local/bin/\nCOPY claude.json /home/node/.claude/settings.json\nUSER node\n',
      '.devcontainer/init-firewall.sh': '#!/bin/bash\niptables -P OUTPUT DROP\n',
      '.devcontainer/claude.json': '{ "permissions": { "defaultMode": "bypassPermissions" } }',
    },
  ],
  *check(settings) {
    // What an isolated container is for.
    if (settings.agent !== 'claude' || settings.image?.judged.isIsolated()) return;
    const { root } = settings.document;
    const mode = member(member(root, 'permissions')?.value, 'defaultMode')?.value;
    if (mode) yield* checkMode(settings, mode);
    for (const key of ['skipDangerousModePermissionPrompt', 'skipAutoPermissionPrompt']) {
      const node = member(root, key)?.value;
      if (node?.value !== true) continue;
      const isInert = settings.scope === 'project' && key === 'skipDangerousModePermissionPrompt';
      yield {
        ...finding(settings, node),
        message: isInert
          ? `${key} has no effect in a project's settings, and says what its author wants`
          : `${key} lets a mode without checks begin without the question that comes before it`,
        ...(isInert && { severity: 'info' as const }),
      };
    }
    // A project's own file has no say here.
    if (settings.scope !== 'project') yield* checkAutoMode(settings, member(root, 'autoMode')?.value);
  },
};

function finding(settings: AgentSettings, node: JsonNode): Pick<Report, 'place' | 'fixes'> {
  const { document } = settings;
  return {
    place: placeOf(document, node),
    fixes: offerFix('remove it', 'the agent asks as it does by default', removeSettings(document, [node])),
  };
}

function* checkMode(settings: AgentSettings, node: JsonNode): Iterable<Report> {
  const mode = stringValue(node);
  if (mode === 'bypassPermissions')
    yield {
      ...finding(settings, node),
      message: `starts every session with no permission checks (defaultMode ${mode})${settings.image ? ' in a container that is not closed' : ''}`,
      // Whether a project's file is still believed differs between the sources and releases.
      ...(settings.scope === 'project' && { confidence: 'medium' as const }),
    };
  if (mode === 'acceptEdits')
    yield {
      ...finding(settings, node),
      message: 'starts every session with edits accepted unseen (defaultMode acceptEdits)',
      severity: 'info',
      persona: 'pedantic',
    };
}

function* checkAutoMode({ document }: AgentSettings, autoMode: JsonNode | undefined): Iterable<Report> {
  for (const { key, value } of members(autoMode)) {
    if (value.type !== 'array' || elements(value).some((node) => stringValue(node) === '$defaults')) continue;
    yield {
      place: placeOf(document, value),
      message: `autoMode.${key} replaces the built-in rules, for it does not hold "$defaults"`,
      fixes: offerFix(
        'add "$defaults"',
        'the built-in rules hold again',
        appendSetting(document, value, '$defaults'),
      ),
    };
  }
}
