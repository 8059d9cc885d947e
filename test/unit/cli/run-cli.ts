import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Io } from '../../../src/cli/io.js';
import { main } from '../../../src/cli/main.js';

/** A new folder with these files. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'harden-devcontainer-test-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in process, as on a pipe unless `isTTY`. */
export async function runCli(
  argv: readonly string[],
  cwd: string,
  options: { isTTY?: boolean; env?: Io['env']; stdin?: string | Uint8Array } = {},
): Promise<CliRun> {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof texts) => {
    const output = new PassThrough();
    output.setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
    return Object.assign(output, options.isTTY ? { isTTY: true, columns: 100 } : {});
  };
  const io: Io = {
    argv,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    stdin:
      options.stdin === undefined
        ? new PassThrough()
        : Object.assign(new PassThrough().end(options.stdin), { isTTY: options.isTTY === true }),
    cwd,
    env: options.env ?? {},
  };
  return { code: await main(io), ...texts };
}
