import { insertLines, ipv6Block } from '../../container/firewall-edits.js';
import type { Firewall } from '../../container/firewall-names.js';
import type { Step } from '../../container/firewall-step.js';
import { offerFix } from '../../container/fixes.js';
import type { Rule } from '../../core/rule.js';

const path = '.devcontainer/init-firewall.sh';
const head = '#!/bin/bash\nset -euo pipefail\n';

export const requireIpv6EgressPolicy: Rule<'firewall'> = {
  id: 'require-ipv6-egress-policy',
  on: 'firewall',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Close IPv6 as well as IPv4',
  why: 'Rules of iptables say nothing about IPv6. Where the container gets an address of it, on an engine that is set up so today or will be tomorrow, everything leaves that way as if there were no firewall.',
  references: [
    'https://docs.docker.com/engine/daemon/ipv6/',
    'https://man7.org/linux/man-pages/man8/ip6tables.8.html',
    'https://cwe.mitre.org/data/definitions/923.html',
  ],
  examples: [
    {
      bad: { [path]: `${head}«iptables -P OUTPUT DROP»\niptables -A OUTPUT -o lo -j ACCEPT\n` },
      fixed: {
        [path]: `${head}iptables -P OUTPUT DROP\n${ipv6Block.join('\n')}\niptables -A OUTPUT -o lo -j ACCEPT\n`,
      },
    },
    {
      bad: {
        [path]: `${head}nft -f - <<'EOF'\ntable ip filter {\n  chain output {\n    «type filter hook output priority 0; policy drop;»\n  }\n}\nEOF\n`,
      },
    },
  ],
  good: [
    { [path]: `${head}for ipt in iptables ip6tables; do\n  "$ipt" -P OUTPUT DROP\ndone\n` },
    { [path]: `${head}iptables -P OUTPUT DROP\nsysctl -w net.ipv6.conf.all.disable_ipv6=1\n` },
    { [path]: `${head}iptables -P OUTPUT DROP\necho 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6\n` },
    {
      [path]: `${head}nft -f - <<'EOF'\ntable inet filter {\n  chain output {\n    type filter hook output priority 0; policy drop;\n  }\n}\nEOF\n`,
    },
    {
      [path]: `${head}iptables -P OUTPUT DROP\nif command -v ip6tables; then ip6tables -P OUTPUT DROP; fi\n`,
    },
    {
      '.devcontainer/devcontainer.json':
        '{ "image": "node:24", "runArgs": ["--cap-add=NET_ADMIN", "--sysctl=net.ipv6.conf.all.disable_ipv6=1"], "postStartCommand": "bash .devcontainer/init-firewall.sh" }',
      [path]: `${head}iptables -P OUTPUT DROP\n`,
    },
  ],
  *check(firewall) {
    const { model } = firewall;
    const [four, six] = [model.families[4], model.families[6]];
    if (!four.isClosed || six.isClosed || model.cut || isOff(firewall)) return;
    // What could not be followed may be what closes it.
    if (model.steps.some(({ kind }) => kind === 'unmodelled')) return;
    const step = model.steps[four.closedAt ?? 0];
    if (!step) return;
    yield {
      place: step.place,
      message: `closes IPv4 only: whatever the container sends over IPv6 is let out; set the same policy with ip6tables, or switch IPv6 off`,
      fixes: offerFix(
        'close IPv6 too',
        'nothing leaves over IPv6; the start fails where the image or the kernel has no ip6tables',
        isIptables(step) ? insertLines(firewall, step, 'after', ipv6Block) : [],
      ),
    };
  },
};

function isIptables(step: Step): boolean {
  return step.kind === 'policy' && step.chain.table === 'filter';
}

/** Switched off where the container is made: by a sysctl, or on its network. */
function isOff({ container }: Firewall): boolean {
  if (!container) return false;
  const texts = [container.file.text.slice(0, longest)];
  return texts.some((text) =>
    /\bdisable_ipv6["']?\s{0,9}[=:]\s{0,9}["']?1|\benable_ipv6:\s{0,9}false/.test(text),
  );
}

/** A configuration is not longer; what is repeats itself. */
const longest = 200_000;
