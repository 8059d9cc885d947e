import { replaceIn } from '../../container/firewall-edits.js';
import type { Firewall } from '../../container/firewall-names.js';
import { holdsPort, oncePerPlace, openings, portsText } from '../../container/firewall-view.js';
import { offerFix } from '../../container/fixes.js';
import type { Report, Rule } from '../../core/rule.js';

const head = '#!/bin/bash\nset -euo pipefail\niptables -P OUTPUT DROP\n';
const resolver = '"$(awk \'$1 == "nameserver" { print $2; exit }\' /etc/resolv.conf)"';
const path = '.devcontainer/init-firewall.sh';

export const noOpenDnsEgress: Rule<'firewall'> = {
  id: 'no-open-dns-egress',
  on: 'firewall',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Let DNS out to the container’s own resolver only',
  why: 'Whoever may ask any name server has a tunnel: what is put into the names that are asked arrives at a server of the attacker’s choice, and its answers carry data back. No allowlist of addresses sees it.',
  references: [
    'https://attack.mitre.org/techniques/T1071/004/',
    'https://attack.mitre.org/techniques/T1048/003/',
    'https://docs.docker.com/engine/network/#dns-services',
  ],
  examples: [
    {
      bad: { [path]: `${head}«iptables -A OUTPUT -p udp --dport 53 -j ACCEPT»\n` },
      fixed: { [path]: `${head}iptables -A OUTPUT -p udp --dport 53 -d ${resolver} -j ACCEPT\n` },
    },
    {
      bad: {
        [path]: `${head}for proto in udp tcp; do\n  «iptables -I OUTPUT -p "$proto" -m multiport --dports 53,853 -j ACCEPT»\ndone\n`,
      },
      fixed: {
        [path]: `${head}for proto in udp tcp; do\n  iptables -I OUTPUT -p "$proto" -m multiport --dports 53,853 -d ${resolver} -j ACCEPT\ndone\n`,
      },
    },
    {
      bad: {
        [path]: `#!/bin/sh\nset -e\nnft -f - <<'EOF'\ntable inet filter {\n  chain output {\n    type filter hook output priority 0; policy drop;\n    «udp dport 53 accept»\n  }\n}\nEOF\n`,
      },
    },
    {
      bad: {
        [path]: '#!/bin/sh\nset -e\nufw default deny outgoing\n«ufw allow out 53»\nufw --force enable\n',
      },
    },
  ],
  good: [
    { [path]: `${head}iptables -A OUTPUT -p udp --dport 53 -d 127.0.0.11 -j ACCEPT\n` },
    { [path]: `${head}iptables -A OUTPUT -o lo -j ACCEPT\n` },
    { [path]: `${head}iptables -A INPUT -p udp --sport 53 -j ACCEPT\n` },
    { [path]: `${head}iptables -A OUTPUT -p udp --dport 53 -m owner --uid-owner dnsmasq -j ACCEPT\n` },
    {
      [path]: `${head}ns=$(awk '/^nameserver/ {print $2}' /etc/resolv.conf)\niptables -A OUTPUT -p udp -d "$ns" --dport 53 -j ACCEPT\n`,
    },
    { [path]: `${head}iptables -A OUTPUT -p udp --dport 53 -j ACCEPT\niptables -F OUTPUT\n` },
  ],
  check: (firewall) => oncePerPlace(check(firewall)),
};

function* check(firewall: Firewall): Iterable<Report> {
  for (const { rule, step } of openings(firewall)) {
    const { ports, destination, except, set, hasOwner, isNarrowed } = rule;
    if (!ports || destination || except || set !== undefined || hasOwner || isNarrowed) continue;
    if (!holdsPort(ports, 53) && !holdsPort(ports, 853)) continue;
    // A range that is wide enough to be about more is a question of its own.
    if (holdsPort(ports, 443) || holdsPort(ports, 80)) continue;
    const isIptables =
      step.kind === 'rule' && step.chain.table === 'filter' && step.chain.families.includes(4);
    yield {
      place: step.place,
      message: `lets ${portsText(rule)} out to every name server, which is a tunnel for data; name the container's own resolver as the destination`,
      fixes: offerFix(
        'let it out to the first resolver of /etc/resolv.conf only',
        'programs that ask another name server by its address fail',
        isIptables
          ? replaceIn(firewall, step, /-j ACCEPT\b|--jump ACCEPT\b/, `-d ${resolver} -j ACCEPT`)
          : [],
      ),
    };
  }
}
