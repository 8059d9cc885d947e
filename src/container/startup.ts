import type { Place, SourceFile } from '../core/text.js';
import { instructionsOf, lastInstruction } from '../documents/dockerfile-stages.js';
import { member, stringValue } from '../documents/json.js';
import type { Source } from './declare.js';
import type { Build } from './dockerfile-build.js';
import type { Entry } from './firewall.js';
import type { ScriptSearch } from './project-scripts.js';

/** A command as text, and where it stands. */
export interface StartedCommand {
  readonly text: string;
  readonly place: Place;
}

/** What runs when the image is built and when the container starts, as far as files of the project say. */
export interface Startup {
  /** What the compose service starts with, then ENTRYPOINT and CMD of the image. */
  readonly entry: readonly StartedCommand[];
  /** Whether PID 1 is what the image says; the tools put a shell of their own there unless they are told not to. */
  readonly keepsEntry: boolean;
  /** The RUN, COPY, ADD and USER instructions of the image, in their order. */
  readonly build: readonly (StartedCommand & { readonly keyword: string })[];
  /** The command after which tools may come in; undefined for the default, which is before postCreateCommand. */
  readonly waitFor: string | undefined;
  /** Files of the project that a name in a command may mean, the likeliest first. */
  findScript(name: string): readonly SourceFile[];
}

export function readStartup(
  { document, compose }: Source,
  build: Build | undefined,
  search: ScriptSearch,
  own: Entry | undefined,
): Startup {
  const given = member(document.root, 'overrideCommand')?.value.value;
  const service = own ? [{ text: own.words.join(' '), place: own.place }] : [];
  return {
    entry: build ? [...service, ...listStarted(build)] : service,
    keepsEntry: given === undefined ? compose : given === false,
    build: build ? listInstructions(build) : [],
    waitFor: stringValue(member(document.root, 'waitFor')?.value),
    findScript: (name) => search.find(name),
  };
}

function listStarted({ chain, file }: Build): Startup['entry'] {
  return ['ENTRYPOINT', 'CMD'].flatMap((keyword) => {
    const found = lastInstruction(chain, keyword);
    if (!found) return [];
    return [{ text: found.words.map(({ text }) => text).join(' '), place: { file, at: found.at } }];
  });
}

function listInstructions({ chain, file }: Build): Startup['build'] {
  return instructionsOf(chain)
    .filter(({ keyword }) => /^(?:RUN|COPY|ADD|USER)$/.test(keyword))
    .map(({ keyword, text, at }) => ({ keyword, text, place: { file, at } }));
}
