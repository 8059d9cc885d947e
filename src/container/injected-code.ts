/** Where the code lies that a variable loads into programs. */
export type CodeOrigin = 'workspace' | 'temporary' | 'home' | 'package' | 'other';

export interface InjectedCode {
  /** The file or package, as the value names it. */
  readonly what: string;
  readonly origin: CodeOrigin;
  /** The programs that load it: `every Node.js process`. */
  readonly into: string;
}

interface Loader {
  readonly into: string;
  /** What the value loads, each as written. */
  load(value: string): readonly string[];
}

const files = (value: string): readonly string[] => value.split(/[:\s]+/).filter((one) => one !== '');
const options =
  (pattern: RegExp) =>
  (value: string): readonly string[] =>
    Array.from(value.matchAll(pattern), ({ 1: what = '' }) => what);
/** The program of a command, and scripts among its words. */
const command = (value: string): readonly string[] =>
  value.split(/[\s;&|()]+/).filter((word, index) => index === 0 || /\.(?:sh|bash|py|js|rb|pl)$/.test(word));
/** A word that has to be a path to mean a file: `ENV=production` is the name of an environment. */
const path = (value: string): readonly string[] => (/^[./~$]/.test(value.trim()) ? [value.trim()] : []);

const node = /(?:^|\s)(?:-r|--require|--import|--(?:experimental-)?loader)[=\s]\s*["']?([^\s"']+)/g;
const java = /-(?:javaagent:|agentpath:|agentlib:)([^\s=]+)/g;
const everyProcess = 'every process';
const everyShell = 'every shell';

const loaders: Readonly<Record<string, Loader>> = {
  LD_PRELOAD: { into: everyProcess, load: files },
  LD_AUDIT: { into: everyProcess, load: files },
  DYLD_INSERT_LIBRARIES: { into: everyProcess, load: files },
  NODE_OPTIONS: { into: 'every Node.js process', load: options(node) },
  BASH_ENV: { into: everyShell, load: path },
  ENV: { into: everyShell, load: path },
  PROMPT_COMMAND: { into: 'every prompt', load: command },
  PYTHONSTARTUP: { into: 'every Python prompt', load: path },
  PERL5OPT: { into: 'every Perl process', load: options(/-[IM]\s*([^\s]+)/g) },
  RUBYOPT: { into: 'every Ruby process', load: options(/(?:^|\s)-r\s*([^\s]+)/g) },
  JAVA_TOOL_OPTIONS: { into: 'every Java process', load: options(java) },
  JDK_JAVA_OPTIONS: { into: 'every Java process', load: options(java) },
  _JAVA_OPTIONS: { into: 'every Java process', load: options(java) },
  GIT_SSH_COMMAND: { into: 'git', load: command },
  GIT_EXTERNAL_DIFF: { into: 'git', load: command },
  PATH: { into: everyShell, load: firstFolder },
};

/** The variables that may load code, for looking them up. */
export const loadingVariables = Object.keys(loaders);

/** What a variable loads into programs that have nothing to do with it; empty where it loads nothing. */
export function injectedCode(name: string, value: string): readonly InjectedCode[] {
  const loader = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  if (!loader) return [];
  const isPath = loader.load === files || loader.load === firstFolder;
  return loader.load(value).flatMap((what) => {
    const origin = originOf(what, isPath);
    // A program or library that the system finds by its name is the system's.
    const isFound = origin === 'package' && !/^(?:NODE|RUBY|PERL|PATH)/.test(name);
    // Programs in folders of the user's own are what a search path is for.
    const isOwn = name === 'PATH' && origin === 'home';
    return isFound || isOwn ? [] : [{ what, origin, into: loader.into }];
  });
}

const workspace =
  /^["']?(?:\.{0,2}\/(?:workspaces?|workdir|repo|project)(?:\/|$)|\.{1,2}(?:\/|$)|\$\{?(?:containerWorkspaceFolder|localWorkspaceFolder|workspaceFolder|workspaceRoot|CLAUDE_PROJECT_DIR|PWD)\b)/;

function originOf(what: string, isPath: boolean): CodeOrigin {
  if (/\/(?:\.?venv\/bin|node_modules\/\.bin)\/?$/.test(what)) return 'package';
  if (workspace.test(what)) return 'workspace';
  if (/^\/(?:var\/)?tmp\//.test(what)) return 'temporary';
  if (/^(?:~|\$\{?HOME\b|\$\{(?:localEnv|containerEnv|env):HOME\}|\/home\/|\/root\/)/.test(what))
    return 'home';
  if (/^[/$]|^file:\/\/\//.test(what)) return 'other';
  return isPath && what.includes('/') ? 'workspace' : 'package';
}

/** The first folder of a search path, where the value puts one before those that are there. */
function firstFolder(value: string): readonly string[] {
  const [first = ''] = value.replace(/\$\{([^}]*)\}/g, (all) => all.replaceAll(':', '\u0001')).split(':');
  const folder = first.replaceAll('\u0001', ':');
  return value.includes(':') && folder !== '' ? [folder] : [];
}
