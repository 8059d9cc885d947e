import { isIP } from 'node:net';
import { metadataRange, parseRange, refusedRange } from '../core/address-range.js';
import { RegistryError } from './failure.js';

/**
 * How far a host may be trusted that we are told to connect to: `user`'s own settings name it, a file of the project
 * does, or only another server does, by a redirect or as the place where its tokens are given out.
 */
export type Trust = 'user' | 'project' | 'server';

const companies = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

/**
 * Refuses addresses that an untrusted name may not lead to: this machine, its links and the clouds' metadata for all that is
 * not the user's own, and private networks for what a public server names. A company's registry in a private network
 * is an ordinary thing for a project to name.
 *
 * @throws RegistryError
 */
export function checkAddress(host: string, address: string, trust: Trust): void {
  if (trust === 'user') return;
  const range = parseRange(address);
  if (!range) throw new RegistryError(`${host} has the address ${address}, which cannot be read`);
  const special = metadataRange(range) ?? refusedRange(range);
  if (special === undefined) return;
  if (trust === 'project' && companies.includes(special) && metadataRange(range) === undefined) return;
  throw new RegistryError(`${host} is ${address}, an address of a network that it has no business in`);
}

/** The address that a host name is itself; undefined for a name. */
export function literalAddress(host: string): string | undefined {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return isIP(bare) === 0 ? undefined : bare;
}
