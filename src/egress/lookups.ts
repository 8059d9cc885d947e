import { openAddressBook } from './address-book.js';
import type { Lookup } from './log-line.js';

/** Questions for one name, by what they asked for. */
export interface Questions {
  a: number;
  aaaa: number;
  other: number;
  first: number;
  last: number;
}

/** Follows the resolver's log: what it refused and what it asked others about. What happened before `since` is left out. */
export function openLookups(since: number) {
  const [refused, forwarded] = [new Map<string, Questions>(), new Map<string, Questions>()];
  const held = new Set<string>();
  const addresses = openAddressBook();
  let question: Lookup | undefined;
  return {
    refused,
    forwarded,
    addresses,
    add(lookup: Lookup): void {
      const { kind, name, at, value } = lookup;
      addresses.add(lookup);
      const asked = question?.name === name ? question.value : undefined;
      // The next line answers a question, or says that it goes out; further lines of one answer follow without a question.
      question = kind === 'query' ? lookup : undefined;
      if (kind === 'rebind') held.add(name);
      if (at < since) return;
      if (kind === 'config' && value.startsWith('NXDOMAIN')) ask(refused, name, at, asked ?? 'A');
      if (asked !== undefined && (kind === 'forwarded' || kind === 'cached')) ask(forwarded, name, at, asked);
    },
    /** Why a name that was asked about has no address; undefined where it has one, or none was asked for. */
    missing(name: string, { a, aaaa }: Questions): 'no-address' | 'private-address' | undefined {
      if (addresses.has(name) || a + aaaa === 0) return undefined;
      return held.has(name) ? 'private-address' : 'no-address';
    },
  };
}

function ask(all: Map<string, Questions>, name: string, at: number, type: string): void {
  const questions = all.get(name) ?? { a: 0, aaaa: 0, other: 0, first: at, last: at };
  all.set(name, questions);
  stretch(questions, at);
  if (type === 'A') questions.a += 1;
  else if (type === 'AAAA') questions.aaaa += 1;
  else questions.other += 1;
}

/** Widens the span so that it takes in the moment. */
export function stretch(span: { first: number; last: number }, at: number): void {
  span.first = Math.min(span.first, at);
  span.last = Math.max(span.last, at);
}
