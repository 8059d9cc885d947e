import { metadataRange, refusedRange } from '../core/address-range.js';
import type { KnownHost } from '../core/host-risk.js';
import type { Severity } from '../core/rule.js';
import type { AllowTarget } from '../documents/allow-target.js';

/** How far an entry reaches beyond one name. */
export interface Breadth {
  readonly severity: Severity;
  /** Behind the quoted entry: what is wrong, and what to do instead. */
  readonly what: string;
}

/** Second levels under which countries register for everybody. Source: the Public Suffix List, 2026-11. */
const openLevels = /^(?:ac|co|com|edu|gob|gouv|gov|ltd|me|mil|ne|net|nom|or|org|plc|sch)$/;

/** Names of metadata services and of the container's host. */
const metadataNames = /(?:^|\.)(?:metadata\.google\.internal|instance-data\.ec2\.internal|metadata\.goog)$/;
const hostNames =
  /^(?:host|gateway|kubernetes)\.docker\.internal$|^host\.(?:containers|lima|minikube|rancher-desktop)\.internal$/;

const single = 'list the exact names that are needed';

/** Undefined for an entry that opens one public name. */
export function breadthOf(
  target: AllowTarget,
  ports: readonly string[] | undefined,
  known: KnownHost | undefined,
): Breadth | undefined {
  if (target.kind === 'everything') return error(`opens every name; ${single}`);
  if (target.kind === 'addresses') return breadthOfAddresses(target);
  if (target.kind !== 'name') return undefined;
  if (!target.host.startsWith('.')) return breadthOfName(target.host, ports);
  return breadthOfWildcard(target.host.slice(1), known);
}

function error(what: string): Breadth {
  return { severity: 'error', what };
}

function warning(what: string): Breadth {
  return { severity: 'warning', what };
}

function breadthOfName(host: string, ports: readonly string[] | undefined): Breadth | undefined {
  if (metadataNames.test(host)) return error(`is a metadata service, ${stealsCredentials}`);
  // Both web ports without being named are what a list gives that does not speak of ports.
  if (hostNames.test(host) && (!ports || ports.length > 1))
    return warning('is the host with every service on it; forward the one port that is needed');
  return undefined;
}

const stealsCredentials = 'which hands the credentials of the machine to whoever asks; take it out';

function breadthOfWildcard(parent: string, known: KnownHost | undefined): Breadth | undefined {
  const labels = parent.split('.');
  const [second = '', top = ''] = labels;
  if (labels.at(-1) === 'internal')
    return error('takes in the names of metadata services and of the host; take it out');
  if (labels.length === 1 || (labels.length === 2 && top.length === 2 && openLevels.test(second)))
    return error(`opens every name below ${parent}, where anyone can register one; ${single}`);
  if (known?.match === 'tenants')
    return warning(
      `opens all names below ${parent} (${known.risk.kind}): ${known.risk.risk}; instead: ${known.risk.instead}`,
    );
  if (known?.match !== 'part' || isAboveInfo(known)) return undefined;
  const needed = known.known.replace(/^\./, '');
  return {
    severity: 'info',
    what: `opens every name below ${parent}, now and later, where ${needed} is what is known to be needed; ${single}`,
  };
}

/** A wildcard that takes in a worse host is that host's case. */
export function isAboveInfo({ risk }: KnownHost): boolean {
  return (risk.severity === 'error' || risk.severity === 'warning') && !risk.gone;
}

/** IPv4 wider than a /24 and IPv6 wider than a /48 are more than one site. */
function breadthOfAddresses({ range, text, port }: AllowTarget & { kind: 'addresses' }): Breadth | undefined {
  const is4 = range.bits.length === 32;
  const { length } = range;
  if (length < (is4 ? 8 : 16)) return error(`is a large part of all addresses; ${single}`);
  const metadata = metadataRange(range);
  if (metadata !== undefined)
    return error(`reaches the metadata service at ${metadata}, ${stealsCredentials}`);
  const refused = refusedRange(range);
  if (refused === '127.0.0.0/8' || refused === '::/96') return undefined;
  // One service of the own network is what a forward needs.
  if (refused !== undefined && port !== undefined && length === range.bits.length) return undefined;
  if (refused !== undefined)
    return warning(
      `reaches ${refused}, where the host and its neighbours are; open one host with its port instead`,
    );
  if (length < (is4 ? 24 : 48)) {
    const many = is4 ? `2^${32 - length} addresses` : 'a wide range of addresses';
    return warning(`is ${many}, which belong to many; ${single}`);
  }
  const what = text.includes('/') ? 'a range' : 'an address';
  return {
    severity: 'info',
    what: `is ${what} and no name: whoever holds it, or serves from it, is open too; list the name where there is one`,
  };
}
