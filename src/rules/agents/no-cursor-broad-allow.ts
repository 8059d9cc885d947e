import type { AgentSettings } from '../../agents/agent-settings.js';
import type { AgentPermission } from '../../agents/permissions.js';
import { breadthOf } from '../../agents/shell-breadth.js';
import { offerFix } from '../../container/fixes.js';
import { resolveHostPath } from '../../container/host-path.js';
import type { Report, Rule } from '../../core/rule.js';
import { elements, type JsonNode, member, placeOf, stringValue } from '../../documents/json.js';
import { removeSettings } from '../../documents/settings.js';

export const noCursorBroadAllow: Rule<'agent-settings'> = {
  id: 'no-cursor-broad-allow',
  on: 'agent-settings',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: "Do not open Cursor's sandbox or allowlists from a repository",
  why: "A repository's sandbox.json outranks the user's own, and its allowlists are added to theirs: a cloned project decides what runs unasked on the machine of whoever opens it.",
  references: [
    'https://cursor.com/docs/agent/terminal',
    'https://cursor.com/docs/cli/reference/permissions',
    'https://cwe.mitre.org/data/definitions/732.html',
  ],
  examples: [
    {
      bad: {
        '.cursor/sandbox.json':
          '{\n  "type": «"insecure_none"»,\n  "networkPolicy": { "default": «"allow"», "deny": ["10.0.0.0/8"] }\n}\n',
      },
      fixed: { '.cursor/sandbox.json': '{\n  "networkPolicy": { "deny": ["10.0.0.0/8"] }\n}\n' },
    },
    {
      bad: {
        '.cursor/permissions.json':
          '{\n  "terminalAllowlist": ["npm test", «"bash"»],\n  "mcpAllowlist": ["docs:search", «"*:*"»]\n}\n',
      },
      fixed: {
        '.cursor/permissions.json':
          '{\n  "terminalAllowlist": ["npm test"],\n  "mcpAllowlist": ["docs:search"]\n}\n',
      },
    },
    {
      bad: {
        '.cursor/cli.json': '{\n  "permissions": { "allow": [«"Shell(**)"»], "deny": ["Read(.env*)"] }\n}\n',
      },
      fixed: { '.cursor/cli.json': '{\n  "permissions": { "deny": ["Read(.env*)"] }\n}\n' },
    },
  ],
  good: [
    {
      '.cursor/sandbox.json':
        '{ "type": "workspace_readwrite", "networkPolicy": { "default": "deny", "allow": ["registry.npmjs.org"] }, "disableTmpWrite": true, "additionalReadwritePaths": ["./build"] }',
      '.cursor/permissions.json':
        '{ "terminalAllowlist": ["npm test", "git status", "npx tsc"], "mcpAllowlist": ["docs:*"], "autoRun": { "block_instructions": ["never deploy"] } }',
      '.cursor/cli.json':
        '{ "permissions": { "allow": ["Shell(ls)", "Read(src/**)"], "deny": ["Shell(**)"] } }',
    },
  ],
  *check(settings) {
    if (settings.agent !== 'cursor' || settings.image?.judged.isIsolated()) return;
    const { root } = settings.document;
    const type = member(root, 'type')?.value;
    if (type && stringValue(type) === 'insecure_none')
      yield finding(settings, type, 'runs commands without a sandbox (insecure_none)');
    const policy = member(member(root, 'networkPolicy')?.value, 'default')?.value;
    if (policy && stringValue(policy) === 'allow')
      yield finding(
        settings,
        policy,
        'lets commands in the sandbox reach every host (networkPolicy.default allow)',
      );
    for (const node of elements(member(root, 'additionalReadwritePaths')?.value))
      if (isWide(stringValue(node) ?? ''))
        yield finding(settings, node, `lets commands in the sandbox write ${stringValue(node)}`);
    const prose = member(member(root, 'autoRun')?.value, 'allow_instructions')?.value;
    if (prose && (elements(prose).length > 0 || stringValue(prose)))
      yield {
        ...finding(settings, prose, 'tells the model in prose what it may run unasked (allow_instructions)'),
        severity: 'warning',
      };
    for (const permission of settings.permissions) {
      const judged = judge(permission);
      if (judged) yield { ...finding(settings, permission.node, judged.message), severity: judged.severity };
    }
  },
};

function judge({
  effect,
  tool,
  pattern,
  text,
}: AgentPermission): { message: string; severity: 'error' | 'warning' } | undefined {
  if (effect !== 'allow') return undefined;
  if (tool === 'mcp')
    return /^\*+(?::\*+)?$/.test(pattern?.trim() ?? '*')
      ? { message: `runs every tool of every MCP server unasked (${text})`, severity: 'error' }
      : undefined;
  const breadth = tool === 'shell' ? breadthOf(pattern ?? '*') : undefined;
  if (!breadth || breadth.level === 'builder') return undefined;
  const isShell = breadth.level === 'everything' || /any command$/.test(breadth.reason);
  return { message: `runs ${text} unasked: ${breadth.reason}`, severity: isShell ? 'error' : 'warning' };
}

function isWide(text: string): boolean {
  const { base, segments } = resolveHostPath(text, { compose: true });
  return text.trim() !== '' && segments.length === 0 && (base === 'root' || base === 'home');
}

function finding({ document }: AgentSettings, node: JsonNode, message: string): Report {
  return {
    place: placeOf(document, node),
    message,
    fixes: offerFix('remove it', "the user's own settings hold", removeSettings(document, [node])),
  };
}
