import type { Call } from './firewall-command.js';
import { runText } from './firewall-command.js';
import {
  done,
  emitAt,
  type Frame,
  type Machine,
  noteLeaving,
  type Outcome,
  setVariable,
} from './firewall-machine.js';
import { judgeBrackets } from './firewall-test.js';
import {
  hole,
  isKnown,
  joinValues,
  known,
  linesOf,
  textOfOutput,
  unknown,
  type Value,
} from './firewall-value.js';

type Builtin = (machine: Machine, frame: Frame, call: Call) => Outcome;

/** What the shell itself does. Undefined for any other program. */
export function runBuiltin(machine: Machine, frame: Frame, call: Call): Outcome | undefined {
  const builtin = Object.hasOwn(builtins, call.name) ? builtins[call.name] : undefined;
  return builtin?.(machine, frame, call);
}

const silent: Builtin = () => done;

const builtins: Readonly<Record<string, Builtin>> = {
  ':': () => ({ output: [], truth: { holds: true, usually: true, cause: 'other' } }),
  true: () => ({ output: [], truth: { holds: true, usually: true, cause: 'other' } }),
  false: () => ({ output: [], truth: { holds: false, usually: false, cause: 'other' } }),
  '[': (_machine, _frame, { words }) => ({ output: [], truth: judgeBrackets(words.slice(0, -1)) }),
  test: (_machine, _frame, { words }) => ({ output: [], truth: judgeBrackets(words) }),
  echo: (_machine, frame, call) =>
    print(frame, call, joinValues(skipFlags(call.words, /^-[neE]+$/), ' '), '\n'),
  printf: runPrintf,
  read: runRead,
  mapfile: runMapfile,
  readarray: runMapfile,
  set: runSet,
  shopt: silent,
  trap: runTrap,
  eval: (machine, frame, { node, words }) => runText(machine, frame, node, joinValues(words, ' ')),
  exit: (machine, frame, call) => end(machine, frame, call, 'exit'),
  return: (machine, frame, call) => end(machine, frame, call, 'return'),
  break: (machine) => {
    noteLeaving(machine, machine.breaks);
    return { output: [], ending: { how: 'loop', code: 0 } };
  },
  continue: () => ({ output: [], ending: { how: 'loop', code: 0 } }),
  shift: (machine) => {
    if (machine.positional.every(isKnown)) machine.positional = machine.positional.slice(1);
    return done;
  },
  local: silent,
  declare: silent,
  typeset: silent,
  readonly: silent,
  export: silent,
  unset: silent,
  wait: silent,
  sleep: silent,
  cd: silent,
  umask: silent,
  type: answer,
  hash: answer,
  which: answer,
  // A firewall is set by root, or not at all.
  id: (_machine, frame, call) =>
    print(frame, call, unknown([], call.words.map(({ text }) => text).join(' ') === '-u' ? '0' : undefined)),
};

/** Says something about the machine. */
function answer(_machine: Machine, frame: Frame, call: Call): Outcome {
  return { ...print(frame, call, unknown([])), truth: { cause: 'tool' } };
}

function skipFlags(words: readonly Value[], flag: RegExp): readonly Value[] {
  const first = words.findIndex(({ text }) => !flag.test(text));
  return first < 0 ? [] : words.slice(first);
}

function print(frame: Frame, { node }: Call, value: Value, end = ''): Outcome {
  const text = end === '' ? value : joinValues([value, known(end)]);
  const { isConditional, isSwitched } = frame;
  return { output: [{ value: text, place: frame.placeAt(node.pos, node.end), isConditional, isSwitched }] };
}

function runPrintf(machine: Machine, frame: Frame, call: Call): Outcome {
  let words = call.words;
  const name = words[0]?.text === '-v' ? words[1]?.text : undefined;
  if (name !== undefined) words = words.slice(2);
  if (words[0]?.text === '--') words = words.slice(1);
  const [format = known(''), ...args] = words;
  const values = formatAll(format, args);
  if (name === undefined) return { output: values.flatMap((value) => print(frame, call, value).output) };
  setVariable(machine, name, [joinValues(values)]);
  return done;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\', r: '\r' };

/** As printf does: the format again until the arguments are used up. What stands for each argument stays by itself. */
function formatAll(format: Value, args: readonly Value[]): readonly Value[] {
  const parts: Value[] = [];
  let next = 0;
  for (let round = 0; round < 500; round++) {
    const before = next;
    for (const [piece] of format.text.matchAll(/%%|%[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]|\\.|[^%\\]+|[%\\]/gs)) {
      if (piece === '%%') parts.push(known('%'));
      else if (piece.length > 1 && piece.startsWith('%')) {
        parts.push(args[next] ?? known(''));
        next += 1;
      } else if (piece.startsWith('\\')) parts.push(known(escapes[piece[1] ?? ''] ?? piece));
      else parts.push({ text: piece, origins: piece.includes(hole) ? format.origins : [] });
    }
    if (next === before || next >= args.length) break;
  }
  return parts;
}

/** The first line, in parts; of an input that is not known, or has more lines, what its lines have in common. */
function runRead(machine: Machine, frame: Frame, { words, stdin }: Call): Outcome {
  const names: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const { text } = words[at] as Value;
    if (/^-[a-zA-Z]*[dnNptui]$/.test(text)) at += 1;
    else if (!text.startsWith('-')) names.push(text);
  }
  const [line, ...others] = linesOf(stdin);
  const isOne = line && others.length === 0 && isKnown(line.value);
  const pieces = isOne ? line.value.text.trim().split(/\s+/) : [];
  const { origins } = textOfOutput(stdin);
  for (const [index, name] of names.entries()) {
    const isLast = index === names.length - 1;
    const text = isLast ? pieces.slice(index).join(' ') : (pieces[index] ?? '');
    setVariable(machine, name, [isOne ? known(text) : unknown(origins.length > 0 ? origins : ['file'])]);
  }
  return { output: [], truth: { cause: frame.cause } };
}

function runMapfile(machine: Machine, _frame: Frame, { words, stdin }: Call): Outcome {
  const name = words.findLast(({ text }) => /^\w+$/.test(text) && !/^\d+$/.test(text))?.text ?? 'MAPFILE';
  const lines = linesOf(stdin).map(({ value }) => value);
  setVariable(machine, name, lines.length > 0 ? lines : [unknown(textOfOutput(stdin).origins)]);
  return done;
}

function runSet(machine: Machine, _frame: Frame, { words }: Call): Outcome {
  for (const [index, { text }] of words.entries()) {
    const on = text.startsWith('-');
    if (text === '--') break;
    if (/^[-+][a-zA-Z]+$/.test(text) && text.includes('e')) machine.errexit = on;
    const option = /^[-+][a-zA-Z]*o$/.test(text) ? words[index + 1]?.text : undefined;
    if (option === 'errexit') machine.errexit = on;
    if (option === 'pipefail') machine.pipefail = on;
  }
  return done;
}

/** What a trap does is noted as such, at its place; when it runs is not known. */
function runTrap(machine: Machine, frame: Frame, { node, words }: Call): Outcome {
  const [handler, ...signals] = skipFlags(words, /^-[lp]$|^--$/);
  if (!handler || !signals.some(({ text }) => /^(?:ERR|EXIT|0)$/.test(text))) return done;
  const from = machine.steps.length;
  runText(machine, { ...frame, isHandler: true, isInner: true, isConditional: true }, node, handler);
  // Its own exits end nothing here.
  const kept = machine.steps.splice(from).filter(({ kind }) => kind !== 'exit');
  machine.steps.push(...kept);
  return done;
}

function end(machine: Machine, frame: Frame, { node, words }: Call, how: 'exit' | 'return'): Outcome {
  const [word] = words;
  const code =
    word === undefined ? 0 : isKnown(word) && /^\d+$/.test(word.text) ? Number(word.text) : undefined;
  const isStatus = word !== undefined && code === undefined;
  const action = { kind: 'exit', code, cause: frame.cause } as const;
  if (!frame.isInner && !isStatus && (how === 'exit' || code !== 0)) emitAt(machine, frame, node, action);
  if (how === 'return' && frame.isMaybe) noteLeaving(machine, machine.returns);
  return { output: [], ending: { how, code: isStatus ? 1 : code } };
}
