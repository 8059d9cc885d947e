import type { Severity } from '../core/rule.js';
import { fileWritten, splitCommands } from './simple-commands.js';

export interface HostCommandGrade {
  /** `info` where only harmless commands are seen. */
  readonly severity: Severity;
  /** What the command does, to stand before its text. */
  readonly reason: string;
}

const startFiles =
  /(?:>>?|\b(?:tee|cp|mv|ln|install)\b[^;&|\n]*?)\s*["']?(?:~|\$HOME|\$\{HOME\}|\$\{(?:localEnv|env):HOME\})\/\.(?:bash|zsh|profile|gitconfig|(?:ssh|claude|codex|gemini|cursor|vscode)(?![\w-])|config\/(?:systemd|autostart|fish|Code|git|nvim)(?![\w-]))/;
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
  return first === 'volume' && ['create', 'inspect', 'ls'].includes(second) && !words.some(bindsHost);
}

/** A volume that is a folder of the host, unless that is one of the workspace, which the container has anyway. */
function bindsHost(word: string): boolean {
  return word.includes('device') && !/^(?:--opt=)?device=\$\{localWorkspaceFolder\}(?!.*\.\.)/.test(word);
}
