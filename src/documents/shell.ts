import { once } from '../core/once.js';
import { findInText, findPowerShell } from './shell-text.js';
import { unlessTooDeep } from './shell-tree.js';

/** Remote content that a script runs without a check. Offsets are UTF-16 units of the script, half-open. */
export interface RemoteExecution {
  readonly start: number;
  readonly end: number;
  /** The address where it stands literally. */
  readonly url: string | undefined;
  /** How it is run, for a message: `curl … | bash`. */
  readonly form: string;
}

const downloads =
  /\b(?:curl|wget2?|fetch|aria2c|axel|https?|xh|lwp-request|iwr|irm|invoke-webrequest|invoke-restmethod|downloadstring)\b/i;

/** Whether there may be something to find: without one of a few words there is not, and no parser to load. */
export function mayDownload(script: string): boolean {
  return downloads.test(script);
}

/** The parser takes seconds for nested substitutions beyond this; no command line is as long. */
const longest = 65_536;

/**
 * Finds downloads that are run: piped into an interpreter, handed to one as an argument or a file, evaluated, or saved
 * and started by the same script without a check of digest or signature. Text that is only printed, comments and
 * downloads that go elsewhere (`| tar x`) are not. Never throws.
 */
export async function findRemoteExecutions(script: string): Promise<readonly RemoteExecution[]> {
  if (!mayDownload(script)) return [];
  const power = findPowerShell(script);
  if (script.length > longest) return outermost([...power, ...findInText(script)]);
  const [{ parse, forEachChild }, { findInScript }] = await loadReader();
  const found = unlessTooDeep(() => {
    const ast = parse(script);
    const inTree = findInScript(ast, { parse, forEachChild });
    return inTree.length > 0 || !ast.errors?.length ? inTree : undefined;
  });
  // A script that does not parse is read by its looks, so that a stray quote hides nothing.
  return outermost(found ? [...found, ...power] : [...power, ...findInText(script)]);
}

/** What reads a script; to ask for it again takes as long as to read a short one. */
const loadReader = once(() => Promise.all([import('unbash'), import('./shell-remote.js')]));

/** Without what lies inside another: sorted by start, that is all that ends no later than something before it. */
function outermost(found: readonly RemoteExecution[]): readonly RemoteExecution[] {
  let end = -1;
  return found
    .toSorted((a, b) => a.start - b.start || b.end - a.end)
    .filter((one) => {
      const isInside = one.end <= end;
      end = Math.max(end, one.end);
      return !isInside;
    });
}
