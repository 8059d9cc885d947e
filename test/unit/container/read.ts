import { buildContainer } from '../../../src/container/build-container.js';
import type { Container, Declared } from '../../../src/container/container.js';
import { applyEdits } from '../../../src/core/edit.js';
import type { Edit } from '../../../src/core/rule.js';
import { textOf } from '../../../src/core/text.js';
import { parseJson } from '../../../src/documents/json.js';
import { memoryProject } from '../../../src/project/memory.js';

export const configPath = '.devcontainer/devcontainer.json';

/** The container of a devcontainer.json, given as a value or as text, beside other files. */
export function read(config: unknown, files: Readonly<Record<string, string>> = {}): Promise<Container> {
  const text = typeof config === 'string' ? config : JSON.stringify(config, null, 2);
  return buildContainer(parseJson({ path: configPath, text }), memoryProject(files));
}

/** The text of devcontainer.json after edits. */
export function edited(container: Container, edits: readonly Edit[] | undefined): string {
  return applyEdits(
    container.file.text,
    (edits ?? []).filter(({ file }) => file === container.file.path),
  );
}

/** What the declared values say, and the text that each stands for. */
export function values<T>(declared: readonly Declared<T>[]): T[] {
  return declared.map(({ value }) => value);
}

export function texts(declared: readonly Declared<unknown>[]): string[] {
  return declared.map(({ place }) => textOf(place));
}
