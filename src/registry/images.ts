import { createHash } from 'node:crypto';
import type { Pin, Wanted } from '../core/rule.js';
import { isExact, isPrerelease, newest, readRange } from '../core/versions.js';
import { RegistryError } from './failure.js';
import { listAt, property, readObject, refusal, textAt } from './json.js';
import type { Answer, Network, Question } from './network.js';

/** A repository of a registry of containers. */
export interface Repository {
  readonly registry: string;
  readonly path: string;
}

/**
 * Where an image or a Feature is: Docker Hub where no registry is named. Undefined where the name is none.
 * Source: the distribution specification, and the reference grammar of the engines.
 */
export function repositoryOf(name: string): Repository | undefined {
  const [first = '', ...rest] = name.split('/');
  const isHost = rest.length > 0 && /[.:]/.test(first);
  const host = isHost ? first.toLowerCase() : 'docker.io';
  const isHub = /^(?:index\.)?docker\.io$/.test(host);
  const path = isHost ? rest : [first, ...rest];
  const full = isHub && path.length === 1 ? ['library', ...path] : path;
  const isPath = full.every((part) => /^[a-z0-9]+(?:[._-]{1,9}[a-z0-9]+)*$/.test(part));
  // A port or a name in punycode may still be none.
  if (!URL.canParse(`https://${host}/`)) return undefined;
  if (!isPath || full.join('/').length > 255 || !/^[a-z0-9]+(?:[.-]+[a-z0-9]+)*(?::\d{1,5})?$/.test(host))
    return undefined;
  return { registry: isHub ? 'registry-1.docker.io' : host, path: full.join('/') };
}

const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const digestShape = /^sha256:[0-9a-f]{64}$/;
const tagShape = /^\w[\w.-]{0,127}$/;

/** The digest that a tag has now: of a multi-arch image that of its index. @throws RegistryError */
export async function pinImage({ name, range }: Wanted, network: Network): Promise<Pin> {
  const repository = findRepository(name);
  const tag = range || 'latest';
  if (!tagShape.test(tag)) throw new RegistryError(`${tag} is no tag of an image`);
  const client = openRepository(repository, network);
  return { digest: await digestOf(client, tag, `${name}:${tag}`), from: repository.registry };
}

/**
 * The newest whole version of a Feature within what is written, with its digest and what it depends on. Registries of
 * containers do not say when a tag was made, so no release is too young here. @throws RegistryError
 */
export async function pinFeature({ name, range }: Wanted, network: Network): Promise<Pin> {
  const repository = findRepository(name);
  const client = openRepository(repository, network);
  const fits = readRange(range);
  if (!fits) throw new RegistryError(`${range} is no version of a Feature`);
  const tags = await listTags(client, repository, name);
  const releases = tags
    .filter((tag) => isExact(tag) && !isPrerelease(tag) && fits(tag))
    .map((version) => ({ version, published: 0 }));
  const found = newest(releases, 0);
  if ('problem' in found) throw new RegistryError(`${repository.registry}: ${name} ${found.problem}`);
  const answer = await client(`manifests/${found.version}`, { headers: { accept: indexTypes } });
  const manifest = readObject(answer, `${name}:${found.version}`);
  return {
    version: found.version,
    digest: digestIn(answer, `${name}:${found.version}`),
    dependsOn: dependenciesIn(manifest),
    from: repository.registry,
  };
}

function findRepository(name: string): Repository {
  const repository = repositoryOf(name);
  if (!repository) throw new RegistryError(`${name} is no name that a registry could have`);
  return repository;
}

type Client = (path: string, question?: Pick<Question, 'method' | 'headers'>) => Promise<Answer>;

/** Asks about one repository; where the registry wants a token for that, it is fetched once, for nobody. */
function openRepository({ registry, path }: Repository, network: Network): Client {
  let authorization: string | undefined;
  return async (rest, question = {}) => {
    const url = new URL(rest.startsWith('/') ? rest : `/v2/${path}/${rest}`, `https://${registry}`);
    const ask = () =>
      network.ask({
        ...question,
        url,
        trust: 'project',
        headers: { ...question.headers, ...(authorization && { authorization }) },
      });
    const answer = await ask();
    if (answer.status !== 401 || authorization !== undefined) return answer;
    const token = await fetchToken(answer, path, network);
    if (token === undefined) return answer;
    authorization = `Bearer ${token}`;
    return ask();
  };
}

/** A token that anybody gets, from where the registry says; undefined where it wants a password. */
async function fetchToken(
  { headers, url }: Answer,
  path: string,
  network: Network,
): Promise<string | undefined> {
  const challenge = headers['www-authenticate'] ?? '';
  if (!/^bearer\s/i.test(challenge) || challenge.length > 2000) return undefined;
  const value = (name: string) => new RegExp(`[\\s,]${name}="([^"]{0,1000})"`, 'i').exec(challenge)?.[1];
  const realm = value('realm') ?? '';
  if (!URL.canParse(realm)) return undefined;
  const address = new URL(realm);
  if (address.protocol !== 'https:')
    throw new RegistryError(`${url.host} gives tokens out at ${address.host} without https`);
  const service = value('service');
  if (service !== undefined) address.searchParams.set('service', service);
  address.searchParams.set('scope', value('scope') ?? `repository:${path}:pull`);
  const trust = address.origin === url.origin ? 'project' : 'server';
  const answer = await network.ask({ url: address, trust, most: 64 * 1024 });
  if (answer.status !== 200) return undefined;
  const body = readObject(answer, 'token');
  const token = textAt(body, 'token') ?? textAt(body, 'access_token');
  return token !== undefined && /^[\w.~+/=-]{1,32000}$/.test(token) ? token : undefined;
}

/** By HEAD, which registries count less; by the manifest itself where that does not say it. */
async function digestOf(client: Client, tag: string, what: string): Promise<string> {
  const head = await client(`manifests/${tag}`, { method: 'HEAD', headers: { accept: indexTypes } });
  if (head.status === 200 && head.headers['docker-content-digest'] !== undefined) return digestIn(head, what);
  if (head.status !== 200 && head.status !== 405)
    throw new RegistryError(`${head.url.host} ${refusal(head.status, what)}`);
  const answer = await client(`manifests/${tag}`, { headers: { accept: indexTypes } });
  if (property(readObject(answer, what), 'schemaVersion') !== 2)
    throw new RegistryError(`${answer.url.host} answers with something other than a manifest`);
  return digestIn(answer, what);
}

/** The digest that an answer states, or that its body has. */
function digestIn({ headers, body, url, status }: Answer, what: string): string {
  const stated = headers['docker-content-digest'];
  const own = body === '' ? undefined : `sha256:${createHash('sha256').update(body, 'utf8').digest('hex')}`;
  if (own !== undefined && stated !== undefined && stated !== own)
    throw new RegistryError(`${url.host} says that ${what} has another digest than it has`);
  const digest = stated ?? own;
  if (status !== 200 || typeof digest !== 'string' || !digestShape.test(digest))
    throw new RegistryError(`${url.host} gives no sha256 digest for ${what}`);
  return digest;
}

const mostPages = 20;

async function listTags(client: Client, { path }: Repository, name: string): Promise<readonly string[]> {
  const tags: string[] = [];
  let next: string | undefined = 'tags/list?n=1000';
  for (let page = 0; next !== undefined && page < mostPages; page += 1) {
    const answer: Answer = await client(next);
    for (const tag of listAt(readObject(answer, name), 'tags')) if (typeof tag === 'string') tags.push(tag);
    const link = /<([^>]{1,2000})>\s*;\s*rel="?next/i.exec(String(answer.headers.link ?? ''))?.[1];
    const url =
      link !== undefined && URL.canParse(link, answer.url.href) ? new URL(link, answer.url) : undefined;
    // A link leads on in the same list, or nowhere.
    next = url?.pathname === `/v2/${path}/tags/list` ? `${url.pathname}${url.search}` : undefined;
  }
  return tags;
}

/** What the metadata of a Feature says in its manifest about others that it brings along. */
function dependenciesIn(manifest: unknown): readonly string[] {
  const text = textAt(property(manifest, 'annotations'), 'dev.containers.metadata');
  if (text === undefined) return [];
  try {
    const dependsOn = property(JSON.parse(text), 'dependsOn');
    const names = typeof dependsOn === 'object' && dependsOn !== null ? Object.keys(dependsOn) : [];
    return names.filter((name) => /^[\w./:@-]{1,300}$/.test(name)).slice(0, 50);
  } catch {
    return [];
  }
}
