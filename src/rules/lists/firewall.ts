import type { AnyRule } from '../../core/rule.js';
import { noBroadEgressAccept } from '../network/no-broad-egress-accept.js';
import { noHostNetworkEgress } from '../network/no-host-network-egress.js';
import { noOpenDnsEgress } from '../network/no-open-dns-egress.js';
import { noRemovableFirewall } from '../network/no-removable-firewall.js';
import { requireDefaultDenyEgress } from '../network/require-default-deny-egress.js';
import { requireFailClosedFirewall } from '../network/require-fail-closed-firewall.js';
import { requireFirewallAtStart } from '../network/require-firewall-at-start.js';
import { requireFirewallSelfTest } from '../network/require-firewall-self-test.js';
import { requireIdempotentFirewall } from '../network/require-idempotent-firewall.js';
import { requireIpv6EgressPolicy } from '../network/require-ipv6-egress-policy.js';

/** The rules on: firewall. `npm run new-rule` writes the list, and a test compares it with the folders. */
export const rules: readonly AnyRule[] = [
  noBroadEgressAccept,
  noHostNetworkEgress,
  noOpenDnsEgress,
  noRemovableFirewall,
  requireDefaultDenyEgress,
  requireFailClosedFirewall,
  requireFirewallAtStart,
  requireFirewallSelfTest,
  requireIdempotentFirewall,
  requireIpv6EgressPolicy,
];

export { readFirewallFile, readFirewalls } from '../../container/firewall-subject.js';
