import type { Pin, Wanted } from '../core/rule.js';
import { compareVersions, isExact, isFinal, isPrerelease, newest, readRange } from '../core/versions.js';
import type { Trust } from './addresses.js';
import { RegistryError } from './failure.js';
import { isObject, listAt, property, readObject, textAt } from './json.js';
import type { Network } from './network.js';
import type { Environment } from './proxy.js';

/** The list of all releases of a package that has many of them. */
const largestList = 32 * 1024 * 1024;

/** Where packages are asked for: the user's own registries, else the public ones. */
export interface Registries {
  readonly npm: string;
  readonly pypi: string;
}

/** By the variables that the tools themselves read. `npmrc` is the text of the user's own settings. */
export function registriesOf(env: Environment, npmrc = ''): Registries {
  const written = /^\s*registry\s*=\s*"?([^\s"]+)/m.exec(npmrc)?.[1];
  return {
    npm: env.npm_config_registry || env.NPM_CONFIG_REGISTRY || written || publicRegistries.npm,
    pypi: env.UV_DEFAULT_INDEX || env.UV_INDEX_URL || env.PIP_INDEX_URL || publicRegistries.pypi,
  };
}

export const publicRegistries: Registries = {
  npm: 'https://registry.npmjs.org/',
  pypi: 'https://pypi.org/simple/',
};

/** Releases that came out later than this many milliseconds since 1970 are passed over. */
type Before = number;

/** @throws RegistryError */
export async function pinNpm(
  { name, range, registry }: Wanted,
  network: Network,
  registries: Registries,
  before: Before,
): Promise<Pin> {
  if (!/^(?:@[\w.~-]{1,100}\/)?[\w.~-]{1,214}$/.test(name) || /^\.{1,2}$/.test(name))
    throw new RegistryError(`${name} is no name of an npm package`);
  const { base, trust } = baseOf(registry, registries.npm);
  const url = new URL(name.replace('/', '%2f'), base);
  const answer = await network.ask({ url, trust, most: largestList });
  const list = readObject(answer, `the npm package ${name}`);
  const version = chooseNpm(list, range, before);
  if ('problem' in version)
    throw new RegistryError(`${url.host}: the npm package ${name} ${version.problem}`);
  return { version: version.version, from: url.host };
}

/** What a name without a version stands for is not newer than what its publisher calls `latest`. */
function chooseNpm(list: unknown, range: string, before: Before): ReturnType<typeof newest> {
  const tags = property(list, 'dist-tags');
  const fits = readRange(range);
  const tagged = textAt(tags, range === '' ? 'latest' : range);
  if (!fits && tagged === undefined) return { problem: `has nothing that is called ${range}` };
  const top = tagged !== undefined && isExact(tagged) ? tagged : undefined;
  const versions = property(list, 'versions');
  const times = property(list, 'time');
  const releases = Object.keys(isObject(versions) ? versions : {}).flatMap((version) => {
    const isTop = version === top;
    if (!isExact(version) || (isPrerelease(version) && !isTop)) return [];
    if (fits ? !fits(version) : !isTop) return [];
    if (top !== undefined && compareVersions(version, top) > 0) return [];
    if (textAt(property(versions, version), 'deprecated')) return [];
    return [{ version, published: timeOf(textAt(times, version)) }];
  });
  return newest(releases, before);
}

/** @throws RegistryError */
export async function pinPypi(
  { name, range, registry }: Wanted,
  network: Network,
  registries: Registries,
  before: Before,
): Promise<Pin> {
  const plain = name.replace(/\[.*$/s, '');
  if (!/^[A-Za-z0-9](?:[\w.-]{0,100}[A-Za-z0-9])?$/.test(plain))
    throw new RegistryError(`${name} is no name of a Python package`);
  const fits = readRange(range);
  if (!fits)
    throw new RegistryError(`what ${name}${range} stands for is not guessed: write the version yourself`);
  const { base, trust } = baseOf(registry, registries.pypi);
  const url = new URL(`${plain.toLowerCase().replace(/[-_.]+/g, '-')}/`, base);
  const answer = await network.ask({
    url,
    trust,
    most: largestList,
    // The simple API in JSON (PEP 691): mirrors have it as well.
    headers: { accept: 'application/vnd.pypi.simple.v1+json' },
  });
  const releases = readFiles(readObject(answer, `the Python package ${plain}`), plain).filter(({ version }) =>
    fits(version),
  );
  const version = newest(releases, before);
  if ('problem' in version)
    throw new RegistryError(`${url.host}: the Python package ${plain} ${version.problem}`);
  return { version: version.version, from: url.host };
}

/** A release came out with the last of its files: one that was added later is as new as a release. */
function readFiles(list: unknown, name: string) {
  const times = new Map<string, number>();
  const start = name.toLowerCase().replace(/[-_.]+/g, '-');
  for (const file of listAt(list, 'files')) {
    const text = textAt(file, 'filename') ?? '';
    if (property(file, 'yanked') || text.length > 300) continue;
    // `name-1.2.3-py3-none-any.whl`, `name-1.2.3.tar.gz`; the name may itself hold dashes.
    const [, rest = ''] = new RegExp(`^${start.replaceAll('-', '[-_.]+')}-(.+)$`, 'i').exec(text) ?? [];
    const version = rest.endsWith('.whl')
      ? (rest.split('-')[0] ?? '')
      : rest.replace(/\.(?:tar\.gz|zip)$/, '');
    if (!isFinal(version)) continue;
    const published = timeOf(textAt(file, 'upload-time'));
    times.set(version, Math.max(published, times.get(version) ?? published));
  }
  return [...times].map(([version, published]) => ({ version, published }));
}

const gallery = new URL('https://marketplace.visualstudio.com/_apis/public/gallery/extensionquery');

/** The newest release of an extension for editors; those that are marked as pre-releases are left out. @throws RegistryError */
export async function pinExtension({ name }: Wanted, network: Network, before: Before): Promise<Pin> {
  if (!/^[\w-]{1,100}\.[\w.-]{1,100}$/.test(name))
    throw new RegistryError(`${name} is no name of an extension`);
  const answer = await network.ask({
    url: gallery,
    trust: 'project',
    method: 'POST',
    headers: { accept: 'application/json;api-version=3.0-preview.1', 'content-type': 'application/json' },
    // By full name (7), with versions (1) and their properties (16).
    body: JSON.stringify({
      filters: [{ criteria: [{ filterType: 7, value: name }], pageNumber: 1, pageSize: 1 }],
      flags: 0x11,
    }),
    most: largestList,
  });
  const [result] = listAt(readObject(answer, `the extension ${name}`), 'results');
  const [extension] = listAt(result, 'extensions');
  if (!extension)
    throw new RegistryError(
      `${gallery.host} does not have the extension ${name}: look whether the name is right`,
    );
  const releases = listAt(extension, 'versions').flatMap((release) => {
    const version = textAt(release, 'version') ?? '';
    const isEarly = listAt(release, 'properties').some(
      (one) =>
        textAt(one, 'key') === 'Microsoft.VisualStudio.Code.PreRelease' && textAt(one, 'value') === 'true',
    );
    return isExact(version) && !isEarly
      ? [{ version, published: timeOf(textAt(release, 'lastUpdated')) }]
      : [];
  });
  const version = newest(releases, before);
  if ('problem' in version)
    throw new RegistryError(`${gallery.host}: the extension ${name} ${version.problem}`);
  return { version: version.version, from: gallery.host };
}

/** A release of which nobody says when it came out may be a minute old. */
function timeOf(text: string | undefined): number {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
}

/** The registry that the project names for a package, with the trust that such a name deserves, else the user's own. */
function baseOf(named: string | undefined, own: string): { base: URL; trust: Trust } {
  const text = named ?? own;
  if (!/^https?:/.test(text) || !URL.canParse(text))
    throw new RegistryError(`${text} is no address of a registry that can be asked`);
  const base = new URL(text.endsWith('/') ? text : `${text}/`);
  // No login is ever sent.
  base.username = '';
  base.password = '';
  const isPublic = Object.values(publicRegistries).includes(base.href);
  return { base, trust: named === undefined && !isPublic ? 'user' : 'project' };
}
