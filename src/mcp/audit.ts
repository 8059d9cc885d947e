import { createHash } from 'node:crypto';

export type Verdict = 'allowed' | 'refused' | 'held' | 'failed' | 'unanswered';

/** One call, as it stands in the log. */
export interface CallRecord {
  /** ISO 8601. */
  readonly time: string;
  readonly server: string;
  readonly session: string;
  readonly method: string;
  /** The tool, the resource or the prompt. */
  readonly target: string;
  /** `sha256:…` of the arguments as they were written, or their JSON where the policy says so. */
  readonly arguments: string;
  readonly verdict: Verdict;
  readonly milliseconds: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** What the first line follows. */
export const chainStart = '0'.repeat(64);

/** The record as a line that names the hash of the one before, and its own hash: the next line's `previous`. */
export function chainLine(record: CallRecord, previous: string): { line: string; hash: string } {
  const line = JSON.stringify({ ...record, previous });
  return { line, hash: hashLine(line) };
}

export function hashLine(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}

export type ChainResult =
  | { readonly lines: number; readonly head: string }
  | { readonly lines: number; readonly problem: string };

/**
 * Follows the chain. `head` is the hash of the last line as it was written down beside the log; without it a log that was cut
 * off at its end looks whole. `start` is the hash that the first line follows, where earlier lines were moved away. Line
 * numbers begin with 1.
 */
export async function verifyChain(
  lines: AsyncIterable<string> | Iterable<string>,
  head: string | undefined,
  start: string = chainStart,
): Promise<ChainResult> {
  let previous = start;
  let count = 0;
  for await (const line of lines) {
    count += 1;
    const named = previousOf(line);
    if (named === undefined) return { lines: count, problem: `line ${count} is no record of a call` };
    if (named !== previous)
      return {
        lines: count,
        problem: `line ${count} does not follow the one before it: a line was changed, removed or added here`,
      };
    previous = hashLine(line);
  }
  if (head !== undefined && head !== previous)
    return { lines: count, problem: `the log ends early, or its last line was changed: line ${count}` };
  return { lines: count, head: previous };
}

/** The hash that a line names as that of the line before it; undefined where it is no record. */
export function previousOf(line: string): string | undefined {
  try {
    const { previous } = JSON.parse(line) as { previous?: unknown };
    return typeof previous === 'string' ? previous : undefined;
  } catch {
    return undefined;
  }
}
