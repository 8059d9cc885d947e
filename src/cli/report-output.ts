import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../core/errors.js';
import { type Io, write } from './io.js';

/** Pieces are put together up to this length: a write for each finding would take longer than finding it. */
const pieceLength = 1 << 16;

/** Where a report goes, piece by piece. */
export interface ReportOutput {
  /** A promise where the text goes out now. */
  add(text: string): Promise<void> | undefined;
  /** Writes what is left. */
  end(): Promise<void>;
}

/**
 * The file that is named, else stdout. On a terminal each piece is shown at once.
 *
 * @throws UserError where the file cannot be written.
 */
export function openReportOutput(io: Io, file: string | undefined, clear: () => void): ReportOutput {
  const put = file === undefined ? (text: string) => write(io.stdout, text) : openFile(resolve(io.cwd, file));
  const least = file === undefined && io.stdout.isTTY ? 1 : pieceLength;
  let waiting = '';
  const flush = async () => {
    const text = waiting;
    waiting = '';
    if (text === '') return;
    clear();
    await put(text);
  };
  return {
    add(text) {
      waiting += text;
      return waiting.length >= least ? flush() : undefined;
    },
    async end() {
      await flush();
      await put('');
    },
  };
}

/** Writes to a file, whose old text goes with the first piece; an empty text closes it. */
function openFile(path: string): (text: string) => Promise<void> {
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new UserError(`the report cannot be written: ${reason}`, { cause });
    }
  };
  const descriptor = attempt(() => openSync(path, 'a'));
  let isEmptied = false;
  return async (text) => {
    if (!isEmptied) empty(descriptor);
    isEmptied = true;
    attempt(() => {
      if (text === '') return closeSync(descriptor);
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    });
  };
}

function empty(descriptor: number): void {
  try {
    ftruncateSync(descriptor);
  } catch {
    // A pipe or a terminal has no old text.
  }
}
