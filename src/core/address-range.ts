/** Addresses of one family that begin with the same bits. */
export interface AddressRange {
  /** All bits of the family as text: 32 or 128 of them. */
  readonly bits: string;
  /** How many of them count. */
  readonly length: number;
}

/** What the firewall refuses before it looks at anything that is allowed: the same lists as in init-firewall.sh. */
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

const refused = [...refused4, ...refused6];

/** Where clouds answer whoever asks from inside with credentials. Source: the clouds' documentation, 2026-08. */
const metadata = [
  '169.254.0.0/16',
  '168.63.129.16/32',
  '100.100.100.200/32',
  'fe80::/10',
  'fd00:ec2::254/128',
];

/** The private, local or otherwise special range that a range reaches into; undefined where all of it is public. */
export function refusedRange(range: AddressRange): string | undefined {
  return findOverlap(range, refused);
}

/** The same for the addresses of metadata services. */
export function metadataRange(range: AddressRange): string | undefined {
  return findOverlap(carriedRange(range), metadata);
}

/** Reads `ADDRESS/LENGTH`, or an address alone; undefined where the text is neither. */
export function parseRange(text: string): AddressRange | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const bits = address.includes(':') ? bitsOf6(address) : bitsOf4(address);
  if (bits === undefined || rest.length > 0) return undefined;
  if (length === undefined) return { bits, length: bits.length };
  return /^\d{1,3}$/.test(length) && Number(length) <= bits.length
    ? { bits, length: Number(length) }
    : undefined;
}

function bitsOf4(address: string): string | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) return undefined;
  const octets = address.split('.').map(Number);
  if (octets.some((octet) => octet > 255)) return undefined;
  return octets.map((octet) => octet.toString(2).padStart(8, '0')).join('');
}

function bitsOf6(address: string): string | undefined {
  // URL is the platform's own parser of IPv6 addresses: it writes the shortest form, with no IPv4 part.
  if (address.length > 45 || !URL.canParse(`http://[${address}]/`)) return undefined;
  const url = new URL(`http://[${address}]/`);
  const [head = '', tail = ''] = url.hostname.slice(1, -1).split('::');
  const words = (part: string) => (part === '' ? [] : part.split(':'));
  const missing = 8 - words(head).length - words(tail).length;
  const all = [...words(head), ...Array<string>(missing).fill('0'), ...words(tail)];
  return all.map((word) => Number.parseInt(word, 16).toString(2).padStart(16, '0')).join('');
}

/** Prefixes of 96 bits behind which an IPv6 address carries an IPv4 one: mapped, and translated by NAT64. */
const carriers = ['::ffff:0:0/96', '64:ff9b::/96'].map((text) => parseRange(text)?.bits.slice(0, 96));

function carriedRange(range: AddressRange): AddressRange {
  const { bits, length } = range;
  const isCarried = bits.length === 128 && length >= 96 && carriers.includes(bits.slice(0, 96));
  return isCarried ? { bits: bits.slice(96), length: length - 96 } : range;
}

const parsed = new Map<string, AddressRange | undefined>();

function findOverlap(range: AddressRange, known: readonly string[]): string | undefined {
  return known.find((text) => {
    const other = parsed.get(text) ?? parseRange(text);
    parsed.set(text, other);
    if (other?.bits.length !== range.bits.length) return false;
    const length = Math.min(range.length, other.length);
    return range.bits.startsWith(other.bits.slice(0, length));
  });
}
