import { closeSync, createReadStream, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type ChainResult, chainLine, chainStart, hashLine, verifyChain } from '../mcp/audit.js';
import type { Recorder } from './connection.js';
import type { Places } from './places.js';

/** Then calls are refused until somebody moves the log away: an agent that floods it must not push out what it did before. */
const mostBytes = 256 * 1024 * 1024;

/** Appends to the log, and keeps the last line's hash beside it, so that a log that was cut off shows. */
export function openAuditLog({ audit, head }: Places, note: (text: string) => void): Recorder {
  const fd = openSync(audit, 'a', 0o600);
  let size = statSync(audit).size;
  let previous = lastHash(audit, size);
  let isOpen = true;
  const close = (why: string) => {
    if (isOpen) note(`${why}, so calls are refused; move ${audit} away and run mcp up again`);
    isOpen = false;
    closeSync(fd);
    closeSync(headFd);
  };
  const headFd = openSync(head, 'w', 0o600);
  // Always of one length, and at one place.
  const save = () => writeSync(headFd, `${previous}\n`, 0);
  save();
  return {
    isOpen: () => isOpen,
    record(call) {
      if (!isOpen) return;
      const { line, hash } = chainLine(call, previous);
      try {
        writeSync(fd, `${line}\n`);
        previous = hash;
        size += Buffer.byteLength(line) + 1;
        save();
      } catch (error) {
        return close(`the audit log cannot be written (${(error as Error).message})`);
      }
      if (size > mostBytes) close('the audit log is full');
    },
  };
}

function lastHash(path: string, size: number): string {
  if (size === 0) return chainStart;
  const last = readFileSync(path, 'utf8')
    .split('\n')
    .findLast((line) => line !== '');
  return last === undefined ? chainStart : hashLine(last);
}

/** Lines of the log, oldest first; none where there is no log yet. */
export async function* auditLines({ audit }: Places): AsyncGenerator<string> {
  try {
    statSync(audit);
  } catch {
    return;
  }
  for await (const line of createInterface({ input: createReadStream(audit), crlfDelay: Infinity }))
    if (line !== '') yield line;
}

export function verifyAuditLog(places: Places): Promise<ChainResult> {
  let head: string | undefined;
  try {
    head = readFileSync(places.head, 'utf8').trim();
  } catch {
    // Before the first start there is none.
  }
  return verifyChain(auditLines(places), head);
}
