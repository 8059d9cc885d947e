/**
 * Reads the lines that the proxy and the resolver of a container write. The names in them were chosen by whoever asked,
 * so a line is hostile text: it is never more than data, and one that is not understood is no error.
 */

export const proxyVerdicts = ['allowed', 'observed', 'refused', 'no-name', 'no-tls', 'unresolved'] as const;
export type ProxyVerdict = (typeof proxyVerdicts)[number];

/** A connection that the proxy has ended. Times are milliseconds since 1970, sizes bytes. */
export interface Connection {
  readonly at: number;
  /** Undefined where the client named none. */
  readonly name: string | undefined;
  readonly port: number;
  readonly verdict: ProxyVerdict;
  readonly up: number;
  readonly down: number;
}

/** A line of the resolver that says something about a name. */
export interface Lookup {
  readonly at: number;
  /** `query`: asked. `config`: answered from the list. `reply`, `cached`: an answer from outside. `rebind`: one that was held back. */
  readonly kind: 'query' | 'config' | 'forwarded' | 'reply' | 'cached' | 'rebind';
  /** Lower case, without a dot at its end. */
  readonly name: string;
  /** The type of a query (`AAAA`), the answer (`NXDOMAIN`, `<CNAME>`, an address), '' elsewhere. */
  readonly value: string;
}

/** `2026-11-21 03:09:18.202612569  `: what s6-log puts before each line, in UTC. */
const prefixLength = 31;

/** One line of the proxy's log. `unreadable` is one that was meant to tell of a connection and does not. */
export function readProxyLine(line: string): Connection | 'unreadable' | undefined {
  if (!line.startsWith('{"harden":"egress"', prefixLength)) return undefined;
  const at = timeOf(line);
  const value = parseObject(line.slice(prefixLength));
  const verdict = proxyVerdicts.find((known) => known === value?.verdict);
  if (!value || !verdict || Number.isNaN(at)) return 'unreadable';
  const { name, port, up, down } = value;
  if (typeof name !== 'string' || !isCount(port) || port > 65_535 || !isCount(up) || !isCount(down))
    return 'unreadable';
  // The proxy's word for a variable that was not set.
  return { at, name: name === '-' ? undefined : plainName(name), port, verdict, up, down };
}

/** One line of the resolver's log; undefined where it is about something else. */
export function readResolverLine(line: string): Lookup | undefined {
  if (!line.startsWith('dnsmasq[', prefixLength)) return undefined;
  const start = line.indexOf(']: ', prefixLength) + 3;
  const at = timeOf(line);
  if (start < 3 || Number.isNaN(at)) return undefined;
  const blank = line.indexOf(' ', start);
  const word = line.slice(start, blank);
  if (word.startsWith('query['))
    return split(at, 'query', line, blank, 'from', word.slice('query['.length, -1));
  if (word === 'config' || word === 'reply' || word === 'cached') return split(at, word, line, blank, 'is');
  if (word === 'forwarded') return split(at, word, line, blank, 'to', '');
  const rebind = 'possible DNS-rebind attack detected: ';
  return line.startsWith(rebind, start)
    ? { at, kind: 'rebind', name: plainName(line.slice(start + rebind.length)), value: '' }
    : undefined;
}

/** `NAME between REST`. A name may hold blanks and words, so what counts is the last `between`. */
function split(
  at: number,
  kind: Lookup['kind'],
  line: string,
  blank: number,
  between: string,
  value?: string,
): Lookup | undefined {
  const end = line.lastIndexOf(` ${between} `);
  if (end <= blank) return undefined;
  const name = plainName(line.slice(blank + 1, end));
  return { at, kind, name, value: value ?? line.slice(end + between.length + 2) };
}

function plainName(name: string): string {
  const lower = name.toLowerCase();
  return lower.length > 1 && lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

// Thousands of lines share a second, and taking a date apart is what would cost most.
let lastSecond = '';
let lastTime = Number.NaN;

function timeOf(line: string): number {
  const second = line.slice(0, 19);
  if (second !== lastSecond) {
    lastSecond = second;
    lastTime = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(second)
      ? Date.parse(`${second.replace(' ', 'T')}Z`)
      : Number.NaN;
  }
  return lastTime;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
