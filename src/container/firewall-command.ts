import type { Assignment, Command, SyntaxNode } from 'unbash';
import { Attached } from '../core/attached.js';
import { baseName, withoutStarters } from '../documents/shell-commands.js';
import { runBuiltin } from './firewall-builtins.js';
import { runFilter } from './firewall-filters.js';
import {
  done,
  emitAt,
  type Frame,
  type Machine,
  type Outcome,
  restore,
  setVariable,
  variable,
  withLeavings,
} from './firewall-machine.js';
import { runProgram } from './firewall-programs.js';
import { expanderOf, readInput, runNode, runStatements, writeOutput } from './firewall-run.js';
import { isKnown, joinValues, type Output, textOfOutput, unknown, type Value } from './firewall-value.js';
import { expandText, expandWords } from './firewall-words.js';

/** A command with its words expanded. */
export interface Call {
  readonly node: Command;
  /** Last part of the program's path. */
  readonly name: string;
  /** Behind the program's name. */
  readonly words: readonly Value[];
  readonly stdin: Output;
}

export function runCommand(machine: Machine, frame: Frame, node: Command): Outcome {
  const stdin = readInput(machine, frame, node.redirects);
  if (!node.name) {
    for (const prefix of node.prefix) if (prefix.type === 'Assignment') assign(machine, frame, prefix);
    return { output: writeOutput(machine, frame, node.redirects, stdin === frame.stdin ? [] : stdin) };
  }
  const expander = expanderOf(machine, { ...frame, isIgnored: true });
  const args = node.args.map((arg) => (arg.type === 'Word' ? [arg] : arg));
  if (/^(?:local|declare|typeset|readonly|export)$/.test(node.name.value)) {
    for (const arg of args) if (!Array.isArray(arg)) declareName(machine, frame, arg);
  }
  const words = [
    ...expandWords([node.name], expander),
    ...args.flatMap((arg) => (Array.isArray(arg) ? expandWords(arg, expander) : [unknown([])])),
  ];
  const outcome = runWords(machine, { ...frame, stdin }, node, words);
  return { ...outcome, output: writeOutput(machine, frame, node.redirects, outcome.output) };
}

function assign(machine: Machine, frame: Frame, { name, value, append, index }: Assignment): void {
  const expander = expanderOf(machine, frame);
  if (value.type === 'ArrayValue') {
    const elements = expandWords(value.elements, expander);
    const before = append ? (variable(machine, name) ?? []) : [];
    setVariable(machine, name, [...before, ...elements].slice(-5000));
    return;
  }
  const text = expandText(value, expander);
  if (index) setVariable(machine, name, [...(variable(machine, name) ?? []), text].slice(-5000));
  else if (append) {
    const [before] = variable(machine, name) ?? [];
    setVariable(machine, name, [before ? joinValues([before, text]) : text]);
  } else setVariable(machine, name, [text]);
}

/** `local x=$(…)`: its failure is never seen. */
function declareName(machine: Machine, frame: Frame, assignment: Assignment): void {
  assign(machine, { ...frame, isIgnored: true }, assignment);
}

/** Runs a program, a builtin or a function of the script by its words. */
export function runWords(machine: Machine, frame: Frame, node: Command, all: readonly Value[]): Outcome {
  const [first, second] = all;
  if (first?.text === 'command' && /^-[vV]$/.test(second?.text ?? ''))
    return { output: [], truth: { cause: 'tool' } };
  const fed = first && baseName(first.text) === 'xargs' ? [unknown(textOfOutput(frame.stdin).origins)] : [];
  const started = withoutStarters([...all, ...fed].map((value) => ({ value: value.text, whole: value })));
  const [program, ...rest] = started.map(({ whole }) => whole);
  if (!program) return done;
  const body = isKnown(program) ? machine.functions.get(program.text) : undefined;
  if (body) return callFunction(machine, frame, body, rest);
  const call: Call = { node, name: baseName(program.text), words: rest, stdin: frame.stdin };
  if (!isKnown(program)) {
    if (/(?:^|[/-])(?:iptables|ip6tables|nft|ipset)/.test(node.name?.text ?? ''))
      return unmodelled(machine, frame, node, node.name?.text ?? '');
    return callScript(machine, frame, node, all, [program, ...rest]);
  }
  return (
    runBuiltin(machine, frame, call) ??
    runFilter(machine, frame, call) ??
    runProgram(machine, frame, call) ??
    callScript(machine, frame, node, all, [program, ...rest])
  );
}

export function unmodelled(machine: Machine, frame: Frame, node: Command, what: string): Outcome {
  emitAt(machine, frame, node, { kind: 'unmodelled', what });
  return printsUnknown(frame, node);
}

/** What it prints is not known, not even that it prints nothing. */
function printsUnknown(frame: Frame, node: Command): Outcome {
  return { output: [{ value: unknown([]), place: frame.placeAt(node.pos, node.end) }] };
}

function callFunction(machine: Machine, frame: Frame, body: SyntaxNode, words: readonly Value[]): Outcome {
  const { positional } = machine;
  const locals = new Map(localNames(body).map((name) => [name, variable(machine, name)]));
  machine.positional = words;
  const inner = { ...frame, isMaybe: false, depth: frame.depth + 1 };
  let hasReturned = false;
  const outcome = withLeavings(machine, 'returns', true, () => {
    const ran =
      body.type === 'CompoundList'
        ? runStatements(machine, inner, body.commands)
        : runNode(machine, inner, body as Parameters<typeof runNode>[2]);
    hasReturned = machine.returns.snapshots.length > 0;
    return ran;
  });
  machine.positional = positional;
  for (const [name, value] of locals) restore(machine, name, value);
  if (outcome.ending?.how === 'exit' && !hasReturned) return outcome;
  return {
    output: outcome.output,
    truth: outcome.ending ? { cause: 'other' } : (outcome.truth ?? { cause: 'other' }),
  };
}

const knownLocals = new Attached<SyntaxNode, readonly string[]>();

/** Names that a function declares as its own, at the top of its body. */
function localNames(body: SyntaxNode): readonly string[] {
  const known = knownLocals.get(body);
  if (known) return known;
  const statements =
    body.type === 'CompoundList' ? body.commands : body.type === 'BraceGroup' ? body.body.commands : [];
  const names = statements.flatMap(({ command }) => {
    if (command.type !== 'Command' || command.name?.value !== 'local') return [];
    return command.args.map((arg) => (arg.type === 'Assignment' ? arg.name : arg.value));
  });
  knownLocals.set(body, names);
  return names;
}

const shells = /^(?:(?:ba|da|z|k|a)?sh|source|\.)$/;
const deepestScript = 3;

/** Another script of the project is read where it stands; any other program is only noted. */
function callScript(
  machine: Machine,
  frame: Frame,
  node: Command,
  all: readonly Value[],
  words: readonly Value[],
): Outcome {
  const isShell = shells.test(words[0]?.text ?? '');
  const inline = isShell ? words.findIndex(({ text }) => /^-[a-zA-Z]*c$/.test(text)) : -1;
  if (inline > 0) return runText(machine, frame, node, words[inline + 1]);
  const named = isShell ? words.slice(1).find(({ text }) => !/^[-+]/.test(text)) : words[0];
  const text = named?.text ?? '';
  const isPath = isShell || text.includes('/') || /\.(?:ba|z)?sh$/.test(text);
  if (isShell && !named) return runInput(machine, frame, node);
  const file = isPath && machine.included.length < deepestScript ? machine.find(text) : undefined;
  if (file) {
    machine.included.push(file);
    const script = machine.parse(file.text);
    if (!script) return printsUnknown(frame, node);
    const { positional, errexit } = machine;
    const at = named ? words.indexOf(named) : 0;
    machine.positional = words.slice(at + 1);
    const placeAt = (start: number, end: number) => ({ file, at: { start, end } });
    const outcome = runStatements(machine, { ...frame, placeAt, depth: frame.depth + 1 }, script.commands);
    machine.positional = positional;
    machine.errexit = errexit;
    return { output: outcome.output };
  }
  emitAt(machine, frame, node, { kind: 'call', words, starters: all.slice(0, -words.length) });
  return printsUnknown(frame, node);
}

/** A script in quotes: what it does is placed at the command. */
export function runText(machine: Machine, frame: Frame, node: Command, text: Value | undefined): Outcome {
  const script = text && isKnown(text) ? machine.parse(text.text) : undefined;
  if (!script) return printsUnknown(frame, node);
  const placeAt = () => frame.placeAt(node.pos, node.end);
  return runStatements(machine, { ...frame, placeAt, depth: frame.depth + 1 }, script.commands);
}

/** `bash <<EOF`. */
function runInput(machine: Machine, frame: Frame, node: Command): Outcome {
  return runText(machine, frame, node, textOfOutput(frame.stdin));
}
