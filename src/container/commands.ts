import { Attached } from '../core/attached.js';
import { remember } from '../core/remember.js';
import type { Place, SourceFile, Span } from '../core/text.js';
import { type PlainCommand, readCommands } from '../documents/command-words.js';
import { commandsOfDockerfile } from '../documents/dockerfile-commands.js';
import type { Container, LifecycleHook } from './container.js';

/** A simple command that runs when the image is built, or in the container. */
export interface ContainerCommand extends PlainCommand {
  /** `image` is what the image or the compose service starts; of a script the hook that starts it. */
  readonly from: 'build' | 'image' | Exclude<LifecycleHook, 'initializeCommand'>;
  /** The file that its text stands in, where its offsets count; undefined where it is decoded from one. */
  readonly file: SourceFile | undefined;
  /** What it builds stays in the image. */
  readonly kept: boolean;
  /** Where a stretch of it stands. */
  placeOf(at: { readonly start: number; readonly end: number }): Place;
}

/** Commands that stand together, and what they have in common. */
interface CommandGroup extends Pick<ContainerCommand, 'from' | 'file' | 'kept' | 'placeOf'> {
  readonly commands: readonly PlainCommand[];
}

// Several rules ask for the same list.
const known = new Attached<Container['instructions'], Map<unknown, readonly CommandGroup[]>>();

/** The commands of the instructions that are built, then those of hooks in the container with the scripts that they start. */
export function commandsOf(container: Container): readonly ContainerCommand[] {
  return groupsOf(container).flatMap((group) => group.commands.map((command) => toCommand(command, group)));
}

/** Those of programs whose names are wanted. */
export function commandsNamed(
  container: Container,
  isWanted: (name: string) => boolean,
): readonly ContainerCommand[] {
  const found: ContainerCommand[] = [];
  for (const group of groupsOf(container))
    for (const command of group.commands) if (isWanted(command.name)) found.push(toCommand(command, group));
  return found;
}

function toCommand(command: PlainCommand, { from, file, kept, placeOf }: CommandGroup): ContainerCommand {
  const { name, words, all, assignments, outputs, documents, source, at } = command;
  return { name, words, all, assignments, outputs, documents, source, at, from, file, kept, placeOf };
}

function groupsOf(container: Container): readonly CommandGroup[] {
  let byHooks = known.get(container.instructions);
  if (!byHooks) {
    byHooks = new Map();
    known.set(container.instructions, byHooks);
  }
  let found = byHooks.get(container.lifecycle);
  if (!found) {
    found = [...builtCommands(container), ...hookCommands(container)];
    byHooks.set(container.lifecycle, found);
  }
  return found;
}

const running: ReadonlySet<string> = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'ONBUILD']);

function builtCommands({ instructions }: Container): readonly CommandGroup[] {
  return instructions.flatMap(({ file, at, kept, keyword }) => {
    if (!running.has(keyword)) return [];
    const placeOf = (span: Span) => ({ file, at: span });
    const { build, image } = commandsAt(`${at.start} ${file.text.slice(at.start, at.end)}`);
    const groupOf = (from: 'build' | 'image', commands: readonly PlainCommand[]): CommandGroup[] =>
      commands.length > 0 ? [{ from, commands, file, kept, placeOf }] : [];
    return [...groupOf('build', build), ...groupOf('image', image)];
  });
}

/** The commands of an instruction behind the offset at which it stands: Dockerfiles have their lines in common. */
const commandsAt = remember((offsetAndText) => {
  const end = offsetAndText.indexOf(' ');
  const all = commandsOfDockerfile(offsetAndText.slice(end + 1), Number(offsetAndText.slice(0, end)));
  const of = (isBuild: boolean) =>
    all.filter(({ keyword }) => (keyword === 'RUN') === isBuild).map(({ command }) => command);
  return { build: of(true), image: of(false) };
});

const commandsOfText = remember((text) => readCommands(text));

function hookCommands({ lifecycle }: Container): readonly CommandGroup[] {
  return lifecycle.flatMap(({ value, place }): readonly CommandGroup[] => {
    const { hook: from, script, argv, placeOf, scripts } = value;
    if (from === 'initializeCommand') return [];
    return [
      {
        from,
        commands: commandsOfText(script ?? (argv ?? []).map(quote).join(' ')),
        file: undefined,
        kept: true,
        placeOf: ({ start, end }) => (script === undefined ? place : placeOf(start, end)),
      },
      ...scripts.map(
        ({ file }): CommandGroup => ({
          from,
          commands: commandsOfText(file.text.replace(/^\uFEFF/, ' ')),
          file,
          kept: true,
          placeOf: (at) => ({ file, at }),
        }),
      ),
    ];
  });
}

function quote(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
