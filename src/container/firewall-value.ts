import type { Place } from '../core/text.js';

/** Where a value that a script does not state comes from, as far as that matters to a firewall. */
export type Origin =
  | 'argument'
  | 'environment'
  | 'status'
  | 'file'
  /** The routing table, then what of it: the gateway's address, the container's network, the interface's name. */
  | 'route'
  | 'gateway'
  | 'bridge'
  /** An address of the machine that the container runs on. */
  | 'host'
  | 'interface'
  /** The container's own name servers. */
  | 'resolver'
  | 'lookup'
  | 'fetch'
  | 'forge-ranges'
  | 'cloud-ranges'
  /** Rules that were there before. */
  | 'saved-rules';

/** What stands in a text for a stretch that is not known. */
export const hole = '\uFFFC';

/** A text of which stretches may be unknown. */
export interface Value {
  readonly text: string;
  readonly origins: readonly Origin[];
  /** What it is where nobody sets it: the default of `${NAME:-x}`. */
  readonly usual?: string | undefined;
  /** All that it may be, where that is known. */
  readonly oneOf?: readonly string[];
}

/** A stretch of a program's output, and the place of the command that wrote it. */
export interface Chunk extends Sureness {
  readonly value: Value;
  readonly place: Place;
}

/** Whether something happens at all depends on what is not known, or on somebody who changes a default. */
export interface Sureness {
  readonly isConditional?: boolean;
  readonly isSwitched?: boolean;
}

export type Output = readonly Chunk[];

export const empty: Value = { text: '', origins: [] };

export function known(text: string): Value {
  return { text, origins: [] };
}

export function unknown(origins: readonly Origin[], usual?: string): Value {
  return { text: hole, origins: [...new Set(origins)], usual };
}

export function isKnown({ text }: Value): boolean {
  return !text.includes(hole);
}

/** What a value is in a run that nobody steers; undefined where it cannot be said. */
export function usualText(value: Value): string | undefined {
  return isKnown(value) ? value.text : value.usual;
}

/** Longer texts are data; what they say in detail does not matter. */
const longest = 65_536;

export function joinValues(values: readonly Value[], between = ''): Value {
  const [only] = values;
  if (only && values.length === 1) return only;
  const texts = values.map(({ text }) => text);
  const origins = [...new Set(values.flatMap((value) => value.origins))];
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  return { text: length > longest ? hole : texts.join(between), origins, usual: joinUsual(values, between) };
}

function joinUsual(values: readonly Value[], between: string): string | undefined {
  const texts = values.map(usualText);
  const length = texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
  return length <= longest && texts.every((text) => text !== undefined) ? texts.join(between) : undefined;
}

export function textOfOutput(output: Output): Value {
  return joinValues(output.map(({ value }) => value));
}

/** The lines of an output, each with the place of what began it. */
export function linesOf(output: Output): readonly Chunk[] {
  const lines: (Chunk & { readonly parts: Value[] })[] = [];
  let open: Value[] | undefined;
  for (const chunk of output) {
    for (const [index, text] of chunk.value.text.split('\n').entries()) {
      if (index > 0) open = undefined;
      if (text === '') continue;
      if (!open) {
        open = [];
        lines.push({ ...chunk, parts: open });
      }
      const { value } = chunk;
      open.push(value.text === text ? value : { text, origins: text.includes(hole) ? value.origins : [] });
    }
  }
  return lines.map(({ parts, ...line }) => ({ ...line, value: joinValues(parts) }));
}

/** What a name holds behind branches of which it is not known which one ran. */
export function mergeValues(candidates: readonly Value[], before: Value | undefined): Value {
  const texts = new Set(candidates.map(({ text }) => text));
  const [first] = candidates;
  if (first && (candidates.length === 1 || (texts.size === 1 && isKnown(first)))) return first;
  const origins = candidates.flatMap((value) => value.origins);
  // A default that only somebody's file, argument or variable replaces is what holds in most runs.
  const others = candidates.filter((value) => value.text !== before?.text);
  const isSteered = others.every(isSteering);
  const merged = unknown(origins, before && isSteered ? usualText(before) : undefined);
  const all = candidates.map((value) => (isKnown(value) ? [value.text] : value.oneOf));
  const oneOf = all.every((some) => some !== undefined) ? [...new Set(all.flat())] : [];
  return oneOf.length > 0 && oneOf.length <= 4 ? { ...merged, oneOf } : merged;
}

/** Whether somebody's file, argument or variable decides what it is. */
export function isSteering({ origins }: Value): boolean {
  return origins.length > 0 && origins.every((origin) => steering.has(origin));
}

const steering: ReadonlySet<Origin> = new Set(['file', 'argument', 'environment']);
