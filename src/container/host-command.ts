import type { Severity } from '../core/rule.js';

export interface HostCommandGrade {
  /** `info` where only harmless commands are seen. */
  readonly severity: Severity;
  /** What the command does, to stand before its text. */
  readonly reason: string;
}

// Stands among a command's words for a redirection into a real file.
const fileWritten = '\u0000>';
const quoted = /'[^']*'|"(?:[^"\\]|\\.)*"/g;
const startFiles =
  /(?:>>?|\b(?:tee|cp|mv|ln|install)\b[^;&|\n]*?)\s*["']?(?:~|\$HOME|\$\{HOME\}|\$\{(?:localEnv|env):HOME\})\/\.(?:bash|zsh|profile|ssh|gitconfig|claude|codex|gemini|cursor|vscode|config\/(?:systemd|autostart|fish|Code|git|nvim))/;
const hooks = /(?:>>?|\b(?:tee|cp|mv|ln|install)\b[^;&|\n]*?)\s*["']?[^\s;&|"']*\.git\/hooks/;
const dockerFlags =
  /\s(?:--privileged|--(?:pid|net|network|ipc|userns)[= ]host|--cap-add|--device|--security-opt|-v|--volume|--mount)\b/;

/**
 * How much a script or an argument vector can do on the host, by the commands it names. Nothing is run or expanded: what is not
 * recognised as harmless counts as a warning, so a shell's finer grammar cannot make it look better than it is.
 */
export function gradeHostCommand(command: string | readonly string[]): HostCommandGrade {
  const script = typeof command === 'string' ? command : '';
  const commands = typeof command === 'string' ? splitCommands(command) : [command];
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
  const substitutes = /\$\(|`|<\(/.test(script);
  if (!substitutes && commands.every(isHarmless)) {
    return { severity: 'info', reason: 'runs on the host at every start' };
  }
  return { severity: 'warning', reason: 'runs on the host at every start' };
}

/** The simple commands of a script as words; quotes stay where they are, so that no operator inside them splits. */
function splitCommands(script: string, depth = 0): readonly (readonly string[])[] {
  const kept: string[] = [];
  const masked = script.replace(quoted, (text) => `\u0000${kept.push(text) - 1}\u0000`);
  const words = (part: string) => {
    const visible = part.replace(/\d*>>?\s*\/dev\/null/g, ' ');
    const bare = visible.replace(/\d*>>?\s*\S+/g, ' ').trim();
    const found = bare.split(/\s+/).map((word) => unmask(word, kept));
    return dropKeywords(visible.includes('>') ? [...found, fileWritten] : found);
  };
  return masked
    .replace(/\d*>&\d+|&>/g, ' ')
    .split(/&&|\|\||[;|&\n()]/)
    .map(words)
    .filter((found) => found.some((word) => word !== ''))
    .flatMap((command) => {
      const inner = depth < 3 ? shellArgument(command) : undefined;
      return inner === undefined ? [command] : splitCommands(inner, depth + 1);
    });
}

/** The script of `bash -c '...'`. */
function shellArgument([program = '', ...rest]: readonly string[]): string | undefined {
  if (!/^(?:\/(?:usr\/)?bin\/)?(?:ba|da|z)?sh$/.test(program)) return undefined;
  const flag = rest.findIndex((word) => /^-[a-z]*c$/.test(word));
  return flag === 0 ? rest[1] : undefined;
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

function isHarmless(words: readonly string[]): boolean {
  const [program = '', first = '', second = ''] = words;
  if (words.includes(fileWritten)) return false;
  if (/^(?:mkdir|touch|test|\[|\[\[|true|false|:|echo|printf|exit|cd|pwd|set)$/.test(program)) return true;
  if (program === 'cp')
    return words.slice(1).some((word) => /^-[a-zA-Z]*n|^--no-clobber$|^--update=none$/.test(word));
  if (!/^(?:docker|podman)$/.test(program)) return false;
  if (first === 'network') return ['create', 'inspect', 'ls'].includes(second);
  return (
    first === 'volume' && ['create', 'inspect', 'ls'].includes(second) && !words.join(' ').includes('device')
  );
}
