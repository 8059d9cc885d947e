import type { JudgedEntry } from '../../container/allow-entry.js';
import { shown } from '../../container/shown.js';
import type { KnownHost } from '../../core/host-risk.js';
import type { Fix, Rule } from '../../core/rule.js';

const policy = '.devcontainer/harden-devcontainer.jsonc';
const list = '.devcontainer/allowlist';

export const noExfilCapableHost: Rule<'egress'> = {
  id: 'no-exfil-capable-host',
  on: 'egress',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Do not let out to hosts where anybody can receive data',
  why: 'An allowlist grants, it does not filter: code in the container posts the repository and its secrets to a paste site, a bucket, a tunnel or an error tracker under an account of its own, and the firewall lets it pass because the name is listed.',
  references: [
    'https://attack.mitre.org/techniques/T1567/',
    'https://code.claude.com/docs/en/devcontainer',
    'https://cwe.mitre.org/data/definitions/200.html',
  ],
  examples: [
    {
      bad: {
        [policy]:
          '{\n  "version": 1,\n  "name": "shop",\n  "allow": [\n    «"webhook.site"»,\n    { "host": «"sentry.io"», "ports": [443], "reason": "errors" },\n    "docs.shop.example"\n  ]\n}\n',
      },
      fixed: {
        [policy]: '{\n  "version": 1,\n  "name": "shop",\n  "allow": [\n    "docs.shop.example"\n  ]\n}\n',
      },
    },
    {
      bad: {
        [policy]: '{ "version": 1, "name": "shop", "allow": [«"gist.github.com:443"»] }\n',
        [list]: '# Written by harden-devcontainer.\n\n# named in the policy\ngist.github.com:443\n',
      },
      fixed: {
        [policy]: '{ "version": 1, "name": "shop", "allow": [] }\n',
        [list]: '# Written by harden-devcontainer.\n',
      },
    },
    {
      bad: {
        '.devcontainer/allowed-domains.txt':
          'pypi.org\n«storage.googleapis.com»\n«*.ngrok.io»\n«github.com»\n',
      },
      fixed: { '.devcontainer/allowed-domains.txt': 'pypi.org\n' },
    },
    {
      bad: {
        '.devcontainer/init-firewall.sh':
          'iptables -P OUTPUT DROP\nfor name in \\\n  «"sentry.io"» \\\n  «"github.com"» \\\n  "pypi.org"; do\n  ipset add allowed "$(dig +short "$name")"\ndone\n',
      },
      fixed: {
        '.devcontainer/init-firewall.sh':
          'iptables -P OUTPUT DROP\nfor name in \\\n  "pypi.org"; do\n  ipset add allowed "$(dig +short "$name")"\ndone\n',
      },
    },
    {
      bad: {
        '.claude/settings.json':
          '{\n  "sandbox": {\n    "enabled": true,\n    "failIfUnavailable": true,\n    "allowUnsandboxedCommands": false,\n    "network": { "allowedDomains": ["pypi.org", «"storage.googleapis.com"»] }\n  }\n}\n',
      },
      fixed: {
        '.claude/settings.json':
          '{\n  "sandbox": {\n    "enabled": true,\n    "failIfUnavailable": true,\n    "allowUnsandboxedCommands": false,\n    "network": { "allowedDomains": ["pypi.org"] }\n  }\n}\n',
      },
    },
  ],
  good: [
    {
      '.devcontainer/firewall/init-firewall.sh':
        'BLOCKED=(webhook.site)\nfor name in "${BLOCKED[@]}"; do iptables -A OUTPUT -d "$name" -j REJECT; done\nfor name in pastebin.com; do curl "https://$name" && exit 1; done\n',
    },
    {
      [policy]:
        '{ "version": 1, "name": "shop", "stacks": ["node"], "allow": ["my-bucket.s3.eu-west-1.amazonaws.com"] }',
    },
    {
      [list]:
        '# Written by harden-devcontainer.\n# gist.github.com is not needed\npypi.org:443\nvscode.blob.core.windows.net\n',
    },
    { '.devcontainer/allowlist.txt': 'api.anthropic.com\nregistry.npmjs.org\n' },
  ],
  *check({ entries }) {
    for (const entry of entries) {
      const { known, breadth, place, isRepeated } = entry;
      // What is too broad is so whatever stands below it.
      if (!known || known.risk.rating === 'low' || breadth || isRepeated) continue;
      const { risk } = known;
      yield {
        place,
        message: `${describe(entry, known)}: ${risk.risk}; instead: ${risk.instead}`,
        ...(risk.severity && { severity: risk.severity }),
        ...(risk.persona && { persona: risk.persona }),
        fixes: listFixes(entry, known),
      };
    }
  },
};

function describe({ text }: JudgedEntry, { risk, known, match }: KnownHost): string {
  return match === 'part'
    ? `'${shown(text)}' takes in ${known.replace(/^\./, '')} (${risk.kind})`
    : `'${shown(text)}' is open (${risk.kind})`;
}

/** What something in the repository asks for is not taken away from it. */
function listFixes(entry: JudgedEntry, { risk }: KnownHost): Fix[] {
  const edits = entry.neededFor === undefined ? entry.remove() : [];
  if (edits.length === 0) return [];
  return [
    {
      title: `take ${shown(entry.text)} off the list`,
      safety: risk.gone ? 'safe' : 'review',
      consequence: risk.gone
        ? 'nothing changes: the name does not exist'
        : 'what needs the host fails at once, with its name in the log',
      edits,
    },
  ];
}
