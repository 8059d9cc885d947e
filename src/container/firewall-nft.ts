import type { Place } from '../core/text.js';
import { readNftRule } from './firewall-nft-rule.js';
import { type Action, bothFamilies, type Chain, type Family, type Verdict } from './firewall-step.js';
import { hole, type Output, type Sureness, type Value } from './firewall-value.js';

/** A word of an nftables script, or one of `{ } ;` and the end of a line. */
export interface NftToken extends Value {
  readonly place?: Place;
}

export interface NftAction extends Sureness {
  readonly action: Action;
  readonly place: Place;
}

/** Whether a chain judges what is sent, by `family table chain`, as far as the commands so far say. */
export type NftOutputs = Map<string, boolean>;

/** Where a statement stands: inside a table, inside a chain of it. */
interface Context {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
}

const top: Context = { family: '', table: '', chain: '' };

/** What `nft …` does by its words; undefined where that cannot be said. */
export function readNftCommand(words: readonly Value[], outputs: NftOutputs): readonly Action[] | undefined {
  const tokens = words
    .filter(({ text }) => !/^-[a-zA-Z]+$/.test(text))
    .flatMap((value) => tokenise(value, {}));
  const actions = readTokens(tokens, outputs).map(({ action }) => action);
  return actions.length > 0 || words.length === 0 ? actions : undefined;
}

/** The statements of a file for `nft -f`, each with the place of the line that it begins on. */
export function readNftText(input: Output, outputs: NftOutputs): readonly NftAction[] {
  const tokens = input.flatMap(({ value, place }) => tokenise(value, { place }));
  const [first] = input;
  // A text that is put together in branches is not taken apart again: all of it depends on them.
  const sureness = {
    isConditional: input.some(({ isConditional }) => isConditional),
    isSwitched: input.some(({ isSwitched }) => isSwitched),
  };
  return readTokens(tokens, outputs).map(({ action, place = (first as Output[number]).place }) => ({
    action,
    place,
    ...sureness,
  }));
}

function tokenise({ text, origins }: Value, from: { readonly place?: Place }): NftToken[] {
  const tokens: NftToken[] = [];
  for (const [found] of text.matchAll(/#[^\n]*|"[^"\n]*"|[{};\n]|[^\s{};"#]+/g)) {
    if (found.startsWith('#')) continue;
    const bare = found.startsWith('"') ? found.replaceAll('"', '') : found;
    tokens.push({ text: bare, origins: bare.includes(hole) ? origins : [], ...from });
  }
  return tokens;
}

type Statement = { readonly action: Action; readonly place: Place | undefined };

interface Reader {
  readonly found: Statement[];
  readonly outputs: NftOutputs;
}

function readTokens(tokens: readonly NftToken[], outputs: NftOutputs): readonly Statement[] {
  const reader: Reader = { found: [], outputs };
  const open: Context[] = [top];
  let statement: NftToken[] = [];
  // Inside a rule or a set's elements braces hold lists.
  let depth = 0;
  const finish = () => {
    if (statement.length > 0) readStatement(reader, open.at(-1) ?? top, statement);
    statement = [];
  };
  for (const token of tokens) {
    const context = open.at(-1) ?? top;
    if (token.text === '{') {
      const inner = depth === 0 ? opened(context, statement) : undefined;
      if (inner) {
        open.push(inner);
        statement = [];
      } else {
        depth += 1;
        statement.push(token);
      }
    } else if (token.text === '}') {
      if (depth > 0) {
        depth -= 1;
        statement.push(token);
      } else {
        finish();
        if (open.length > 1) open.pop();
      }
    } else if ((token.text === ';' || token.text === '\n') && depth === 0) finish();
    else if (token.text !== '\n') statement.push(token);
  }
  finish();
  return reader.found;
}

/** The block that begins: `table inet filter {`, `chain output {`, `add chain inet filter output {`. */
function opened(context: Context, statement: readonly NftToken[]): Context | undefined {
  const words = statement.map(({ text }) => text).filter((text) => !/^(?:add|create)$/.test(text));
  if (words[0] === 'table') {
    const [family, name] = words.length > 2 ? [words[1], words[2]] : ['ip', words[1]];
    return { family: family ?? '', table: name ?? '', chain: '' };
  }
  if (words[0] === 'chain') {
    if (words.length >= 4) return { family: words[1] ?? '', table: words[2] ?? '', chain: words[3] ?? '' };
    if (words.length === 3) return { family: 'ip', table: words[1] ?? '', chain: words[2] ?? '' };
    return { ...context, chain: words[1] ?? '' };
  }
  // Sets, maps, flowtables: what they hold is no rule.
  return /^(?:set|map|flowtable|counter|quota|ct)$/.test(words[0] ?? '') && context.chain === ''
    ? { ...context, chain: '\u0000' }
    : undefined;
}

function readStatement(reader: Reader, context: Context, tokens: readonly NftToken[]): void {
  const [first, second] = tokens;
  const place = first?.place;
  const add = (action: Action) => {
    reader.found.push({ action, place });
  };
  if (context.chain === '\u0000' || !first) return;
  if (context.chain !== '') {
    readInChain(reader, context, tokens);
    return;
  }
  const texts = tokens.map(({ text }) => text);
  if (first.text === 'flush' && second?.text === 'ruleset')
    return void add({
      kind: 'flush',
      chain: chainOf(reader, { family: 'inet', table: '*', chain: '' }),
      isTable: true,
    });
  const verb = /^(?:add|insert|create|delete|destroy|flush|replace|list)$/.test(first.text)
    ? first.text
    : 'add';
  const rest = verb === first.text ? tokens.slice(1) : tokens;
  const what = rest[0]?.text;
  if (what === 'rule' || what === 'chain' || what === 'table') {
    const names = namesOf(rest.slice(1), what === 'table' ? 1 : 2);
    readCommand(reader, verb, what, names, place);
  } else if (what === 'element' || what === 'set') {
    const names = namesOf(rest.slice(1), 2);
    const member = names.rest.filter(({ text }) => text !== '{' && text !== '}');
    const action = verb === 'flush' || verb === 'delete' ? 'flush' : what === 'set' ? 'create' : 'add';
    // nft takes an element that is there already.
    add({
      kind: 'set',
      action,
      name: names.context.chain,
      exist: true,
      ...(member[0] ? { member: member[0] } : {}),
    });
  } else if (!/^(?:define|list)$/.test(texts[0] ?? ''))
    add({ kind: 'unmodelled', what: `nft ${texts[0] ?? ''}` });
}

/** `[family] table [chain]`. */
function namesOf(
  tokens: readonly NftToken[],
  count: number,
): { context: Context; rest: readonly NftToken[] } {
  const hasFamily = /^(?:ip6?|inet|arp|bridge|netdev)$/.test(tokens[0]?.text ?? '');
  const from = hasFamily ? 1 : 0;
  const family = hasFamily ? (tokens[0]?.text ?? 'ip') : 'ip';
  const names = tokens.slice(from, from + count).map(({ text }) => text);
  return {
    context: { family, table: names[0] ?? '', chain: names[1] ?? '' },
    rest: tokens.slice(from + count),
  };
}

function readCommand(
  reader: Reader,
  verb: string,
  what: string,
  { context, rest }: { context: Context; rest: readonly NftToken[] },
  place: Place | undefined,
): void {
  const chain = chainOf(reader, context);
  if (verb === 'flush' || (verb !== 'add' && verb !== 'create' && what !== 'rule')) {
    const isTable = what === 'table';
    reader.found.push({ action: { kind: 'flush', chain, isTable }, place });
  } else if (what === 'rule' && (verb === 'add' || verb === 'insert')) {
    const at = rest.findIndex(({ text }) => text === 'position' || text === 'handle' || text === 'index');
    const words = at === 0 ? rest.slice(2) : rest;
    const rule = readNftRule(words);
    if (rule) reader.found.push({ action: { kind: 'rule', chain, first: verb === 'insert', rule }, place });
    else reader.found.push({ action: { kind: 'unmodelled', what: 'nft rule' }, place });
  } else if (what === 'rule')
    reader.found.push({ action: { kind: 'unmodelled', what: `nft ${verb} rule` }, place });
}

/** One statement of a chain: what it is hooked to, its policy, or a rule. */
function readInChain(reader: Reader, context: Context, tokens: readonly NftToken[]): void {
  const texts = tokens.map(({ text }) => text);
  const place = tokens[0]?.place;
  if (texts[0] === 'type') {
    const hook = texts[texts.indexOf('hook') + 1];
    reader.outputs.set(keyOf(context), texts[1] === 'filter' && hook === 'output');
    const policy = texts.indexOf('policy');
    if (policy > 0) addPolicy(reader, context, texts[policy + 1], place);
    // Without one it lets through.
    return;
  }
  if (texts[0] === 'policy') {
    addPolicy(reader, context, texts[1], place);
    return;
  }
  if (/^(?:flags|comment|priority)$/.test(texts[0] ?? '')) return;
  const rule = readNftRule(tokens);
  const chain = chainOf(reader, context);
  reader.found.push({
    action: rule ? { kind: 'rule', chain, first: false, rule } : { kind: 'unmodelled', what: 'nft rule' },
    place,
  });
}

function addPolicy(
  reader: Reader,
  context: Context,
  text: string | undefined,
  place: Place | undefined,
): void {
  const verdict: Verdict = text === 'drop' ? 'drop' : text === 'accept' ? 'accept' : 'none';
  reader.found.push({ action: { kind: 'policy', chain: chainOf(reader, context), verdict }, place });
}

function keyOf({ family, table, chain }: Context): string {
  return `${family} ${table} ${chain}`;
}

function chainOf({ outputs }: Reader, context: Context): Chain {
  const families: readonly Family[] =
    context.family === 'ip' ? [4] : context.family === 'ip6' ? [6] : bothFamilies;
  // A chain that was made elsewhere is known by its name alone.
  const isOutput = outputs.get(keyOf(context)) ?? /^(?:output|egress|out)$/i.test(context.chain);
  return { families, table: `nft ${context.family} ${context.table}`, name: context.chain, isOutput };
}
