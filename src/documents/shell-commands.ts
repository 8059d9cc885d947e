import type { Command, Word, WordPart } from 'unbash';

/** A simple command without the programs that only start another one (sudo, env, timeout ...). */
export interface SimpleCommand {
  readonly node: Command;
  /** Last part of the path, without `.exe`: `curl` for `/usr/bin/curl`. */
  readonly name: string;
  /** The program as written. */
  readonly path: string;
  readonly words: readonly Word[];
}

interface Starter {
  /** Options of the starter that take the next word. */
  readonly valued: RegExp;
  /** Words of its own before the program. */
  readonly operands: number;
}

const none = /^$/;
const starters: Readonly<Record<string, Starter>> = {
  sudo: { valued: /^-[ugpCDhrtTU]$/, operands: 0 },
  doas: { valued: /^-[uC]$/, operands: 0 },
  env: { valued: /^-[uCS]$/, operands: 0 },
  exec: { valued: /^-a$/, operands: 0 },
  command: { valued: none, operands: 0 },
  builtin: { valued: none, operands: 0 },
  nohup: { valued: none, operands: 0 },
  setsid: { valued: none, operands: 0 },
  time: { valued: none, operands: 0 },
  nice: { valued: /^-n$/, operands: 0 },
  ionice: { valued: /^-[cn]$/, operands: 0 },
  stdbuf: { valued: /^-[ioe]$/, operands: 0 },
  timeout: { valued: /^-[ks]$/, operands: 1 },
  xargs: { valued: /^-[aEILnPsd]$/, operands: 0 },
  retry: { valued: none, operands: 0 },
};

/** The command that really runs; undefined for an assignment or a redirection alone. */
export function readCommand(node: Command): SimpleCommand | undefined {
  const args = node.args.flatMap((arg) => (arg.type === 'Word' ? [arg] : []));
  const [first, ...words] = withoutStarters(node.name ? [node.name, ...args] : []);
  return first && { node, name: baseName(first.value), path: first.value, words };
}

/** The words of a command from the program on that it starts in the end; a starter with nothing behind it is that program. */
export function withoutStarters<T extends { readonly value: string }>(words: readonly T[]): readonly T[] {
  for (let at = 0; ; ) {
    const name = baseName(words[at]?.value ?? '');
    const starter = Object.hasOwn(starters, name) ? starters[name] : undefined;
    const next = starter ? skipStarter(words, at + 1, starter) : words.length;
    if (next >= words.length) return words.slice(at);
    at = next;
  }
}

/** Where the program of a starter stands. */
function skipStarter(
  words: readonly { readonly value: string }[],
  from: number,
  { valued, operands }: Starter,
): number {
  let at = from;
  let left = operands;
  for (; at < words.length; at++) {
    const text = words[at]?.value ?? '';
    if (text === '--') continue;
    if (valued.test(text)) at += 1;
    else if (/^-|^\w+=/.test(text)) continue;
    else if (left > 0) left -= 1;
    else break;
  }
  return at;
}

export function baseName(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? path).replace(/\.exe$/i, '');
}

/** The parts of a word, those inside double quotes in their place. */
export function flatParts(word: Word): readonly WordPart[] {
  return (word.parts ?? []).flatMap((part): readonly WordPart[] =>
    part.type === 'DoubleQuoted' || part.type === 'LocaleString' ? part.parts : [part],
  );
}

const shellName = /^(?:ba|da|z|k|a|fi)?sh$/;
const interpreterName =
  /^(?:(?:ba|da|z|k|a|fi)?sh|python[\d.]*|pypy[\d.]*|node|nodejs|deno|bun|perl[\d.]*|ruby[\d.]*|php[\d.]*|lua[\d.]*|pwsh|powershell|osascript|tclsh)$/i;

export function isInterpreter({ name }: SimpleCommand): boolean {
  return interpreterName.test(name);
}

/** `source`, `.` and `eval` run text in the shell that is there. */
export function isBuiltinRunner({ name }: SimpleCommand): boolean {
  return name === 'source' || name === '.' || name === 'eval';
}

// Options of interpreters that take the next word, so that it is not the script.
const interpreterValued = /^[-+](?:[oO]|-rcfile|-init-file|r|W|X|I|-require|-import|-loader)$/;

/** What an interpreter is told to run. */
export type Program =
  | { readonly kind: 'stdin' }
  /** The script is a word: behind `-c` or `-e`. */
  | { readonly kind: 'inline'; readonly word: Word }
  | { readonly kind: 'file'; readonly word: Word }
  | { readonly kind: 'other' };

export function programOf(command: SimpleCommand): Program {
  const isShell = shellName.test(command.name);
  const inline = isShell ? /^-[a-zA-Z]*c$/ : /^(?:-[a-zA-Z]*[ceE]|--eval|--print|-p|-r|-command)$/i;
  for (let at = 0; at < command.words.length; at++) {
    const word = command.words[at];
    const text = word?.value ?? '';
    if (!word) break;
    if (isShell && /^-[a-zA-Z]*s[a-zA-Z]*$/.test(text)) return { kind: 'stdin' };
    if (text === '-' || /^\/(?:dev\/stdin|dev\/fd\/0|proc\/self\/fd\/0)$/.test(text))
      return { kind: 'stdin' };
    const next = command.words[at + 1];
    if (inline.test(text)) return next ? { kind: 'inline', word: next } : { kind: 'other' };
    if (/^-m/.test(text) && !isShell) return { kind: 'other' };
    if (interpreterValued.test(text)) at += 1;
    else if (/^(?:--version|--help)$/.test(text)) return { kind: 'other' };
    else if (text === '--' || (/^[-+]/.test(text) && !/^--?$/.test(text))) continue;
    else if (/^(?:deno|bun)$/.test(command.name) && /^(?:run|eval)$/.test(text)) continue;
    else return { kind: 'file', word };
  }
  return { kind: 'stdin' };
}
