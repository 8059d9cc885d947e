import { editBetween } from '../core/edit.js';
import type { Edit, Fix, Pin, Project, Wanted } from '../core/rule.js';
import { isExact } from '../core/versions.js';
import { type JsonMember, type JsonNode, member, members, parseJson, plainValue } from '../documents/json.js';
import { removeNodes, replaceNode, setMembers } from '../documents/json-edits.js';
import type { Container, Declared, Feature } from './container.js';
import { type FeatureLock, lockPath } from './feature-lock.js';
import { offerFix } from './fixes.js';
import { splitImage } from './image-references.js';

/** A lock file that holds what it should, as far as that is known, and what would have to be asked for the rest. */
export interface RenewedLock {
  /** Edits that write it; empty where nothing is known that is not in it. */
  readonly edits: readonly Edit[];
  /** References that it holds then, lower case. */
  readonly locked: ReadonlySet<string>;
  /** All that it names then, lower case. */
  readonly kept: ReadonlySet<string>;
  readonly asks: readonly Wanted[];
}

type Entries = Readonly<Record<string, unknown>>;

/**
 * The lock file with each Feature that is used and known, those that they depend on, and without those that nobody uses.
 * Written as the reference implementation writes it, which compares every byte where it is told to keep to the file.
 */
export function renewLock(container: Container, project: Project): RenewedLock {
  const old = readEntries(container);
  const find = entryFinder(old, container);
  const entries: Record<string, unknown> = {};
  const asks: Wanted[] = [];
  const [locked, seen] = [new Set<string>(), new Set<string>()];
  const open = container.features.filter(isRegistered).map(({ value }) => value.reference.trim());
  // Archives have no registry to ask: theirs stay as they are.
  for (const { value } of container.features)
    if (value.origin === 'archive' && old[value.reference]) entries[value.reference] = old[value.reference];
  for (let reference = open.pop(); reference !== undefined; reference = open.pop()) {
    const lower = reference.toLowerCase();
    if (seen.has(lower)) continue;
    seen.add(lower);
    const { key, entry: kept, isVerified } = find(lower);
    const wanted = wantedFeature(reference);
    const entry = isVerified ? kept : wanted && entryOf(wanted, project.pinOf?.(wanted));
    if (entry) locked.add(lower);
    else if (wanted) asks.push(wanted);
    if (entry ?? kept) entries[key?.toLowerCase() === lower ? key : reference] = entry ?? kept;
    const { dependsOn } = entry ?? kept ?? {};
    if (Array.isArray(dependsOn)) open.push(...dependsOn.filter((one) => typeof one === 'string'));
  }
  // What nobody uses goes, unless it is all that is known of a Feature that is used in an open version.
  const unknown = new Set(asks.map(({ name }) => name));
  for (const [key, entry] of Object.entries(old))
    if (!Object.hasOwn(entries, key) && unknown.has(nameOf(key))) entries[key] = entry;
  const { edits, left } = writeEntries(container, old, entries);
  const kept = new Set([...Object.keys(entries), ...left].map((key) => key.toLowerCase()));
  return { edits, locked, kept, asks };
}

/** How a lock file and a devcontainer.json are compared. */
export function referenceOf({ reference }: Feature): string {
  return reference.trim().toLowerCase();
}

export function offerLock({ edits }: RenewedLock): readonly Fix[] {
  return offerFix(
    'renew the lock file',
    'each Feature is held to its digest there until somebody renews it again',
    edits,
  );
}

function nameOf(key: string): string {
  return splitImage(key.toLowerCase()).name;
}

function isRegistered({ value }: Declared<Feature>): boolean {
  return value.origin === 'registry';
}

function wantedFeature(reference: string): Wanted | undefined {
  const { name, tag = '', digest, open } = splitImage(reference);
  return open || digest !== undefined
    ? undefined
    : { source: 'feature', name: name.toLowerCase(), range: tag };
}

interface Entry {
  readonly version?: unknown;
  readonly resolved?: unknown;
  readonly integrity?: unknown;
  readonly dependsOn?: unknown;
}

function entryOf({ name }: Wanted, pin: Pin | undefined): Entry | undefined {
  if (!pin?.version || !pin.digest) return undefined;
  const { version, digest, dependsOn = [] } = pin;
  return {
    version,
    resolved: `${name}@${digest}`,
    integrity: digest,
    ...(dependsOn.length > 0 && { dependsOn }),
  };
}

/**
 * Finds what the file has already for a reference, and whether it is checked by a digest. An entry for the same Feature
 * under another version will do, where it stands for the very version that is named now.
 */
function entryFinder(old: Entries, { featureLock }: Container) {
  const verified = new Set(featureLock?.features?.flatMap((one) => (one.verified ? [one.reference] : [])));
  const keys = new Map<string, string>();
  for (const key of Object.keys(old)) keys.set(key.toLowerCase(), key);
  const versions = new Map<string, string>();
  for (const [key, entry] of Object.entries(old)) {
    const version = (entry as Entry | null)?.version;
    if (typeof version === 'string' && isExact(version)) versions.set(`${nameOf(key)}:${version}`, key);
  }
  return (reference: string) => {
    const key = keys.get(reference) ?? versions.get(reference);
    const entry = key === undefined ? undefined : (old[key] as Entry);
    return { key, entry, isVerified: key !== undefined && verified.has(key.toLowerCase()) };
  };
}

function readEntries({ featureLock }: Container): Entries {
  if (!featureLock?.features) return {};
  return (plainValue(member(parseJson(featureLock.file).root, 'features')?.value) ?? {}) as Entries;
}

/**
 * Only what differs, where the file is written as the tools write it; else single entries. The edits touch the names of the
 * Features without changing them: a fix that gives one another version cannot be made together with this one.
 */
function writeEntries(
  { file, featureLock, features }: Container,
  old: Entries,
  entries: Entries,
): WrittenEntries {
  const { edits, left } = featureLock
    ? changeEntries(featureLock, old, entries)
    : { edits: startFile(lockPath(file.path), entries), left: [] };
  const touched = features.map(({ place: { file, at } }) => ({
    file: file.path,
    at: { start: at.start, end: at.start },
    text: '',
  }));
  return { edits: edits.length === 0 ? [] : [...edits, ...touched], left };
}

interface WrittenEntries {
  readonly edits: readonly Edit[];
  /** Entries that nobody uses and that are not taken out yet. */
  readonly left: readonly string[];
}

function startFile(path: string, entries: Entries): readonly Edit[] {
  const isNothing = Object.keys(entries).length === 0;
  return isNothing ? [] : [{ file: path, at: { start: 0, end: 0 }, text: render(entries) }];
}

function changeEntries({ file }: FeatureLock, old: Entries, entries: Entries): WrittenEntries {
  const after = render(entries);
  if (file.text === render(old))
    return { edits: file.text === after ? [] : [editBetween(file, after)], left: [] };
  const document = parseJson(file);
  const list = member(document.root, 'features')?.value;
  const { renamed, added, gone } = compareEntries(list, old, entries);
  const edits = renamed.flatMap(({ keyNode, name }) => replaceNode(document, keyNode, name));
  // What goes has to wait: both would work from the same neighbours.
  if (list && Object.keys(added).length > 0)
    return { edits: [...edits, ...setMembers(document, list, added)], left: gone.map(({ key }) => key) };
  const removed = removeNodes(
    document,
    gone.map(({ property }) => property),
  );
  return { edits: [...edits, ...removed], left: [] };
}

/** An entry that goes while the same comes under another name is given that name. */
function compareEntries(list: JsonNode | undefined, old: Entries, entries: Entries) {
  const texts = new Map<string, string[]>();
  for (const [key, entry] of Object.entries(entries)) {
    const text = JSON.stringify(entry);
    if (JSON.stringify(old[key]) !== text) texts.set(text, [...(texts.get(text) ?? []), key]);
  }
  const renamed: { keyNode: JsonNode; name: string }[] = [];
  const gone: JsonMember[] = [];
  for (const one of members(list)) {
    if (Object.hasOwn(entries, one.key)) continue;
    const name = texts.get(JSON.stringify(old[one.key]))?.pop();
    if (name === undefined) gone.push(one);
    else renamed.push({ keyNode: one.keyNode, name });
  }
  const added = Object.fromEntries([...texts.values()].flat().map((key) => [key, entries[key]]));
  return { renamed, added, gone };
}

function render(entries: Entries): string {
  const sorted = Object.entries(entries).toSorted(([a], [b]) => a.localeCompare(b));
  return `${JSON.stringify({ features: Object.fromEntries(sorted) }, null, 2)}\n`;
}
