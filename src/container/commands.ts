import { remember } from '../core/remember.js';
import type { Place, SourceFile } from '../core/text.js';
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

// Several rules ask for the same list.
const known = new WeakMap<Container['instructions'], Map<unknown, readonly ContainerCommand[]>>();

/** The commands of the instructions that are built, then those of hooks in the container with the scripts that they start. */
export function commandsOf(container: Container): readonly ContainerCommand[] {
  const byHooks = known.get(container.instructions) ?? new Map<unknown, readonly ContainerCommand[]>();
  known.set(container.instructions, byHooks);
  const found = byHooks.get(container.lifecycle) ?? [...builtCommands(container), ...hookCommands(container)];
  byHooks.set(container.lifecycle, found);
  return found;
}

function builtCommands({ instructions }: Container): readonly ContainerCommand[] {
  return instructions.flatMap(({ file, at, kept, keyword }) => {
    if (!/^(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK|ONBUILD)$/.test(keyword)) return [];
    return commandsAt(`${at.start} ${file.text.slice(at.start, at.end)}`).map(
      ({ keyword: own, command }) => ({
        ...command,
        from: own === 'RUN' ? ('build' as const) : ('image' as const),
        file,
        kept,
        placeOf: (span) => ({ file, at: span }),
      }),
    );
  });
}

/** The commands of an instruction behind the offset at which it stands: Dockerfiles have their lines in common. */
const commandsAt = remember((offsetAndText) => {
  const end = offsetAndText.indexOf(' ');
  return commandsOfDockerfile(offsetAndText.slice(end + 1), Number(offsetAndText.slice(0, end)));
});

const commandsOfText = remember((text) => readCommands(text));

function hookCommands({ lifecycle }: Container): readonly ContainerCommand[] {
  return lifecycle.flatMap(({ value, place }): readonly ContainerCommand[] => {
    const { hook: from, script, argv, placeOf, scripts } = value;
    if (from === 'initializeCommand') return [];
    const commands = commandsOfText(script ?? (argv ?? []).map(quote).join(' '));
    return [
      ...commands.map((command) => ({
        ...command,
        from,
        file: undefined,
        kept: true,
        placeOf: ({ start, end }: { start: number; end: number }) =>
          script === undefined ? place : placeOf(start, end),
      })),
      ...scripts.flatMap(({ file }) =>
        commandsOfText(file.text.replace(/^\uFEFF/, ' ')).map((command) => ({
          ...command,
          from,
          file,
          kept: true,
          placeOf: (at: { start: number; end: number }) => ({ file, at }),
        })),
      ),
    ];
  });
}

function quote(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
