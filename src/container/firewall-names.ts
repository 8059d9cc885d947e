import type { SourceFile } from '../core/text.js';
import type { UnreadableFile } from '../documents/problem.js';
import type { Container } from './container.js';
import type { FirewallModel } from './firewall-script.js';
import type { Start } from './firewall-starts.js';

declare module '../core/rule.js' {
  interface Subjects {
    firewall: Firewall;
  }
}

/** A script that decides what the container may send. */
export interface Firewall {
  readonly file: SourceFile;
  readonly model: FirewallModel;
  /** What starts it. */
  readonly starts: readonly Start[];
  /** Undefined for a script that is looked at alone. */
  readonly container: Container | undefined;
  /** It is a command in a configuration, in whose text shell cannot be edited. */
  readonly isInline: boolean;
}

/** Names of scripts that say what they are for. */
const tellingName =
  /^(?:[\w.-]*[-_.])?(?:firewall|egress|iptables|nftables|lockdown)(?:[-_.][\w.-]*)?(?:\.(?:ba)?sh)?$/i;

export function isFirewallName(name: string): boolean {
  return tellingName.test(name) && (/\.(?:ba|z)?sh$/.test(name) || !name.includes('.'));
}

/** Whether there is anything in a folder or its container that may be a firewall: cheap, without a parser. */
export function concernsFirewall(container: Container | undefined, names: readonly string[]): boolean {
  if (names.some(isFirewallName)) return true;
  if (!container) return false;
  return (
    container.firewall !== undefined ||
    container.copies.some(
      ({ source, target }) => isFirewallName(lastName(source)) || isFirewallName(lastName(target)),
    ) ||
    container.lifecycle.some(({ value }) => value.scripts.some(({ file }) => mentionsFilter(file.text)))
  );
}

export function lastName(path: string): string {
  return path.split('/').findLast((step) => step !== '') ?? path;
}

export interface FirewallReading {
  readonly firewalls: readonly Firewall[];
  readonly problems: readonly UnreadableFile[];
}

const filterWords = /\b(?:ip6?tables|nft|ipset|ufw|firewall-cmd)\b/;

/** Whether a text may set up a packet filter at all. */
export function mentionsFilter(text: string): boolean {
  return filterWords.test(text);
}

const hostNames =
  /^(?:host|gateway|kubernetes)\.docker\.internal$|^host\.(?:containers|lima|minikube|rancher-desktop)\.internal$/;

/** A name by which engines let a container find the machine that it runs on. */
export function isHostName(text: string): boolean {
  return hostNames.test(text);
}
