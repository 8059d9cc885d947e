import { type AddressRange, parseRange } from '../core/address-range.js';

/** What an entry of an allowlist opens, read as its author most likely meant it. */
export type AllowTarget =
  /** `host` is a lower-case name in the letters of DNS; a leading dot means every name below it too. */
  | { readonly kind: 'name'; readonly host: string; readonly port: string | undefined }
  | {
      readonly kind: 'addresses';
      readonly range: AddressRange;
      readonly text: string;
      readonly port: string | undefined;
    }
  /** A lone `*`. */
  | { readonly kind: 'everything' }
  | { readonly kind: 'unknown' };

/** How an entry differs from the plain form of what it means. */
export type EntryFlaw =
  | 'scheme'
  | 'path'
  | 'words'
  | 'dot-at-end'
  | 'upper-case'
  | 'foreign-letters'
  | 'star'
  | 'inner-star'
  | 'bad-port'
  | 'no-name';

export interface ReadEntry {
  readonly target: AllowTarget;
  readonly flaws: readonly EntryFlaw[];
}

/** Longer than any name with scheme and port: what comes behind is not looked at. */
const longest = 2000;

/** Reads `name`, `.suffix`, `*.suffix`, `name:port`, `ADDRESS/LENGTH:port`, and what people write in their place. */
export function readEntry(entry: string): ReadEntry {
  if (entry === '*') return { target: { kind: 'everything' }, flaws: [] };
  if (entry.length > longest) return { target: { kind: 'unknown' }, flaws: ['no-name'] };
  const flaws: EntryFlaw[] = [];
  const [first = '', ...more] = entry.split(/\s+/);
  if (more.length > 0) flaws.push('words');
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(first)?.[0] ?? '';
  if (scheme) flaws.push('scheme');
  const rest = first.slice(scheme.length);
  const addresses = readAddresses(rest);
  if (addresses) return { target: addresses, flaws };
  const slash = rest.indexOf('/');
  if (slash >= 0) flaws.push('path');
  const { name, port } = splitPort(slash < 0 ? rest : rest.slice(0, slash));
  if (port !== undefined && !isPort(port)) flaws.push('bad-port');
  const host = readName(name, flaws);
  return host === undefined
    ? { target: { kind: 'unknown' }, flaws: [...flaws, 'no-name'] }
    : { target: { kind: 'name', host, port }, flaws };
}

/** The entry in the form that init-firewall.sh reads; undefined where it means nothing. */
export function plainEntry(target: AllowTarget): string | undefined {
  if (target.kind !== 'name') return undefined;
  return target.port === undefined ? target.host : `${target.host}:${target.port}`;
}

export function isPort(text: string): boolean {
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65535;
}

/** An address or range, with `:port` behind it, and brackets around the IPv6 ones that have no length. */
function readAddresses(text: string): AllowTarget | undefined {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(text);
  const ported = /^([^/:]+|[^/]+\/\d+):(\d+)$/.exec(text);
  for (const [address, port] of [
    [bracketed?.[1], bracketed?.[2]],
    [ported?.[1], ported?.[2]],
    [text, undefined],
  ] as const) {
    const range = address === undefined ? undefined : parseRange(address);
    if (range && address !== undefined) return { kind: 'addresses', range, text: address, port };
  }
  return undefined;
}

function splitPort(text: string): { name: string; port: string | undefined } {
  const colon = text.indexOf(':');
  return colon < 0
    ? { name: text, port: undefined }
    : { name: text.slice(0, colon), port: text.slice(colon + 1) };
}

/** The name in its plain form, each step noted; undefined where none is meant. */
function readName(text: string, flaws: EntryFlaw[]): string | undefined {
  let name = text;
  if (name.endsWith('.') && name.length > 1) {
    flaws.push('dot-at-end');
    name = name.slice(0, -1);
  }
  const star = name.startsWith('*.');
  if (star) {
    flaws.push('star');
    name = name.slice(1);
  }
  if (name.includes('*')) {
    flaws.push('inner-star');
    return undefined;
  }
  if (/[^\u0000-\u007f]/.test(name)) {
    flaws.push('foreign-letters');
    name = toPunycode(name) ?? name;
  }
  if (name !== name.toLowerCase()) {
    flaws.push('upper-case');
    name = name.toLowerCase();
  }
  return isName(name) ? name : undefined;
}

function toPunycode(name: string): string | undefined {
  if (/[@?#\\]/.test(name)) return undefined;
  const dot = name.startsWith('.') ? '.' : '';
  const url = `http://${name.slice(dot.length)}/`;
  return URL.canParse(url) ? dot + new URL(url).hostname : undefined;
}

/** A name or suffix that DNS can hold; the last label is no number. */
function isName(text: string): boolean {
  const name = text.replace(/^\./, '');
  if (name.length === 0 || name.length > 253) return false;
  const labels = name.split('.');
  return (
    labels.every((label) => label.length <= 63 && /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '')
  );
}
