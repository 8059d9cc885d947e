import type { Place, SourceFile } from '../core/text.js';
import type { ShellParser } from '../documents/shell-tree.js';
import { type Frame, type Machine, mostCommands } from './firewall-machine.js';
import { apply, fateOf, newRuleset, type Ruleset } from './firewall-ruleset.js';
import { runStatements } from './firewall-run.js';
import { bothFamilies, type Family, type Step } from './firewall-step.js';
import { unknown } from './firewall-value.js';

/** What is around a script that it may look at. */
export interface ScriptSurroundings {
  readonly parse: ShellParser;
  /** A script or rule file of the project that a command may mean. */
  readonly find: (name: string) => SourceFile | undefined;
  /** Variables that the container is given. */
  readonly environment: ReadonlyMap<string, string>;
}

/** What a script does, in the order in which it does it. */
export interface ReadScript {
  readonly file: SourceFile;
  readonly steps: readonly Step[];
  /** Other scripts that were read where this one starts them. */
  readonly included: readonly SourceFile[];
  /** From here on it could not be followed. */
  readonly cut: Place | undefined;
  /** Where its last statement begins: its result is the script's. */
  readonly lastStatement: number;
}

/** Follows a shell script without running it; undefined where it cannot be parsed at all. Never throws. */
export function readScript(
  file: SourceFile,
  { parse, find, environment }: ScriptSurroundings,
): ReadScript | undefined {
  const text = withBlankReturns(file.text);
  const script = parse(text);
  if (!script) return undefined;
  const machine: Machine = {
    parse,
    find,
    environment,
    steps: [],
    variables: new Map(),
    journals: [],
    functions: new Map(),
    files: new Map(),
    nftOutputs: new Map(),
    included: [],
    positional: [unknown(['argument'])],
    errexit: /^#!.*\s-\w*e/.test(script.shebang ?? ''),
    pipefail: false,
    breaks: { from: 0, snapshots: [] },
    returns: { from: 0, snapshots: [] },
    budget: mostCommands,
    nesting: 0,
    cut: undefined,
  };
  const frame: Frame = {
    placeAt: (start, end) => ({ file, at: { start, end } }),
    isIgnored: false,
    isConditional: false,
    isSwitched: false,
    isBackground: false,
    isHandler: false,
    isMaybe: false,
    isInner: false,
    cause: 'other',
    stdin: [],
    depth: 0,
  };
  runStatements(machine, frame, script.commands);
  const broken = script.errors?.[0];
  const cut = machine.cut ?? (broken && frame.placeAt(Math.min(broken.pos, text.length), text.length));
  const lastStatement = script.commands.at(-1)?.pos ?? 0;
  return { file, steps: machine.steps, included: machine.included, cut, lastStatement };
}

/** A checkout on Windows ends lines in two characters; each keeps its offset, and the end of a here-document its line. */
function withBlankReturns(text: string): string {
  return text
    .replaceAll('\\\r\n', ' \\\n')
    .replaceAll('\r\n', '\n\n')
    .replace(/^\uFEFF/, ' ');
}

/** The rules of one family at the end of a script, and when it was closed. */
export interface FamilyResult {
  readonly ruleset: Ruleset;
  /** Index of the step with which everything that is not named is dropped for the first time. */
  readonly closedAt: number | undefined;
  readonly isClosed: boolean;
}

/** What a script's steps make of the two address families. */
export interface FirewallModel extends ReadScript {
  readonly families: Readonly<Record<Family, FamilyResult>>;
}

export function modelOf(script: ReadScript): FirewallModel {
  const results = bothFamilies.map((family) => [family, follow(script.steps, family)] as const);
  return { ...script, families: Object.fromEntries(results) as Record<Family, FamilyResult> };
}

function follow(steps: readonly Step[], family: Family): FamilyResult {
  const ruleset = newRuleset(family);
  let closedAt: number | undefined;
  for (const [index, step] of steps.entries()) {
    const touches = 'chain' in step || step.kind === 'switch' || step.kind === 'sysctl';
    if (!touches) continue;
    apply(ruleset, step);
    // Only these can close for the first time.
    const mayClose = step.kind !== 'flush' && step.kind !== 'delete' && step.kind !== 'chain';
    if (closedAt === undefined && mayClose && mayDrop(step) && fateOf(ruleset).verdict === 'drop')
      closedAt = index;
  }
  return { ruleset, closedAt, isClosed: fateOf(ruleset).verdict === 'drop' };
}

function mayDrop(step: Step): boolean {
  if (step.kind === 'policy') return step.verdict === 'drop';
  if (step.kind === 'rule') return step.rule.verdict === 'drop' || step.rule.verdict === 'jump';
  return true;
}

/** Whether steps decide what may be sent. */
export function isFirewall({ steps }: Pick<ReadScript, 'steps'>): boolean {
  return steps.some(
    (step) =>
      !step.isHandler &&
      (((step.kind === 'rule' || step.kind === 'policy') && step.chain.isOutput) ||
        (step.kind === 'switch' && step.on)),
  );
}
