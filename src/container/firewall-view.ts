import { metadataRange, parseRange, refusedRange } from '../core/address-range.js';
import type { Report } from '../core/rule.js';
import { type Firewall, isHostName } from './firewall-names.js';
import { outputRules, type PlacedRule } from './firewall-ruleset.js';
import { bothFamilies, type FilterRule } from './firewall-step.js';
import { isKnown, type Value } from './firewall-value.js';

/**
 * The rules that let something out: not those that only somebody's change of a default brings, nor what goes to the
 * container itself or answers.
 */
export function openings(firewall: Firewall): readonly PlacedRule[] {
  return bothFamilies
    .flatMap((family) => outputRules(firewall.model.families[family].ruleset))
    .filter(({ rule }) => rule.verdict === 'accept' && !isInside(rule));
}

function isInside({ outInterface, states, destination }: FilterRule): boolean {
  if (outInterface?.text === 'lo') return true;
  if (states && !states.some((state) => state === 'NEW' || state === 'UNTRACKED' || state === 'INVALID'))
    return true;
  return destination !== undefined && isLoopback(destination.text);
}

export function isLoopback(text: string): boolean {
  return /^(?:127\.[\d.]+(?:\/\d+)?|::1(?:\/128)?|localhost)$/.test(text);
}

/** What a destination takes in. */
export type Reach =
  | {
      readonly kind: 'metadata' | 'network' | 'host' | 'wide' | 'everything' | 'ranges';
      readonly what: string;
    }
  | undefined;

/** Undefined for one that is not known to take in more than a few public addresses. */
export function reachOf(destination: Value): Reach {
  const { origins } = destination;
  if (!isKnown(destination)) {
    const what = 'the address of the default route';
    const isWidened = /\/(?:[1-9]|[12]\d)$/.test(destination.text);
    if (origins.includes('host')) return { kind: 'host', what: 'the host' };
    if (origins.includes('interface')) return undefined;
    if (origins.includes('bridge') || (origins.includes('gateway') && isWidened))
      return { kind: 'network', what: 'the network of the default route' };
    if (origins.includes('gateway')) return { kind: 'host', what };
    if (origins.includes('forge-ranges'))
      return { kind: 'ranges', what: 'every address range that GitHub publishes' };
    if (origins.includes('cloud-ranges'))
      return { kind: 'ranges', what: 'the address ranges of a CDN or cloud' };
    return undefined;
  }
  const reaches = destination.text.split(',').map(reachOfText);
  return reaches.find((reach) => reach !== undefined);
}

function reachOfText(text: string): Reach {
  if (/^metadata(?:\.google\.internal|\.goog)?$/.test(text)) return { kind: 'metadata', what: text };
  if (isHostName(text)) return { kind: 'host', what: text };
  const range = parseRange(withLength(text));
  if (!range) return undefined;
  const isSix = range.bits.length === 128;
  if (range.length < (isSix ? 4 : 8) && !refusedRange({ ...range, length: range.bits.length }))
    return { kind: 'everything', what: text };
  if (metadataRange(range) && range.length > 8) return { kind: 'metadata', what: text };
  const refused = refusedRange(range);
  if (refused !== undefined && range.length >= 8) {
    if (/^(?:224|ff00|127|0\.0|::\/)/.test(refused)) return undefined;
    return range.length >= (isSix ? 128 : 32)
      ? { kind: 'host', what: text }
      : { kind: 'network', what: text };
  }
  return range.length < (isSix ? 32 : 16) ? { kind: 'wide', what: text } : undefined;
}

/** `10.0.0.0/255.0.0.0` is `10.0.0.0/8`. */
function withLength(text: string): string {
  const [address = '', mask = ''] = text.split('/');
  const range = mask.includes('.') ? parseRange(mask) : undefined;
  if (!range) return text;
  const length = range.bits.indexOf('0');
  return `${address}/${length < 0 ? 32 : length}`;
}

/** Whether a list of ports and ranges holds a port; undefined where it cannot be said. */
export function holdsPort(ports: readonly Value[], wanted: number): boolean {
  return ports.some((port) => {
    const [from = '', to = from] = port.text.split(/[:-]/);
    if (!/^\d*$/.test(from) || !/^\d*$/.test(to)) return isService(port.text, wanted);
    return Number(from || 0) <= wanted && wanted <= Number(to === '' ? 65_535 : to);
  });
}

const services: Readonly<Record<string, number>> = {
  domain: 53,
  'domain-s': 853,
  http: 80,
  https: 443,
  ssh: 22,
};

function isService(text: string, wanted: number): boolean {
  return Object.hasOwn(services, text) && services[text] === wanted;
}

export function portsText({ ports, protocol: given }: FilterRule): string {
  const protocol = given === undefined ? '' : `${shownName(given)} `;
  if (!ports) return `every ${protocol}port`;
  const names = ports.slice(0, 16).map(({ text }) => shownName(text));
  return `${protocol}port${ports.length > 1 ? 's' : ''} ${names.join(', ')}`;
}

/** A name or address as a message may show it; what is too long to be one may be anything, a password too. */
export function shownName(text: string): string {
  return /^[\w.:/@+$"{} -]{1,31}$/.test(text) ? text : '…';
}

/** Of what is said about the same command again and again, as of one in a loop, the first. */
export function* oncePerPlace(reports: Iterable<Report>): Iterable<Report> {
  const seen = new Set<string>();
  for (const report of reports) {
    const { file, at } = report.place;
    const key = `${at.start} ${at.end} ${file.path}`;
    if (!seen.has(key)) yield report;
    seen.add(key);
  }
}
