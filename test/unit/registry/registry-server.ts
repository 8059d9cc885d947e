import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { checkAddress } from '../../../src/registry/addresses.js';
import type { Wires } from '../../../src/registry/network.js';

/** What a server does for one path of one host. */
export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** One server on this machine that stands for every host of the internet. */
export interface RegistryServer {
  /** Handlers by `host/path`, without query. What has none is answered with 404. */
  readonly routes: Map<string, Handler>;
  /** `METHOD host/path?query` of each request so far, with its authorization where there was one. */
  readonly requests: string[];
  readonly wires: Wires;
  readonly port: number;
  close(): void;
}

/** Hosts that are not where a public host would be, by name. */
const addresses: Readonly<Record<string, string>> = {
  'registry.corp.test': '10.1.2.3',
  'metadata.test': '169.254.169.254',
  'loopback.test': '127.0.0.1',
};

/** The server for the tests of one file: empty before each of them, gone behind the last. */
export function useRegistries(hosts: readonly string[]): () => RegistryServer {
  let server: RegistryServer;
  beforeAll(async () => {
    server = await startRegistries(hosts);
  });
  afterAll(() => server.close());
  beforeEach(() => {
    server.routes.clear();
    server.requests.length = 0;
  });
  return () => server;
}

/** The certificate is made at each start: no key lies in the repository. */
async function startRegistries(hosts: readonly string[]): Promise<RegistryServer> {
  const folder = mkdtempSync(join(tmpdir(), 'harden-devcontainer-tls-'));
  const names = hosts.map((host) => `DNS:${host}`).join(',');
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      ...curve,
      '-keyout',
      key,
      '-out',
      cert,
      '-days',
      '2',
      '-subj',
      '/CN=t',
      '-addext',
      `subjectAltName=${names}`,
    ],
    { stdio: 'pipe' },
  );
  const ca = readFileSync(cert, 'utf8');
  const routes = new Map<string, Handler>();
  const requests: string[] = [];
  const server = createServer({ key: readFileSync(key), cert: ca }, (request, response) => {
    const { host = '', authorization } = request.headers;
    requests.push(`${request.method} ${host}${request.url}${authorization ? ` [${authorization}]` : ''}`);
    let body = '';
    request.setEncoding('utf8').on('data', (text) => {
      body += text;
    });
    request.on('end', () => {
      const handler = routes.get(`${host}${(request.url ?? '').split('?')[0]}`);
      if (handler) handler(request, response, body);
      else response.writeHead(404).end('{}');
    });
  });
  rmSync(folder, { recursive: true });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const here = [{ address: '127.0.0.1', family: 4 }];
  return {
    routes,
    requests,
    port,
    wires: {
      resolve: async () => here,
      // The addresses that the names would have; all of them are this server.
      check: (host, _address, trust) => checkAddress(host, addresses[host] ?? '203.0.114.7', trust),
      port: () => port,
      ca,
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export const json =
  (value: unknown, headers: Record<string, string> = {}): Handler =>
  (_request, response) => {
    response.writeHead(200, headers).end(JSON.stringify(value));
  };

export const status =
  (code: number, headers: Record<string, string> = {}): Handler =>
  (_request, response) => {
    response.writeHead(code, headers).end('{}');
  };
