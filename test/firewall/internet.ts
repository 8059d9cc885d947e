import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { everyToken, isToken } from './attacks/attack.js';
import { followFile } from './follow.js';
import {
  capture,
  inside,
  newNamespace,
  removeDeadNamespaces,
  removeNamespace,
  startInside,
  until,
} from './namespaces.js';
import { followCapture, type Packet } from './pcap.js';
import { must } from './run.js';
import { addresses, tunnelled } from './sites.mjs';

/** Something that reached a server of the fake internet. */
export interface Arrival {
  /** `raw` is the start of a connection to port 443 as it was on the wire, `tls` what was inside. */
  readonly via: 'dns' | 'tcp' | 'tls' | 'raw' | 'udp' | 'ready';
  /** Address, and port for what is not DNS. */
  readonly to: string;
  /** The SNI or Host that was asked for, or the name that was asked of a name server. */
  readonly name: string;
  readonly data: string;
}

export interface Internet {
  readonly nameServer: string;
  /** True when a server saw the token, whoever it belongs to. */
  readonly arrived: (token: string) => boolean;
  /**
   * True when the token got where it must not: anywhere but to a listed site, over TCP, on the wire or at a server. A shared
   * address is a listed site only to those who ask for its listed name.
   */
  readonly escaped: (token: string) => boolean;
  /** How many server processes that write to `folder` are up. */
  readonly started: () => number;
  /** The namespace of its servers. */
  readonly namespace: string;
  /** Holds cert.pem, which every site shows and which is its own authority. */
  readonly folder: string;
  readonly stop: () => void;
}

const { allowed, rotated, shared, registry } = addresses;
const listed = new Set<string>([...allowed, ...rotated, ...registry]);

function isEscape({ via, to, name }: Arrival): boolean {
  const [address = ''] = to.split(' ');
  if (via === 'dns' || via === 'udp') return true;
  return !(listed.has(address) || (shared.includes(address) && listedOnShared.test(name)));
}

const listedOnShared = /^(?:cdn|(?:[\w-]+\.)*wide)\.example$/;
const plain = new Set([...allowed, ...rotated, ...shared, ...registry].map(spell));

/** An IPv6 address as {@link Packet} spells it. */
function spell(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('::');
  const [left, right] = [head.split(':').filter(Boolean), tail.split(':').filter(Boolean)];
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right].join(':');
}

/**
 * What the proxy sends to a listed site is encrypted on 443 and judged by its Host on 80, and 22 is open to one by address;
 * no other packet may show a token.
 */
function isEscapingPacket({ to, protocol, port }: Packet): boolean {
  return !(plain.has(to) && protocol === 6 && (port === 80 || port === 22));
}

/**
 * Whether a text was seen in what grows. Tokens are picked out of each item once, so that a thousand questions about a
 * hundred thousand packets stay cheap; any other text is looked for in all of them.
 */
export function follow<Item>(
  items: () => readonly Item[],
  text: (item: Item) => string,
): (wanted: string) => boolean {
  const tokens = new Set<string>();
  let read = 0;
  return (wanted) => {
    const all = items();
    for (; read < all.length; read += 1) {
      const item = all[read];
      if (item !== undefined) for (const [token] of text(item).matchAll(everyToken)) tokens.add(token);
    }
    return isToken.test(wanted) ? tokens.has(wanted) : all.some((item) => text(item).includes(wanted));
  };
}

/** Whether packets of a capture show a text where it must not be. */
export function watchCapture(file: string): (wanted: string) => boolean {
  return follow(followCapture(file, isEscapingPacket), (packet) => packet.bytes.toString('latin1'));
}

/** Every arrival so far, read as it grows. */
function followArrivals(path: string): () => readonly Arrival[] {
  const arrivals: Arrival[] = [];
  const more = followFile(path);
  let rest = '';
  return () => {
    const lines = (rest + more().toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) arrivals.push(JSON.parse(line) as Arrival);
    return arrivals;
  };
}

function makeCertificate(folder: string): void {
  const names = ['allowed', 'cdn', 'npm', 'pypi', 'git', 'deb'].map((name) => `DNS:${name}.example`);
  must('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=fake internet', '-addext', `subjectAltName=${names.join(',')}`],
    ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')],
  ]);
}

/** A link between the router and a namespace that holds every address of the fake internet. */
function wire(router: string, namespace: string): void {
  const link = `hd${namespace.replace(/\D+/g, '-').slice(1)}`;
  const everyone = Object.values(addresses);
  inside(
    namespace,
    `ip link add up0 type veth peer name ${link} netns ${router || process.pid}
    ip link set up0 up
    ${everyone.map(([four]) => `ip address add ${four}/24 dev up0`).join('\n')}
    ${everyone.map(([, six]) => `ip address add ${six}/64 dev up0 nodad`).join('\n')}
    ${tunnelled.map((six) => `ip address add ${six}/128 dev lo nodad`).join('\n')}`,
  );
  inside(
    router,
    `ip address add 198.18.0.1/24 dev ${link}
    ip address add 2001:2::1/64 dev ${link} nodad
    ip link set ${link} up
    ${tunnelled.map((six) => `ip route add ${six} via 2001:2::66`).join('\n')}
    echo 1 >/proc/sys/net/ipv6/conf/all/forwarding`,
  );
  inside(namespace, 'ip route add default via 198.18.0.1; ip route add default via 2001:2::1');
}

/**
 * Starts servers in a network namespace of their own, which hangs on the namespace `router` ('' is the machine's own, where
 * an engine's containers are) and is reachable from nowhere else.
 */
export async function startInternet(router = ''): Promise<Internet> {
  removeDeadNamespaces();
  const folder = mkdtempSync(join(tmpdir(), `harden-internet-${process.pid}-`));
  const children: ChildProcess[] = [];
  const namespace = newNamespace();
  const stop = (): void => {
    for (const child of children) child.kill('SIGKILL');
    removeNamespace(namespace);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    wire(router, namespace);
    makeCertificate(folder);
    const file = join(folder, 'capture');
    children.push(await capture(namespace, 'up0', file));
    const script = join(import.meta.dirname, 'internet-server.mjs');
    children.push(startInside(namespace, process.execPath, script, folder));
    const arrivals = followArrivals(join(folder, 'arrivals'));
    const onWire = watchCapture(file);
    const atAll = follow(arrivals, (one) => one.data);
    const atWrong = follow(arrivals, (one) => (isEscape(one) ? one.data : ''));
    const started = (): number => arrivals().filter((one) => one.via === 'ready').length;
    await until(() => started() > 0, 'the fake internet');
    return {
      started,
      nameServer: addresses.dns[0],
      namespace,
      folder,
      arrived: atAll,
      escaped: (token) => atWrong(token) || onWire(token),
      stop,
    };
  } catch (error) {
    stop();
    throw error;
  }
}
