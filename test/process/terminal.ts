import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { program } from './program.js';

export interface Session {
  /** Waits until this is shown behind what was waited for last, then types. */
  answer(shown: string, typed: string): Promise<void>;
  /** Waits for the end. Everything that was shown, with control sequences; `code` is that of the program. */
  end(): Promise<{ readonly code: number | null; readonly raw: string; readonly lines: readonly string[] }>;
}

const patience = 60_000;

/** Runs a command line of the program in a pseudo-terminal of 80 columns, made by script(1). */
export function openTerminal(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Session {
  const command = ['node', program, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols 80 rows 24; exec ${command}`, '/dev/null'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: '/nonexistent', TERM: 'xterm-256color', ...env },
  });
  let raw = '';
  let read = 0;
  let wake = () => {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text;
    wake();
  });
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  return {
    async answer(shown, typed) {
      const start = Date.now();
      for (;;) {
        // Redrawn menus repeat themselves: only what comes behind the last match counts.
        const text = stripVTControlCharacters(raw);
        const at = text.indexOf(shown, read);
        if (at >= 0) {
          read = at + shown.length;
          break;
        }
        if (Date.now() - start > patience)
          throw new Error(`'${shown}' was not shown, but\n${text.slice(read)}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, 1000);
        });
      }
      child.stdin.write(typed);
    },
    async end() {
      const ended = await code;
      // A menu that is redrawn begins its lines by moving the cursor.
      const lines = raw.split(/\r?\n|\r|\u001b\[\d*[A-HJ]/).map((line) => stripVTControlCharacters(line));
      return { code: ended, raw, lines };
    },
  };
}
