import type { AgentSettings } from '../../agents/agent-settings.js';
import {
  ineffectiveKeys,
  misspeltEvents,
  overriddenPatterns,
  strictJsonProblem,
} from '../../agents/ineffective-keys.js';
import {
  avoidableDenies,
  type IneffectiveEntry,
  ineffectiveEntries,
} from '../../agents/ineffective-rules.js';
import { offerFix } from '../../container/fixes.js';
import type { Edit, Fix, Report, Rule } from '../../core/rule.js';
import { appendSetting } from '../../documents/settings.js';

export const noIneffectiveAgentSetting: Rule<'agent-settings'> = {
  id: 'no-ineffective-agent-setting',
  on: 'agent-settings',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Protect with settings that the agent really applies',
  why: 'A deny rule that matches nothing, a key in a file that nobody believes or a hook on an event that does not exist protects nothing, and those who wrote it rely on it.',
  references: [
    'https://code.claude.com/docs/en/permissions',
    'https://code.claude.com/docs/en/settings',
    'https://opencode.ai/docs/permissions/',
    'https://cwe.mitre.org/data/definitions/1188.html',
  ],
  examples: [
    {
      bad: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    "deny": [\n      «"Write(.env)"»,\n      «"Read(/etc/**)"»\n    ]\n  }\n}\n',
      },
      fixed: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    "deny": [\n      "Edit(.env)",\n      "Read(//etc/**)"\n    ]\n  }\n}\n',
      },
    },
    {
      bad: {
        '.claude/settings.json': '{\n  "permissions": {\n    "deny": [«"Read(**/.ssh/**)"»]\n  }\n}\n',
      },
      fixed: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    "deny": ["Read(**/.ssh/**)", "Read(~/.ssh/**)"]\n  }\n}\n',
      },
    },
    {
      bad: { '.claude/settings.json': '{\n  "permissions": {\n    "deny": [«"Bash(rm -rf:*)"»]\n  }\n}\n' },
      fixed: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    "deny": ["Bash(rm -rf:*)", "Bash(rm *)"]\n  }\n}\n',
      },
    },
    {
      bad: {
        '.claude/settings.json':
          '{\n  "allowManagedHooksOnly": «true»,\n  "hooks": { «"preToolUse"»: [{ "hooks": [{ "type": "command", "command": "/usr/local/bin/guard" }] }] }\n}\n',
      },
    },
    {
      bad: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    "deny": ["Read(.env)", "Read(*.pem)"«,»]\n  }\n}\n',
      },
    },
    {
      bad: {
        'opencode.json':
          '{ "permission": { "bash": { «"git push *"»: "deny", "*": "allow", "rm *": "ask" }, "edit": "ask" } }\n',
      },
    },
  ],
  good: [
    {
      '.claude/settings.json':
        '{ "permissions": { "allow": ["Write(docs/**)", "mcp__docs__*", "Bash(python3 *)"], "deny": ["Edit(.env)", "Write(./.env)", "Read(./.env)", "Read(**/.ssh/**)", "Read(~/.ssh/**)", "Read(//etc/**)", "Read(/config/**)", "Bash(rm *)", "Bash(rm -rf *)", "Bash(sudo:*)", "Bash(run_in_background:true)", "mcp__*", "WebFetch"] } }',
    },
    {
      '.claude/settings.json':
        '{ "permissions": { "deny": ["Bash(curl:*)"], "allow": ["Bash(npm test)"] }, "hooks": { "PreToolUse": [], "SomethingNew": [] } }',
    },
    { '.claude/settings.json': '{\n  // only a comment\n  "model": "opus"\n}\n' },
    { '.codex/config.toml': 'model = "gpt-5"\napproval_policy = "on-request"\n' },
    { 'opencode.json': '{ "permission": { "bash": { "*": "ask", "git push *": "deny" } } }' },
  ],
  *check(settings) {
    const strict = strictJsonProblem(settings);
    if (strict) yield strict;
    yield* ineffectiveKeys(settings);
    yield* misspeltEvents(settings);
    yield* overriddenPatterns(settings);
    if (settings.agent !== 'claude') return;
    for (const entry of ineffectiveEntries(settings))
      yield {
        place: entry.permission.place,
        message: entry.message,
        fixes: listFixes(settings, entry),
      };
    yield* checkOptions(settings);
  },
};

/** Only in deny and ask lists, where a wider entry can take nothing but give back what was meant. */
function listFixes(
  settings: AgentSettings,
  { permission, rewritten, added }: IneffectiveEntry,
): readonly Fix[] {
  if (permission.effect === 'allow') return [];
  if (rewritten !== undefined)
    return asSafe(
      offerFix(
        `write ${rewritten}`,
        'the agent is refused what the list says',
        permission.rewrite(rewritten),
      ),
    );
  if (added === undefined) return [];
  return asSafe(
    offerFix(
      `add ${added}`,
      'the agent is refused this in the home folder too',
      addBeside(settings, permission, added),
    ),
  );
}

function asSafe(fixes: readonly Fix[]): readonly Fix[] {
  return fixes.map((fix) => ({ ...fix, safety: 'safe' }));
}

function addBeside(
  { document }: AgentSettings,
  { node }: IneffectiveEntry['permission'],
  text: string,
): readonly Edit[] {
  return node.parent ? appendSetting(document, node.parent, text) : [];
}

/** One finding for all of a file: a list of such entries is one habit. */
function* checkOptions(settings: AgentSettings): Iterable<Report> {
  const [first, ...others] = avoidableDenies(settings);
  if (!first) return;
  const texts = [first, ...others].map(({ text }) => text).join(', ');
  const wholes = [...new Set([first, ...others].map(({ whole }) => `${first.name}(${whole} *)`))];
  yield {
    place: first.place,
    message: `the same options in another order or spelling get past ${texts}; name the command alone`,
    confidence: 'medium',
    related: others.map(({ place, text }) => ({ place, message: `${text}, likewise` })),
    fixes: offerFix(
      `deny ${wholes.join(', ')} as well`,
      'the agent cannot use the command at all',
      wholes.flatMap((whole) => addBeside(settings, first, whole)),
    ),
  };
}
