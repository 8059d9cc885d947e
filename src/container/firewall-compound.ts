import type { Case, CommandNode, CompoundList, For, If, While } from 'unbash';
import {
  done,
  type Frame,
  isolate,
  joinChanges,
  type Machine,
  markSequel,
  mostBranches,
  type Outcome,
  setVariable,
  type Truth,
  withLeavings,
} from './firewall-machine.js';
import { expanderOf, isNegated, runList, runNode, sequelOf } from './firewall-run.js';
import { judgeTest, negate } from './firewall-test.js';
import { isKnown, type Output, unknown, usualText, type Value } from './firewall-value.js';
import { expandText, expandWords } from './firewall-words.js';

/** A loop over more words than these is run once, with a word that is not known. */
const mostTurns = 256;

export function runCompound(machine: Machine, frame: Frame, node: CommandNode): Outcome {
  switch (node.type) {
    case 'If':
      return runIf(machine, frame, node);
    case 'Case':
      return runCase(machine, frame, node);
    case 'For':
      return runFor(machine, frame, node);
    case 'Select':
    case 'ArithmeticFor':
      return withLeavings(machine, 'breaks', false, () =>
        leftLoop(runList(machine, { ...frame, isMaybe: true }, node.body)),
      );
    case 'While':
      return runWhile(machine, frame, node);
    case 'BraceGroup':
      return runList(machine, frame, node.body);
    case 'Subshell':
      return { output: runList(machine, { ...frame, isInner: true }, node.body).output };
    case 'TestCommand':
      return {
        ...done,
        truth: judgeTest(node.expression, expanderOf(machine, { ...frame, isIgnored: true })),
      };
    case 'Function':
      machine.functions.set(node.name.value, node.body);
      return done;
    case 'Coproc':
      if (node.body.type === 'CompoundList')
        return runList(machine, { ...frame, isBackground: true, isInner: true }, node.body);
      return runNode(machine, { ...frame, isBackground: true, isInner: true }, node.body);
    default:
      return { ...done, truth: { cause: 'other' } };
  }
}

interface Branch {
  readonly body: CompoundList | undefined;
  readonly truth: Truth;
}

function runIf(machine: Machine, frame: Frame, node: If): Outcome {
  if (node.elif.length > mostBranches) return giveUp(machine, frame, node);
  return runClauses(machine, frame, [node, ...node.elif], node.else);
}

function giveUp(machine: Machine, frame: Frame, node: CommandNode): Outcome {
  machine.cut = frame.placeAt(node.pos, node.end);
  return done;
}

function runClauses(
  machine: Machine,
  frame: Frame,
  [first, ...rest]: readonly Pick<If, 'clause' | 'then'>[],
  otherwise: CompoundList | undefined,
): Outcome {
  if (!first) return otherwise ? runList(machine, frame, otherwise) : done;
  const from = machine.steps.length;
  const outcome = runList(machine, { ...frame, isIgnored: true }, first.clause);
  const to = machine.steps.length;
  const truth = outcome.truth ?? { cause: 'tool' };
  if (truth.holds === true) return runList(machine, frame, first.then);
  if (truth.holds === false) return runClauses(machine, frame, rest, otherwise);
  const taken = { body: first.then, truth };
  const other = (inner: Frame) => runClauses(machine, inner, rest, otherwise);
  const outcomes = runBranches(machine, frame, [taken, { body: undefined, truth: negate(truth) }], other);
  const [good, bad] = isNegated(first.clause.commands.at(-1)?.command)
    ? [outcomes[1], outcomes[0]]
    : outcomes;
  if (good) markSequel(machine, { from, to }, 'onSuccess', sequelOf(good.ending, first.then, frame));
  if (bad)
    markSequel(machine, { from, to }, 'onFailure', bad.sequel ?? sequelOf(bad.ending, first.then, frame));
  const ending = good?.ending && bad?.ending ? good.ending : undefined;
  return { output: outcomes.flatMap(({ output }) => output), ending };
}

type BranchOutcome = Outcome & { readonly sequel?: 'noted' };

/** Runs branches of which one is taken; `other` runs one without a body. */
function runBranches(
  machine: Machine,
  frame: Frame,
  branches: readonly Branch[],
  other: (frame: Frame) => Outcome,
): readonly BranchOutcome[] {
  const outcomes: BranchOutcome[] = [];
  const kept: ReturnType<typeof isolate>[] = [];
  for (const { body, truth } of branches) {
    const inner: Frame = {
      ...frame,
      isConditional: true,
      isMaybe: true,
      isSwitched: frame.isSwitched || truth.usually === false,
      cause: truth.cause,
    };
    let outcome: Outcome = done;
    const changes = isolate(machine, () => {
      outcome = body ? runList(machine, inner, body) : other(inner);
    });
    const sequel = changes.size > 0 && !outcome.ending ? ({ sequel: 'noted' } as const) : {};
    outcomes.push({ ...outcome, ...sequel });
    // What a branch that ends the script has set does not matter behind it.
    if (!outcome.ending) kept.push(changes);
  }
  joinChanges(machine, kept, true);
  return outcomes;
}

function runCase(machine: Machine, frame: Frame, node: Case): Outcome {
  const { word, items } = node;
  if (items.length > mostBranches) return giveUp(machine, frame, node);
  const value = expandText(word, expanderOf(machine, { ...frame, isIgnored: true }));
  const fits = (patterns: readonly { readonly value: string }[], text: string | undefined) =>
    text === undefined ? undefined : judgePatterns(patterns, text);
  if (isKnown(value)) {
    const sure = items.find(({ pattern }) => fits(pattern, value.text) !== false);
    if (!sure) return done;
    if (fits(sure.pattern, value.text)) return runList(machine, frame, sure.body);
  }
  const cause = value.origins.some((origin) => origin === 'argument' || origin === 'environment')
    ? 'caller'
    : 'other';
  const usual = usualText(value);
  let isDecided = usual === undefined;
  const branches = items.map(({ pattern, body }): Branch => {
    const usually = isDecided ? (usual === undefined ? undefined : false) : fits(pattern, usual);
    if (usually) isDecided = true;
    return { body, truth: { usually, cause } };
  });
  const outcomes = runBranches(machine, frame, branches, () => done);
  return { output: outcomes.flatMap(({ output }) => output) };
}

/** Whether a text is one of some patterns; undefined where a pattern has wildcards besides a lone `*`. */
function judgePatterns(patterns: readonly { readonly value: string }[], text: string): boolean | undefined {
  let isOpen = false;
  for (const { value } of patterns) {
    if (value === '*' || value === text) return true;
    if (/[*?[\]$`(]/.test(value)) isOpen = true;
  }
  return isOpen ? undefined : false;
}

function runFor(machine: Machine, frame: Frame, { name, wordlist, body }: For): Outcome {
  const expander = expanderOf(machine, { ...frame, isIgnored: true });
  const words = wordlist ? expandWords(wordlist, expander) : machine.positional;
  return withLeavings(machine, 'breaks', true, () => {
    const output: Output[number][] = [];
    for (const value of words.length > mostTurns ? [oneOf(words)] : words) {
      setVariable(machine, name.value, [value]);
      const { ending, output: printed } = runList(machine, { ...frame, isMaybe: true }, body);
      output.push(...printed);
      if (ending && ending.how !== 'loop') return { output, ending };
      if (machine.cut) break;
    }
    return { output };
  });
}

function oneOf(words: readonly Value[]): Value {
  return unknown(words.flatMap(({ origins }) => origins));
}

/** The condition and the body once: how often, only the run knows. */
function runWhile(machine: Machine, frame: Frame, { clause, body, kind }: While): Outcome {
  const from = machine.steps.length;
  const { truth } = runList(machine, { ...frame, isIgnored: true }, clause);
  const to = machine.steps.length;
  if (truth?.holds === (kind === 'until')) return done;
  markSequel(machine, { from, to }, 'onFailure', 'noted');
  return withLeavings(machine, 'breaks', false, () => ({
    output: runList(machine, { ...frame, isMaybe: true }, body).output,
  }));
}

/** `break` and `continue` end here. */
function leftLoop(outcome: Outcome): Outcome {
  return outcome.ending?.how === 'loop' ? { output: outcome.output } : outcome;
}
