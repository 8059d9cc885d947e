import type {
  AndOr,
  CommandNode,
  CompoundList,
  ParsedScript,
  Pipeline,
  PipelineNode,
  Redirection,
  Statement,
  Word,
} from 'unbash';
import { runCommand } from './firewall-command.js';
import { runCompound } from './firewall-compound.js';
import {
  deepestFrame,
  deepestNesting,
  done,
  type Ending,
  emitAt,
  type Frame,
  isolate,
  joinChanges,
  type Machine,
  markSequel,
  type Outcome,
  type Truth,
} from './firewall-machine.js';
import type { Sequel } from './firewall-step.js';
import { combine, negate } from './firewall-test.js';
import { type Output, textOfOutput, unknown } from './firewall-value.js';
import { type Expander, expandText } from './firewall-words.js';

export function expanderOf(machine: Machine, frame: Frame): Expander {
  return { machine, frame, substitute: (script, from) => substitute(machine, from, script) };
}

/** What a substitution prints. What it does happens too, in a process of its own. */
function substitute(machine: Machine, frame: Frame, script: ParsedScript | undefined): Output {
  // An escaped backtick script has offsets of its own: the command around it stands for it.
  if (!script || script.source !== undefined || frame.depth >= deepestFrame) return [unknownChunk(frame)];
  let output: Output = [];
  isolate(machine, () => {
    const inner = { ...frame, isInner: true, depth: frame.depth + 1 };
    output = runStatements(machine, inner, script.commands).output;
  });
  return output;
}

function unknownChunk(frame: Frame): Output[number] {
  return { value: unknown([]), place: frame.placeAt(0, 0) };
}

export function runList(machine: Machine, frame: Frame, list: CompoundList): Outcome {
  return runStatements(machine, frame, list.commands);
}

export function runStatements(machine: Machine, frame: Frame, statements: readonly Statement[]): Outcome {
  const output: Output[number][] = [];
  let truth: Truth | undefined;
  for (const statement of statements) {
    const isBackground = frame.isBackground || statement.background === true;
    const inner = { ...frame, isBackground, isInner: frame.isInner || statement.background === true };
    const outcome = runNode(machine, inner, statement.command);
    output.push(...outcome.output);
    truth = outcome.truth;
    if (outcome.ending && !statement.background) return { output, ending: outcome.ending };
    if (machine.cut) break;
  }
  return { output, truth };
}

export function runNode(machine: Machine, frame: Frame, node: PipelineNode | AndOr): Outcome {
  if (machine.cut) return done;
  if (machine.budget <= 0 || frame.depth > deepestFrame || machine.nesting > deepestNesting) {
    machine.cut = frame.placeAt(node.pos, node.end);
    return done;
  }
  machine.budget -= 1;
  machine.nesting += 1;
  const outcome = runKind(machine, frame, node);
  machine.nesting -= 1;
  return outcome;
}

function runKind(machine: Machine, frame: Frame, node: PipelineNode | AndOr): Outcome {
  if (node.type === 'AndOr') return runAndOr(machine, frame, node);
  if (node.type === 'Pipeline') return runPipeline(machine, frame, node);
  if (node.type === 'Redirected') {
    const outcome = runNode(
      machine,
      { ...frame, stdin: readInput(machine, frame, node.redirects) },
      node.command,
    );
    return { ...outcome, output: writeOutput(machine, frame, node.redirects, outcome.output) };
  }
  if (node.type === 'Command') return runCommand(machine, frame, node);
  return runCompound(machine, frame, node);
}

/** `a && b || c`. Which parts run depends on the ones before them; only the last one's failure counts. */
function runAndOr(machine: Machine, frame: Frame, { commands, operators }: AndOr): Outcome {
  const output: Output[number][] = [];
  let from = machine.steps.length;
  let last = runNode(machine, { ...frame, isIgnored: true }, commands[0] as PipelineNode);
  output.push(...last.output);
  let { truth } = last;
  for (const [index, operator] of operators.entries()) {
    const node = commands[index + 1];
    if (!node || last.ending) break;
    const isSkipped = truth?.holds === (operator === '||');
    if (isSkipped) continue;
    const usually = operator === '&&' ? truth?.usually : negate(truth ?? { cause: 'other' }).usually;
    const isSure = truth?.holds !== undefined || (operator === '&&' && !truth);
    const inner: Frame = {
      ...frame,
      isIgnored: frame.isIgnored || index < operators.length - 1,
      isConditional: frame.isConditional || !isSure,
      isMaybe: frame.isMaybe || !isSure,
      isSwitched: frame.isSwitched || (!isSure && usually === false),
      cause: truth?.cause ?? 'tool',
    };
    const to = machine.steps.length;
    let outcome: Outcome = done;
    const run = () => {
      outcome = runNode(machine, inner, node);
    };
    if (isSure) run();
    else joinChanges(machine, [isolate(machine, run)], false);
    const sequel = sequelOf(outcome.ending, node, frame);
    const isAfterFailure = (operator === '||') !== isNegated(commands[index]);
    markSequel(machine, { from, to }, isAfterFailure ? 'onFailure' : 'onSuccess', sequel);
    output.push(...outcome.output);
    from = to;
    truth = truth && outcome.truth ? combine(operator, truth, outcome.truth) : undefined;
    last = isSure ? outcome : { output: outcome.output };
  }
  return { output, ending: last.ending, truth };
}

/** `! a`: what follows on its success follows on the failure of `a`. */
export function isNegated(node: PipelineNode | AndOr | undefined): boolean {
  const negations = node?.type === 'Pipeline' ? node.prefixes.filter(({ type }) => type === 'Negation') : [];
  return negations.length % 2 === 1;
}

/** What happens to the run where a command after `||` or `&&`, or a branch, is taken. */
export function sequelOf(
  ending: Ending | undefined,
  node: CommandNode | CompoundList | PipelineNode,
  frame: Frame,
): Sequel {
  // Who calls the function in a condition is told, and decides.
  if (ending?.how === 'return' && ending.code !== 0 && frame.isIgnored) return 'noted';
  if (ending) return ending.how !== 'loop' && ending.code !== 0 ? 'stops' : 'goes-on';
  const isAssignment = node.type === 'Command' && !node.name && node.prefix.length > 0;
  return isAssignment ? 'noted' : 'goes-on';
}

function runPipeline(machine: Machine, frame: Frame, pipeline: Pipeline): Outcome {
  const { commands } = pipeline;
  const isTurned = isNegated(pipeline);
  let { stdin } = frame;
  let outcome: Outcome = done;
  for (const [index, command] of commands.entries()) {
    const isLast = index === commands.length - 1;
    const inner: Frame = {
      ...frame,
      stdin,
      isIgnored: frame.isIgnored || (!isLast && !machine.pipefail),
      isInner: frame.isInner || commands.length > 1,
    };
    outcome = runNode(machine, inner, command);
    stdin = outcome.output;
  }
  const ending = commands.length > 1 ? undefined : outcome.ending;
  const truth = isTurned ? negate(outcome.truth ?? { cause: 'tool' }) : outcome.truth;
  return { output: outcome.output, ending, truth: commands.length > 1 && !isTurned ? undefined : truth };
}

/** What a command reads: a here-document, a here-string, a file, or what came through the pipe. */
export function readInput(machine: Machine, frame: Frame, redirects: readonly Redirection[]): Output {
  let { stdin } = frame;
  for (const redirect of redirects) {
    if (redirect.type === 'HereDoc') stdin = readHeredoc(machine, frame, redirect);
    else if (redirect.type === 'HereString') {
      const value = expandText(redirect.target, expanderOf(machine, frame));
      stdin = [{ value, place: frame.placeAt(redirect.pos, redirect.end) }];
    } else if (redirect.type === 'Redirect' && redirect.operator === '<' && redirect.target)
      stdin = readFile(machine, frame, redirect.target);
  }
  return stdin;
}

function readHeredoc(
  machine: Machine,
  frame: Frame,
  { body }: Extract<Redirection, { type: 'HereDoc' }>,
): Output {
  const expander = expanderOf(machine, { ...frame, isIgnored: true });
  const pieces = (body.parts ?? [body]).map((part) => {
    if (part.type === 'HereDocBody') return { text: part.text, pos: part.pos, value: undefined };
    if (part.type === 'Literal') return { text: part.value, pos: part.pos, value: undefined };
    const word = { type: 'Word', text: part.text, value: part.text, pos: part.pos, end: part.end } as const;
    return { text: '', pos: part.pos, value: expandText({ ...word, parts: [part] }, expander) };
  });
  return pieces.flatMap(({ text, pos, value }) =>
    value ? [{ value, place: frame.placeAt(pos, pos) }] : linePieces(text, pos, frame),
  );
}

/** Each line with a place of its own, as far as the text stands in the file as it is. */
function linePieces(text: string, pos: number, frame: Frame): Output {
  const chunks: Output[number][] = [];
  let from = 0;
  while (from < text.length) {
    const next = text.indexOf('\n', from);
    const end = next < 0 ? text.length : next + 1;
    const line = text.slice(from, end);
    const start = from + (line.length - line.trimStart().length);
    const stop = Math.max(start, from + line.trimEnd().length);
    chunks.push({ value: { text: line, origins: [] }, place: frame.placeAt(pos + start, pos + stop) });
    from = end;
  }
  return chunks;
}

function readFile(machine: Machine, frame: Frame, target: Word): Output {
  const [part] = target.parts ?? [];
  if (part?.type === 'ProcessSubstitution')
    return substitute(machine, { ...frame, isIgnored: true }, part.script);
  const written = machine.files.get(target.text);
  if (written) return written;
  const { text, origins } = expandText(target, expanderOf(machine, frame));
  return [{ value: unknown([...origins, fileOrigin(text)]), place: frame.placeAt(target.pos, target.end) }];
}

export function fileOrigin(path: string): 'resolver' | 'file' {
  return /\/resolv\.conf$/.test(path) ? 'resolver' : 'file';
}

/** What is left for the pipe where output goes to a file; the file is remembered by the name as written. */
export function writeOutput(
  machine: Machine,
  frame: Frame,
  redirects: readonly Redirection[],
  output: Output,
): Output {
  for (const redirect of redirects) {
    if (redirect.type !== 'Redirect' || !/^(?:&?>>?|>\|)$/.test(redirect.operator) || !redirect.target)
      continue;
    const { descriptor, target, operator } = redirect;
    if (descriptor?.type === 'FileDescriptor' && descriptor.value !== 1) continue;
    if (target.text === '/dev/null') return [];
    const before = operator.endsWith('>>') ? (machine.files.get(target.text) ?? []) : [];
    machine.files.set(target.text, [...before, ...output]);
    const path = expandText(target, expanderOf(machine, { ...frame, isIgnored: true })).text;
    if (/\/disable_ipv6$/.test(path)) {
      const value = textOfOutput(output).text.trim();
      emitAt(machine, frame, target, { kind: 'sysctl', name: path.replaceAll('/', '.'), value });
    }
    return [];
  }
  return output;
}
