import type { Place, SourceFile } from '../core/text.js';
import { baseName } from '../documents/shell-commands.js';
import type { Container, LifecycleHook } from './container.js';
import { mentionsFilter } from './firewall-names.js';
import { readAlone } from './firewall-reading.js';
import type { ReadScript, ScriptSurroundings } from './firewall-script.js';
import { type Step, stopsOnFailure } from './firewall-step.js';

/** One way in which a script is started. */
export interface Start {
  /** `entry` is what PID 1 is. */
  readonly from: LifecycleHook | 'entry';
  /** The command that starts it, in the script that does. */
  readonly place: Place;
  /** The hook's command, or the entry point. */
  readonly origin: Place;
  /** As written: `sudo /usr/local/bin/init-firewall.sh`. */
  readonly text: string;
  readonly hasSudo: boolean;
  readonly isBackground: boolean;
  /** Where somebody on the way does not care whether it worked. */
  readonly hiddenAt: Place | undefined;
  /** How the script is given as a path, for comparing with what sudo allows and what is copied. */
  readonly path: string;
  /** Other commands of the same hook run at the same time. */
  readonly isParallel: boolean;
}

/** A script that something starts, with all that start it. */
export interface StartedScript {
  readonly file: SourceFile;
  readonly starts: Start[];
}

interface Source {
  readonly from: Start['from'];
  readonly text: string;
  readonly origin: Place;
  readonly isParallel: boolean;
  placeOf(start: number, end: number): Place;
}

const deepest = 3;
const mostCalls = 2000;

/** Every script of the project that a command inside the container starts, and that speaks of packet filters or starts one that does. */
export function findStarts(
  container: Container,
  surroundings: ScriptSurroundings,
): ReadonlyMap<string, StartedScript> {
  const found = new Map<string, StartedScript>();
  const parsed = new Map<string, ReadScript | undefined>();
  const budget = { left: mostCalls };
  for (const source of sourcesOf(container)) {
    const file: SourceFile = { path: source.origin.file.path, text: source.text };
    const script = readAlone(file, surroundings);
    if (!script) continue;
    const place = (at: Place) => (at.file === script.file ? source.placeOf(at.at.start, at.at.end) : at);
    follow(script, {
      container,
      surroundings,
      found,
      parsed,
      source,
      place,
      depth: 0,
      budget,
      outer: undefined,
    });
  }
  return found;
}

/** What runs inside the container from outside its tools: the hooks' commands, and PID 1. */
function sourcesOf({ lifecycle, startup }: Container): readonly Source[] {
  const inside = lifecycle.filter(({ value }) => value.hook !== 'initializeCommand');
  const hooks = inside.map(({ value, place }): Source => {
    const text = value.script ?? (value.argv ?? []).map(quote).join(' ');
    const siblings = inside.filter((one) => one.value.hook === value.hook && one.place.file === place.file);
    const placeOf = value.script === undefined ? () => place : value.placeOf;
    return { from: value.hook, text, origin: place, isParallel: siblings.length > 1, placeOf };
  });
  const entry = startup.keepsEntry ? startup.entry : [];
  return [
    ...hooks,
    ...entry.map(
      ({ text, place }): Source => ({
        from: 'entry',
        text,
        origin: place,
        isParallel: false,
        placeOf: () => place,
      }),
    ),
  ];
}

function quote(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

interface Walk {
  readonly container: Container;
  readonly surroundings: ScriptSurroundings;
  readonly found: Map<string, StartedScript>;
  readonly parsed: Map<string, ReadScript | undefined>;
  readonly source: Source;
  readonly place: (at: Place) => Place;
  readonly depth: number;
  /** Scripts that call each other without end are no more than these calls. */
  readonly budget: { left: number };
  /** The start of the script whose commands are looked at. */
  readonly outer: Start | undefined;
}

function follow(script: ReadScript, walk: Walk): void {
  const { container, surroundings, found, parsed, source, place, outer } = walk;
  for (const step of script.steps) {
    if (step.kind !== 'call' || step.isHandler || --walk.budget.left < 0) continue;
    const name = scriptName(step);
    const file = name === undefined ? undefined : container.startup.findScript(name).find(isShellScript);
    if (!file || name === undefined) continue;
    const start = startOf(step, { script, name, source, place, outer });
    const known = found.get(file.path) ?? { file, starts: [] };
    if (known.starts.length >= 20) continue;
    if (mentionsFilter(file.text)) {
      known.starts.push(start);
      found.set(file.path, known);
    }
    if (walk.depth >= deepest) continue;
    if (!parsed.has(file.path)) parsed.set(file.path, readAlone(file, surroundings));
    const inner = parsed.get(file.path);
    if (inner) follow(inner, { ...walk, place: (at) => at, depth: walk.depth + 1, outer: start });
  }
}

interface Link {
  readonly script: ReadScript;
  readonly name: string;
  readonly source: Source;
  readonly place: (at: Place) => Place;
  readonly outer: Start | undefined;
}

function startOf(step: Extract<Step, { kind: 'call' }>, { script, name, source, place, outer }: Link): Start {
  const at = place(step.place);
  const { start, end } = step.place.at;
  return {
    from: source.from,
    place: at,
    origin: source.origin,
    text: step.place.file.text.slice(start, end),
    hasSudo:
      (outer?.hasSudo ?? false) || step.starters.some(({ text }) => /(?:^|\/)(?:sudo|doas)$/.test(text)),
    isBackground: (outer?.isBackground ?? false) || step.isBackground,
    hiddenAt: isHidden(step, script) ? at : outer?.hiddenAt,
    path: name,
    isParallel: source.isParallel,
  };
}

/** Whether the script goes on as if all was well where the started one fails. */
function isHidden(step: Step, { lastStatement }: ReadScript): boolean {
  if (step.isBackground) return true;
  if (step.onFailure !== undefined) return step.onFailure === 'goes-on';
  return !stopsOnFailure(step) && step.place.at.start < lastStatement;
}

const shells = /^(?:.*\/)?(?:(?:ba|da|z|k|a)?sh|source|\.)$/;

/** The script that a command starts: `./a.sh`, `bash -e a.sh`. */
function scriptName(step: Extract<Step, { kind: 'call' }>): string | undefined {
  const texts = step.words.map(({ text }) => text);
  const [program = ''] = texts;
  if (shells.test(program)) return texts.slice(1).find((text) => !/^[-+]/.test(text));
  return program.replace(/^\uFFFC/, '.');
}

export function isShellScript({ path, text }: SourceFile): boolean {
  const shebang = /^\uFEFF?#!([^\n]*)/.exec(text)?.[1];
  if (shebang !== undefined) return /\b(?:ba|da|z|k|a)?sh\b/.test(shebang);
  return /\.(?:ba|z|k)?sh$/.test(path) || !baseName(path).includes('.');
}
