import type { SourceFile } from '../core/text.js';
import { elements, type JsonDocument, parseJson } from '../documents/json.js';
import type { Build } from './dockerfile-build.js';

/**
 * What `LABEL devcontainer.metadata='[{…}]'` of a Dockerfile states, one document for each entry, with offsets into
 * the Dockerfile. The tools merge it like the properties of devcontainer.json, and before them.
 */
export function readImageLabel({ file, chain }: Build): readonly JsonDocument[] {
  for (const { instructions } of chain) {
    const found = instructions
      .filter(({ keyword }) => keyword === 'LABEL')
      .toReversed()
      .flatMap(({ at }) => findMetadata(file, at.start, at.end));
    const document = found[0];
    // The label of a later stage takes the whole label's place.
    if (document) return entriesOf(document);
  }
  return [];
}

function entriesOf(document: JsonDocument): readonly JsonDocument[] {
  const { root } = document;
  const entries = root?.type === 'array' ? elements(root) : root ? [root] : [];
  return entries.map((entry) => ({ ...document, root: entry }));
}

function findMetadata(file: SourceFile, start: number, end: number): readonly JsonDocument[] {
  const label = file.text.slice(start, end);
  const match = /(?:^|\s)["']?devcontainer\.metadata["']?\s*[=\s]\s*(?=(['"])|\S)/.exec(label);
  if (!match) return [];
  const [before, quote] = match;
  const from = match.index + before.length + (quote === undefined ? 0 : 1);
  const rest = label.slice(from);
  const value =
    quote === "'" ? /^[^']*/.exec(rest)?.[0] : quote === '"' ? /^(?:[^"\\]|\\[\s\S])*/.exec(rest)?.[0] : rest;
  const text = ' '.repeat(start + from) + (value === undefined ? '' : toPlainJson(value));
  const { root, problems, duplicates } = parseJson({ path: file.path, text });
  return [{ file, root, problems, duplicates }];
}

/** The value without the Dockerfile's escapes, each character at its old offset: a blank stands beside each quote. */
function toPlainJson(value: string): string {
  let isInside = false;
  return value
    .replaceAll(/\\[ \t]*\r?\n/g, (text) => ' '.repeat(text.length))
    .replaceAll('\\"', () => {
      isInside = !isInside;
      return isInside ? ' "' : '" ';
    });
}
