import type { Project } from '../core/rule.js';
import type { Place } from '../core/text.js';
import type { BuiltInstruction } from './built-instructions.js';
import type { Container } from './container.js';
import { isFor, isUnrestricted, readSudoGrants, type SudoGrant } from './sudo-grants.js';

/** Something that root runs and that the user of the tools changes or steers. */
export interface SteeredCommand {
  readonly place: Place;
  readonly message: string;
}

/** Programs that run, write or load what their caller names: with these sudo grants everything. */
const openPrograms =
  /^(?:env|(?:ba|da|z|k|fi)?sh|python[\d.]*|perl|ruby|node|lua|php|tee|cp|mv|dd|ln|chmod|chown|install|vim?|nano|ed|less|more|man|find|awk|gawk|sed|tar|zip|rsync|git|npm|npx|pip3?|apt|apt-get|dpkg|docker|podman|mount|systemctl|su|sudo|xargs|make|gdb|strace|nsenter|unshare)$/;
const writable = /^(?:\.|~|\$(?:\{?HOME|\{?PWD)|\/(?:workspaces?|home|tmp|var\/tmp|Users)\/)/;

/** Those of a container whose user is not root and may not run everything anyway. */
export function findSteeredCommands(container: Container, project: Project): readonly SteeredCommand[] {
  const { user, isNeighbour } = container;
  if (isNeighbour || (user.name !== undefined && /^(?:root|0)(?::|$)/.test(user.name))) return [];
  const grants = readSudoGrants(container, project).filter((grant) => isFor(grant, user.name));
  if (grants.some(isUnrestricted)) return [];
  return grants.flatMap((grant) => judgeGrant(grant, container));
}

function judgeGrant(grant: SudoGrant, container: Container): readonly SteeredCommand[] {
  const { place, tags } = grant;
  if (tags.includes('SETENV'))
    return [
      {
        place,
        message: 'SETENV lets the caller set LD_PRELOAD or BASH_ENV for what runs as root: leave the tag out',
      },
    ];
  for (const command of grant.commands) {
    const [program = '', ...rest] = command.split(/\s+/);
    const reason = judgeCommand(program, rest.join(' ')) ?? judgeFile(program, container);
    if (reason !== undefined) return [{ place, message: `root runs ${command.slice(0, 80)}, and ${reason}` }];
  }
  return [];
}

function judgeCommand(program: string, rest: string): string | undefined {
  if (program.startsWith('!')) return undefined;
  const name = program.split('/').at(-1) ?? '';
  // One fixed argument list can still be safe; a free one is not.
  if (openPrograms.test(name) && (rest === '' || /[*?]/.test(rest)))
    return `${name} runs or writes whatever its caller names: grant one script with fixed contents`;
  if (writable.test(program))
    return 'its caller can change that file: copy it to /usr/local/bin, owned by root';
  if (/[*?[]/.test(program + rest))
    return 'the wildcard matches any text, blanks and further arguments too: name what is meant';
  const script = openPrograms.test(name) ? rest.split(' ').find((word) => !word.startsWith('-')) : undefined;
  return script !== undefined && writable.test(script)
    ? `its caller can change ${script}: copy it to /usr/local/bin, owned by root`
    : undefined;
}

/** Whether the Dockerfile leaves the file to somebody else than root. */
function judgeFile(program: string, { instructions }: Container): string | undefined {
  for (const instruction of instructions) {
    const how = instruction.kept ? loosens(instruction, program) : undefined;
    if (how !== undefined)
      return `the Dockerfile makes its caller the master of that file (${how}): leave it to root`;
  }
  return undefined;
}

function loosens({ keyword, flags, words, text }: BuiltInstruction, program: string): string | undefined {
  if (keyword === 'COPY' || keyword === 'ADD') {
    const target = words.at(-1)?.text ?? '';
    const folder = target.endsWith('/') ? target : `${target}/`;
    const names = words.slice(0, -1).map((word) => word.text.split('/').at(-1) ?? '');
    if (target !== program && !names.some((name) => `${folder}${name}` === program)) return undefined;
    const chown = flags.find(({ name }) => name === 'chown')?.value;
    if (chown !== undefined && !/^(?:root|0)(?::|$)/.test(chown)) return `--chown=${chown}`;
    const chmod = flags.find(({ name }) => name === 'chmod')?.value;
    return chmod !== undefined && /[2367]$/.test(chmod) ? `--chmod=${chmod}` : undefined;
  }
  if (keyword !== 'RUN' || !text.includes(program)) return undefined;
  for (const command of text.split(/&&|[;|\n]/)) {
    const [name, ...rest] = command.replace(/\\$/, '').trim().split(/\s+/);
    const args = rest.filter((word) => !word.startsWith('-'));
    const [first = ''] = args;
    if (!args.slice(1).includes(program)) continue;
    if (name === 'chown' && !/^(?:root|0)(?::|$)/.test(first)) return `chown ${first}`;
    if (name === 'chmod' && /^[0-7]?[0-7]{2}[2367]$|^[ugoa]*[oa][ugoa]*\+[rx]*w/.test(first))
      return `chmod ${first}`;
  }
  return undefined;
}
