import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { RegistryError } from './failure.js';

/** The variables of the environment that name a proxy. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy for https to a host, by HTTPS_PROXY and NO_PROXY; undefined where none is set. @throws RegistryError */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  const text = env.https_proxy || env.HTTPS_PROXY || env.all_proxy || env.ALL_PROXY;
  if (!text || url.protocol !== 'https:' || isDirect(url, env.no_proxy || env.NO_PROXY || ''))
    return undefined;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (!proxy || !/^https?:$/.test(proxy.protocol))
    throw new RegistryError('HTTPS_PROXY is no address of an http proxy');
  return proxy;
}

function isDirect({ hostname, port }: URL, list: string): boolean {
  return list.split(/[\s,]+/).some((entry) => {
    const [, name = '', wanted] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (wanted !== undefined && wanted !== (port || '443')) return false;
    return entry === '*' || (name !== '' && (hostname === name || hostname.endsWith(`.${name}`)));
  });
}

/** A connection through a proxy, on which TLS with the host itself is spoken next. @throws RegistryError */
export function openTunnel(proxy: URL, { hostname, port }: URL, signal: AbortSignal): Promise<Socket> {
  const target = `${hostname}:${port || 443}`;
  const login = decodeURIComponent(proxy.username);
  const password = decodeURIComponent(proxy.password);
  const basic = Buffer.from(`${login}:${password}`).toString('base64');
  return new Promise((resolve, reject) => {
    const open = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = open({
      hostname: proxy.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...(login !== '' && { 'proxy-authorization': `Basic ${basic}` }) },
      agent: false,
      signal,
    });
    request.on('connect', ({ statusCode }, socket: Socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new RegistryError(`the proxy ${proxy.host} refuses ${target} (status ${statusCode})`));
    });
    request.on('error', (cause) =>
      reject(new RegistryError(`the proxy ${proxy.host} cannot be reached: ${cause.message}`)),
    );
    request.end();
  });
}
