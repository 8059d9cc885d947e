import { domainToUnicode } from 'node:url';
import { risks } from '../generated/egress-catalogue.js';

/** A name that reads like a well-known one. `script`: letters of other alphabets; `typing`: one letter more, less, other or swapped. */
export interface LookAlike {
  readonly name: string;
  readonly by: 'script' | 'typing';
}

/** Letters that print like Latin ones. Source: the confusables of Unicode TR39, those of one letter to one. */
const twins: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    a: '\u0430\u0251\u03b1',
    b: '\u042c\u0185',
    c: '\u0441\u03f2',
    d: '\u0501',
    e: '\u0435\u04bd',
    g: '\u0261',
    h: '\u04bb',
    i: '\u0456\u0131\u03b9',
    j: '\u0458',
    k: '\u03ba\u043a',
    l: '\u04cf\u217c',
    m: '\u043c',
    n: '\u0578',
    o: '\u043e\u03bf\u0585',
    p: '\u0440\u03c1',
    q: '\u051b',
    r: '\u0433',
    s: '\u0455',
    t: '\u0442',
    u: '\u03c5\u057d',
    v: '\u0475\u03bd',
    w: '\u051d\u03c9',
    x: '\u0445\u03c7',
    y: '\u0443\u03b3',
    z: '\u1d22',
  }).flatMap(([latin, others]) => Array.from(others, (other) => [other, latin])),
);

/** Shorter domains have too many neighbours that mean no harm. */
const shortest = 8;

let finder: ((host: string) => LookAlike | undefined) | undefined;

/** The well-known domain that the domain of a host or wildcard may be mistaken for. */
export function findLookAlike(host: string): LookAlike | undefined {
  finder ??= lookAlikeFinder(
    new Set(
      risks
        .flatMap(({ hosts, tenants = [] }) => [...hosts, ...tenants])
        .map(domainOf)
        .filter((domain) => !domain.includes('*')),
    ),
  );
  return finder(host);
}

/** The last two labels. */
function domainOf(host: string): string {
  return host.replace(/^\./, '').split('.').slice(-2).join('.');
}

function lookAlikeFinder(domains: ReadonlySet<string>): (host: string) => LookAlike | undefined {
  const byShortened = new Map<string, string[]>();
  for (const domain of domains) {
    if (domain.length < shortest) continue;
    for (const form of shortenings(domain)) {
      const same = byShortened.get(form);
      if (same) same.push(domain);
      else byShortened.set(form, [domain]);
    }
  }
  const find = (domain: string): LookAlike | undefined => {
    if (domains.has(domain)) return undefined;
    const shown = domain.includes('xn--') ? domainToUnicode(domain) : domain;
    const latin = toLatin(shown);
    if (latin !== shown && domains.has(latin)) return { name: latin, by: 'script' };
    if (mixesScripts(shown)) return { name: latin, by: 'script' };
    const near = shortenings(latin)
      .flatMap((form) => byShortened.get(form) ?? [])
      .find((known) => known[0] === latin[0] && isOneApart(known, latin));
    return near === undefined ? undefined : { name: near, by: latin === shown ? 'typing' : 'script' };
  };
  // Lists hold many names of one domain.
  const found = new Map<string, LookAlike | undefined>();
  return (host) => {
    const domain = domainOf(host);
    if (!found.has(domain)) found.set(domain, find(domain));
    return found.get(domain);
  };
}

/** The text itself and with each letter left out: two texts one letter apart share one of these. */
function shortenings(text: string): string[] {
  return [text, ...Array.from(text, (_, index) => text.slice(0, index) + text.slice(index + 1))];
}

/** One letter more, less, other, or two neighbours swapped. */
function isOneApart(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  const restOf = (text: string, skipped: number) => text.slice(start + skipped);
  if (restOf(a, 1) === restOf(b, 1) || restOf(a, 1) === restOf(b, 0) || restOf(a, 0) === restOf(b, 1))
    return true;
  return a[start] === b[start + 1] && a[start + 1] === b[start] && restOf(a, 2) === restOf(b, 2);
}

function toLatin(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return Array.from(plain, (letter) => twins[letter] ?? letter).join('');
}

/** Whether one label holds letters of Latin and of an alphabet that looks like it. */
function mixesScripts(text: string): boolean {
  return text
    .split('.')
    .some((label) => /[a-z]/i.test(label) && /[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(label));
}
