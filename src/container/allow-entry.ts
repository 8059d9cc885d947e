import type { KnownHost } from '../core/host-risk.js';
import type { Edit, Severity } from '../core/rule.js';
import type { Place, SourceFile } from '../core/text.js';
import { type AllowTarget, type EntryFlaw, plainEntry, readEntry } from '../documents/allow-target.js';
import { type AllowlistLine, linesToDelete, readAllowlist } from '../documents/allowlist.js';

/**
 * Who reads an entry: `init` the policy's, init-firewall.sh those of the list that is rendered from it, some other program those of a
 * list whose form is not known here.
 */
export type EntryReader = 'policy' | 'firewall' | 'unknown';

/** What its reader refuses or misunderstands, besides what is wrong for everybody. */
export type ReaderFlaw = EntryFlaw | 'no-dot' | 'no-port' | 'no-reason' | 'glued';

/** One declaration that lets something out. */
export interface AllowEntry {
  readonly text: string;
  readonly place: Place;
  readonly reader: EntryReader;
  readonly target: AllowTarget;
  /** TCP ports that it opens as texts; undefined where the list says nothing about ports. */
  readonly ports: readonly string[] | undefined;
  readonly flaws: readonly ReaderFlaw[];
  /** The name may resolve to a private address. */
  readonly isPrivate: boolean;
  /** Edits that close the host: with it go what else opens it in its file, and what was rendered from that. */
  remove(): readonly Edit[];
  /** Edits that take out this entry alone, and what was rendered from nothing else. */
  removeAlone(): readonly Edit[];
  /** Edits that put another text in its place; none where its form has no room for it. */
  replace(text: string): readonly Edit[];
}

/** An entry with what is known about it. */
export interface JudgedEntry extends AllowEntry {
  /** The catalogue's word on the name. */
  readonly known: KnownHost | undefined;
  /** Why it opens more than a name should. */
  readonly breadth: { readonly severity: Severity; readonly what: string } | undefined;
  /** The name below a wildcard that is known to be needed, where nothing else on the list opens it. */
  readonly narrower: string | undefined;
  /** The well-known name that it may be mistaken for, and what tells them apart. */
  readonly lookalike: { readonly name: string; readonly by: 'script' | 'typing' } | undefined;
  /** An entry before it in the policy is about the same host: what one says of a host is said there. */
  readonly isRepeated: boolean;
  /** Another entry that opens as much. */
  readonly coveredBy: AllowEntry | undefined;
  /** What of the repository asks for it. */
  readonly neededFor: string | undefined;
}

const webPorts = ['443', '80'];

/** An entry of a list in lines. */
export interface ListEntry extends AllowEntry {
  /** 1-based. */
  readonly line: number;
}

/** The entries of a list in lines. */
export function listEntries(file: SourceFile, reader: 'firewall' | 'unknown'): ListEntry[] {
  return readAllowlist(file).map((line) => toEntry(file, line, reader));
}

function toEntry(file: SourceFile, line: AllowlistLine, reader: 'firewall' | 'unknown'): ListEntry {
  const [, own] = (reader === 'firewall' && /^(\S+)[ \t]+private$/.exec(line.text)) || [];
  const text = own ?? line.text;
  const { target, flaws } = readEntry(text);
  const port = 'port' in target ? target.port : undefined;
  const remove = () => [{ file: file.path, at: linesToDelete(file, line.line, line.line), text: '' }];
  const at = { start: line.at.start, end: line.at.start + text.length };
  return {
    text: line.text,
    line: line.line,
    place: { file, at: line.at },
    reader,
    isPrivate: own !== undefined,
    target,
    ports: port === undefined ? (reader === 'firewall' ? webPorts : undefined) : [port],
    flaws: reader === 'firewall' ? firewallFlaws(target, flaws, line) : foreignFlaws(file, flaws, line),
    remove,
    removeAlone: remove,
    replace: (replacement) => [{ file: file.path, at, text: replacement }],
  };
}

/** Most readers know a star, and some a comment only behind a blank. */
function foreignFlaws(file: SourceFile, flaws: readonly EntryFlaw[], { at }: AllowlistLine): ReaderFlaw[] {
  const own: ReaderFlaw[] = flaws.filter((flaw) => flaw !== 'star');
  return file.text[at.end] === '#' ? [...own, 'glued'] : own;
}

function firewallFlaws(target: AllowTarget, flaws: readonly EntryFlaw[], { comment }: AllowlistLine) {
  const more: ReaderFlaw[] = [];
  if (target.kind === 'name' && !target.host.slice(1).includes('.') && !target.host.startsWith('.'))
    more.push('no-dot');
  if (target.kind === 'addresses' && (target.port === undefined || !target.text.includes('/')))
    more.push('no-port');
  else if (target.kind === 'addresses' && comment === '') more.push('no-reason');
  return [...flaws, ...more];
}

/** What an entry opens, each as `HOST PORT`: to compare lists that say the same in other words. */
export function openingsOf({ target, ports = ['*'] }: Pick<AllowEntry, 'target' | 'ports'>): string[] {
  if (target.kind === 'name') return ports.map((port) => `${target.host} ${port}`);
  return target.kind === 'addresses' ? ports.map((port) => `${target.text} ${port}`) : [];
}

/** What an entry opens as the key of all entries about it; undefined where it means nothing. */
export function subjectOf({ target }: Pick<AllowEntry, 'target'>): string | undefined {
  if (target.kind === 'name') return target.host;
  return target.kind === 'addresses' ? target.text : undefined;
}

/** The entry without its flaws in the form of its reader; undefined where only its author can tell. */
export function repairedEntry({ target, flaws, reader, text }: AllowEntry): string | undefined {
  const hopeless: readonly ReaderFlaw[] = ['words', 'bad-port', 'no-dot', 'no-port', 'no-reason', 'no-name'];
  const plain = plainEntry(target);
  if (plain === undefined || flaws.some((flaw) => hopeless.includes(flaw))) return undefined;
  return reader === 'unknown' && text.includes('*.') ? plain.replace(/^\./, '*.') : plain;
}
