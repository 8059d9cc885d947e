import type { AgentSettings } from '../../agents/agent-settings.js';
import { offerFix } from '../../container/fixes.js';
import type { Report, Rule } from '../../core/rule.js';
import { type JsonMember, member, members, placeOf, stringValue } from '../../documents/json.js';
import { removeSettings } from '../../documents/settings.js';

export const noUnpinnedPluginSource: Rule<'agent-settings'> = {
  id: 'no-unpinned-plugin-source',
  on: 'agent-settings',
  severity: 'warning',
  confidence: 'medium',
  persona: 'default',
  summary: 'Take plug-ins of agents from one fixed commit',
  why: 'A plug-in brings hooks, commands and MCP servers that run as the user. A repository that registers a marketplace at a branch gives everybody who trusts the folder whatever its owner, or whoever took the account over, pushes next.',
  references: [
    'https://code.claude.com/docs/en/plugin-marketplaces',
    'https://attack.mitre.org/techniques/T1195/',
    'https://cwe.mitre.org/data/definitions/494.html',
  ],
  examples: [
    {
      bad: {
        '.claude/settings.json':
          '{\n  "model": "opus",\n  "extraKnownMarketplaces": {\n    "tools": { "source": { "source": "github", "repo": «"someone/tools"» } }\n  }\n}\n',
      },
      fixed: { '.claude/settings.json': '{\n  "model": "opus"\n}\n' },
    },
    {
      bad: {
        '.claude/settings.json':
          '{\n  "model": "opus",\n  "extraKnownMarketplaces": {\n    "tools": { "source": { "source": "url", "url": «"http://plugins.example.com/marketplace.json"» } }\n  }\n}\n',
      },
      fixed: { '.claude/settings.json': '{\n  "model": "opus"\n}\n' },
    },
  ],
  good: [
    {
      '.claude/settings.json':
        '{ "extraKnownMarketplaces": { "official": { "source": { "source": "github", "repo": "anthropics/claude-plugins-official" } }, "tools": { "source": { "source": "git", "url": "https://git.example.com/t.git", "ref": "0123456789abcdef0123456789abcdef01234567" } } }, "enabledPlugins": { "lint@official": true } }',
    },
    {
      '.claude/settings.json':
        '{ "extraKnownMarketplaces": { "own": { "source": { "source": "directory", "path": "./plugins" } } }, "strictKnownMarketplaces": [] }',
    },
  ],
  *check(settings) {
    const { document, scope, agent } = settings;
    if (!['claude', 'copilot'].includes(agent) || (scope !== 'project' && scope !== 'personal')) return;
    for (const marketplace of members(member(document.root, 'extraKnownMarketplaces')?.value)) {
      const report = judge(settings, marketplace);
      if (!report) continue;
      yield {
        ...report,
        fixes: offerFix(
          `remove the marketplace ${marketplace.key}`,
          'its plug-ins are gone; name a commit as ref to keep them',
          removeSettings(document, [marketplace.property]),
        ),
      };
    }
  },
};

const vendors = /^(?:https:\/\/github\.com\/)?(?:anthropics|github)\//;
const commit = /^[0-9a-f]{40}$/i;

function judge({ document }: AgentSettings, { key, value }: JsonMember): Report | undefined {
  const source = member(value, 'source')?.value;
  const text = (name: string) => stringValue(member(source, name)?.value);
  const node = ['repo', 'url', 'package', 'path']
    .map((name) => member(source, name)?.value)
    .find((one) => one);
  const address = stringValue(node);
  if (!node || address === undefined) return undefined;
  const place = placeOf(document, node);
  if (text('path') !== undefined && text('repo') === undefined && text('url') === undefined)
    return {
      place,
      message: `the marketplace ${key} is a folder (${address}), which the agent may be able to rewrite`,
      severity: 'info',
      persona: 'pedantic',
    };
  if (/^http:/i.test(address))
    return { place, message: `the marketplace ${key} is fetched without encryption (${address})` };
  const isMoving = member(value, 'autoUpdate')?.value.value === true;
  const ref = text('ref') ?? text('sha') ?? text('commit');
  if (vendors.test(address) || (ref !== undefined && commit.test(ref) && !isMoving)) return undefined;
  const why = isMoving
    ? 'updates itself'
    : ref === undefined
      ? 'names no commit'
      : `names ${ref}, which can be moved`;
  return {
    place,
    message: `the marketplace ${key} (${address}) ${why}`,
    ...(ref !== undefined &&
      /^v?\d+\.\d+/.test(ref) && { severity: 'info' as const, persona: 'pedantic' as const }),
  };
}
