import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { UserError } from '../core/errors.js';
import { hostLimits } from '../mcp/limits.js';

/** Where TCP is listened on with mutual TLS. */
export interface TlsPlace {
  /** Loopback or the engine's bridge; never all addresses. */
  readonly address: string;
  /** PEM texts: our own key and certificate, and the one certificate that clients may have. */
  readonly key: string;
  readonly certificate: string;
  readonly client: string;
}

type Accept = (socket: Socket) => void;

/** Connections that have not said yet who they are, of one server. */
const mostConnections = hostLimits.sessions * 2;

/** A Unix socket for one server. What a host process that was killed has left under the name makes way. */
export async function listenSocket(folder: string, name: string, accept: Accept): Promise<Server> {
  const path = join(folder, `${name}.sock`);
  rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, accept);
  server.maxConnections = mostConnections;
  // By its name alone: paths of sockets are short, those of projects are not.
  await listening(server, { path: `${name}.sock` }, path);
  chmodSync(path, 0o666);
  return server;
}

/** A TCP port for one server, where both sides show a certificate that the other knows. */
export async function listenTls(place: TlsPlace, port: number, accept: Accept): Promise<Server> {
  const { address, key, certificate, client } = place;
  const server = createTlsServer(
    {
      key,
      cert: certificate,
      ca: client,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
      handshakeTimeout: hostLimits.greeting,
      allowHalfOpen: true,
    },
    accept,
  );
  server.maxConnections = mostConnections;
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  await listening(server, { host: address, port }, `${address}:${port}`);
  return server;
}

async function listening(server: Server, options: object, what: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new UserError(`${what} cannot be listened on: ${reasons[error.code ?? ''] ?? error.message}`, {
          cause: error,
        }),
      ),
    );
    server.listen(options, resolve);
  });
  server.on('error', () => {});
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there; give the server another "port" in the policy',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'permission denied',
  ENOTSUP: 'this file system takes no sockets; set "mcpTransport" to "tls" in the policy',
  EPERM: 'this file system takes no sockets; set "mcpTransport" to "tls" in the policy',
};
