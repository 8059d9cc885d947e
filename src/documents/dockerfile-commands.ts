import { readArguments } from './argument-vectors.js';
import { type PlainCommand, readCommands } from './command-words.js';

/** A command that an instruction of a Dockerfile runs or starts a container with. */
export interface DockerCommand {
  /** `RUN`, `CMD`, `ENTRYPOINT`, `HEALTHCHECK`. */
  readonly keyword: string;
  readonly command: PlainCommand;
}

interface Block {
  readonly keyword: string;
  readonly start: number;
  /** Of the length that it has in the file, without what the builder leaves out. */
  text: string;
}

const begin =
  /^[ \t]*(?:ONBUILD[ \t]+)?(RUN|CMD|ENTRYPOINT|HEALTHCHECK)[ \t]+(?:(?:--[\w-]+=\S*|CMD)[ \t]+)*/i;

/** The commands of a Dockerfile, or of one instruction of it. Offsets count from `offset` on. Never throws. */
export function commandsOfDockerfile(text: string, offset = 0): readonly DockerCommand[] {
  return blocksOf(text).flatMap(({ keyword, start, text: block }) => {
    const commands = block.startsWith('[')
      ? readExec(block, offset + start)
      : readCommands(block, offset + start);
    return commands.flatMap((command) => {
      // A here-document without a program is a script of its own.
      const scripts = command.words.length === 0 && command.name === '' ? command.documents : [];
      const inside = scripts.flatMap(({ start: from, end: to }) =>
        readCommands(text.slice(from - offset, to - offset), from),
      );
      return (scripts.length > 0 ? inside : [command]).map((one) => ({ keyword, command: one }));
    });
  });
}

function blocksOf(text: string): readonly Block[] {
  const continuation = /^\s*#\s*escape\s*=\s*`/im.test(text.slice(0, 200))
    ? /`[ \t]*\r?\n?$/
    : /\\[ \t]*\r?\n?$/;
  const blocks: Block[] = [];
  let current: Block | undefined;
  let isContinued = false;
  let document: string | undefined;
  let at = 0;
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    const isComment = /^[ \t]*#/.test(line);
    if (document !== undefined) {
      if (current) current.text += line;
      if (line.trim() === document) document = undefined;
    } else if (isContinued && isComment) {
      if (current) current.text += ' '.repeat(line.length);
    } else {
      const start = isContinued ? undefined : begin.exec(line);
      if (!isContinued) {
        current = start
          ? { keyword: (start[1] ?? '').toUpperCase(), start: at + start[0].length, text: '' }
          : undefined;
        if (current) blocks.push(current);
      }
      const own = start ? line.slice(start[0].length) : line;
      const joined = own.replace(/`(?=[ \t]*\r?\n?$)/, (sign) => (continuation.test('`\n') ? '\\' : sign));
      if (current)
        current.text += joined.replace(
          /\\[ \t]+(?=\r?\n$)/,
          (blanks) => `${' '.repeat(blanks.length - 1)}\\`,
        );
      isContinued = !isComment && continuation.test(line);
      document = /<<-?["']?([A-Za-z_]\w*)/.exec(current ? own : '')?.[1];
    }
    at += line.length;
  }
  return blocks;
}

/** The JSON form: each string is a word, of which the first is the program. */
function readExec(block: string, offset: number): readonly PlainCommand[] {
  const words = Array.from(block.matchAll(/"((?:[^"\\\n]|\\.)*)"/g), ({ 0: all, 1: inside = '', index }) => ({
    text: inside,
    start: offset + index + 1,
    length: all.length - 2,
  }));
  return readArguments(words);
}
