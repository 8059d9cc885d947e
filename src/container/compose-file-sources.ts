import { member } from '../documents/json.js';
import type { ComposeProject } from './compose-files.js';
import {
  declareStated,
  type Layers,
  lastOf,
  layersOf,
  type Stated,
  textAt,
  textOf,
} from './compose-layers.js';
import { resolveComposePath } from './compose-mounts.js';
import type { Declared } from './container.js';
import type { FileSource } from './file-sources.js';

/** The files that a service gets as variables, labels, secrets and configs. `root` is the folder of the workspace. */
export function readServiceFiles(
  service: Layers,
  compose: ComposeProject,
  root: string,
): readonly Declared<FileSource>[] {
  return [
    ...readList(service, 'env_file', 'variables', root),
    ...readList(service, 'label_file', 'labels', root),
    ...readNamed(service, 'secrets', compose.secrets, root),
    ...readNamed(service, 'configs', compose.configs, root),
  ];
}

/** A path, a list of them, or of mappings with one each. */
function readList(service: Layers, key: string, as: string, root: string): readonly Declared<FileSource>[] {
  return layersOf(service, key).flatMap(({ file, node }) => {
    const nodes = node.type === 'array' ? (node.children ?? []) : [node];
    return nodes.flatMap((item) => {
      const path = item.type === 'object' ? member(item, 'path')?.value : item;
      const stated = path && { file, node: path };
      return stated ? declareFile(stated, as, root, [{ file, node: item }]) : [];
    });
  });
}

/** What the service names of the project's secrets or configs, where those say a file or a variable. */
function readNamed(
  service: Layers,
  key: 'secrets' | 'configs',
  all: ReadonlyMap<string, Layers>,
  root: string,
): readonly Declared<FileSource>[] {
  const named = new Map<string, Stated[]>();
  for (const { file, node } of layersOf(service, key))
    for (const child of node.children ?? []) {
      const item = { file, node: child };
      const name = child.type === 'object' ? textAt([item], 'source') : textOf(item);
      if (name !== undefined) named.set(name, [...(named.get(name) ?? []), item]);
    }
  return [...named].flatMap(([name, items]) => {
    const definition = all.get(name) ?? [];
    const file = lastOf(definition, 'file');
    const variable = lastOf(definition, 'environment');
    const as = `the ${key === 'secrets' ? 'secret' : 'config'} ${name}`;
    if (file) return declareFile(file, as, root, items);
    const text = variable && textOf(variable);
    // The project's own `.env` file states it.
    if (!variable || !text || variable.file.variables.has(text)) return [];
    return [declareStated(variable, { as, source: text, host: undefined }, items)];
  });
}

/** `items` are what goes when the file is not to be read. */
function declareFile(
  stated: Stated,
  as: string,
  root: string,
  items: Layers,
): readonly Declared<FileSource>[] {
  const source = textOf(stated)?.trim();
  if (!source) return [];
  const host = resolveComposePath(source, stated.file.folder, root);
  return [declareStated(stated, { as, source, host }, items)];
}
