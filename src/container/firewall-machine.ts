import type { SyntaxNode } from 'unbash';
import type { Place, SourceFile } from '../core/text.js';
import type { ShellParser } from '../documents/shell-tree.js';
import type { Action, Sequel, Step } from './firewall-step.js';
import { mergeValues, type Output, type Sureness, unknown, type Value } from './firewall-value.js';

/** In what circumstances a stretch of a script runs. */
export interface Frame {
  /** Where a stretch of the text that is run stands. */
  placeAt(start: number, end: number): Place;
  /** `set -e` does not count here: a condition, or in front of `||`. */
  readonly isIgnored: boolean;
  readonly isConditional: boolean;
  readonly isSwitched: boolean;
  readonly isBackground: boolean;
  readonly isHandler: boolean;
  /** Whether it is reached at all in its function depends on something: what stands behind it there then does too. */
  readonly isMaybe: boolean;
  /** In a process of its own, whose end does not end the script. */
  readonly isInner: boolean;
  readonly cause: Exclude<Extract<Action, { kind: 'exit' }>['cause'], undefined>;
  readonly stdin: Output;
  /** How deep functions, substitutions and scripts are nested. */
  readonly depth: number;
}

/** What is known while a script is read in the order in which it runs. */
export interface Machine {
  readonly parse: ShellParser;
  /** A script of the project that a command may mean. */
  readonly find: (name: string) => SourceFile | undefined;
  readonly environment: ReadonlyMap<string, string>;
  readonly steps: Step[];
  readonly variables: Map<string, readonly Value[]>;
  /** Variables that a branch or a function has changed, as they were before; the innermost last. */
  readonly journals: Map<string, readonly Value[] | undefined>[];
  readonly functions: Map<string, SyntaxNode>;
  readonly files: Map<string, Output>;
  readonly nftOutputs: Map<string, boolean>;
  /** Scripts that were read in place of a command that starts them. */
  readonly included: SourceFile[];
  positional: readonly Value[];
  errexit: boolean;
  pipefail: boolean;
  /** Where the innermost loop and function are left before their end. */
  breaks: Leavings;
  returns: Leavings;
  /** Commands that may still be run: hostile loops end here. */
  budget: number;
  /** How deep the statement that is run lies inside others. */
  nesting: number;
  /** Where the script was too long, too deep or too broken to be read on. */
  cut: Place | undefined;
}

/** What variables held at each early end; journals from an index on belong to what is left. */
export interface Leavings {
  readonly from: number;
  readonly snapshots: Changes[];
}

/** How a command ended; undefined where it simply did. */
export interface Ending {
  readonly how: 'exit' | 'return' | 'loop';
  readonly code: number | undefined;
}

/** Whether a condition holds: as far as is known, and in a run that nobody steers. */
export interface Truth {
  readonly holds?: boolean | undefined;
  readonly usually?: boolean | undefined;
  readonly cause: Frame['cause'];
}

export interface Outcome {
  readonly output: Output;
  readonly ending?: Ending | undefined;
  readonly truth?: Truth | undefined;
}

export const done: Outcome = { output: [] };

/** Commands that one script may run, loops and functions counted each time. */
export const mostCommands = 20_000;
export const deepestFrame = 24;
export const deepestNesting = 300;
/** No more branches than these are looked at side by side. */
export const mostBranches = 200;

export function emit(
  machine: Machine,
  frame: Frame,
  { place, command, ...sureness }: { readonly place: Place; readonly command: Place } & Sureness,
  action: Action,
): void {
  const { isBackground, isHandler } = frame;
  const isConditional = frame.isConditional || sureness.isConditional === true;
  const isSwitched = frame.isSwitched || sureness.isSwitched === true;
  const aborts = machine.errexit && !frame.isIgnored && !frame.isBackground;
  const step = { place, command, isConditional, isSwitched, isBackground, isHandler, aborts };
  machine.steps.push({ ...action, ...step });
}

/** {@link emit} for a command as a whole. */
export function emitAt(
  machine: Machine,
  frame: Frame,
  node: { readonly pos: number; readonly end: number },
  action: Action,
): void {
  const place = frame.placeAt(node.pos, node.end);
  emit(machine, frame, { place, command: place }, action);
}

/** Says of the steps from an index on what follows where they fail or succeed; what is nearer counts. */
export function markSequel(
  { steps }: Machine,
  { from, to }: { readonly from: number; readonly to: number },
  on: 'onFailure' | 'onSuccess',
  sequel: Sequel,
): void {
  for (let index = from; index < to; index++) {
    const step = steps[index];
    if (step) step[on] ??= sequel;
  }
}

export function variable({ variables }: Machine, name: string): readonly Value[] | undefined {
  return variables.get(name);
}

export function setVariable(machine: Machine, name: string, values: readonly Value[]): void {
  for (const journal of machine.journals.slice(-1))
    if (!journal.has(name)) journal.set(name, machine.variables.get(name));
  machine.variables.set(name, values);
}

export type Changes = ReadonlyMap<string, readonly Value[] | undefined>;

/** Runs something, and takes back what it did to variables. */
export function isolate(machine: Machine, run: () => void): Changes {
  const journal = new Map<string, readonly Value[] | undefined>();
  machine.journals.push(journal);
  run();
  machine.journals.pop();
  const changes = new Map([...journal.keys()].map((name) => [name, machine.variables.get(name)]));
  for (const [name, value] of journal) restore(machine, name, value);
  return changes;
}

export function restore(machine: Machine, name: string, value: readonly Value[] | undefined): void {
  if (value) machine.variables.set(name, value);
  else machine.variables.delete(name);
}

/** Runs a loop or a function: what it does to variables may also be what it had done where it was left early. */
export function withLeavings(
  machine: Machine,
  kind: 'breaks' | 'returns',
  isSure: boolean,
  run: () => Outcome,
): Outcome {
  const outer = machine[kind];
  const snapshots: Changes[] = [];
  machine[kind] = { from: machine.journals.length, snapshots };
  let outcome: Outcome = done;
  const changes = isolate(machine, () => {
    outcome = run();
  });
  machine[kind] = outer;
  joinChanges(machine, [...snapshots, changes], isSure);
  return outcome;
}

/** Notes what variables hold where a loop or a function is left. */
export function noteLeaving({ journals, variables }: Machine, { from, snapshots }: Leavings): void {
  const names = journals.slice(from).flatMap((journal) => [...journal.keys()]);
  if (snapshots.length < 20) snapshots.push(new Map(names.map((name) => [name, variables.get(name)])));
}

/** What variables hold where one of several branches was taken, or none. */
export function joinChanges(machine: Machine, branches: readonly Changes[], isExhaustive: boolean): void {
  const names = new Set(branches.flatMap((changes) => [...changes.keys()]));
  for (const name of names) {
    const before = machine.variables.get(name);
    const candidates = branches.flatMap((changes) => [changes.has(name) ? changes.get(name) : before]);
    if (!isExhaustive) candidates.push(before);
    setVariable(machine, name, joinLists(candidates, before));
  }
}

function joinLists(
  candidates: readonly (readonly Value[] | undefined)[],
  before: readonly Value[] | undefined,
): readonly Value[] {
  const lists = candidates.filter((list) => list !== undefined);
  // What is added to a list in some runs is taken to be in it.
  const longestList = lists.reduce((best, list) => (list.length > best.length ? list : best), lists[0] ?? []);
  if (longestList.length !== 1 || lists.some(({ length }) => length !== 1)) return longestList;
  const values = lists.flat();
  const [old] = before ?? [];
  // Nothing, in the runs that do not set it.
  const all = lists.length < candidates.length ? [...values, unknown(['environment'])] : values;
  return [mergeValues(all, old)];
}
