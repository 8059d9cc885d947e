import {
  type Chain,
  type Family,
  type FilterRule,
  isUnconditional,
  type Step,
  type Verdict,
} from './firewall-step.js';

export interface PlacedRule {
  readonly rule: FilterRule;
  readonly step: Step;
}

interface ChainState {
  policy: { readonly verdict: Verdict; readonly step: Step } | undefined;
  rules: PlacedRule[];
  /** Rules that every packet meets, in their order; the first few decide. */
  always: PlacedRule[];
}

/** The rules of one address family while a script is followed. */
export interface Ruleset {
  readonly family: Family;
  readonly chains: Map<string, ChainState>;
  /** Keys of the chains that judge what is sent. */
  readonly outputs: Set<string>;
  /** ufw applies what it was told only once it is switched on. */
  isSwitchedOn: boolean;
  /** IPv6 was switched off. */
  isOff: boolean;
}

const mostAlways = 50;

export function newRuleset(family: Family): Ruleset {
  return { family, chains: new Map(), outputs: new Set(), isSwitchedOn: false, isOff: false };
}

export function keyOf({ table, name }: Chain): string {
  return `${table}/${name}`;
}

/** Applies a step. What opens in some runs only is left out: nothing is guessed. */
export function apply(ruleset: Ruleset, step: Step): void {
  if (step.kind === 'switch') ruleset.isSwitchedOn = step.on;
  if (step.kind === 'sysctl') takeSetting(ruleset, step.name, step.value);
  if (step.isHandler || !('chain' in step) || !step.chain.families.includes(ruleset.family)) return;
  const isUnsure = step.isConditional || step.isSwitched;
  if (step.kind === 'flush') {
    if (!isUnsure) flush(ruleset, step.chain, step.isTable);
    return;
  }
  if (step.isSwitched || step.kind === 'drop-chain') return;
  const key = keyOf(step.chain);
  const state = ruleset.chains.get(key) ?? { policy: undefined, rules: [], always: [] };
  ruleset.chains.set(key, state);
  if (step.chain.isOutput) ruleset.outputs.add(key);
  if (step.kind === 'policy') {
    if (step.verdict === 'drop' || !isUnsure) state.policy = { verdict: step.verdict, step };
  } else if (step.kind === 'rule') addRule(state, step, step.rule, step.first);
  else if (step.kind === 'delete' && !isUnsure) removeRule(state, step.rule);
}

function takeSetting(ruleset: Ruleset, name: string, value: string): void {
  if (/(?:^|\.)disable_ipv6$/.test(name) && value !== '0' && ruleset.family === 6) ruleset.isOff = true;
}

function addRule(state: ChainState, step: Step, rule: FilterRule, first: boolean): void {
  const placed = { rule, step };
  if (first) state.rules.unshift(placed);
  else state.rules.push(placed);
  if (!isUnconditional(rule) || rule.verdict === 'none') return;
  if (first) state.always.unshift(placed);
  else if (state.always.length < mostAlways) state.always.push(placed);
}

function removeRule(state: ChainState, { text }: FilterRule): void {
  const isOther = ({ rule }: PlacedRule) => rule.text !== text;
  const at = state.rules.findIndex((placed) => !isOther(placed));
  const [gone] = at < 0 ? [] : state.rules.splice(at, 1);
  state.always = state.always.filter((placed) => placed !== gone);
}

function flush(ruleset: Ruleset, chain: Chain, isTable: boolean): void {
  const isAll = chain.table.endsWith(' *');
  for (const [key, state] of ruleset.chains) {
    if (isAll ? !key.startsWith('nft ') : isTable ? !key.startsWith(`${chain.table}/`) : key !== keyOf(chain))
      continue;
    state.rules = [];
    state.always = [];
    // nftables throws the chains away with their policies; iptables keeps them.
    if (isTable && (isAll || key.startsWith('nft '))) state.policy = undefined;
  }
}

/** What became of a packet that no rule with a condition has taken. */
export interface Fate {
  readonly verdict: 'accept' | 'drop';
  /** The rule or policy that decides; undefined where nothing was said. */
  readonly step: Step | undefined;
}

/** What happens to what is sent and meets no exception: dropped where one of the chains drops it. */
export function fateOf(ruleset: Ruleset): Fate {
  if (ruleset.isOff) return { verdict: 'drop', step: undefined };
  let open: Fate = { verdict: 'accept', step: undefined };
  for (const key of ruleset.outputs) {
    if (key.startsWith('ufw/') && !ruleset.isSwitchedOn) continue;
    const fate = fateIn(ruleset, key);
    if (fate.verdict === 'drop') return fate;
    open = fate;
  }
  return open;
}

function fateIn(ruleset: Ruleset, key: string): Fate {
  const decided = follow(ruleset, key, new Set());
  if (decided) return decided;
  const policy = ruleset.chains.get(key)?.policy;
  return { verdict: policy?.verdict === 'drop' ? 'drop' : 'accept', step: policy?.step };
}

/** Chains that jump deeper than this are made on purpose; the kernel gives up on them too. */
const deepestJump = 24;

function follow(ruleset: Ruleset, key: string, seen: Set<string>, depth = 0): Fate | undefined {
  if (seen.has(key) || depth > deepestJump) return undefined;
  seen.add(key);
  const table = key.slice(0, key.lastIndexOf('/'));
  for (const { rule, step } of ruleset.chains.get(key)?.always ?? []) {
    if (rule.verdict === 'return') return undefined;
    if (rule.verdict === 'jump') {
      const fate = follow(ruleset, `${table}/${rule.target}`, seen, depth + 1);
      if (fate) return fate;
    } else if (rule.verdict === 'accept' || rule.verdict === 'drop') {
      // A rule that is there in some runs only must not be relied on to close, nor said to open.
      if (rule.verdict === 'accept' && step.isConditional) continue;
      return { verdict: rule.verdict, step };
    }
  }
  return undefined;
}

/** More rules than these come of chains that jump to each other on purpose. */
const mostRules = 20_000;

/**
 * The rules that what is sent may meet, each with the conditions of the jumps that lead to it; a jump to a chain that
 * lets everything through counts as letting through.
 */
export function outputRules(ruleset: Ruleset): readonly PlacedRule[] {
  const walk: Walk = { ruleset, found: [], left: mostRules };
  for (const key of ruleset.outputs) collect(walk, key, undefined, new Set());
  return walk.found;
}

interface Walk {
  readonly ruleset: Ruleset;
  readonly found: PlacedRule[];
  left: number;
}

function collect(walk: Walk, key: string, through: FilterRule | undefined, open: ReadonlySet<string>): void {
  const { ruleset, found } = walk;
  const table = key.slice(0, key.lastIndexOf('/'));
  for (const { rule, step } of ruleset.chains.get(key)?.rules ?? []) {
    if (--walk.left < 0) return;
    const whole = through ? join(through, rule) : rule;
    const target = `${table}/${rule.target}`;
    const fate = rule.verdict === 'jump' ? follow(ruleset, target, new Set()) : undefined;
    if (fate) found.push({ rule: { ...whole, verdict: fate.verdict }, step });
    else if (rule.verdict !== 'jump') found.push({ rule: whole, step });
    else if (!open.has(target) && open.size < deepestJump)
      collect(walk, target, whole, new Set([...open, key]));
  }
}

/** A rule of a chain that only what another rule takes comes to. */
function join(outer: FilterRule, inner: FilterRule): FilterRule {
  return {
    ...inner,
    protocol: inner.protocol ?? outer.protocol,
    destination: inner.destination ?? outer.destination,
    except: inner.except ?? outer.except,
    ports: inner.ports ?? outer.ports,
    outInterface: inner.outInterface ?? outer.outInterface,
    states: inner.states ?? outer.states,
    set: inner.set ?? outer.set,
    hasOwner: inner.hasOwner || outer.hasOwner,
    isNarrowed: inner.isNarrowed || outer.isNarrowed,
  };
}
