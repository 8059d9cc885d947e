import { type Persona, type Severity, severities } from './rule.js';

/** Hosts of one kind, and what somebody who may only reach them can do with that. */
export interface HostRisk {
  /** A few words for messages: `paste site`. */
  readonly kind: string;
  /** As a way out for data. Low: only read from. */
  readonly rating: 'low' | 'medium' | 'high';
  /** Of a lint finding; there unless the rating is low. */
  readonly severity?: Severity;
  readonly persona?: Persona;
  /** The names do not exist any more. */
  readonly gone?: boolean;
  /** A leading dot means the name and every name below it, `*` one label. */
  readonly hosts: readonly string[];
  /** Parents below which each name is somebody else's: one of the names is harmless, all of them are a risk. */
  readonly tenants?: readonly string[];
  /** What an attacker does with it, one line without a full stop. */
  readonly risk: string;
  /** The narrower form, or how to do without. */
  readonly instead: string;
}

/** What is known about an entry of an allowlist. */
export interface KnownHost {
  readonly risk: HostRisk;
  /** The catalogue's name that says so. */
  readonly known: string;
  /**
   * `host`: that name itself, or one below it where it begins with a dot. `tenants`: a wildcard that takes in everybody's names
   * below a shared parent. `part`: a wildcard that takes in the known name among others.
   */
  readonly match: 'host' | 'tenants' | 'part';
}

/** The catalogue by labels from the right, so that a look-up costs what the name is long. */
interface Branch {
  readonly below: Map<string, Branch>;
  host?: Hit;
  suffix?: Hit;
  tenants?: Hit;
  /** The worst of it and everything below. */
  worst?: Hit;
}

type Hit = Omit<KnownHost, 'match'>;

const trees = new WeakMap<readonly HostRisk[], Branch>();

/**
 * What the catalogue knows about a lower-case name, or about a wildcard where it begins with a dot; what is only read from is among it.
 * Where several names of the catalogue fit, the nearest counts; for a wildcard over several, the worst.
 */
export function findHost(host: string, risks: readonly HostRisk[]): KnownHost | undefined {
  const tree = trees.get(risks) ?? growTree(risks);
  trees.set(risks, tree);
  const isWildcard = host.startsWith('.');
  const levels = walk(tree, labelsOf(host));
  const found = (hit: Hit | undefined, match: KnownHost['match']) => hit && { ...hit, match };
  const here = levels.at(-1) ?? [];
  const around = levels.findLast((level) => level.some(({ suffix }) => suffix));
  const hit = isWildcard ? undefined : firstOf(here, 'host');
  return (
    found(hit ?? firstOf(around, 'suffix'), 'host') ??
    (isWildcard
      ? (found(firstOf(here, 'tenants'), 'tenants') ?? found(firstOf(here, 'worst'), 'part'))
      : undefined)
  );
}

/** The way out that an allowed host is; undefined where none is known. */
export function riskOf(host: string, risks: readonly HostRisk[]): HostRisk | undefined {
  const risk = findHost(host, risks)?.risk;
  return risk?.rating === 'low' ? undefined : risk;
}

/** What is known, as one sentence after another; `hosts` is printed as it is given. */
export function describeRisk(hosts: string, { kind, risk, instead }: HostRisk): string {
  return `${hosts} (${kind}): ${risk}. Instead: ${instead}`;
}

function firstOf(
  level: readonly Branch[] = [],
  key: 'host' | 'suffix' | 'tenants' | 'worst',
): Hit | undefined {
  return level.find((branch) => branch[key])?.[key];
}

function labelsOf(host: string): string[] {
  return host.replace(/^\./, '').split('.').reverse();
}

/** The branches that each further label leads to, the literal one before `*`; empty from where nothing is known. */
function walk(tree: Branch, labels: readonly string[]): Branch[][] {
  const levels: Branch[][] = [];
  let level = [tree];
  for (const label of labels) {
    level = level.flatMap(({ below }) => [below.get(label) ?? [], below.get('*') ?? []].flat());
    levels.push(level);
    // Long names end here too, so that nobody pays for thousands of labels.
    if (level.length === 0) break;
  }
  return levels;
}

function growTree(risks: readonly HostRisk[]): Branch {
  const tree: Branch = { below: new Map() };
  for (const risk of risks) {
    for (const known of risk.hosts) insert(tree, { risk, known }, known.startsWith('.') ? 'suffix' : 'host');
    for (const known of risk.tenants ?? []) insert(tree, { risk, known }, 'tenants');
  }
  return tree;
}

function insert(tree: Branch, hit: Hit, key: 'host' | 'suffix' | 'tenants'): void {
  let branch = tree;
  for (const label of labelsOf(hit.known)) {
    const next = branch.below.get(label) ?? { below: new Map() };
    branch.below.set(label, next);
    branch = next;
    if (!branch.worst || rankOf(hit.risk) < rankOf(branch.worst.risk)) branch.worst = hit;
  }
  branch[key] ??= hit;
}

/** The lower, the worse. What does not exist any more is as harmless as what is only read. */
function rankOf({ severity, gone }: HostRisk): number {
  return severity && !gone ? severities.indexOf(severity) : severities.length;
}
