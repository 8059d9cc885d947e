import { expect, test } from 'vitest';
import { readDestinations } from '../../../src/egress/destinations.js';

test('reads the members of the sets, the busiest first, and passes over everything else', () => {
  const text = [
    'create harden4-seen hash:ip,port family inet hashsize 1024 maxelem 65536 timeout 43200 counters',
    'add harden4-seen 198.18.0.10,tcp:22 timeout 43000 packets 3 bytes 180',
    'add harden4-seen 198.18.0.66,udp:4500 timeout 43000 packets 9 bytes 1200',
    'add harden6-seen 2001:2::10,tcp:5432 timeout 43000 packets 1 bytes 60',
    'add harden4-seen 198.18.0.11,icmp:8/0 timeout 43000 packets 1 bytes 60',
    'add harden4-seen \u001b[2J,tcp:22 packets 1 bytes 1',
    '',
  ].join('\n');
  expect(readDestinations(text)).toEqual([
    { address: '198.18.0.66', protocol: 'udp', port: 4500, packets: 9, bytes: 1200 },
    { address: '198.18.0.10', protocol: 'tcp', port: 22, packets: 3, bytes: 180 },
    { address: '2001:2::10', protocol: 'tcp', port: 5432, packets: 1, bytes: 60 },
  ]);
});
