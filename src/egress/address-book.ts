import type { Lookup } from './log-line.js';

/** Which addresses were handed out for which names. */
export interface AddressBook {
  add(lookup: Lookup): void;
  /** Whether the name got an address at least once. */
  has(name: string): boolean;
  /** Names that the address was handed out for, in the order of the log; no more than a few. */
  namesOf(address: string): readonly string[];
}

/** Sites of a CDN share addresses: more names than this say nothing. */
const mostNames = 5;

/** An answer with aliases is several lines, one behind the other: the address belongs to the name that was asked for. */
export function openAddressBook(): AddressBook {
  const names = new Map<string, string[]>();
  const resolved = new Set<string>();
  let alias: string | undefined;
  return {
    add({ kind, name, value }) {
      if (kind !== 'reply' && kind !== 'cached') {
        alias = undefined;
        return;
      }
      const owner = alias ?? name;
      if (value === '<CNAME>') {
        alias = owner;
        return;
      }
      if (!isAddress(value)) return;
      resolved.add(owner);
      const known = names.get(value) ?? [];
      names.set(value, known);
      if (known.length < mostNames && !known.includes(owner)) known.push(owner);
    },
    has: (name) => resolved.has(name),
    namesOf: (address) => names.get(address) ?? [],
  };
}

function isAddress(text: string): boolean {
  return /^[0-9.]{7,15}$/.test(text) || /^[0-9a-f:]{2,39}$/.test(text);
}
