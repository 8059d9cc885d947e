import { remember } from '../core/remember.js';
import type { SourceFile } from '../core/text.js';
import { findRemoteExecutions } from '../documents/shell.js';
import type { CalledScript } from './container.js';
import type { ScriptSearch } from './project-scripts.js';
import { splitCommands, withoutComments, withoutReturns } from './simple-commands.js';

/** How far scripts that call each other are followed. */
const deepest = 3;

/** Programs that only start the one that follows, with their options. */
const starters = /^(?:sudo|doas|env|exec|nohup|time|command|nice|setsid)$/;
const shells = /^(?:.*\/)?(?:(?:ba|da|z|k|a)?sh|source|\.)$/;

/** Reads the shell scripts that a command starts, and what those start in turn. They are not run. */
export type ScriptReader = (command: string | readonly string[]) => Promise<readonly CalledScript[]>;

/** A reader that gives each script once: with the first of the container's commands that starts it. */
export function scriptReader(search: ScriptSearch): ScriptReader {
  const reached = new Map<string, number>();
  return async (command) => {
    const names = typeof command === 'string' ? startedScripts(command) : startedBy([command]);
    // Most commands start none.
    if (names.length === 0) return [];
    return await Promise.all(
      collect(names, search, reached, deepest).map(async (file) => ({
        file,
        remoteExecutions: await findRemoteExecutions(withoutReturns(file.text)),
      })),
    );
  };
}

/** Scripts that were not reached yet; one that was only reached at the end of a chain is followed from here on. */
function collect(
  names: readonly string[],
  search: ScriptSearch,
  reached: Map<string, number>,
  depth: number,
): readonly SourceFile[] {
  const files: SourceFile[] = [];
  for (const name of names) {
    const file = search.find(name).find(isShellScript);
    const before = file && reached.get(file.path);
    if (!file || (before ?? 0) >= depth) continue;
    reached.set(file.path, depth);
    if (before === undefined) files.push(file);
    if (depth > 1) files.push(...collect(startedScripts(file.text), search, reached, depth - 1));
  }
  return files;
}

/** The files that a script runs as scripts, each once. */
const startedScripts = remember((text) => startedBy(splitCommands(withoutComments(text))));

function startedBy(commands: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(commands.flatMap((words) => startedScript(words) ?? []))];
}

/** The file that a simple command runs as a script: `./a.sh`, `bash -e a.sh`, `sudo . ./a.sh`. */
function startedScript(words: readonly string[]): string | undefined {
  const first = words.findIndex((word) => !starters.test(word) && !/^-|^\w+=/.test(word));
  const program = words[first];
  if (program === undefined) return undefined;
  if (shells.test(program)) {
    const others = words.slice(first + 1);
    if (others.some((word) => /^-[a-zA-Z]*c$/.test(word))) return undefined;
    return others.find((word) => !/^[-+]/.test(word));
  }
  return program.includes('/') || /\.(?:ba|z)?sh$/.test(program) ? program : undefined;
}

function isShellScript({ path, text }: SourceFile): boolean {
  const shebang = /^\uFEFF?#!([^\n]*)/.exec(text)?.[1];
  return shebang === undefined
    ? !/\.(?!(?:ba|z)?sh$)\w+$/.test(path)
    : /\b(?:ba|da|z|k|a)?sh\b/.test(shebang);
}
