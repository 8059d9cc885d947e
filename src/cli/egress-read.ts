import { UserError } from '../core/errors.js';
import { type Destination, readDestinations } from '../egress/destinations.js';
import { listEntries, nameMatcher } from '../egress/listed-names.js';
import type { EgressReport } from '../egress/report.js';
import { lineSplitter } from '../egress/split-lines.js';
import { openLogCounter } from '../egress/tally.js';
import type { FoundContainer } from './egress-container.js';

const logFolder = '/var/log/harden-devcontainer';
export const configFolder = '/etc/harden-devcontainer';

/** The files that the firewall was given, by name. @throws UserError where the container has no firewall of ours. */
export async function readConfig(found: FoundContainer): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, Uint8Array[]>();
  for await (const { path, bytes } of readOwn(found, configFolder)) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const pieces = files.get(name) ?? [];
    files.set(name, pieces);
    pieces.push(bytes);
  }
  return new Map([...files].map(([name, pieces]) => [name, Buffer.concat(pieces).toString('utf8')]));
}

/** Reads and counts what the container has logged. Nothing of it is held but the counts. */
export async function readEgress(found: FoundContainer, since: number | undefined): Promise<EgressReport> {
  const config = await readConfig(found);
  const mode = config.get('mode')?.trim() === 'observe' ? 'observe' : 'enforce';
  const counter = openLogCounter(nameMatcher(listEntries(config.get('allowlist') ?? '')), since);
  const splitters = new Map<string, ReturnType<typeof lineSplitter>>();
  for await (const { path, bytes } of readOwn(found, logFolder)) {
    const take = /\/(proxy|resolver)\/(?:current|@[^/]*)$/.exec(path)?.[1];
    if (take === undefined) continue;
    const splitter = splitters.get(path) ?? lineSplitter();
    splitters.set(path, splitter);
    for (const line of splitter(bytes)) {
      if (take === 'proxy') counter.proxyLine(line);
      else counter.resolverLine(line);
    }
  }
  const { id, name, status } = found.container;
  const isLive = mode === 'observe' && status === 'running';
  const destinations = isLive ? await readSeen(found) : [];
  return {
    container: { id, name, status },
    mode,
    tally: counter.finish(),
    destinations,
    since,
    now: Date.now(),
  };
}

/** A kernel without IPv6 has no second set. */
async function readSeen({ engine, container }: FoundContainer): Promise<Destination[]> {
  const outputs: string[] = [];
  for (const set of ['harden4-seen', 'harden6-seen']) {
    const { code, stdout } = await engine.exec(container.id, ['ipset', 'save', set], 30_000);
    if (code === 0) outputs.push(stdout);
  }
  return readDestinations(outputs.join(''));
}

async function* readOwn({ engine, container }: FoundContainer, folder: string) {
  try {
    yield* engine.read(container.id, folder);
  } catch (error) {
    if (!(error instanceof UserError) || !/could not (?:be )?f(?:ind|ound)|no such file/i.test(error.message))
      throw error;
    throw new UserError(
      `the container ${container.name} has no ${folder}: it was not made by harden-devcontainer, or not built again since`,
      { cause: error },
    );
  }
}
