import { closeSync, createReadStream, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type ChainResult, chainLine, chainStart, hashLine, previousOf, verifyChain } from '../mcp/audit.js';
import type { Recorder } from './connection.js';
import type { Places } from './places.js';

/** Then calls are refused until somebody moves the log away: an agent that floods it must not push out what it did before. */
const mostBytes = 256 * 1024 * 1024;

/** Appends to the log, and keeps the last line's hash beside it, so that a log that was cut off shows. */
export function openAuditLog({ audit, head }: Places, note: (text: string) => void): Recorder {
  const refuse = (why: string) =>
    note(`${why}, so calls are refused; move ${audit} and ${head} away and run mcp up again`);
  const fd = openSync(audit, 'a', 0o600);
  let size = statSync(audit).size;
  if (!followsOn(audit, head, size)) {
    // Both stay as they are: together they show that lines are gone.
    closeSync(fd);
    refuse('the audit log does not end where it was left: lines were cut off or changed');
    return { isOpen: () => false, record() {} };
  }
  let previous = lastHash(audit, size);
  let isOpen = true;
  const headFd = openSync(head, 'w', 0o600);
  const close = (why: string) => {
    if (isOpen) refuse(why);
    isOpen = false;
    closeSync(fd);
    closeSync(headFd);
  };
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
  const last = lastLine(path, size);
  return last === undefined ? chainStart : hashLine(last);
}

function lastLine(path: string, size: number): string | undefined {
  if (size === 0) return undefined;
  return readFileSync(path, 'utf8')
    .split('\n')
    .findLast((line) => line !== '');
}

/** Whether a log ends where it was left. One that was killed may have its last line, and not yet that line's hash. */
function followsOn(audit: string, head: string, size: number): boolean {
  if (!statSync(head, { throwIfNoEntry: false })) return size === 0;
  const left = readFileSync(head, 'utf8').trim();
  const last = lastLine(audit, size);
  if (last === undefined) return left === chainStart || left === '';
  return left === hashLine(last) || left === previousOf(last);
}

/** Lines of the log, oldest first; none where there is no log yet. */
export async function* auditLines({ audit }: Places): AsyncGenerator<string> {
  if (!statSync(audit, { throwIfNoEntry: false })) return;
  for await (const line of createInterface({ input: createReadStream(audit), crlfDelay: Infinity }))
    if (line !== '') yield line;
}

/** Before the first start there is neither a log nor the hash of its last line; a log without it is not whole. */
export async function verifyAuditLog(places: Places): Promise<ChainResult> {
  const isThere = statSync(places.head, { throwIfNoEntry: false }) !== undefined;
  const head = isThere ? readFileSync(places.head, 'utf8').trim() : undefined;
  const result = await verifyChain(auditLines(places), head);
  if (head !== undefined || 'problem' in result || result.lines === 0) return result;
  return {
    lines: result.lines,
    problem: `the hash of its last line is gone (${places.head}): lines may have been cut off behind line ${result.lines}`,
  };
}
