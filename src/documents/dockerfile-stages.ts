import type { DockerFlag, DockerfileDocument, DockerInstruction, DockerStage } from './dockerfile.js';

/** The stage that is built: the one named by `target` (a name or a number), else the last. */
export function findTargetStage(
  { stages }: DockerfileDocument,
  target: string | undefined,
): DockerStage | undefined {
  if (target === undefined) return stages.at(-1);
  return (
    stages.findLast(({ name }) => name === target.toLowerCase()) ??
    stages[/^\d+$/.test(target) ? Number(target) : -1]
  );
}

/** A stage and the stages it is built on, itself first. A stage can only name one that stands before it. */
export function stageChain({ stages }: DockerfileDocument, stage: DockerStage): readonly DockerStage[] {
  const named = new Map<string, DockerStage>();
  const bases = new Map<DockerStage, DockerStage | undefined>();
  for (const one of stages) {
    bases.set(one, named.get(one.base.text.toLowerCase()));
    if (one.name !== undefined) named.set(one.name, one);
  }
  const chain: DockerStage[] = [];
  for (let current: DockerStage | undefined = stage; current; current = bases.get(current))
    chain.push(current);
  return chain;
}

/** What an instruction takes files from: a stage's name or number, or an image. */
export function sourcesOf(instruction: DockerInstruction): readonly DockerFlag[] {
  return instruction.flags.flatMap((flag) => {
    if (flag.name === 'from' && instruction.keyword === 'COPY') return [flag];
    const from = flag.name === 'mount' ? /(?:^|,)from=([^,]*)/i.exec(flag.value)?.[1] : undefined;
    return from === undefined ? [] : [{ ...flag, value: from }];
  });
}

/** The stages that are built for one: its bases, those that files are copied from, and theirs. In the file's order. */
export function neededStages(document: DockerfileDocument, stage: DockerStage): readonly DockerStage[] {
  const needed = new Set<DockerStage>();
  const waiting = [stage];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (needed.has(next)) continue;
    needed.add(next);
    const [, ...bases] = stageChain(document, next);
    const copied = next.instructions
      .flatMap(sourcesOf)
      .flatMap(({ value }) => findTargetStage(document, value) ?? []);
    waiting.push(...bases, ...copied);
  }
  return document.stages.filter((one) => needed.has(one));
}

/** What a stage runs from its base on, in order. */
export function instructionsOf(chain: readonly DockerStage[]): readonly DockerInstruction[] {
  return chain.toReversed().flatMap(({ instructions }) => instructions);
}

/** The last instruction of a kind that counts for a stage, its bases included. */
export function lastInstruction(
  chain: readonly DockerStage[],
  keyword: string,
): DockerInstruction | undefined {
  for (const { instructions } of chain) {
    const found = instructions.findLast((instruction) => instruction.keyword === keyword);
    if (found) return found;
  }
  return undefined;
}
