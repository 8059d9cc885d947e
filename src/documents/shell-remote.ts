import type { Command, ParsedScript, Pipeline, SyntaxNode, Word } from 'unbash';
import type { RemoteExecution } from './shell.js';
import {
  flatParts,
  isBuiltinRunner,
  isInterpreter,
  programOf,
  readCommand,
  type SimpleCommand,
} from './shell-commands.js';
import { type Download, fileName, isVerification, readDownload, redirectTarget } from './shell-downloads.js';

/** The parser's entry points; it is loaded only for scripts that may hold something. */
export interface Parser {
  parse(source: string): ParsedScript;
  forEachChild(node: SyntaxNode, callback: (child: SyntaxNode) => void): void;
}

/** What is known while the commands of a script are read in order. */
interface State {
  readonly parser: Parser;
  readonly found: RemoteExecution[];
  /** Files that hold a download nobody has checked yet. */
  readonly files: Map<string, { readonly download: Download; readonly name: string; readonly start: number }>;
  /** Variables that hold a download. */
  readonly variables: Map<string, Remote>;
  readonly depth: number;
}

interface Remote extends Download {
  /** The downloader's name. */
  readonly name: string;
}

const deepest = 4;

export function findInScript(ast: ParsedScript, parser: Parser, depth = 0): readonly RemoteExecution[] {
  const state: State = { parser, found: [], files: new Map(), variables: new Map(), depth };
  const visit = (node: SyntaxNode): void => {
    // An escaped backtick script has offsets of its own; the command around it was judged already.
    if (node.type === 'Script' && node.source !== undefined && node !== ast) return;
    if (node.type === 'Pipeline') judgePipeline(node, state);
    if (node.type === 'Command') judgeCommand(node, state);
    if (node.type === 'Assignment' && node.value.type === 'Word') {
      const remote = remoteIn(node.value, state);
      if (remote) state.variables.set(node.name, remote);
    }
    parser.forEachChild(node, visit);
  };
  visit(ast);
  return state.found;
}

/** All simple commands at or below a node, those of substitutions too. */
function commandsIn(node: SyntaxNode, { parser }: State): readonly SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  const visit = (child: SyntaxNode): void => {
    const command = child.type === 'Command' ? readCommand(child) : undefined;
    if (command) commands.push(command);
    parser.forEachChild(child, visit);
  };
  visit(node);
  return commands;
}

function downloadIn(node: SyntaxNode, state: State): Remote | undefined {
  for (const command of commandsIn(node, state)) {
    const download = readDownload(command);
    if (download) return { ...download, name: command.name };
  }
  return undefined;
}

function judgePipeline(pipeline: Pipeline, state: State): void {
  let remote: Remote | undefined;
  for (const stage of pipeline.commands) {
    const runner = remote && commandsIn(stage, state).find((command) => readsProgram(command));
    if (remote && runner) {
      const form = `${remote.name} … | ${runner.name}`;
      state.found.push({ start: pipeline.pos, end: pipeline.end, url: remote.url, form });
      return;
    }
    const tee = stage.type === 'Command' ? readCommand(stage) : undefined;
    if (remote && tee?.name === 'tee')
      for (const word of tee.words) saveFile(state, word.value, remote, pipeline.pos);
    remote ??= downloadIn(stage, state) ?? printedVariable(stage, state);
    const target = remote && tee ? redirectTarget(tee) : undefined;
    if (remote && target !== undefined) saveFile(state, target, remote, pipeline.pos);
  }
}

/** `echo "$script"` of a variable that holds a download. */
function printedVariable(stage: SyntaxNode, state: State): Remote | undefined {
  const command = stage.type === 'Command' ? readCommand(stage) : undefined;
  if (command?.name !== 'echo' && command?.name !== 'printf') return undefined;
  return command.words.map((word) => remoteIn(word, state)).find((remote) => remote !== undefined);
}

/** Whether a command takes its program from standard input. */
function readsProgram(command: SimpleCommand): boolean {
  if (isInterpreter(command)) return programOf(command).kind === 'stdin';
  return isBuiltinRunner(command) && /^\/dev\/(?:stdin|fd\/0)$/.test(command.words[0]?.value ?? '');
}

function judgeCommand(node: Command, state: State): void {
  const command = readCommand(node);
  if (!command) return;
  if (isVerification(command)) state.files.clear();
  const download = readDownload(command);
  if (download?.output !== undefined)
    saveFile(state, download.output, { ...download, name: command.name }, node.pos);
  const run = isInterpreter(command) || isBuiltinRunner(command) || /^(?:su|runuser)$/.test(command.name);
  if (run) judgeRunner(command, state);
  judgeFile(command, state);
}

function saveFile(state: State, path: string, remote: Remote, start: number): void {
  const file = fileName(path);
  if (file !== undefined) state.files.set(file, { download: remote, name: remote.name, start });
}

/** `bash <(curl …)`, `sh -c "$(curl …)"`, `eval "$(curl …)"`, `bash <<< "$(curl …)"` and scripts inside quotes. */
function judgeRunner(command: SimpleCommand, state: State): void {
  const { node, name, words } = command;
  const report = (remote: Remote, form: string): void => {
    state.found.push({ start: node.pos, end: node.end, url: remote.url, form });
  };
  const inputs = node.redirects.flatMap((redirect) =>
    redirect.type !== 'HereDoc' && redirect.operator.startsWith('<') && redirect.target
      ? [redirect.target]
      : [],
  );
  for (const word of [...words, ...inputs]) {
    const remote = processIn(word, state);
    if (remote) {
      report(remote, `${name} <(${remote.name} …)`);
      return;
    }
  }
  const program = inlineProgram(command);
  for (const word of [...(program ? [program] : []), ...inputs]) {
    const remote = remoteIn(word, state);
    if (remote) {
      report(remote, `${name}${program && name !== 'eval' ? ' -c' : ''} "$(${remote.name} …)"`);
      return;
    }
  }
  if (program) judgeNested(program, command, state);
  judgeHeredoc(command, state);
}

function inlineProgram(command: SimpleCommand): Word | undefined {
  if (command.name === 'eval') return command.words[0];
  if (command.name === 'su' || command.name === 'runuser') {
    const option = command.words.findIndex(({ value }) => /^(?:-[a-z]*c|--command)$/.test(value));
    return option < 0 ? undefined : command.words[option + 1];
  }
  const program = programOf(command);
  return program.kind === 'inline' && isInterpreter(command) ? program.word : undefined;
}

/** The download whose output a process substitution hands over. */
function processIn(word: Word, state: State): Remote | undefined {
  for (const part of flatParts(word)) {
    if (part.type !== 'ProcessSubstitution' || part.operator !== '<' || !part.script) continue;
    const remote = downloadIn(part.script, state);
    if (remote) return remote;
  }
  return undefined;
}

/** The download that a word begins with: behind other text it is data of the script, not the script. */
function remoteIn(word: Word, state: State): Remote | undefined {
  const part = flatParts(word).find((one) => one.type !== 'Literal' || one.value.trim() !== '');
  if (part?.type === 'CommandExpansion') return part.script && downloadIn(part.script, state);
  if (part?.type === 'SimpleExpansion') return state.variables.get(part.text.slice(1));
  return part?.type === 'ParameterExpansion' ? state.variables.get(part.parameter) : undefined;
}

/** A script in quotes: what it runs, it runs here. Exact places only where nothing is decoded in between. */
function judgeNested(word: Word, { node, name }: SimpleCommand, state: State): void {
  if (state.depth >= deepest || !/^(?:(?:ba|da|z|k|a)?sh|su|runuser|eval)$/.test(name)) return;
  const [part] = word.parts ?? [];
  const isQuoted = part?.type === 'SingleQuoted' && word.parts?.length === 1;
  const nested = findInScript(state.parser.parse(word.value), state.parser, state.depth + 1);
  for (const { start, end, ...rest } of nested) {
    const base = isQuoted ? part.pos + 1 : undefined;
    const span =
      base === undefined ? { start: node.pos, end: node.end } : { start: base + start, end: base + end };
    state.found.push({ ...span, ...rest });
  }
}

function judgeHeredoc(command: SimpleCommand, state: State): void {
  if (state.depth >= deepest || !/^(?:ba|da|z|k|a)?sh$/.test(command.name)) return;
  for (const redirect of command.node.redirects) {
    if (redirect.type !== 'HereDoc' || programOf(command).kind !== 'stdin') continue;
    const { text, pos } = redirect.body;
    for (const one of findInScript(state.parser.parse(text), state.parser, state.depth + 1)) {
      state.found.push({ ...one, start: pos + one.start, end: pos + one.end });
    }
  }
}

/** A saved download that is started: `bash x.sh`, `./x.sh`, `. x.sh`. */
function judgeFile(command: SimpleCommand, state: State): void {
  const program = isInterpreter(command) ? programOf(command) : undefined;
  const isSource = command.name === 'source' || command.name === '.';
  const path =
    program?.kind === 'file' ? program.word.value : isSource ? command.words[0]?.value : command.path;
  const input = program?.kind === 'stdin' ? inputFile(command) : undefined;
  const saved = state.files.get(fileName(input ?? path) ?? '');
  if (!saved || (!program && !isSource && !command.path.includes('/'))) return;
  const how = program || isSource ? `${command.name} ${input ?? path}` : command.path;
  const { url } = saved.download;
  state.found.push({ start: saved.start, end: command.node.end, url, form: `${saved.name} …, then ${how}` });
}

function inputFile({ node }: SimpleCommand): string | undefined {
  const redirect = node.redirects.find((one) => one.type === 'Redirect' && one.operator === '<');
  return redirect?.type === 'Redirect' ? redirect.target?.value : undefined;
}
