import { remember } from '../core/remember.js';

/** How much a rule for shell commands lets through. */
export interface Breadth {
  /**
   * `everything`: every command. `runner`: a program that runs or sends whatever it is told to. `builder`: a program
   * that runs what the project's own files say, which whoever is let through may write.
   */
  readonly level: 'everything' | 'runner' | 'builder';
  /** Behind the rule in a sentence: 'python runs any code that it is given'. */
  readonly reason: string;
}

const shell = /^(?:ba|da|z|k|a|fi|c|tc)?sh$|^(?:pwsh|powershell|cmd)$/;
const interpreter =
  /^(?:python[\d.]*|pypy[\d.]*|node|nodejs|deno|bun|perl[\d.]*|ruby[\d.]*|php[\d.]*|lua[\d.]*|rscript|osascript|tclsh|tsx|ts-node|vite-node|zx)$/;
const sender = /^(?:curl|wget2?|nc|ncat|netcat|socat|telnet)$/;

/** Programs that start the one that follows; the value is the subcommand that has to come first. */
const starters: Readonly<Record<string, readonly (readonly string[])[]>> = {
  sudo: [[]],
  doas: [[]],
  env: [[]],
  xargs: [[]],
  nohup: [[]],
  watch: [[]],
  uv: [['run']],
  poetry: [['run']],
  pdm: [['run']],
  hatch: [['run']],
  pnpm: [['exec']],
  devbox: [['run']],
  mise: [['exec'], ['x']],
  direnv: [['exec']],
  asdf: [['exec']],
};

/** Programs that fetch the package which follows and run it. */
const fetchers: Readonly<Record<string, readonly (readonly string[])[]>> = {
  npx: [[]],
  bunx: [[]],
  pnpx: [[]],
  uvx: [[]],
  npm: [['exec'], ['x']],
  pnpm: [['dlx']],
  yarn: [['dlx']],
  bun: [['x']],
  pipx: [['run']],
  uv: [['tool', 'run']],
};

/** Programs that run a command in another container, pod or machine. */
const remotes: Readonly<Record<string, readonly (readonly string[])[]>> = {
  docker: [
    ['exec'],
    ['run'],
    ['compose', 'exec'],
    ['compose', 'run'],
    ['container', 'exec'],
    ['container', 'run'],
  ],
  podman: [['exec'], ['run'], ['container', 'exec'], ['container', 'run']],
  'docker-compose': [['exec'], ['run']],
  kubectl: [['exec'], ['run'], ['debug']],
  ssh: [[]],
};

const builders: Readonly<Record<string, readonly string[]>> = {
  git: [],
  make: [],
  just: [],
  task: [],
  npm: ['run', 'run-script', 'install', 'i', 'ci'],
  pnpm: ['run', 'install', 'add', 'i'],
  yarn: ['run', 'install', 'add'],
  bun: ['run', 'install', 'add'],
  pip: ['install'],
  pip3: ['install'],
  uv: ['pip', 'sync', 'add'],
  cargo: ['run', 'install'],
  go: ['run', 'install', 'generate'],
  gradle: [],
  './gradlew': [],
  mvn: [],
};

/**
 * Judges a pattern in which `*` stands for anything: `npm run *`. Undefined for one command, and where what is left
 * free cannot choose what runs.
 */
export function breadthOf(pattern: string): Breadth | undefined {
  return pattern.includes('*') ? judgePattern(pattern).breadth : undefined;
}

const judgePattern = remember((pattern) => ({ breadth: breadthOfStars(pattern) }));

function breadthOfStars(pattern: string): Breadth | undefined {
  const star = pattern.indexOf('*');
  const fixed = pattern.slice(0, star);
  if (fixed.trim() === '')
    return /^[\s*:/]*$/.test(pattern)
      ? { level: 'everything', reason: 'that is every command' }
      : { level: 'runner', reason: 'any program can stand in front' };
  return judge(fixed.trim().split(/\s+/), 4);
}

function judge(words: readonly string[], depth: number): Breadth | undefined {
  const from = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  const [program = '', ...rest] = from < 0 ? [] : words.slice(from);
  const name = program
    .replace(/^['"]|['"]$/g, '')
    .replace(/^.*[\\/](?!gradlew)/, '')
    .toLowerCase();
  if (name === '' || depth === 0) return undefined;
  if (name === 'eval') return runner('eval runs any text');
  if (shell.test(name))
    return judgeScript(rest, /^(?:-[a-z]*[cs][a-z]*|\/[ck]|-command)$/i, `${name} runs any command`);
  if (interpreter.test(name)) return judgeInterpreter(name, rest);
  if (sender.test(name)) return judgeSender(name, rest);
  return judgeStarter(name, rest, depth) ?? judgeBuilder(name, rest);
}

function runner(reason: string): Breadth {
  return { level: 'runner', reason };
}

/** An interpreter is free where neither a script nor a module is fixed. */
function judgeScript(rest: readonly string[], inline: RegExp, reason: string): Breadth | undefined {
  for (const word of rest) {
    if (inline.test(word)) return runner(reason);
    if (!word.startsWith('-') || word === '-') return word === '-' ? runner(reason) : undefined;
  }
  return runner(reason);
}

function judgeInterpreter(name: string, rest: readonly string[]): Breadth | undefined {
  const reason = `${name} runs any code that it is given`;
  const [first = '', ...others] = rest;
  if (/^-m$/.test(first)) return others.length === 0 ? runner(reason) : undefined;
  if (name === 'bun' && /^(?:run|test|install|add|x)$/.test(first))
    return judgeStarter(name, rest, 1) ?? judgeBuilder(name, rest);
  if (name === 'deno' && /^(?:test|lint|fmt|check|task)$/.test(first)) return undefined;
  const words = name === 'deno' && /^(?:run|eval)$/.test(first) ? others : rest;
  return judgeScript(words, /^(?:-[a-z]*[ceEr]|--eval|--print|-p|-pe)$/, reason);
}

function judgeSender(name: string, rest: readonly string[]): Breadth | undefined {
  const isFixed = rest.some(
    (word) => !word.startsWith('-') && !/^(?:GET|HEAD|POST|PUT|DELETE|PATCH)$/.test(word),
  );
  return isFixed ? undefined : runner(`${name} sends whatever it is given to any host`);
}

function judgeStarter(name: string, rest: readonly string[], depth: number): Breadth | undefined {
  const behindStarter = matchTable(starters, name, rest);
  if (behindStarter) {
    const inner = behindStarter.filter((word, index) => index > 0 || !word.startsWith('-'));
    const words = inner.slice(inner.findIndex((word) => !word.startsWith('-')));
    const bare = inner.some((word) => !/^-|^\w+=/.test(word));
    return bare ? judge(words, depth - 1) : runner(`${name} starts any program`);
  }
  const behindFetcher = matchTable(fetchers, name, rest);
  if (behindFetcher) {
    const bare = behindFetcher.filter((word) => !word.startsWith('-'));
    const [inner] = bare;
    if (inner === undefined) return runner(`${name} downloads and runs any package`);
    return interpreter.test(inner) ? judge(bare, depth - 1) : undefined;
  }
  const behindRemote = matchTable(remotes, name, rest);
  if (!behindRemote) return undefined;
  const bare = behindRemote.filter((word) => !word.startsWith('-'));
  // The first word is the container, image or machine; what follows is the command in it.
  if (bare.length > 1) return judge(bare.slice(1), depth - 1);
  if (bare.length === 1 && name !== 'ssh' && rest.includes('run')) return undefined;
  return runner(`${name} runs any command ${name === 'ssh' ? 'on another machine' : 'in any container'}`);
}

/** The words behind the subcommand; undefined where the program is not in the table or the words say another one. */
function matchTable(
  table: Readonly<Record<string, readonly (readonly string[])[]>>,
  name: string,
  rest: readonly string[],
): readonly string[] | undefined {
  if (!Object.hasOwn(table, name)) return undefined;
  const isWhole = (sub: readonly string[]) => sub.every((word, index) => rest[index] === word);
  const found = table[name]?.find(isWhole);
  if (found) return rest.slice(found.length);
  // `docker *` lets `docker exec` through as well; for a tool that mostly does other things that is a builder's risk.
  const isBegun =
    table === remotes && table[name]?.some((sub) => rest.every((word, index) => sub[index] === word));
  return isBegun ? [] : undefined;
}

function judgeBuilder(name: string, rest: readonly string[]): Breadth | undefined {
  if (!Object.hasOwn(builders, name)) return undefined;
  const [first] = rest;
  const isFree = first === undefined || (builders[name]?.includes(first) && rest.length === 1);
  return isFree ? { level: 'builder', reason: builderReason(name, rest) } : undefined;
}

function builderReason(name: string, rest: readonly string[]): string {
  if (name === 'git') return 'git runs programs that its settings or its options name';
  const command = [name, ...rest].join(' ');
  return /^(?:install|i|ci|add|pip|sync)$/.test(rest[0] ?? '') || /^pip/.test(name)
    ? `${command} runs code of what it installs`
    : `${command} does what the project's files say`;
}
