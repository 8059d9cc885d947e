import type { DeclaredMount } from '../container/container.js';
import type { Source } from '../container/declare.js';
import { classifyMount } from '../container/mount-risk.js';
import { readMounts } from '../container/mounts.js';
import { readNamespaces, readPrivileged } from '../container/privileges.js';
import { readOptionWords } from '../container/run-args.js';
import type { Place } from '../core/text.js';
import { imageOf, type Launch } from './mcp-launch.js';
import type { McpConfig, McpText } from './mcp-servers.js';

/** One way in which a server's `docker run` opens the host to it. */
export interface HostOpening {
  readonly place: Place;
  /** Stands behind 'the server': 'mounts ~ of the host'. */
  readonly what: string;
}

/** The words behind `docker run`; undefined where a server starts no container. */
export function containerWords({ program, words }: Launch): readonly McpText[] | undefined {
  if (!/^(?:docker|podman|nerdctl)$/.test(program)) return undefined;
  const at = words.findIndex(({ text }) => text === 'run');
  return at > 0 && words.slice(1, at).every(({ text }) => text === 'container' || text.startsWith('-'))
    ? words.slice(at + 1)
    : undefined;
}

/** What of the host a server's container gets: the questions that `runArgs` of a dev container raise. */
export function hostOpenings({ document }: McpConfig, words: readonly McpText[]): readonly HostOpening[] {
  const image = imageOf(words);
  const own = image ? words.slice(0, words.indexOf(image)) : words;
  // An empty file beside it: only the words count, not keys that the file may have by the same name.
  const source: Source = {
    document: { ...document, root: undefined },
    compose: false,
    feature: false,
    fixed: true,
  };
  const options = readOptionWords(source, own, false);
  return [
    ...readPrivileged(source, options).map(({ place }) => ({ place, what: 'runs privileged' })),
    ...readNamespaces(options)
      .filter(({ value }) => value.value === 'host')
      .map(({ place, value }) => ({ place, what: `shares the host's ${value.kind} namespace` })),
    ...readMounts(source, options).flatMap(openingOf),
  ];
}

function openingOf({ value, place }: DeclaredMount): readonly HostOpening[] {
  // Clients expand variables in their files, so what docker alone would take literally is live here.
  const risk = classifyMount(value.host ? { ...value, host: { ...value.host, live: true } } : value);
  return risk?.severity === 'error'
    ? [{ place, what: `mounts ${risk.path} of the host (${risk.what})` }]
    : [];
}
