import type { Action, Chain, Family, FilterRule, Verdict } from './firewall-step.js';
import { hole, isKnown, joinValues, type Value } from './firewall-value.js';

const commands: Readonly<Record<string, string>> = {
  append: 'A',
  insert: 'I',
  delete: 'D',
  replace: 'R',
  policy: 'P',
  flush: 'F',
  'new-chain': 'N',
  new: 'N',
  'delete-chain': 'X',
  check: 'C',
  list: 'L',
  'list-rules': 'S',
  zero: 'Z',
  'rename-chain': 'E',
};

/** Options of rules by one name each, with how many words they take. */
const options: Readonly<Record<string, readonly [string, number]>> = {
  '-p': ['protocol', 1],
  '--protocol': ['protocol', 1],
  '--proto': ['protocol', 1],
  '-d': ['destination', 1],
  '--destination': ['destination', 1],
  '--dst': ['destination', 1],
  '-s': ['source', 1],
  '--source': ['source', 1],
  '--src': ['source', 1],
  '-o': ['out', 1],
  '--out-interface': ['out', 1],
  '-i': ['in', 1],
  '--in-interface': ['in', 1],
  '-j': ['target', 1],
  '--jump': ['target', 1],
  '-g': ['target', 1],
  '--goto': ['target', 1],
  '-m': ['match', 1],
  '--match': ['match', 1],
  '--dport': ['ports', 1],
  '--destination-port': ['ports', 1],
  '--dports': ['ports', 1],
  '--destination-ports': ['ports', 1],
  '--ports': ['ports', 1],
  '--sport': ['sourcePorts', 1],
  '--sports': ['sourcePorts', 1],
  '--source-port': ['sourcePorts', 1],
  '--source-ports': ['sourcePorts', 1],
  '--limit': ['comment', 1],
  '--limit-burst': ['comment', 1],
  '--syn': ['comment', 0],
  '--state': ['states', 1],
  '--ctstate': ['states', 1],
  '--uid-owner': ['owner', 1],
  '--gid-owner': ['owner', 1],
  '--match-set': ['set', 2],
  '--comment': ['comment', 1],
  '--reject-with': ['comment', 1],
  '--log-prefix': ['comment', 1],
  '--log-level': ['comment', 1],
  '-c': ['comment', 2],
  '--set-counters': ['comment', 2],
};

interface Read {
  readonly values: Map<string, readonly Value[]>;
  readonly negated: ReadonlySet<string>;
}

const dropTargets = /^(?:DROP|REJECT|TARPIT|DENY)$/;

/** What an iptables command does; undefined where that cannot be said. */
export function readIptables(
  words: readonly Value[],
  families: readonly Family[],
): readonly Action[] | undefined {
  let table = 'filter';
  let own = families;
  const rest: Value[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Value;
    const long = /^--(table|wait|wait-interval|modprobe)=(.*)$/.exec(word.text);
    if (word.text === '-t' || word.text === '--table') table = words[++at]?.text ?? '';
    else if (long) table = long[1] === 'table' ? (long[2] ?? '') : table;
    else if (/^(?:-w|--wait|-W|--wait-interval)$/.test(word.text)) {
      if (/^\d+$/.test(words[at + 1]?.text ?? '')) at += 1;
    } else if (word.text === '-4' || word.text === '--ipv4') own = own.filter((family) => family === 4);
    else if (word.text === '-6' || word.text === '--ipv6') own = own.filter((family) => family === 6);
    else if (!/^(?:-v|-n|-x|--verbose|--numeric|--exact|--line-numbers|-w\d+|-nvL)$/.test(word.text))
      rest.push(word);
  }
  if (words.some(({ text }) => text === '-nvL' || /^-[nvx]*[LS][nvx]*$/.test(text)))
    return [{ kind: 'inspect' }];
  return readCommand(rest, own, table);
}

function readCommand(
  words: readonly Value[],
  families: readonly Family[],
  table: string,
): readonly Action[] | undefined {
  const at = words.findIndex(({ text }) => commandOf(text) !== undefined);
  const command = commandOf(words[at]?.text ?? '');
  // Without any word it prints its help.
  if (command === undefined) return words.length === 0 ? [] : undefined;
  const name = words[at + 1];
  const chain: Chain = {
    families,
    table,
    name: name?.text ?? '',
    isOutput: table === 'filter' && name?.text === 'OUTPUT',
  };
  const rest = [...words.slice(0, at), ...words.slice(at + 2)];
  switch (command) {
    case 'P':
      return [{ kind: 'policy', chain, verdict: verdictOf(rest[0]?.text ?? '') }];
    case 'F':
      return [{ kind: 'flush', chain, isTable: name === undefined }];
    case 'N':
      return [{ kind: 'chain', chain, exist: false }];
    case 'X':
      return [{ kind: 'drop-chain', chain }];
    case 'A':
    case 'I':
    case 'D':
    case 'R':
      return readRuleCommand(command, chain, rest);
    case 'L':
    case 'S':
    case 'C':
      return [{ kind: 'inspect' }];
    default:
      return [];
  }
}

function commandOf(text: string): string | undefined {
  const short = /^-([AIDRPFNXCLSZE])$/.exec(text)?.[1];
  if (short) return short;
  const long = text.startsWith('--') ? text.slice(2) : '';
  return Object.hasOwn(commands, long) ? commands[long] : undefined;
}

function readRuleCommand(
  command: string,
  chain: Chain,
  rest: readonly Value[],
): readonly Action[] | undefined {
  const isNumbered = /^\d+$/.test(rest[0]?.text ?? '');
  const number = isNumbered ? Number(rest[0]?.text) : undefined;
  const rule = readRule(isNumbered ? rest.slice(1) : rest);
  if (chain.name.includes(hole)) return undefined;
  if (command === 'D') return isNumbered || !rule ? undefined : [{ kind: 'delete', chain, rule }];
  if (!rule) return undefined;
  // In the middle of a chain whose rules are not numbered here it counts as first.
  return [{ kind: 'rule', chain, first: command === 'I' && (number === undefined || number >= 1), rule }];
}

/** A rule by its words; undefined where its target is not known. */
export function readRule(words: readonly Value[]): FilterRule | undefined {
  const { values, negated } = readOptions(words);
  const one = (name: string) => (negated.has(name) ? undefined : values.get(name)?.[0]);
  const target = one('target')?.text ?? '';
  if (target.includes(hole)) return undefined;
  const protocol = one('protocol')?.text;
  const ports = one('ports');
  const states = one('states')?.text;
  const interfaces = one('out');
  const except = negated.has('destination') ? values.get('destination')?.[0] : undefined;
  const others = [...negated].filter((name) => name !== 'destination');
  // From which port something is sent is the sender's choice; without a destination's port it marks an answer.
  const isAnswer = values.has('sourcePorts') && !values.has('ports');
  const isNarrowed =
    isAnswer || values.has('other') || values.has('source') || values.has('in') || others.length > 0;
  return {
    verdict: verdictOf(target),
    target,
    protocol: protocol === 'all' || protocol === '0' ? undefined : protocol,
    destination: isEverywhere(one('destination')) ? undefined : one('destination'),
    except,
    ports: ports && splitPorts(ports),
    outInterface: interfaces?.text === '+' ? undefined : interfaces,
    states: states?.toUpperCase().split(','),
    set: one('set')?.text,
    hasOwner: values.has('owner'),
    isNarrowed,
    text: joinValues(words, ' ').text,
  };
}

/** `-d 0.0.0.0/0` says nothing. */
export function isEverywhere(value: Value | undefined): boolean {
  return /^(?:0\.0\.0\.0\/0(?:\.0\.0\.0)?|0\/0|any|::\/0|0::\/0)$/.test(value?.text ?? '');
}

export function splitPorts(value: Value): readonly Value[] {
  if (!isKnown(value)) return [value];
  return value.text.split(',').map((text) => ({ text: text.trim(), origins: [] }));
}

export function verdictOf(target: string): Verdict {
  if (target === 'ACCEPT') return 'accept';
  if (dropTargets.test(target)) return 'drop';
  if (target === 'RETURN') return 'return';
  if (target === '' || otherTargets.test(target)) return 'none';
  return 'jump';
}

/** Targets of the kernel that neither let through nor refuse. */
const otherTargets =
  /^(?:LOG|NFLOG|ULOG|MARK|CONNMARK|SET|TCPMSS|DSCP|TOS|TTL|HL|AUDIT|TRACE|NOTRACK|CT|CHECKSUM|CLASSIFY|DNAT|SNAT|MASQUERADE|REDIRECT|NFQUEUE|QUEUE|TEE|TPROXY|NETMAP|SECMARK|CONNSECMARK|IDLETIMER)$/;

function readOptions(words: readonly Value[]): Read {
  const values = new Map<string, readonly Value[]>();
  const negated = new Set<string>();
  let isNegated = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as Value;
    if (word.text === '!') {
      isNegated = true;
      continue;
    }
    const equals = /^(--[\w-]+)=(.*)$/s.exec(word.text);
    const known = Object.hasOwn(options, equals?.[1] ?? word.text)
      ? options[equals?.[1] ?? word.text]
      : undefined;
    const [name, count] = known ?? ['other', 0];
    if (equals) values.set(name, [{ ...word, text: equals[2] ?? '' }]);
    else values.set(name, words.slice(at + 1, at + 1 + count));
    if (!known && word.text.startsWith('-')) {
      // An option that is not known here: what does not look like one belongs to it.
      while (at + 1 < words.length && !/^[-!]/.test(words[at + 1]?.text ?? '')) at += 1;
    }
    // The older spelling: `-d ! 10.0.0.0/8`.
    const isInner = known !== undefined && !equals && words[at + 1]?.text === '!';
    if (isInner) values.set(name, words.slice(at + 2, at + 2 + count));
    if (isNegated || isInner) negated.add(name);
    isNegated = false;
    if (known && !equals) at += count + (isInner ? 1 : 0);
    if (name === 'match' || name === 'comment') values.delete(name);
  }
  return { values, negated };
}
