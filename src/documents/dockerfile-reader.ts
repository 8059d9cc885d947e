import type { DockerInstruction, DockerStage, DockerVariable } from './dockerfile.js';
import { readPlainDockerfile } from './dockerfile-plain.js';
import type { WrittenInstruction } from './dockerfile-written.js';

/** The stages of a text; none where it cannot be read at all. `args` take the place of the defaults of ARG. */
export async function readDockerfile(
  text: string,
  args: Readonly<Record<string, string>>,
): Promise<readonly DockerStage[]> {
  return readStages(readPlainDockerfile(text) ?? (await readFull(text)), args);
}

/** The parser of the whole language is loaded for those that take it: most do not. */
async function readFull(text: string): Promise<readonly WrittenInstruction[]> {
  const { readFullDockerfile } = await import('./dockerfile-full.js');
  try {
    return readFullDockerfile(text);
  } catch {
    // What the parser stops at cannot be read; a mistake of ours, or a load that fails, is nothing of the file.
    return [];
  }
}

function readStages(
  instructions: readonly WrittenInstruction[],
  args: Readonly<Record<string, string>>,
): readonly DockerStage[] {
  const stages: (Omit<DockerStage, 'instructions'> & { readonly instructions: DockerInstruction[] })[] = [];
  const global = new Map<string, string>();
  let scope = global;
  for (const instruction of instructions) {
    const read = expandInstruction(instruction, instruction.keyword === 'FROM' ? global : scope);
    if (read.keyword === 'FROM') {
      const [base, as, name] = read.words;
      if (!base) continue;
      scope = new Map();
      stages.push({
        name: as?.text.toLowerCase() === 'as' ? name?.text.toLowerCase() : undefined,
        base,
        instructions: [],
      });
      continue;
    }
    if (read.keyword === 'ARG') declareArgs(read.variables, { scope, global, args });
    if (read.keyword === 'ENV') for (const { name, value } of read.variables) scope.set(name, value ?? '');
    stages.at(-1)?.instructions.push(read);
  }
  return stages;
}

function expandInstruction(
  { keyword, at, words, isJson, flags, variables, text }: WrittenInstruction,
  scope: ReadonlyMap<string, string>,
): DockerInstruction {
  return {
    keyword,
    at,
    words: isJson ? words : words.map((word) => ({ text: expandVariables(word.text, scope), at: word.at })),
    flags: flags.map((flag) => ({
      name: flag.name.toLowerCase(),
      value: expandVariables(flag.value ?? '', scope),
      at: flag.at,
    })),
    variables: variables.map((variable) => ({
      name: variable.name,
      value: variable.value === undefined ? undefined : expandVariables(variable.value, scope),
      at: variable.at,
    })),
    text,
  };
}

interface Scopes {
  readonly scope: Map<string, string>;
  readonly global: ReadonlyMap<string, string>;
  readonly args: Readonly<Record<string, string>>;
}

function declareArgs(variables: readonly DockerVariable[], { scope, global, args }: Scopes): void {
  for (const { name, value: own } of variables) {
    const value = (Object.hasOwn(args, name) ? args[name] : undefined) ?? own ?? global.get(name);
    if (value !== undefined) scope.set(name, value);
  }
}

/** How much variables may add to one word: each line may triple the one before it, and a file has many lines. */
const mostExpanded = 4096;

/** Expands `$NAME`, `${NAME}`, `${NAME:-x}` and `${NAME:+x}`; what is not known, or too long, stays as written. */
function expandVariables(text: string, scope: ReadonlyMap<string, string>): string {
  if (!text.includes('$')) return text;
  let room = mostExpanded;
  return text.replace(
    /\$(?:\{(\w+)(?::?([-+])([^}]{0,1000}))?\}|(\w+))/g,
    (all, braced, operator, operand, bare) => {
      const known = scope.get(String(braced ?? bare));
      if (operator === '+') return known ? String(operand) : '';
      const value = operator === '-' ? known || expandVariables(String(operand), scope) : (known ?? all);
      if (value.length > room) return all;
      room -= value.length;
      return value;
    },
  );
}
