import { joinFolder } from '../container/paths.js';
import { splitCommands, withoutComments } from '../container/simple-commands.js';
import type { Project } from '../core/rule.js';
import type { SourceFile } from '../core/text.js';

/** A file that a command names as what it runs. */
export interface NamedScript {
  /** As the command writes it, without quotes. */
  readonly name: string;
  /** Where it is in the project; undefined for a name that only the host knows. */
  readonly path: string | undefined;
  /** How the name begins: from the project's root, or from wherever the agent stands. */
  readonly from: 'project' | 'working-directory';
  readonly file: SourceFile | undefined;
}

const interpreters =
  /^(?:.*\/)?(?:(?:ba|da|z|k)?sh|source|\.|node|bun|deno|python[\d.]*|uv|ruby|perl|php|npx|tsx)$/;
const projectFolder =
  /^\$\{?(?:CLAUDE_PROJECT_DIR|GEMINI_PROJECT_DIR|CURSOR_PROJECT_DIR|PWD)(?::?-[^}]*)?\}?\//;
const mounted = /^\/workspaces?\//;

/**
 * The scripts of the project that a command runs: `"$CLAUDE_PROJECT_DIR"/.claude/hooks/guard.sh`, `python3 hooks/a.py`.
 * `root` is the project's root; the project is the one that reads.
 */
export function namedScripts(command: string, root: string, project: Project): readonly NamedScript[] {
  const unquoted = command.replace(/"(\$\{?\w+\}?)"(?=\/)/g, '$1');
  let isElsewhere = false;
  return splitCommands(withoutComments(unquoted)).flatMap((words) => {
    // Behind a change to some folder of the host nobody knows what a relative name means.
    if (words[0] === 'cd') isElsewhere = !projectFolder.test(`${words[1] ?? ''}/`);
    const name = scriptName(words);
    if (name === undefined) return [];
    const script = locate(name, root, project);
    return [
      isElsewhere && script.from === 'working-directory'
        ? { ...script, path: undefined, file: undefined }
        : script,
    ];
  });
}

function scriptName(words: readonly string[]): string | undefined {
  const first = words.findIndex((word) => !/^(?:sudo|env|exec|nohup|time|command)$|^-|^\w+=/.test(word));
  const [program = '', ...rest] = first < 0 ? [] : words.slice(first);
  if (!interpreters.test(program)) return isScript(program) ? program : undefined;
  const isInline = rest.some((word) => /^-[a-zA-Z]*[ce]$/.test(word) || word === '-m');
  return isInline
    ? undefined
    : rest.find((word) => !word.startsWith('-') && word !== 'run' && isScript(word));
}

function isScript(word: string): boolean {
  return (
    /^[\w.$@{}~/\\:-]+$/.test(word) &&
    (/\.(?:sh|bash|zsh|py|js|mjs|cjs|ts|rb|pl)$/.test(word) || /^\.{1,2}\/|^\$\{?\w+\}?\//.test(word))
  );
}

function locate(name: string, root: string, project: Project): NamedScript {
  const isProject = projectFolder.test(name) || mounted.test(name);
  const local = name.replace(projectFolder, '').replace(/^\/(?:workspaces\/[^/]+|workspace)\//, '');
  const from = isProject ? 'project' : 'working-directory';
  if (/^[/~$\\]|^[A-Za-z]:/.test(local)) return { name, path: undefined, from, file: undefined };
  const path = joinFolder(root, local);
  const result = path === undefined ? undefined : project.read(path);
  return { name, path, from, file: result && 'file' in result ? result.file : undefined };
}

/** Whether a text is a shell script, by its first line or its name. */
export function isShellScript({ path, text }: SourceFile): boolean {
  const shebang = /^\uFEFF?#!([^\n]*)/.exec(text)?.[1];
  return shebang === undefined ? /\.(?:ba|z)?sh$/.test(path) : /\b(?:ba|da|z|k|a)?sh\b/.test(shebang);
}
