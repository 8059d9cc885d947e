import { isEverywhere } from './firewall-iptables.js';
import type { FilterRule, Verdict } from './firewall-step.js';
import { hole, joinValues, type Value } from './firewall-value.js';

const verdicts: Readonly<Record<string, Verdict>> = {
  accept: 'accept',
  drop: 'drop',
  reject: 'drop',
  return: 'return',
  jump: 'jump',
  goto: 'jump',
};

/** What a rule says besides its verdict, while its words are read. */
interface Draft {
  verdict: Verdict;
  target: string;
  protocol: string | undefined;
  destination: Value | undefined;
  except: Value | undefined;
  ports: readonly Value[] | undefined;
  outInterface: Value | undefined;
  states: readonly string[] | undefined;
  set: string | undefined;
  hasOwner: boolean;
  isNarrowed: boolean;
}

/** Words that only note something, with how many belong to them. */
const notes: Readonly<Record<string, number>> = {
  counter: 0,
  log: 0,
  comment: 1,
  prefix: 1,
  level: 1,
  packets: 1,
  bytes: 1,
  with: 1,
  type: 1,
  flags: 1,
  group: 1,
};

/** One rule of an nftables chain; undefined where a variable stands for what decides. */
export function readNftRule(words: readonly Value[]): FilterRule | undefined {
  const draft: Draft = {
    verdict: 'none',
    target: '',
    protocol: undefined,
    destination: undefined,
    except: undefined,
    ports: undefined,
    outInterface: undefined,
    states: undefined,
    set: undefined,
    hasOwner: false,
    isNarrowed: false,
  };
  let at = 0;
  while (at < words.length) at += readWord(draft, words, at);
  // A variable alone may be a whole rule.
  if (draft.verdict === 'none' && words.some(({ text }) => text.includes(hole))) return undefined;
  return { ...draft, text: joinValues(words, ' ').text };
}

/** Takes in one statement of a rule; how many words it had. */
function readWord(draft: Draft, words: readonly Value[], at: number): number {
  const text = words[at]?.text ?? '';
  const next = words[at + 1]?.text ?? '';
  if (Object.hasOwn(verdicts, text)) {
    draft.verdict = verdicts[text] ?? 'none';
    draft.target = draft.verdict === 'jump' ? next : text;
    return draft.verdict === 'jump' ? 2 : 1;
  }
  if (Object.hasOwn(notes, text)) return 1 + (notes[text] ?? 0);
  if (text === 'meta') return 1;
  const operand = readOperand(words, at + (isPair(text, next) ? 2 : 1));
  take(draft, isPair(text, next) ? `${text} ${next}` : text, operand);
  return (isPair(text, next) ? 2 : 1) + operand.length;
}

function isPair(text: string, next: string): boolean {
  return /^(?:ip6?|tcp|udp|th|ct|icmp|icmpv6|sctp|ether|fib|rt)$/.test(text) && /^[a-z0-9_-]+$/i.test(next);
}

interface Operand {
  readonly values: readonly Value[];
  readonly isNegated: boolean;
  readonly length: number;
}

/** `x`, `!= x`, `{ a, b }`, `a,b`. */
function readOperand(words: readonly Value[], from: number): Operand {
  let at = from;
  const isNegated = words[at]?.text === '!=';
  if (isNegated || words[at]?.text === '==') at += 1;
  if (words[at]?.text === 'vmap') at += 1;
  const values: Value[] = [];
  if (words[at]?.text === '{') {
    for (at += 1; at < words.length && words[at]?.text !== '}'; at++) values.push(words[at] as Value);
    at += 1;
  } else if (at < words.length) {
    do values.push(words[at] as Value);
    while (/,$/.test(words[at++]?.text ?? '') && at < words.length);
  }
  const split = values.flatMap((value) =>
    value.text.split(',').flatMap((text) => (text === '' ? [] : [{ ...value, text }])),
  );
  return { values: split, isNegated, length: Math.max(at - from, 0) };
}

function take(draft: Draft, key: string, { values, isNegated }: Operand): void {
  const [first] = values;
  if (isNegated && !/daddr$/.test(key)) {
    draft.isNarrowed = true;
    return;
  }
  switch (key) {
    case 'ip daddr':
    case 'ip6 daddr':
      if (first?.text.startsWith('@')) draft.set = first.text.slice(1);
      else if (isNegated) draft.except = first;
      // An address of one family says that much: everything of it.
      else draft.destination = isEverywhere(first) ? undefined : joinValues(values, ',');
      break;
    case 'tcp dport':
    case 'udp dport':
    case 'th dport':
    case 'sctp dport':
      draft.protocol = key.startsWith('th') ? draft.protocol : key.split(' ')[0];
      draft.ports = values;
      break;
    case 'oif':
    case 'oifname':
      draft.outInterface = first;
      break;
    case 'ct state':
      draft.states = values.map(({ text }) => text.toUpperCase());
      break;
    case 'skuid':
    case 'skgid':
      draft.hasOwner = true;
      break;
    case 'l4proto':
    case 'ip protocol':
    case 'ip6 nexthdr':
      draft.protocol = joinValues(values, ',').text;
      break;
    default:
      draft.isNarrowed = true;
  }
}
