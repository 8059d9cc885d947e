import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { main } from '../src/cli/main.js';
import { drawTerminal } from './picture.js';

const command = 'fix --rule no-credential-mount';
/** With this the menu of the first question is drawn to its end. */
const lastLine = /└[^\n]*\n/;

/** The first question of `fix` in a copy of a folder, as on a terminal of 80 columns. Nothing is answered. */
export async function drawPrompt(example: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'harden-devcontainer-prompt-'));
  try {
    cpSync(example, folder, { recursive: true });
    return drawTerminal('harden-devcontainer fix asks about each change', [
      `\u001b[32m$\u001b[39m \u001b[1mnpx harden-devcontainer ${command}\u001b[22m`,
      ...paintMenu(await showQuestion(folder)),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function showQuestion(cwd: string): Promise<string> {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode() {} });
  const stdout = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true, columns: 80 });
  let shown = '';
  let isAsked = false;
  stdout.on('data', (text: string) => {
    if (!isAsked) shown += text;
    if (isAsked || !lastLine.test(shown)) return;
    isAsked = true;
    // Not while it is drawn: nobody listens for the end of the question yet.
    setImmediate(() => stdin.write('\u0003'));
  });
  await main({
    argv: command.split(' '),
    cwd,
    stdout,
    stderr: new PassThrough(),
    stdin,
    env: { TERM: 'xterm' },
  });
  if (!isAsked) throw new Error(`harden-devcontainer ${command} asked nothing`);
  return shown;
}

/** The lines, with the menu in colours of our own: whether it has any depends on where this runs. */
function paintMenu(shown: string): string[] {
  const at = shown.search(/[^\n]*│[^\n]*\n[^\n]*◆/);
  const menu = stripVTControlCharacters(shown.slice(at)).trimEnd().split('\n');
  return [
    ...shown.slice(0, at).trimEnd().split('\n'),
    ...menu.map((line) =>
      line
        .replace(/[│└]/, '\u001b[36m$&\u001b[39m')
        .replace(/◆/, '\u001b[36m$&\u001b[39m')
        .replace(/●/, '\u001b[32m$&\u001b[39m')
        .replace(/○.*|↑.*/, '\u001b[2m$&\u001b[39m'),
    ),
  ];
}
