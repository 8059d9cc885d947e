import type { Container } from '../../container/container.js';
import { removeLines } from '../../container/firewall-edits.js';
import type { Firewall } from '../../container/firewall-names.js';
import type { FilterRule } from '../../container/firewall-step.js';
import { oncePerPlace, openings, portsText, type Reach, reachOf } from '../../container/firewall-view.js';
import { offerFix } from '../../container/fixes.js';
import type { Report, Rule } from '../../core/rule.js';

const path = '.devcontainer/init-firewall.sh';
const head = '#!/bin/bash\nset -euo pipefail\niptables -P OUTPUT DROP\n';
const gateway = "HOST_IP=$(ip route | grep default | cut -d' ' -f3)\n";

export const noHostNetworkEgress: Rule<'firewall'> = {
  id: 'no-host-network-egress',
  on: 'firewall',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Keep the host, its networks and metadata services out of reach',
  why: 'Behind the gateway’s address is the host with every service that listens there, and beside it every other container on the bridge: databases without a password, development servers, an engine’s API. A metadata service hands out the credentials of the machine.',
  references: [
    'https://docs.docker.com/engine/network/packet-filtering-firewalls/',
    'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html',
    'https://attack.mitre.org/techniques/T1552/005/',
  ],
  examples: [
    {
      bad: {
        [path]: `${head}${gateway}HOST_NETWORK=$(echo "$HOST_IP" | sed "s/\\.[0-9]*$/.0\\/24/")\n«iptables -A OUTPUT -d "$HOST_NETWORK" -j ACCEPT»\n`,
      },
      fixed: {
        [path]: `${head}${gateway}HOST_NETWORK=$(echo "$HOST_IP" | sed "s/\\.[0-9]*$/.0\\/24/")\n`,
      },
    },
    {
      bad: { [path]: `${head}«iptables -A OUTPUT -d 172.16.0.0/12 -j ACCEPT»\n` },
      fixed: { [path]: head },
    },
    {
      bad: { [path]: `${head}${gateway}«iptables -A OUTPUT -d "\${HOST_IP}" -j ACCEPT»\n` },
      fixed: { [path]: `${head}${gateway}` },
    },
    {
      bad: { [path]: `${head}«iptables -A OUTPUT -d 169.254.169.254 -p tcp --dport 80 -j ACCEPT»\n` },
      fixed: { [path]: head },
    },
    {
      bad: {
        [path]: `${head}ipset create -exist a hash:net\n«ipset add -exist a 10.0.0.0/8»\niptables -A OUTPUT -m set --match-set a dst -j ACCEPT\n`,
      },
      fixed: {
        [path]: `${head}ipset create -exist a hash:net\niptables -A OUTPUT -m set --match-set a dst -j ACCEPT\n`,
      },
    },
    {
      bad: {
        [path]: `${head}address=$(getent hosts host.docker.internal | awk '{print $1}')\n«iptables -A OUTPUT -d "$address" -j ACCEPT»\n`,
      },
      fixed: { [path]: `${head}address=$(getent hosts host.docker.internal | awk '{print $1}')\n` },
    },
  ],
  good: [
    { [path]: `${head}${gateway}iptables -A OUTPUT -d "$HOST_IP" -p tcp --dport 8931 -j ACCEPT\n` },
    { [path]: `${head}${gateway}iptables -A INPUT -s "$HOST_IP" -j ACCEPT\n` },
    { [path]: `${head}iptables -A OUTPUT -d 10.0.0.0/8 -j REJECT\n` },
    { [path]: `${head}iptables -A OUTPUT -d 169.254.169.254 -j DROP\n` },
    { [path]: `${head}iptables -A OUTPUT -d 192.168.1.20 -p tcp --dport 5432 -j ACCEPT\n` },
  ],
  check: (firewall) => oncePerPlace(check(firewall)),
};

function* check(firewall: Firewall): Iterable<Report> {
  for (const { rule, step } of openings(firewall)) {
    const reach = rule.destination ? reachOf(rule.destination) : bridgeOf(rule);
    const found = judge(reach, rule, firewall.container);
    if (!found) continue;
    const consequence = 'what really needs the host needs a rule of its own with its address and port';
    yield {
      place: step.place,
      ...found,
      fixes: offerFix('remove the rule', consequence, removeLines(firewall, step)),
    };
  }
  yield* checkSets(firewall);
}

function bridgeOf({ outInterface, hasOwner }: FilterRule): Reach {
  const name = outInterface?.text ?? '';
  return /^(?:docker\d|br-)/.test(name) && !hasOwner ? { kind: 'network', what: name } : undefined;
}

function judge(
  reach: Reach,
  rule: FilterRule,
  container: Container | undefined,
): Pick<Report, 'message' | 'severity'> | undefined {
  if (reach?.kind === 'metadata')
    return {
      severity: 'error',
      message: `lets ${portsText(rule)} out to ${reach.what}, where a metadata service hands out the credentials of the machine; refuse it before anything else`,
    };
  // A few named ports are what a forward to the host looks like.
  const few =
    rule.ports !== undefined && rule.ports.length <= 5 && !rule.ports.some(({ text }) => /[:-]/.test(text));
  if ((reach?.kind !== 'network' && reach?.kind !== 'host') || few) return undefined;
  if (reach.kind === 'network' && isOwnNetwork(reach.what, container)) return undefined;
  const who = reach.kind === 'host' ? 'every service there' : 'the host and every container on it';
  return {
    message: `lets ${portsText(rule)} out to ${reach.what}: ${who} can be reached; name one address with one port for each service that is needed`,
  };
}

/** The network of a compose project holds the services that its file declares. */
function isOwnNetwork(what: string, container: Container | undefined): boolean {
  return container?.source === 'compose' && what === 'the network of the default route';
}

function* checkSets(firewall: Firewall): Iterable<Report> {
  for (const step of firewall.model.steps) {
    if (step.kind !== 'set' || step.action !== 'add' || !step.member || step.isSwitched) continue;
    const reach = reachOf({ ...step.member, text: step.member.text.split(',')[0] ?? '' });
    if (reach?.kind !== 'network' && reach?.kind !== 'metadata') continue;
    if (isOwnNetwork(reach.what, firewall.container)) continue;
    const isMetadata = reach.kind === 'metadata';
    yield {
      place: step.place,
      severity: isMetadata ? 'error' : 'warning',
      message: `opens ${reach.what}: ${isMetadata ? 'a metadata service hands out the credentials of the machine' : 'the host and every machine on that network'} can be reached; name single addresses`,
      fixes: offerFix(
        'take it out of the set',
        'what really needs it needs a rule of its own with its address and port',
        removeLines(firewall, step),
      ),
    };
  }
}
