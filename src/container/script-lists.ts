import { Attached } from '../core/attached.js';
import type { SourceFile } from '../core/text.js';
import { readEntry } from '../documents/allow-target.js';
import { type ListedWord, loadListReader } from '../documents/shell-lists.js';
import type { AllowEntry } from './allow-entry.js';
import type { Container } from './container.js';
import { withoutReturns } from './simple-commands.js';

/** A script without one of these filters no packets and no names. */
const filter = /\b(?:ip6?tables|nft|ipset|ufw|firewall-cmd|dnsmasq|squid|tinyproxy)\b/;

/** Scripts that set up a firewall: of those whose names say so, and of what the container's commands start. */
export function findFirewallScripts(
  named: readonly SourceFile[],
  container: Container | undefined,
): SourceFile[] {
  const started = (container?.lifecycle ?? []).flatMap(({ value }) => value.scripts.map(({ file }) => file));
  const files = new Map([...named, ...started].map((file) => [file.path, file]));
  return [...files.values()].filter(({ text }) => filter.test(text));
}

// A fix lints the same scripts again after each step.
const known = new Attached<SourceFile, readonly (readonly ListedWord[])[]>();

/** The entries of each list in the scripts. */
export async function scriptEntries(files: readonly SourceFile[]): Promise<AllowEntry[][]> {
  if (files.length === 0) return [];
  const read = await loadListReader();
  return files.flatMap((file) => {
    const lists = known.get(file) ?? read(withoutReturns(file.text));
    known.set(file, lists);
    return lists.map((words) => words.map((word) => toEntry(file, word)));
  });
}

function toEntry(file: SourceFile, { text, at, removal }: ListedWord): AllowEntry {
  const { target } = readEntry(text);
  const port = 'port' in target ? target.port : undefined;
  const remove = () => (removal ? [{ file: file.path, at: removal, text: '' }] : []);
  return {
    text,
    place: { file, at },
    reader: 'unknown',
    target,
    ports: port === undefined ? undefined : [port],
    // How a script takes its words apart is its own matter.
    flaws: [],
    isPrivate: false,
    remove,
    removeAlone: remove,
    replace: (replacement) => {
      const quotes = at.end - at.start - text.length;
      const inside = { start: at.start + quotes / 2, end: at.end - quotes / 2 };
      return [{ file: file.path, at: inside, text: replacement }];
    },
  };
}
