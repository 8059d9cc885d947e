import { promises as dns, type LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectTls } from 'node:tls';
import { createGunzip } from 'node:zlib';
import { checkAddress, literalAddress, type Trust } from './addresses.js';
import { RegistryError } from './failure.js';
import { type Environment, openTunnel, proxyFor } from './proxy.js';

/** One question to one server. */
export interface Question {
  readonly url: URL;
  readonly trust: Trust;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Bytes of the unpacked answer; {@link usualSize} where nothing is said. */
  readonly most?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** Where it came from in the end. */
  readonly url: URL;
}

export interface Network {
  /** Every host that was connected to, with how often. */
  readonly asked: ReadonlyMap<string, number>;
  /** Answers that are no errors of the connection, whatever their status. @throws RegistryError */
  ask(question: Question): Promise<Answer>;
}

/** How names become connections; tests put servers of their own in the place of the internet. */
export interface Wires {
  resolve(host: string): Promise<readonly LookupAddress[]>;
  check(host: string, address: string, trust: Trust): void;
  port(url: URL): number;
  /** Certificates to trust besides the system's. */
  readonly ca?: string;
}

export const internet: Wires = {
  resolve: (host) => dns.lookup(host, { all: true }),
  check: checkAddress,
  port: (url) => Number(url.port) || (url.protocol === 'http:' ? 80 : 443),
};

/** Milliseconds for one question, its answer included. */
export const patience = 20_000;
export const usualSize = 4 * 1024 * 1024;
const mostRedirects = 4;

/** Asks over https, without any login of the user's; plain http is for a registry of the user's own on this machine. */
export function openNetwork(env: Environment, wires: Wires = internet, wait: number = patience): Network {
  const asked = new Map<string, number>();
  return {
    asked,
    async ask(question) {
      let next = question;
      for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
        const answer = await askOnce(next, { env, wires, wait, asked });
        const { location } = answer.headers;
        if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer;
        next = follow(next, location);
      }
      throw new RegistryError(`${question.url.host} sends from one address to the next without an end`);
    },
  };
}

/** The question at the address that a server names. What proves who we are stays with the host that it was for. */
function follow(question: Question, location: string): Question {
  const { url, headers = {}, method = 'GET' } = question;
  if (!URL.canParse(location, url.href))
    throw new RegistryError(`${url.host} sends to an address that cannot be read`);
  const target = new URL(location, url);
  const isSame = target.origin === url.origin;
  if (target.protocol !== 'https:' && !isSame)
    throw new RegistryError(`${url.host} sends to ${target.protocol}//${target.host}, which is not https`);
  if (method === 'POST') throw new RegistryError(`${url.host} sends a question on to ${target.host}`);
  const { authorization: _, ...others } = headers;
  return isSame
    ? { ...question, url: target }
    : { ...question, url: target, headers: others, trust: 'server' };
}

interface Asking {
  readonly env: Environment;
  readonly wires: Wires;
  readonly wait: number;
  readonly asked: Map<string, number>;
}

async function askOnce(question: Question, { env, wires, wait, asked }: Asking): Promise<Answer> {
  const { url } = question;
  const signal = AbortSignal.timeout(wait);
  try {
    const options = await connection(question, env, wires, signal);
    asked.set(url.host, (asked.get(url.host) ?? 0) + 1);
    return await exchange(question, options, signal);
  } catch (cause) {
    if (cause instanceof RegistryError) throw cause;
    const seconds = `does not answer within ${wait / 1000} s: try again later`;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new RegistryError(
      `${url.host} ${signal.aborted ? seconds : `cannot be asked (${code ?? message}): try again where it can be reached; HTTPS_PROXY names a proxy`}`,
    );
  }
}

/** The options by which a request reaches its host, and no address that it must not. */
async function connection(
  { url, trust }: Question,
  env: Environment,
  wires: Wires,
  signal: AbortSignal,
): Promise<RequestOptions> {
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && trust === 'user'))
    throw new RegistryError(`${url.host} would be asked without https`);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const own = literalAddress(host);
  if (own !== undefined) wires.check(url.host, own, trust);
  const servername = own === undefined ? host : '';
  const proxy = proxyFor(url, env);
  if (proxy) {
    // The proxy looks the name up, and decides where it may lead.
    const socket = await openTunnel(proxy, url, signal);
    return { createConnection: () => connectTls({ socket, host, servername, ...trusted(wires) }) };
  }
  const found = own === undefined ? await beforeAbort(wires.resolve(host), signal) : undefined;
  for (const { address } of found ?? []) wires.check(url.host, address, trust);
  const [first] = found ?? [];
  return {
    host,
    port: wires.port(url),
    agent: false,
    ...trusted(wires),
    // Only the addresses that were checked: a second look-up may bring others.
    ...(first && {
      lookup: (_name, { all }, done) =>
        all ? done(null, [...(found ?? [])]) : done(null, first.address, first.family),
    }),
  };
}

function trusted({ ca }: Wires): { ca?: string } {
  return ca === undefined ? {} : { ca };
}

function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    promise.then(resolve, reject);
  });
}

function exchange(question: Question, options: RequestOptions, signal: AbortSignal): Promise<Answer> {
  const { url, method = 'GET', headers = {}, body: sent, most = usualSize } = question;
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = open({
      ...options,
      method,
      path: `${url.pathname}${url.search}`,
      headers: {
        host: url.host,
        'user-agent': 'harden-devcontainer',
        ...(method !== 'HEAD' && { 'accept-encoding': 'gzip' }),
        ...headers,
        ...(sent !== undefined && { 'content-length': String(Buffer.byteLength(sent)) }),
      },
      signal,
    });
    request.on('error', reject);
    request.on('response', (response) => {
      // Nothing follows the head, whatever it says about how that would be packed.
      const body = method === 'HEAD' ? Promise.resolve('') : readBody(response, most, url);
      body.then(
        (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text, url }),
        reject,
      );
    });
    request.end(sent);
  });
}

/** The unpacked body; what is larger than it may be ends the connection. */
async function readBody(response: IncomingMessage, most: number, { host }: URL): Promise<string> {
  const isPacked = response.headers['content-encoding'] === 'gzip';
  const stream = isPacked ? response.pipe(createGunzip()) : response;
  if (isPacked) response.on('error', (error) => stream.destroy(error));
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > most) throw new RegistryError(`${host} answers with more than ${most / 1024 / 1024} MiB`);
      chunks.push(chunk);
    }
  } finally {
    response.destroy();
  }
  return Buffer.concat(chunks).toString('utf8');
}
