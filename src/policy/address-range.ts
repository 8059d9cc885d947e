// What the firewall refuses before it looks at any range: the same lists as in init-firewall.sh.
export const refused4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '224.0.0.0/3',
];
export const refused6 = [
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2001::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** What is wrong with `ADDRESS/LENGTH` of the schema's form, as the part behind the quoted text; undefined where nothing is. */
export function rangeProblem(range: string): string | undefined {
  const parsed = parseRange(range);
  if (!parsed) return 'is no address range; write an address such as 198.51.100.0/24';
  const refused = range.includes(':') ? refused6 : refused4;
  const hit = refused.find((known) => overlap(parsed, parseRange(known) as Range));
  return hit === undefined
    ? undefined
    : `reaches into ${hit}, which the firewall always refuses; name a host with "private": true for a service of your own network`;
}

interface Range {
  /** As many bits as the family has: 32 or 128. */
  readonly bits: string;
  readonly length: number;
}

/** Undefined where the text is no range of either family. */
function parseRange(range: string): Range | undefined {
  const [address = '', length = ''] = range.split('/');
  const bits = address.includes(':') ? bitsOf6(address) : bitsOf4(address);
  return bits === undefined ? undefined : { bits, length: Number(length) };
}

function bitsOf4(address: string): string | undefined {
  const octets = address.split('.').map(Number);
  if (octets.length !== 4 || !octets.every((octet) => octet >= 0 && octet <= 255)) return undefined;
  return octets.map((octet) => octet.toString(2).padStart(8, '0')).join('');
}

function bitsOf6(address: string): string | undefined {
  // URL is the platform's own parser of IPv6 addresses: it writes the shortest form, with no IPv4 part.
  if (!URL.canParse(`http://[${address}]/`)) return undefined;
  const url = new URL(`http://[${address}]/`);
  const [head = '', tail = ''] = url.hostname.slice(1, -1).split('::');
  const words = (part: string) => (part === '' ? [] : part.split(':'));
  const missing = 8 - words(head).length - words(tail).length;
  const all = [...words(head), ...Array<string>(missing).fill('0'), ...words(tail)];
  return all.map((word) => Number.parseInt(word, 16).toString(2).padStart(16, '0')).join('');
}

function overlap(a: Range, b: Range): boolean {
  const length = Math.min(a.length, b.length);
  return a.bits.slice(0, length) === b.bits.slice(0, length);
}
