import type { Severity } from '../core/rule.js';

export interface HostCommandGrade {
  /** `info` where only harmless commands are seen. */
  readonly severity: Severity;
  /** What the command does, to stand before its text. */
  readonly reason: string;
}

const quoted = /'[^']*'|"(?:[^"\\]|\\.)*"/g;
const startFiles =
  /(?:>>?|\b(?:tee|cp|mv|ln|install)\b[^;&|\n]*?)\s*["']?(?:~|\$HOME|\$\{HOME\}|\$\{(?:localEnv|env):HOME\})\/\.(?:bash|zsh|profile|ssh|gitconfig|claude|codex|gemini|cursor|vscode|config\/(?:systemd|autostart|fish|Code|git|nvim))/;
const hooks = /(?:>>?|\b(?:tee|cp|mv|ln|install)\b[^;&|\n]*?)\s*["']?[^\s;&|"']*\.git\/hooks/;
const dockerFlags =
  /\s(?:--privileged|--(?:pid|net|network|ipc|userns)[= ]host|--cap-add|--device|--security-opt|-v|--volume|--mount)\b/;

/**
 * How much a command of the host's shell can do, by the commands it names. Nothing is run or expanded: what is not
 * recognised as harmless counts as a warning, so a shell's finer grammar cannot make it look better than it is.
 */
export function gradeHostCommand(script: string): HostCommandGrade {
  const commands = splitCommands(script);
  if (commands.some((words) => /^(?:sudo|doas|su|pkexec)$/.test(words[0] ?? ''))) {
    return { severity: 'error', reason: 'runs as root on the host' };
  }
  if (commands.some((words) => words[0] === '.' || words[0] === 'source')) {
    return { severity: 'error', reason: 'sources a file on the host' };
  }
  if (startFiles.test(script) || hooks.test(script)) {
    return { severity: 'error', reason: 'writes files that the host runs' };
  }
  if (commands.some(isOpenContainer)) {
    return { severity: 'error', reason: 'starts a container on the host with access to it' };
  }
  const substitutes = /\$\(|`|<\(/.test(script.replace(/'[^']*'/g, ''));
  if (!substitutes && !writesFile(script) && commands.every(isHarmless)) {
    return { severity: 'info', reason: 'runs on the host at every start' };
  }
  return { severity: 'warning', reason: 'runs on the host at every start' };
}

/** The simple commands of a script as words; quotes stay where they are, so that no operator inside them splits. */
function splitCommands(script: string): readonly (readonly string[])[] {
  const kept: string[] = [];
  const masked = script.replace(quoted, (text) => `\u0000${kept.push(text) - 1}\u0000`);
  return masked
    .replace(/\d*>&\d+|&>/g, ' ')
    .split(/&&|\|\||[;|&\n()]/)
    .map((part) =>
      part
        .replace(/\d*>>?\s*\S+/g, ' ')
        .trim()
        .split(/\s+/)
        .map((word) => unmask(word, kept)),
    )
    .map(dropKeywords)
    .filter((words) => words.length > 0 && words[0] !== '');
}

function unmask(word: string, kept: readonly string[]): string {
  return word.replace(/\u0000(\d+)\u0000/g, (_, index: string) => (kept[Number(index)] ?? '').slice(1, -1));
}

function dropKeywords(words: readonly string[]): readonly string[] {
  const first = words.findIndex(
    (word) => !/^(?:if|then|else|elif|fi|do|done|while|until|!|\{|\}|[A-Za-z_]\w*=.*)$/.test(word),
  );
  return first < 0 ? [] : words.slice(first);
}

function isOpenContainer(words: readonly string[]): boolean {
  const [program = '', ...rest] = words;
  if (!/^(?:docker|podman|nerdctl)$/.test(program)) return false;
  return (
    (rest.includes('run') || rest.includes('create')) &&
    !/^(?:volume|network)$/.test(rest[0] ?? '') &&
    dockerFlags.test(` ${rest.join(' ')}`)
  );
}

/** Redirection into a real file; the shell's own bin does not count. */
function writesFile(script: string): boolean {
  const bare = script
    .replace(quoted, 'x')
    .replace(/\d*>&\d+/g, '')
    .replace(/(?:&|\d*)>>?\s*\/dev\/null/g, '');
  return bare.includes('>');
}

function isHarmless(words: readonly string[]): boolean {
  const [program = '', first = '', second = ''] = words;
  if (/^(?:mkdir|touch|test|\[|\[\[|true|false|:|echo|printf|exit|cd|pwd)$/.test(program)) return true;
  if (program === 'cp')
    return words.slice(1).some((word) => /^-[a-zA-Z]*n|^--no-clobber$|^--update=none$/.test(word));
  if (!/^(?:docker|podman)$/.test(program)) return false;
  if (first === 'network') return ['create', 'inspect', 'ls'].includes(second);
  return (
    first === 'volume' && ['create', 'inspect', 'ls'].includes(second) && !words.join(' ').includes('device')
  );
}
