import { addresses } from '../sites.mjs';

/** One way to get a token out of the container. It succeeded when the token arrived where it must not, in any form. */
export interface Attack {
  readonly name: string;
  /** A bash script; attack.py is at /tmp/attack.py in the container. */
  readonly script: (token: string) => string;
  /** Needs a network with IPv6. */
  readonly ipv6?: true;
  /** Sends so much that others would lose packets beside it. */
  readonly alone?: true;
  /** What arrives where the token itself does not fit. */
  readonly trace?: (token: string) => string;
}

export const [evil4, evil6] = addresses.attacker;
export const [good4, good6] = addresses.allowed;
export const [cdn4, cdn6] = addresses.shared;
export const [dns4, dns6] = addresses.dns;

export const curl = (url: string, ...more: string[]): string =>
  `curl -sS -k -m 4 -g --noproxy '*' ${more.join(' ')} '${url}'`;

/** Makes curl connect to this address for the name. */
export const pin = (name: string, port: number, address: string): string =>
  `--resolve '${name}:${port}:${address.includes(':') ? `[${address}]` : address}'`;

export const py = (
  kind: string,
  address: string,
  port: number,
  token: string,
  more?: string | number,
): string =>
  `python3 /tmp/attack.py ${[kind, address, port, token, ...(more === undefined ? [] : [more])].map((word) => `'${word}'`).join(' ')}`;

let count = 0;
/** A token that no other attempt of this run used; a DNS label. */
export function newToken(): string {
  count += 1;
  return `t${process.pid}x${Date.now().toString(36)}x${count}z`;
}
/** Finds tokens in a text. */
export const everyToken = /t\d+x[0-9a-z]+x\d+z/g;
export const isToken = /^t\d+x[0-9a-z]+x\d+z$/;
