import { printable } from '../core/printable.js';
import { displayWidth } from '../core/width.js';
import { type Io, type Output, widthOf } from './io.js';

/** A run that is over by then shows nothing. */
const quietFor = 700;
const interval = 100;

/** One line on a terminal that says how far a long run is. */
export interface Progress {
  /** Shows the line when it is time to. */
  show(text: string): void;
  /** Takes it away, before anything else is written or at the end. */
  clear(): void;
}

/** Nothing is ever shown where the stream is no terminal, or one that cannot go back in its line. */
export function openProgress(stream: Output, env: Io['env'], now: () => number = Date.now): Progress {
  const isShown = stream.isTTY === true && env.TERM !== 'dumb';
  let next = now() + quietFor;
  let isThere = false;
  return {
    show(text) {
      if (!isShown || now() < next) return;
      next = now() + interval;
      isThere = true;
      stream.write(`\r\u001b[K${cut(printable(text), widthOf(stream) - 1)}`);
    },
    clear() {
      if (isThere) stream.write('\r\u001b[K');
      isThere = false;
    },
  };
}

function cut(text: string, width: number): string {
  let used = 0;
  let shown = '';
  for (const character of text) {
    used += displayWidth(character);
    if (used > width) break;
    shown += character;
  }
  return shown;
}
