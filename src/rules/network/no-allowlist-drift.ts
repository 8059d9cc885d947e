import type { Drift } from '../../container/drift.js';
import { shown } from '../../container/shown.js';
import type { Report, Rule } from '../../core/rule.js';

const policy = '.devcontainer/harden-devcontainer.jsonc';
const list = '.devcontainer/allowlist';

export const noAllowlistDrift: Rule<'egress'> = {
  id: 'no-allowlist-drift',
  on: 'egress',
  severity: 'info',
  confidence: 'medium',
  persona: 'default',
  summary: 'Keep the allowlist to what the policy and the repository need',
  why: 'A host that is missing makes work fail, and people then open far more than that host; a host that nobody asked for, or that is left over, is a way out that nobody watches.',
  references: [
    'https://csrc.nist.gov/glossary/term/least_privilege',
    'https://cwe.mitre.org/data/definitions/1059.html',
  ],
  examples: [
    {
      bad: {
        [policy]:
          '{ "version": 1, "name": "shop", "agents": [«"claude-code"»], «"allow"»: ["docs.shop.example"] }\n',
        [list]: '# Written by harden-devcontainer.\n\nclaude.ai:443\n',
      },
    },
    {
      bad: {
        [policy]: '{ "version": 1, "name": "shop" }\n',
        [list]: '# Written by harden-devcontainer.\n\n# left over\n«old.shop.example»\n',
      },
      fixed: {
        [policy]: '{ "version": 1, "name": "shop" }\n',
        [list]: '# Written by harden-devcontainer.\n',
      },
    },
    {
      bad: {
        '.devcontainer/allowed-domains.txt': 'docs.shop.example\n',
        '.mcp.json':
          '{ "mcpServers": { "docs": { "type": "http", "url": «"https://mcp.shop.example/mcp"» } } }\n',
      },
    },
  ],
  good: [
    {
      [policy]:
        '{ "version": 1, "name": "shop", "stacks": ["python"], "without": ["pypi.org"], "allow": [".shop.example:22"] }',
      [list]: '# Written by harden-devcontainer.\n\nfiles.pythonhosted.org:443\n.shop.example:22\n',
    },
    {
      '.devcontainer/allowed-domains.txt': 'mcp.shop.example\n',
      '.mcp.json':
        '{ "mcpServers": { "docs": { "url": "https://mcp.shop.example/mcp" }, "own": { "url": "http://127.0.0.1:8123" } } }',
    },
  ],
  *check({ drift }) {
    for (const each of drift) yield toReport(each);
  },
};

function toReport(drift: Drift): Report {
  switch (drift.kind) {
    case 'not-rendered':
      return {
        place: drift.place,
        message: `the allowlist does not open ${listNames(drift.hosts)}, which is asked for here; run init to render it anew`,
      };
    case 'needed':
      return {
        place: drift.place,
        message: `'${shown(drift.host)}' is needed by ${drift.what} and the allowlist does not open it: it will fail; open the host, or take out what needs it`,
      };
    case 'not-in-policy':
      return {
        ...withRemoval(drift, 'what needs the host fails at once; init would take it out too'),
        message: `'${shown(drift.entry.text)}' is open although the policy beside it does not say so; add it there, or run init to render the list anew`,
      };
    default:
      return {
        ...withRemoval(drift, 'a tool that nothing in the repository speaks of may need it'),
        message: `'${shown(drift.entry.text)}' is for ${drift.what}, and neither the container nor a file at the project's root speaks for that; leave it out`,
        persona: 'pedantic',
      };
  }
}

function withRemoval({ entry }: Extract<Drift, { entry: unknown }>, consequence: string) {
  const edits = entry.remove();
  const title = `take ${shown(entry.text)} off the list`;
  return {
    place: entry.place,
    fixes: edits.length === 0 ? [] : [{ title, safety: 'review' as const, consequence, edits }],
  };
}

const mostNames = 5;

function listNames(hosts: readonly string[]): string {
  const more = hosts.length - mostNames;
  const names = hosts.slice(0, mostNames).map(shown).join(', ');
  return more > 0 ? `${names} and ${more} more` : names;
}
