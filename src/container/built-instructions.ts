import type { SourceFile } from '../core/text.js';
import type { DockerInstruction, DockerStage } from '../documents/dockerfile.js';
import type { Build } from './dockerfile-build.js';

/** An instruction of a stage that is built. */
export interface BuiltInstruction extends DockerInstruction {
  readonly file: SourceFile;
  readonly stage: DockerStage;
  /** Its stage becomes the image; of any other only what is copied on does. */
  readonly kept: boolean;
  /** Who runs it, as the Dockerfile says; undefined where only the base image knows. */
  readonly user: string | undefined;
}

/** The instructions of all stages that are built, in the file's order. */
export function readInstructions({ file, stages, chain }: Build): readonly BuiltInstruction[] {
  const users = new Map<string, string | undefined>();
  const built: BuiltInstruction[] = [];
  for (const stage of stages) {
    let user = users.get(stage.base.text.toLowerCase());
    const kept = chain.includes(stage);
    for (const { keyword, at, words, flags, variables, text } of stage.instructions) {
      if (keyword === 'USER') user = words[0]?.text.split(':')[0];
      built.push({ keyword, at, words, flags, variables, text, file, stage, kept, user });
    }
    if (stage.name !== undefined) users.set(stage.name, user);
  }
  return built;
}
