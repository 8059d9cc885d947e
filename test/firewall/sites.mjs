// Who is who on the fake internet, for its servers (internet-server.mjs) and for the tests (attacks, judges). Benchmark
// addresses: nothing on the real internet has them, and dnsmasq does not take them for private.

const both = (last) => [`198.18.0.${last}`, `2001:2::${last}`];

export const addresses = {
  dns: both(53),
  allowed: both(10),
  rotated: both(11),
  /** Serves allowed sites and the attacker's alike, as a CDN does. */
  shared: both(20),
  registry: both(30),
  attacker: both(66),
};

/** IPv6 addresses that carry the attacker's IPv4 address: NAT64, 6to4, Teredo's range. */
export const tunnelled = ['64:ff9b::c612:42', '2002:c612:42::1', '2001:0:c612:42::1'];

const { allowed, rotated, shared, registry, attacker } = addresses;

// [IPv4, IPv6] for each turn of an answer; undefined gives none.
const sites = {
  'allowed.example': [allowed],
  'ssh.example': [allowed],
  'cdn.example': [shared],
  'four.example': [[allowed[0]]],
  'six.example': [[undefined, allowed[1]]],
  'rotating.example': [allowed, rotated],
  'bare.example': [allowed],
  'npm.example': [registry],
  'pypi.example': [registry],
  'git.example': [registry],
  'deb.example': [registry],
  'private.example': [['172.31.255.254']],
  // Sometimes an honest address, sometimes one inside: what is checked must be what is connected to.
  'flip.example': [allowed, ['169.254.169.254', 'fd00:ec2::254']],
  'metadata.google.internal': [['169.254.169.254', 'fd00:ec2::254']],
};

const rebound = {
  1: ['10.0.0.1', '127.0.0.1', '169.254.169.254', '0.0.0.0', '172.30.99.1', '192.168.0.1', '100.100.100.200'],
  28: ['::1', 'fd00::1', 'fe80::1', '::ffff:a9fe:a9fe', '64:ff9b::a9fe:a9fe', 'fd00:ec2::254', '::'],
};

const turns = new Map();

/** Addresses that a question of type 1 or 28 gets; every name that nobody else has is the attacker's. */
export function answerFor(name, type) {
  if (name.endsWith('rebind.example')) return rebound[type];
  if (name === 'many.example' && type === 1)
    return Array.from({ length: 90 }, (_, at) => `198.18.1.${at + 1}`);
  const turn = turns.get(`${name} ${type}`) ?? 0;
  turns.set(`${name} ${type}`, turn + 1);
  let choices = sites[name] ?? [attacker];
  if (name.endsWith('.suffix.example')) choices = [allowed];
  if (name.endsWith('.wide.example')) choices = [shared];
  // What was an allowed name's address is the attacker's by the second question.
  if (name.endsWith('.moved.example')) choices = turn === 0 ? [attacker] : [allowed];
  const address = choices[turn % choices.length][type === 28 ? 1 : 0];
  return address ? [address] : [];
}
