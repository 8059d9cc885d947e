import { type AgentName, type AgentSettings, agentTitles } from '../../agents/agent-settings.js';
import type { AgentPermission } from '../../agents/permissions.js';
import { taskCommands } from '../../agents/tasks.js';
import type { Workspace } from '../../agents/workspace.js';
import { offerFix } from '../../container/fixes.js';
import { unattendedIn } from '../../container/unattended.js';
import type { Report, Rule } from '../../core/rule.js';
import { member, placeOf, stringValue } from '../../documents/json.js';
import { removeSettings, replaceSetting } from '../../documents/settings.js';

export const noAgentFullAuto: Rule<'workspace'> = {
  id: 'no-agent-full-auto',
  on: 'workspace',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Do not let an agent act without asking, outside of a closed container',
  why: 'An agent that asks nobody does what the text in front of it says, and some of that text comes from strangers. What stands between it and the machine is then the container alone, if there is one.',
  references: [
    'https://opencode.ai/docs/permissions/',
    'https://ampcode.com/manual',
    'https://aider.chat/docs/config/options.html',
    'https://code.claude.com/docs/en/devcontainer',
    'https://genai.owasp.org/llmrisk/llm062025-excessive-agency/',
  ],
  examples: [
    {
      bad: { 'opencode.json': '{\n  "model": "x",\n  "permission": «"allow"»\n}\n' },
      fixed: { 'opencode.json': '{\n  "model": "x",\n  "permission": "ask"\n}\n' },
    },
    {
      bad: {
        '.opencode/opencode.jsonc':
          '{\n  "permission": { "bash": { "*": «"allow"», "git push *": "deny" }, "edit": "ask" },\n  "share": «"auto"»\n}\n',
      },
      fixed: {
        '.opencode/opencode.jsonc':
          '{\n  "permission": { "bash": { "*": "ask", "git push *": "deny" }, "edit": "ask" }\n}\n',
      },
    },
    {
      bad: { '.amp/settings.json': '{\n  "amp.dangerouslyAllowAll": «true»\n}\n' },
      fixed: { '.amp/settings.json': '{}\n' },
    },
    {
      bad: { '.aider.conf.yml': '# shared\nmodel: sonnet\nyes-always: «true»\nauto-commits: false\n' },
      fixed: { '.aider.conf.yml': '# shared\nmodel: sonnet\nauto-commits: false\n' },
    },
    {
      bad: '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "postStartCommand": "claude «--dangerously-skip-permissions» -p \'fix the tests\'"\n}\n',
    },
  ],
  good: [
    { '.aider.conf.yml': 'yes-always: false\nmodel: sonnet\n' },
    {
      'opencode.json':
        '{ "permission": { "*": "ask", "read": "allow", "bash": { "*": "ask", "git status": "allow" } }, "share": "disabled", "server": { "hostname": "127.0.0.1" } }',
    },
    {
      '.amp/settings.json':
        '{ "amp.permissions": [{ "tool": "Bash", "action": "ask", "matches": { "cmd": "*git push*" } }] }',
    },
    '{ "image": "node:24", "remoteUser": "node", "postCreateCommand": "echo \'run claude --dangerously-skip-permissions at your own risk\'" }',
    '{ "image": "node:24", "remoteUser": "node", "postStartCommand": "claude --allow-dangerously-skip-permissions; codex exec --full-auto test" }',
  ],
  *check(workspace) {
    for (const settings of workspace.settings) {
      const isIsolated = settings.image?.judged.isIsolated() ?? false;
      if (isIsolated && isRendered(settings.document.file.path)) continue;
      const severity = isIsolated ? { severity: 'info' as const } : {};
      for (const report of checkSettings(settings)) yield { ...report, ...severity };
    }
    yield* checkContainers(workspace);
  },
};

/** From the policy, where `guards.bypass` is the decision; its hook stops what a person has to approve all the same. */
function isRendered(path: string): boolean {
  return /(?:^|\/)\.devcontainer\/guards\/[^/]+\/[^/]+$/.test(path);
}

/** Settings that ask nobody, by the agent: the way to each, the value that does it, and what to say. */
const flags: Partial<
  Record<AgentName, readonly (readonly [path: readonly string[], value: unknown, message: string])[]>
> = {
  opencode: [
    [['share'], 'auto', 'publishes every conversation by itself (share auto)'],
    [['server', 'hostname'], '0.0.0.0', 'lets the whole network drive the agent (server.hostname 0.0.0.0)'],
  ],
  amp: [[['amp.dangerouslyAllowAll'], true, 'lets Amp do everything without asking (dangerouslyAllowAll)']],
  aider: [
    [['yes-always'], true, 'answers yes to all that Aider asks (yes-always)'],
    [['yes'], true, 'answers yes to all that Aider asks (yes)'],
  ],
};

function* checkSettings(settings: AgentSettings): Iterable<Report> {
  const { agent, document, permissions } = settings;
  for (const permission of permissions) {
    const report = judge(settings, permission);
    if (report) yield report;
  }
  const { root } = document;
  for (const [path, value, message] of flags[agent] ?? []) {
    let node = root;
    for (const key of path) node = member(node, key)?.value;
    if (node && node.value === value)
      yield {
        place: placeOf(document, node),
        message,
        fixes: offerFix('remove it', 'the default holds', removeSettings(document, [node])),
      };
  }
  if (agent === 'opencode' && root?.type === 'object' && !member(root, 'permission'))
    yield {
      place: { file: document.file, at: { start: root.offset, end: root.offset + 1 } },
      message: 'there are no permissions here, and OpenCode then allows almost everything',
      severity: 'info',
      persona: 'pedantic',
    };
  if (agent === 'vscode')
    for (const { node, text } of taskCommands(document)) {
      const [flag] = unattendedIn(text);
      if (flag)
        yield {
          place: placeOf(document, node),
          message: `a task starts an agent that asks nobody (${text.slice(flag.start, flag.end)})`,
        };
    }
}

function judge({ agent, document }: AgentSettings, permission: AgentPermission): Report | undefined {
  const { effect, tool, pattern, node } = permission;
  if (effect !== 'allow' || (agent !== 'opencode' && agent !== 'amp')) return undefined;
  const isAll = tool === 'any' && (pattern === undefined || /^\*+$/.test(pattern));
  const isShell = tool === 'shell' && /^\*+$/.test(pattern ?? '*');
  if (!isAll && !isShell) return undefined;
  return {
    place: placeOf(document, node),
    message: `lets ${agentTitles[agent]} ${isAll ? 'use every tool' : 'run every command'} without asking (${permission.text})`,
    fixes: offerFix(
      stringValue(node) === 'allow' ? 'ask instead' : 'remove it',
      'the agent asks each time; allow the commands of the project one by one',
      stringValue(node) === 'allow' ? replaceSetting(document, node, 'ask') : permission.remove(),
    ),
  };
}

/** Flags in lifecycle commands, scripts, images and variables; what an editor is told is another question. */
function* checkContainers({ containers }: Workspace): Iterable<Report> {
  for (const { container, isIsolated } of containers)
    for (const { place, what } of container.posture.unattended) {
      if (!/^--|^[A-Z_\d]+$/.test(what)) continue;
      yield {
        place,
        message: `starts an agent that asks nobody (${what})`,
        ...(isIsolated() && { severity: 'info' as const }),
      };
    }
}
