import { type Attack, evil4, evil6, py } from './attack.js';

const protocols: readonly (readonly [string, number])[] = [
  ['IGMP', 2],
  ['IP in IP', 4],
  ['EGP', 8],
  ['IPv6 in IP', 41],
  ['GRE', 47],
  ['ESP', 50],
  ['AH', 51],
  ['OSPF', 89],
  ['PIM', 103],
  ['VRRP', 112],
  ['L2TP', 115],
  ['SCTP', 132],
  ['a protocol of nobody', 253],
];
const flags: readonly (readonly [string, number])[] = [
  ['a SYN with data', 2],
  ['an ACK of no connection', 16],
  ['a RST with data', 4],
  ['a FIN with data', 17],
  ['every flag', 63],
  ['no flag', 0],
];
const orders = ['in order', 'last-first', 'later-only'];
const headers: readonly (readonly [string, string])[] = [
  ['hop-by-hop options', '0'],
  ['destination options', '60'],
  ['a routing header', '43'],
  ['a fragment header', '44'],
  ['many headers', '0,60,43,44,60'],
];

/**
 * Packets that need CAP_NET_RAW, which no tool in a container has. The rules must hold for them all the same, so here the
 * user has it, with the firewall and without.
 */
export const byRawPackets: readonly Attack[] = [
  ...protocols.flatMap(([name, number]): readonly Attack[] => [
    { name: `${name} by hand`, script: (t) => py('protocol', evil4, 0, t, number) },
    { name: `${name} by hand over IPv6`, script: (t) => py('protocol', evil6, 0, t, number) },
  ]),
  ...flags.flatMap(([name, bits]): readonly Attack[] => [
    { name: `TCP with ${name}`, script: (t) => py('segment', evil4, 8080, t, bits) },
    { name: `TCP with ${name} over IPv6`, script: (t) => py('segment', evil6, 8080, t, bits) },
  ]),
  { name: 'TCP with a SYN with data to the port of HTTPS', script: (t) => py('segment', evil4, 443, t, 2) },
  { name: 'TCP with an ACK to the port of HTTPS', script: (t) => py('segment', evil4, 443, t, 16) },
  ...orders.map((order) => ({
    name: `fragments by hand, ${order}`,
    script: (t: string) => py('fragments', evil4, 4500, t, order),
  })),
  ...headers.map(([name, types]) => ({
    name: `a datagram behind ${name}`,
    script: (t: string) => py('ipv6_headers', evil6, 4500, t, types),
  })),
  ...[0, 3, 5, 8, 11, 13, 42].map((type) => ({
    name: `ICMP type ${type} by hand`,
    script: (t: string) => py('icmp_type', evil4, 0, t, type),
  })),
  ...[1, 3, 128, 129, 137, 139, 143, 200].map((type) => ({
    name: `ICMPv6 type ${type} by hand`,
    script: (t: string) => py('icmp_type', evil6, 0, t, type),
  })),
];
