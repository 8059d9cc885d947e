import type { JudgedEntry } from '../../container/allow-entry.js';
import { shown } from '../../container/shown.js';
import type { Fix, Rule } from '../../core/rule.js';

const list = '.devcontainer/allowlist';

export const noBroadAllowlistEntry: Rule<'egress'> = {
  id: 'no-broad-allowlist-entry',
  on: 'egress',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Allow single names, not domains that others share, address ranges or the host',
  why: "Below a shared domain an attacker registers a name of their own in a minute, and behind a range of addresses stands whoever rents one: the entry lets data out to them as much as to the service that was meant. Metadata services and the host's networks hand out credentials.",
  references: [
    'https://publicsuffix.org/learn/',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html',
    'https://attack.mitre.org/techniques/T1552/005/',
    'https://cwe.mitre.org/data/definitions/923.html',
  ],
  examples: [
    {
      bad: {
        '.devcontainer/allowed-domains.txt':
          '«*»\n«*.com»\n«*.co.uk»\n«*.amazonaws.com»\n«10.0.0.0/8»\n«169.254.169.254»\n«*.anthropic.com»\n«host.docker.internal»\nnodejs.org\n',
      },
      fixed: { '.devcontainer/allowed-domains.txt': 'api.anthropic.com\nnodejs.org\n' },
    },
    {
      bad: {
        '.devcontainer/harden-devcontainer.jsonc':
          '{ "version": 1, "name": "x", "allow": [{ "range": «"198.51.0.0/16"», "ports": [5432], "reason": "partner" }] }\n',
      },
      fixed: {
        '.devcontainer/harden-devcontainer.jsonc': '{ "version": 1, "name": "x", "allow": [] }\n',
      },
    },
    {
      bad: {
        '.devcontainer/init-firewall.sh':
          'ALLOWED_RANGES=(\n  «142.250.0.0/15» # fonts\n)\nfor range in "${ALLOWED_RANGES[@]}"; do ipset add allowed "$range"; done\n',
      },
      fixed: {
        '.devcontainer/init-firewall.sh':
          'ALLOWED_RANGES=(\n)\nfor range in "${ALLOWED_RANGES[@]}"; do ipset add allowed "$range"; done\n',
      },
    },
  ],
  good: [
    { [list]: '# Written by harden-devcontainer.\n\n# our own domain\n.shop.example\n' },
    { [list]: '# Written by harden-devcontainer.\n\n# the whole of it is needed\n.vscode-unpkg.net\n' },
    {
      '.devcontainer/allowlist.txt': 'my-bucket.s3.amazonaws.com\nme.github.io\nhost.docker.internal:8123\n',
    },
  ],
  *check({ entries }) {
    for (const entry of entries) {
      const { text, place, breadth, isRepeated } = entry;
      if (!breadth || isRepeated) continue;
      yield {
        place,
        message: `'${shown(text)}' ${breadth.what}`,
        severity: breadth.severity,
        fixes: listFixes(entry),
      };
    }
  },
};

function listFixes({ text, reader, target, narrower, remove, replace }: JudgedEntry): Fix[] {
  // What was rendered from a policy would keep the wildcard.
  const port = target.kind === 'name' && target.port !== undefined ? `:${target.port}` : '';
  const fixes: Fix[] = [
    {
      title: `list ${narrower} instead`,
      safety: 'review',
      consequence: 'other names of the vendor are refused; the log of refusals shows them',
      edits: narrower === undefined || reader === 'policy' ? [] : replace(narrower + port),
    },
    {
      title: `take ${shown(text)} off the list`,
      safety: 'review',
      consequence: 'names that are needed have to be listed one by one; the log of refusals shows them',
      edits: remove(),
    },
  ];
  return fixes.filter(({ edits }) => edits.length > 0);
}
