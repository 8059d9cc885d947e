import { once } from '../core/once.js';
import { remember } from '../core/remember.js';
import type { SourceFile } from '../core/text.js';
import type { JsonDocument, JsonNode, JsonProblem } from './json.js';

/** A YAML file in the tree of documents/json.ts; what an alias or a merge key stands for is in every place. */
export interface YamlDocument extends JsonDocument {
  /** The documents of the stream in order; `root` is the first. */
  readonly roots: readonly JsonNode[];
}

/** Real files have a few kilobytes; the parser needs seconds for half a megabyte. */
const longest = 200_000;

const tooLong: JsonProblem = { message: `longer than ${longest} characters`, at: { start: 0, end: 0 } };

/** Repositories that come from one template have their compose files in common. */
const loadReader = once(async () => {
  const { readStream } = await import('./yaml-tree.js');
  return remember(readStream, { entries: 100, longest: 4000 });
});

/**
 * Reads YAML. Never throws: what is wrong becomes a problem with its place. Plain `yes`, `on` and `22:22` are texts, as
 * in YAML 1.2. The parser is loaded here.
 */
export async function parseYaml(file: SourceFile): Promise<YamlDocument> {
  if (file.text.length > longest)
    return { file, root: undefined, roots: [], problems: [tooLong], duplicates: [] };
  const read = await loadReader();
  return { file, ...read(file.text) };
}
