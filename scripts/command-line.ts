import { PassThrough } from 'node:stream';
import { main } from '../src/cli/main.js';

/** What a command line prints on stdout in `cwd`, as on a terminal of 80 columns with 16 colours and nobody to ask. */
export async function runCommand(cwd: string, argv: readonly string[]): Promise<string> {
  const stdout = new PassThrough({ encoding: 'utf8' });
  const stderr = new PassThrough({ encoding: 'utf8' });
  let shown = '';
  let problems = '';
  stdout.on('data', (text: string) => {
    shown += text;
  });
  stderr.on('data', (text: string) => {
    problems += text;
  });
  const code = await main({ argv, cwd, stdout, stderr, stdin: new PassThrough(), env: { TERM: 'xterm' } });
  if (code > 1)
    throw new Error(`harden-devcontainer ${argv.join(' ')} ended with ${code}: ${problems.split('\n')[0]}`);
  return shown;
}
