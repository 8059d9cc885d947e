import { Attached } from '../core/attached.js';
import type { Project } from '../core/rule.js';
import type { Place, SourceFile } from '../core/text.js';
import type { BuiltInstruction } from './built-instructions.js';
import type { Container } from './container.js';

/** One line of sudoers that asks for no password. */
export interface SudoGrant {
  /** As written: `dev`, `%sudo`, `$USERNAME`. */
  readonly user: string;
  /** `ALL`, or commands with their arguments. */
  readonly commands: readonly string[];
  /** `NOPASSWD`, `SETENV` ... */
  readonly tags: readonly string[];
  readonly place: Place;
}

// In a shell's text brackets may be escaped, and quotes, operators and line ends close the list.
const line =
  /(%?[\w$][\w${}.@-]{0,80})"?[ \t]{1,20}ALL[ \t]{0,20}=[ \t]{0,20}(?:\\?\([^)\n]{0,80}\)[ \t]{0,20})?((?:[A-Z_]{4,20}:[ \t]{0,20}){1,5})([^"'\n|&;>]{1,1000})/g;

// Several rules ask for the same list.
const known = new Attached<Container, readonly SudoGrant[]>();

/** What the files let users run as root, and do not take back. Files that the Dockerfile copies are read through `project`. */
export function readSudoGrants(container: Container, project: Project): readonly SudoGrant[] {
  // Without a Dockerfile nothing is written or copied.
  if (container.instructions.length === 0 && container.copies.length === 0) return [];
  const grants = known.get(container) ?? listGrants(container, project);
  known.set(container, grants);
  return grants;
}

function listGrants(container: Container, project: Project): readonly SudoGrant[] {
  const copied = container.copies
    .filter(({ target }) => /^\/etc\/sudoers/.test(target))
    .flatMap(({ source }) => {
      const result = project.read(source);
      return 'file' in result ? grantsIn(result.file, 0, result.file.text.length) : [];
    });
  return [...listWritten(container.instructions), ...copied];
}

function listWritten(instructions: Container['instructions']): readonly SudoGrant[] {
  const isWriting = ({ keyword, kept, text }: BuiltInstruction) =>
    kept && keyword === 'RUN' && text.includes('sudoers');
  // Most Dockerfiles grant nothing, so nothing is asked of what they take back.
  if (!instructions.some(isWriting)) return [];
  const last = instructions.findLastIndex((one) => one.kept && takesBack(one));
  return instructions
    .slice(last + 1)
    .filter(isWriting)
    .flatMap(({ file, at }) => grantsIn(file, at.start, at.end));
}

/** Whether a later instruction takes sudo, or what was granted, away again. */
export function takesBack({ keyword, text }: BuiltInstruction): boolean {
  return (
    keyword === 'RUN' &&
    /\brm\s[^;&|\n]{0,200}\/etc\/sudoers|\b(?:purge|remove|del|autoremove)\s[^;&|\n]{0,200}\bsudo\b|\b(?:deluser|gpasswd\s+-d)\s/.test(
      text,
    )
  );
}

function grantsIn(file: SourceFile, from: number, to: number): readonly SudoGrant[] {
  return [...file.text.slice(from, to).matchAll(line)].flatMap((match): readonly SudoGrant[] => {
    const [text, user = '', tags = '', list = ''] = match;
    const commands = splitCommands(list);
    if (!/\bNOPASSWD:/.test(tags) || isComment(file.text, from + match.index)) return [];
    const start = from + match.index;
    return [
      {
        user,
        commands,
        tags: tags
          .split(':')
          .map((tag) => tag.trim())
          .filter(Boolean),
        place: { file, at: { start, end: start + text.trimEnd().length } },
      },
    ];
  });
}

function splitCommands(list: string): readonly string[] {
  const [own = ''] = list.split('\\n');
  return own
    .replace(/\\$/, '')
    .split(',')
    .map((command) => command.trim())
    .filter(Boolean);
}

function isComment(text: string, at: number): boolean {
  return /(?:^|\n)[ \t]*#[^\n]*$/.test(text.slice(Math.max(0, text.lastIndexOf('\n', at - 1)), at));
}

/**
 * The scripts that hooks run by sudo, where these are all that they run by it and lie outside of every folder that the user
 * of the tools may write. Undefined where something else is run by it.
 */
export function listSudoScripts({ lifecycle }: Container): readonly string[] | undefined {
  const scripts = new Set<string>();
  for (const { value } of lifecycle) {
    if (value.hook === 'initializeCommand') continue;
    const text = value.script ?? (value.argv ?? []).join(' ');
    for (const [, word = ''] of text.matchAll(/\bsudo[ \t]+(\S+)/g)) {
      const path = /^(\/(?:usr\/local\/s?bin|usr\/s?bin|opt|etc)\/[\w./-]{1,200}?)["';&|)]*$/.exec(word)?.[1];
      if (path === undefined || path.includes('..')) return undefined;
      scripts.add(path);
    }
  }
  return [...scripts];
}

/** Whether a grant lets everything be run. */
export function isUnrestricted({ commands }: SudoGrant): boolean {
  return commands.some((command) => /^ALL\b/.test(command));
}

/** Whether a grant is for the user that the tools run as, as far as its text tells. */
export function isFor({ user }: SudoGrant, name: string | undefined): boolean {
  return name === undefined || user === name || /^[%$]|^ALL$/.test(user);
}
