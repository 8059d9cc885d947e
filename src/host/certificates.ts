import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import { type CommandOptions, findProgram, runCommand } from '../project/command.js';
import type { TlsPlace } from './listeners.js';
import type { Places } from './places.js';

/** The name in the host's certificate; the container's forwarder compares it. */
const hostName = 'harden-mcp-host';
const clientName = 'harden-mcp-container';

/**
 * Makes a key and a certificate for each side, for this run of the host side alone: each side trusts the other's one
 * certificate and no authority. What the container needs is put into the folder that it mounts. @throws UserError
 */
export async function makeCertificates(
  places: Places,
  address: string,
  env: CommandOptions['env'],
): Promise<TlsPlace> {
  const openssl = findProgram('openssl', env);
  if (openssl === undefined)
    throw new UserError('the transport "tls" needs openssl to make its keys, which is not in PATH');
  const folder = mkdtempSync(join(places.state, 'keys-'));
  try {
    const host = await makePair(openssl, folder, hostName, env);
    const client = await makePair(openssl, folder, clientName, env);
    // The folder above keeps the host's other users out; in the container only the forwarder gets to the mount.
    writeFileSync(join(places.sockets, 'client.pem'), `${client.key}${client.certificate}`, { mode: 0o644 });
    writeFileSync(join(places.sockets, 'host.pem'), host.certificate, { mode: 0o644 });
    return { address, key: host.key, certificate: host.certificate, client: client.certificate };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makePair(openssl: string, folder: string, name: string, env: CommandOptions['env']) {
  const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const args = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 400 -subj /CN=${name} -addext subjectAltName=DNS:${name}`;
  const { code, stderr } = await runCommand(
    openssl,
    [...args.split(' '), '-keyout', key, '-out', certificate],
    { env, timeout: 30_000 },
  );
  if (code !== 0) throw new UserError(`openssl makes no key: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
}
