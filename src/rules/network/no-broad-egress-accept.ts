import { replaceIn } from '../../container/firewall-edits.js';
import type { Firewall } from '../../container/firewall-names.js';
import type { FilterRule, Step } from '../../container/firewall-step.js';
import {
  holdsPort,
  oncePerPlace,
  openings,
  portsText,
  reachOf,
  shownName,
} from '../../container/firewall-view.js';
import { offerFix } from '../../container/fixes.js';
import type { Report, Rule } from '../../core/rule.js';

const path = '.devcontainer/init-firewall.sh';
const head = '#!/bin/bash\nset -euo pipefail\niptables -P OUTPUT DROP\n';
const set =
  'ipset create -exist allowed hash:net\niptables -A OUTPUT -m set --match-set allowed dst -j ACCEPT\n';

export const noBroadEgressAccept: Rule<'firewall'> = {
  id: 'no-broad-egress-accept',
  on: 'firewall',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Let traffic out to named destinations only',
  why: 'A rule that lets a port out to any address lets it out to the attacker’s: data leaves over 443 to a server that was rented an hour ago, or over 22 in one ssh command. The ranges that a forge, a CDN or a cloud publishes belong to everybody who has an account there.',
  references: [
    'https://attack.mitre.org/techniques/T1048/',
    'https://cwe.mitre.org/data/definitions/923.html',
    'https://docs.github.com/en/rest/meta/meta',
  ],
  examples: [
    { bad: { [path]: `${head}«iptables -A OUTPUT -p tcp --dport 443 -j ACCEPT»\n` } },
    {
      bad: { [path]: `${head}${set}«iptables -A OUTPUT -p tcp --dport 22 -j ACCEPT»\n` },
      fixed: {
        [path]: `${head}${set}iptables -A OUTPUT -p tcp --dport 22 -m set --match-set allowed dst -j ACCEPT\n`,
      },
    },
    { bad: { [path]: `${head}«iptables -A OUTPUT -d 52.0.0.0/8 -j ACCEPT»\n` } },
    {
      bad: {
        [path]: `${head}${set}curl -s https://api.github.com/meta | jq -r '.git[]' | while read -r cidr; do\n  «ipset add -exist allowed "$cidr"»\ndone\n`,
      },
    },
    {
      bad: {
        [path]: `#!/bin/sh\nset -e\nnft add table inet f\nnft 'add chain inet f output { type filter hook output priority 0; policy drop; }'\n«nft add rule inet f output tcp dport '{ 80, 443 }' accept»\n`,
      },
    },
  ],
  good: [
    { [path]: `${head}${set}iptables -A OUTPUT -o lo -j ACCEPT\n` },
    { [path]: `${head}iptables -A OUTPUT -m state --state ESTABLISHED,RELATED -j ACCEPT\n` },
    { [path]: `${head}iptables -A OUTPUT -p tcp --dport 443 -m owner --uid-owner proxy -j ACCEPT\n` },
    { [path]: `${head}iptables -A OUTPUT -p tcp -d 203.0.113.7 --dport 443 -j ACCEPT\n` },
    { [path]: `${head}iptables -A INPUT -p tcp --dport 443 -j ACCEPT\n` },
    { [path]: `${head}iptables -A OUTPUT -p icmp -j ACCEPT\n` },
    {
      [path]: `${head}mode=\${MODE:-closed}\nif [ "$mode" = open ]; then\n  iptables -A OUTPUT -p tcp --dport 443 -j ACCEPT\nfi\n`,
    },
  ],
  check: (firewall) => oncePerPlace(check(firewall)),
};

function* check(firewall: Firewall): Iterable<Report> {
  const all = openings(firewall);
  const set = all.find(({ rule }) => rule.set !== undefined)?.rule.set;
  for (const { rule, step } of all) {
    const found = judgeRule(rule);
    if (found) yield { place: step.place, ...found, fixes: offerSet(firewall, rule, step, set) };
  }
  yield* checkSets(firewall);
}

type Judged = Pick<Report, 'message' | 'severity'>;

function judgeRule(rule: FilterRule): Judged | undefined {
  if (rule.hasOwner || rule.isNarrowed || rule.set !== undefined) return undefined;
  if (rule.destination) {
    const reach = reachOf(rule.destination);
    const severity = reach?.kind === 'everything' ? 'error' : 'warning';
    return reach && /^(?:wide|everything|ranges)$/.test(reach.kind)
      ? {
          severity,
          message: `lets ${portsText(rule)} out to ${reach.what}, which belongs to many; name single hosts`,
        }
      : undefined;
  }
  const { ports, protocol } = rule;
  const to = rule.except ? `every address but ${shownName(rule.except.text)}` : 'every address';
  const message = `lets ${portsText(rule)} out to ${to}; name the hosts that are needed, or let out what a proxy allows by name`;
  // What every packet meets decides about the whole firewall, which is another rule's question.
  if (!ports)
    return protocol === undefined || /icmp/.test(protocol)
      ? whole(rule, message)
      : { severity: 'error', message };
  if (holdsPort(ports, 443) || holdsPort(ports, 80)) return { severity: 'error', message };
  const isNeighbourly = [53, 853, 67, 68, 546, 547, 5353].some((port) => holdsPort(ports, port));
  return isNeighbourly ? undefined : { severity: 'warning', message };
}

function whole(rule: FilterRule, message: string): Judged | undefined {
  const isLimited = rule.except !== undefined || rule.outInterface !== undefined || rule.states !== undefined;
  return isLimited && rule.protocol === undefined ? { severity: 'error', message } : undefined;
}

/** A set of addresses that another rule lets out to. */
function offerSet(firewall: Firewall, rule: FilterRule, step: Step, name: string | undefined) {
  const isIptables = step.kind === 'rule' && step.chain.table === 'filter' && step.chain.families.includes(4);
  if (name === undefined || !/^[\w.-]{1,31}$/.test(name) || !isIptables || !rule.ports) return [];
  return offerFix(
    `let it out only to the addresses in ${name}`,
    'hosts whose addresses are not in the set can no longer be reached on that port',
    replaceIn(firewall, step, /-j ACCEPT\b|--jump ACCEPT\b/, `-m set --match-set ${name} dst -j ACCEPT`),
  );
}

/** What is put into the sets of addresses that are let out to. */
function* checkSets({ model }: Firewall): Iterable<Report> {
  for (const step of model.steps) {
    if (step.kind !== 'set' || step.action !== 'add' || !step.member || step.isSwitched) continue;
    const reach = reachOf({ ...step.member, text: step.member.text.split(',')[0] ?? '' });
    if (!reach || !/^(?:wide|everything|ranges)$/.test(reach.kind)) continue;
    yield {
      place: step.place,
      severity: reach.kind === 'everything' ? 'error' : 'warning',
      message: `opens ${reach.what}, which belongs to many: everybody's projects are behind the same addresses; name single hosts, or let out what a proxy allows by name`,
    };
  }
}
