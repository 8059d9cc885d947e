import type { SourceFile } from '../core/text.js';
import { findRemoteExecutions } from '../documents/shell.js';
import type { CalledScript } from './container.js';
import { candidatePaths, type ScriptSearch } from './project-scripts.js';
import { splitCommands, withoutComments } from './simple-commands.js';

/** How far scripts that call each other are followed. */
const deepest = 3;

/** Programs that only start the one that follows, with their options. */
const starters = /^(?:sudo|doas|env|exec|nohup|time|command|nice|setsid)$/;
const shells = /^(?:.*\/)?(?:(?:ba|da|z|k|a)?sh|source|\.)$/;

/** The shell scripts of the project that a command starts, and what those start in turn, each once. They are not run. */
export async function readCalledScripts(
  command: string | readonly string[],
  search: ScriptSearch,
): Promise<readonly CalledScript[]> {
  const files = new Map<string, SourceFile>();
  collect(typeof command === 'string' ? commandsOf(command) : [command], search, files, deepest);
  return await Promise.all(
    [...files.values()].map(async (file) => ({
      file,
      remoteExecutions: await findRemoteExecutions(withoutReturns(file.text)),
    })),
  );
}

/** Lines as a shell knows them, each character at its old offset: a checkout on Windows may have made others. */
function withoutReturns(text: string): string {
  return text.replaceAll('\\\r\n', ' \\\n').replaceAll('\r\n', ' \n');
}

function collect(
  commands: readonly (readonly string[])[],
  search: ScriptSearch,
  files: Map<string, SourceFile>,
  depth: number,
): void {
  for (const name of new Set(commands.flatMap((words) => startedScript(words) ?? []))) {
    const file = findScript(name, search);
    if (!file || files.has(file.path)) continue;
    files.set(file.path, file);
    if (depth > 1) collect(commandsOf(file.text), search, files, depth - 1);
  }
}

function commandsOf(text: string): readonly (readonly string[])[] {
  return splitCommands(withoutComments(text));
}

/** The file that a simple command runs as a script: `./a.sh`, `bash -e a.sh`, `sudo . ./a.sh`. */
function startedScript(words: readonly string[]): string | undefined {
  let rest = words;
  while (rest[0] !== undefined && (starters.test(rest[0]) || /^-|^\w+=/.test(rest[0]))) rest = rest.slice(1);
  const [program, ...others] = rest;
  if (program === undefined) return undefined;
  if (shells.test(program)) {
    const first = others.find((word) => !/^[-+]/.test(word));
    return others.some((word) => /^-[a-zA-Z]*c$/.test(word)) ? undefined : first;
  }
  return program.includes('/') || /\.(?:ba|z)?sh$/.test(program) ? program : undefined;
}

function findScript(name: string, search: ScriptSearch): SourceFile | undefined {
  for (const path of candidatePaths(name, search)) {
    const result = search.project.read(path);
    if ('file' in result && isShellScript(result.file)) return result.file;
  }
  return undefined;
}

function isShellScript({ path, text }: SourceFile): boolean {
  const shebang = /^\uFEFF?#!([^\n]*)/.exec(text)?.[1];
  return shebang === undefined
    ? !/\.(?!(?:ba|z)?sh$)\w+$/.test(path)
    : /\b(?:ba|da|z|k|a)?sh\b/.test(shebang);
}
