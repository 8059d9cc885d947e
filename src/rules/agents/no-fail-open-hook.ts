import type { AgentSettings } from '../../agents/agent-settings.js';
import { decisionOf } from '../../agents/hook-decisions.js';
import { matcherProblem } from '../../agents/hook-matchers.js';
import type { HookCommand } from '../../agents/hooks.js';
import { offerFix } from '../../container/fixes.js';
import type { Report, Rule } from '../../core/rule.js';
import { member, placeOf } from '../../documents/json.js';
import { removeSettings, setSetting } from '../../documents/settings.js';

export const noFailOpenHook: Rule<'agent-settings'> = {
  id: 'no-fail-open-hook',
  on: 'agent-settings',
  severity: 'warning',
  confidence: 'medium',
  persona: 'default',
  summary: 'A guard hook has to block when it refuses, fails or is missing',
  why: 'Only one exit code blocks. A guard that leaves with another, cannot be found, comes too late or is asked about the wrong tool lets everything through, and looks as if it were there.',
  references: [
    'https://code.claude.com/docs/en/hooks',
    'https://cursor.com/docs/agent/hooks',
    'https://cwe.mitre.org/data/definitions/636.html',
  ],
  examples: [
    {
      bad: {
        '.claude/settings.json':
          '{\n  "hooks": { "PreToolUse": [{ "matcher": "Bash", "hooks": [{ "type": "command", "command": «"grep -q \'rm -rf\' && { echo Blocked >&2; exit 1; }"» }] }] }\n}\n',
      },
    },
    {
      bad: {
        '.claude/settings.json':
          '{\n  "hooks": { "PreToolUse": [{ "matcher": «"mcp__memory"», "hooks": [{ "type": "command", "command": "/usr/local/bin/guard" }] }] }\n}\n',
      },
    },
    {
      bad: {
        '.claude/settings.json':
          '{\n  "hooks": { "PreToolUse": [{ "matcher": "Bash", "hooks": [{ "type": "command", "command": «"$CLAUDE_PROJECT_DIR/.claude/gaurd.sh"» }] }] }\n}\n',
        '.claude/guard.sh': '#!/bin/sh\nexit 2\n',
      },
    },
    {
      bad: {
        '.cursor/hooks.json':
          '{\n  "version": 1,\n  "hooks": { "beforeShellExecution": [{ "command": «"./.cursor/guard.sh"» }] }\n}\n',
        '.cursor/guard.sh': '#!/bin/sh\necho \'{"permission":"deny"}\'\n',
      },
      fixed: {
        '.cursor/hooks.json':
          '{\n  "version": 1,\n  "hooks": { "beforeShellExecution": [{ "command": "./.cursor/guard.sh", "failClosed": true }] }\n}\n',
        '.cursor/guard.sh': '#!/bin/sh\necho \'{"permission":"deny"}\'\n',
      },
    },
    {
      bad: { '.claude/settings.json': '{\n  "model": "opus",\n  "disableAllHooks": «true»\n}\n' },
      fixed: { '.claude/settings.json': '{\n  "model": "opus"\n}\n' },
    },
  ],
  good: [
    {
      '.claude/settings.json':
        '{ "hooks": { "PreToolUse": [{ "matcher": "Bash|Edit", "hooks": [{ "type": "command", "command": "\\"$CLAUDE_PROJECT_DIR\\"/.claude/guard.sh", "timeout": 10 }] }], "PostToolUse": [{ "matcher": "Write", "hooks": [{ "type": "command", "command": "npm run lint || exit 1" }] }] } }',
      '.claude/guard.sh': '#!/bin/sh\ngrep -q secret && { echo denied >&2; exit 2; }\nexit 0\n',
    },
    {
      '.claude/settings.json':
        '{ "hooks": { "PreToolUse": [{ "matcher": "mcp__memory__.*", "hooks": [{ "type": "command", "command": "logger tool" }] }, { "matcher": "*", "hooks": [{ "type": "command", "command": "/home/claude/guard.sh" }] }] } }',
    },
    { '.claude/settings.local.json': '{ "disableAllHooks": false }' },
  ],
  *check(settings) {
    for (const hook of settings.hooks) {
      const report = hook.gate ? judge(settings, hook) : undefined;
      if (report) yield report;
    }
    const off = member(settings.document.root, 'disableAllHooks')?.value;
    if (settings.agent === 'claude' && settings.scope === 'project' && off?.value === true)
      yield {
        place: placeOf(settings.document, off),
        message: "switches off the user's own guard hooks too (disableAllHooks)",
        fixes: offerFix('remove it', 'hooks run again', removeSettings(settings.document, [off])),
      };
  },
};

function judge(settings: AgentSettings, hook: HookCommand): Report | undefined {
  const problem = hook.matcher && settings.agent === 'claude' ? matcherProblem(hook.matcher.text) : undefined;
  if (hook.matcher && problem !== undefined)
    return { place: hook.matcher.place, message: `the hook on ${hook.event} never runs: ${problem}` };
  const missing = hook.scripts.find(({ path, file }) => path !== undefined && !file);
  if (missing)
    return {
      place: hook.place,
      message: `the hook on ${hook.event} blocks nothing: there is no ${missing.name} in the repository`,
    };
  const guard = guardOf(hook);
  if (!guard) return undefined;
  if (guard.failsOpen)
    return {
      place: hook.place,
      message: `the hook on ${hook.event} means to refuse and exits with 1, which blocks nothing; only 2 does`,
    };
  return judgeTime(hook) ?? judgeCursor(settings, hook) ?? judgePath(settings, hook);
}

/** What the hook decides; undefined for one that guards nothing. */
function guardOf(hook: HookCommand): { readonly failsOpen: boolean } | undefined {
  const texts = [hook.command?.text ?? '', ...hook.scripts.flatMap(({ file }) => file?.text ?? [])];
  const decisions = texts.map(decisionOf);
  if (decisions.some(({ refuses }) => refuses)) return { failsOpen: false };
  return decisions.some(({ failsOpen }) => failsOpen) ? { failsOpen: true } : undefined;
}

function judgeTime({ node, event, place }: HookCommand): Report | undefined {
  if (member(node, 'async')?.value.value === true)
    return { place, message: `the hook on ${event} is not waited for (async), so it blocks nothing` };
  const timeout = member(node, 'timeout')?.value.value;
  return typeof timeout === 'number' && timeout <= 1
    ? { place, message: `the hook on ${event} has ${timeout} s; when the time is over, the tool runs` }
    : undefined;
}

function judgeCursor(
  { agent, document }: AgentSettings,
  { node, event, place }: HookCommand,
): Report | undefined {
  if (agent !== 'cursor' || member(node, 'failClosed')?.value.value === true) return undefined;
  return {
    place,
    message: `the hook on ${event} lets everything through when it fails (failClosed is not true)`,
    fixes: offerFix(
      'set failClosed to true',
      'while the guard is broken, nothing runs',
      setSetting(document, node, 'failClosed', true),
    ),
  };
}

function judgePath(
  { containers }: AgentSettings,
  { scripts, event, place }: HookCommand,
): Report | undefined {
  const own = scripts.find(({ file }) => file);
  if (!own) return undefined;
  const unattended = containers.flatMap(({ container }) => container.posture.unattended)[0];
  if (unattended)
    return {
      place,
      message: `the hook on ${event} is a file of the workspace (${own.name}), which the agent that it guards can rewrite`,
      related: [{ place: unattended.place, message: 'the agent runs without asking here' }],
    };
  return own.from === 'working-directory' && !/^\.{0,2}\/?\.cursor\//.test(own.name)
    ? {
        place,
        message: `the hook on ${event} is found from the project's root only (${own.name}): name it below $CLAUDE_PROJECT_DIR`,
      }
    : undefined;
}
