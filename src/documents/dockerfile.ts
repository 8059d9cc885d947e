import { Attached } from '../core/attached.js';
import { once } from '../core/once.js';
import { remember } from '../core/remember.js';
import type { SourceFile, Span } from '../core/text.js';

/** A word of an instruction with variables expanded as far as the file and the build arguments say. */
export interface DockerWord {
  readonly text: string;
  readonly at: Span;
}

/** One `--name=value` before an instruction's words; `--mount` may stand there more than once. */
export interface DockerFlag {
  /** Lower case, without dashes: `from`, `chown`. */
  readonly name: string;
  readonly value: string;
  readonly at: Span;
}

/** `NAME=value`, or the older `NAME value`; ARG may name one without a value. */
export interface DockerVariable {
  readonly name: string;
  readonly value: string | undefined;
  readonly at: Span;
}

export interface DockerInstruction {
  /** Upper case. */
  readonly keyword: string;
  readonly at: Span;
  /** Words without flags; of the JSON form its strings. */
  readonly words: readonly DockerWord[];
  readonly flags: readonly DockerFlag[];
  /** What ENV and ARG assign. */
  readonly variables: readonly DockerVariable[];
  /** The arguments as written, continued lines and heredocs included. */
  readonly text: string;
}

/** One `FROM` and what follows it. */
export interface DockerStage {
  readonly name: string | undefined;
  readonly base: DockerWord;
  readonly instructions: readonly DockerInstruction[];
}

export interface DockerfileDocument {
  readonly file: SourceFile;
  readonly stages: readonly DockerStage[];
}

/** What was read already, by build arguments: a fix lints the same files again after each step. */
const documents = new Attached<SourceFile, Map<string, DockerfileDocument>>();

/** Longer texts are remembered with their file alone: their trees are many times as large. */
const longestRemembered = 4000;

/**
 * Reads a Dockerfile; never throws, what is no instruction is left out. `args` are the build arguments, which take the
 * place of the defaults of ARG.
 */
export async function parseDockerfile(
  file: SourceFile,
  args: Readonly<Record<string, string>> = {},
): Promise<DockerfileDocument> {
  const key = JSON.stringify(args);
  const known = documents.get(file);
  const document = known?.get(key);
  if (document) return document;
  // The key ends at its first line end; what stands in a stage are offsets, which are the same in any file of this text.
  const read = file.text.length > longestRemembered ? parseText : rememberedStages;
  const made = { file, stages: await read(`${key}\n${file.text}`) };
  if (known) known.set(key, made);
  else documents.set(file, new Map([[key, made]]));
  return made;
}

// Most configurations have no Dockerfile.
const loadReader = once(() => import('./dockerfile-reader.js'));

/** The stages of a text behind the build arguments as one line of JSON. */
async function parseText(argumentsAndText: string): Promise<readonly DockerStage[]> {
  const end = argumentsAndText.indexOf('\n');
  const args = JSON.parse(argumentsAndText.slice(0, end)) as Readonly<Record<string, string>>;
  const { readDockerfile } = await loadReader();
  return readDockerfile(argumentsAndText.slice(end + 1), args);
}

/** Many projects have the same Dockerfile. */
const rememberedStages = remember(parseText);

/** A document that stands in the Dockerfile itself: `<<EOF` and the lines up to `EOF`. */
export interface HereDocument {
  readonly name: string;
  /** What stands between its marks. */
  readonly at: Span;
}

/** The words of an instruction's own line, and the documents below it. */
export function splitHereDocuments(
  { words, at }: DockerInstruction,
  { text }: SourceFile,
): { readonly words: readonly DockerWord[]; readonly documents: readonly HereDocument[] } {
  const mark = /^\d*<<-?(["']?)([A-Za-z_]\w*)\1$/;
  const first = words.find((word) => mark.test(word.text));
  if (!first) return { words, documents: [] };
  const line = text.indexOf('\n', first.at.end);
  const own = words.filter((word) => line < 0 || word.at.start < line);
  let start = line < 0 ? at.end : line + 1;
  const documents = own.flatMap((word): HereDocument[] => {
    const name = mark.exec(word.text)?.[2];
    if (name === undefined) return [];
    const end = findEnd(text, start, name, at.end);
    const document = { name, at: { start, end } };
    start = Math.min(at.end, text.indexOf('\n', end) + 1 || at.end);
    return [document];
  });
  return { words: own.filter((word) => !mark.test(word.text)), documents };
}

/** Where the line begins that ends a document. */
function findEnd(text: string, start: number, name: string, limit: number): number {
  for (let at = start; at < limit; ) {
    const next = text.indexOf('\n', at);
    const end = next < 0 || next > limit ? limit : next;
    if (text.slice(at, end).trim() === name) return at;
    at = end + 1;
  }
  return limit;
}

/** The value of a flag; undefined where the instruction has none of that name. */
export function flagOf({ flags }: DockerInstruction, name: string): string | undefined {
  return flags.findLast((flag) => flag.name === name)?.value;
}
