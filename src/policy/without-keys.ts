import { applyEdits } from '../core/edit.js';
import type { SourceFile } from '../core/text.js';
import { member, parseJson } from '../documents/json.js';
import { removeNodes } from '../documents/json-edits.js';

/** The policy without some of its properties. */
export function withoutKeys(file: SourceFile, keys: readonly string[]): SourceFile {
  const document = parseJson(file);
  const nodes = keys.flatMap((key) => member(document.root, key)?.value ?? []);
  return { path: file.path, text: applyEdits(file.text, removeNodes(document, nodes)) };
}
