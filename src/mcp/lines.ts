/** Bytes that all sessions of a host process hold of lines that are not whole yet. */
export interface Budget {
  /** Whether that many more may be held. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

export function createBudget(most: number): Budget {
  let used = 0;
  return {
    take(bytes) {
      if (used + bytes > most) return false;
      used += bytes;
      return true;
    },
    give(bytes) {
      used -= bytes;
    },
  };
}

/** A line that was thrown away, with what is left of it: enough to find its id. */
export interface LongLine {
  readonly bytes: number;
  readonly head: Buffer;
  readonly tail: Buffer;
}

export interface LineReader {
  push(chunk: Buffer): void;
  /** Gives back what an unfinished line holds. */
  end(): void;
}

/** What is kept of a line that is thrown away. */
const kept = 512;
/** Lines up to this length are not counted: there are as many as sessions, and sessions are counted. */
const free = 64 * 1024;

/**
 * Cuts a stream into lines, without their line feeds. A line longer than `most` bytes, or one that the budget has no room
 * for, is thrown away up to its end while it comes: its bytes are never held.
 */
export function readLines(
  most: number,
  budget: Budget,
  take: (line: Buffer) => void,
  takeLong: (line: LongLine) => void,
): LineReader {
  let parts: Buffer[] = [];
  let length = 0;
  let held = 0;
  let long: { head: Buffer; tail: Buffer } | undefined;
  const drop = () => {
    budget.give(held);
    parts = [];
    length = 0;
    held = 0;
  };
  const add = (part: Buffer) => {
    length += part.length;
    if (long) {
      long.tail = Buffer.concat([long.tail, part.subarray(-kept)]).subarray(-kept);
      return;
    }
    const more = length <= free ? 0 : length - held;
    const hasRoom = length <= most && budget.take(more);
    if (hasRoom) held += more;
    parts.push(part);
    if (hasRoom) return;
    const whole = length;
    // The beginning is in the first parts, the end in the last one.
    long = { head: Buffer.from(firstBytes(parts)), tail: Buffer.from(part.subarray(-kept)) };
    drop();
    length = whole;
  };
  const finish = () => {
    if (long) {
      const line = { bytes: length, ...long };
      long = undefined;
      length = 0;
      takeLong(line);
      return;
    }
    const [only] = parts;
    const line = parts.length === 1 && only ? only : Buffer.concat(parts);
    drop();
    take(line);
  };
  return {
    push(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
        add(chunk.subarray(start, end));
        finish();
        start = end + 1;
      }
      if (start < chunk.length) add(chunk.subarray(start));
    },
    end: drop,
  };
}

function firstBytes(parts: readonly Buffer[]): Buffer {
  let head = Buffer.alloc(0);
  for (const part of parts) {
    if (head.length >= kept) break;
    head = Buffer.concat([head, part.subarray(0, kept - head.length)]);
  }
  return head;
}
