import { elements, type JsonNode, member, members, stringValue } from '../documents/json.js';
import { removeWithEmptyParents } from '../documents/json-edits.js';
import type { Declared } from './container.js';
import { declare, type Source, textOfNode } from './declare.js';
import { localPath } from './dockerfile-build.js';
import { type HostPath, resolveHostPath } from './host-path.js';
import { joinPath } from './paths.js';
import { hostVariablesIn } from './variables.js';

/** An option of the command that builds the image: `--network=host`, or what compose says for it. */
export interface BuildOption {
  /** With its dashes. */
  readonly name: string;
  readonly value: string | undefined;
}

export interface BuildArgument {
  readonly name: string;
  /** Undefined where the host's variable of that name is passed on. */
  readonly value: string | undefined;
  readonly hostVariables: readonly string[];
}

/** Where the builder takes files from. */
export interface BuildContext {
  readonly reference: string;
  readonly kind: 'project' | 'outside' | 'remote' | 'host';
  /** Where it is on the host, of a folder that is named in full. */
  readonly host: HostPath | undefined;
}

interface Option extends BuildOption {
  readonly nodes: readonly JsonNode[];
}

/** The entries of `build.options`, a value in an element of its own joined with its option. */
function readOptions({ document }: Source): readonly Option[] {
  const options: Option[] = [];
  const nodes = elements(member(member(document.root, 'build')?.value, 'options')?.value);
  for (let index = 0; index < nodes.length; index += 1) {
    const node = nodes[index];
    const text = stringValue(node)?.trim() ?? '';
    const [, name, value] = /^(--[\w-]+)(?:[=\s]\s*(.*))?$/s.exec(text) ?? [];
    if (!node || name === undefined) continue;
    const next = nodes[index + 1];
    const following = stringValue(next)?.trim();
    if (value !== undefined || !next || following === undefined || following.startsWith('-'))
      options.push({ name, value, nodes: [node] });
    else {
      options.push({ name, value: following, nodes: [node, next] });
      index += 1;
    }
  }
  return options;
}

export function readBuildOptions(source: Source): readonly Declared<BuildOption>[] {
  return readOptions(source).flatMap(({ name, value, nodes }) => {
    const [first] = nodes;
    const remove = () => removeWithEmptyParents(source.document, nodes);
    return first ? [declare(source, nodes.at(-1) ?? first, 'build', { name, value }, remove)] : [];
  });
}

/** Arguments of `build.args` and of `--build-arg`. */
export function readBuildArguments(source: Source): readonly Declared<BuildArgument>[] {
  const args = members(member(member(source.document.root, 'build')?.value, 'args')?.value);
  const given = args.flatMap(({ key, value: node }) => {
    const value = textOfNode(node);
    if (value === undefined) return [];
    return [declare(source, node, 'build', { name: key, value, hostVariables: hostVariablesIn(value) })];
  });
  const options = readOptions(source).flatMap(({ name, value: text = '', nodes }) => {
    const node = nodes.at(-1);
    if (name !== '--build-arg' || !node) return [];
    const [, key = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
    const hostVariables = value === undefined ? [key] : hostVariablesIn(value);
    const remove = () => removeWithEmptyParents(source.document, nodes);
    return [declare(source, node, 'build', { name: key, value, hostVariables }, remove)];
  });
  return [...given, ...options];
}

/** The context where devcontainer.json names one; it is the file's own folder otherwise. */
export function readBuildContext(source: Source): readonly Declared<BuildContext>[] {
  const { root, file } = source.document;
  const node = (member(root, 'context') ?? member(member(root, 'build')?.value, 'context'))?.value;
  const reference = stringValue(node)?.trim();
  if (!node || !reference) return [];
  return [declare(source, node, 'build', judgeContext(file.path, reference, localPath(file, reference)))];
}

/** `steps` lead from the file to the context. */
export function judgeContext(
  file: string,
  reference: string,
  steps: readonly string[],
  compose = false,
): BuildContext {
  if (/^(?:(?:https?|git|ssh):\/\/|git@|github\.com\/)/i.test(reference))
    return { reference, kind: 'remote', host: undefined };
  const isFull =
    /^(?:[\\/]|[a-z]:|\$|~)/i.test(reference) && !reference.startsWith('${localWorkspaceFolder}');
  if (isFull) return { reference, kind: 'host', host: resolveHostPath(reference, { compose }) };
  const isInside = joinPath(file, ...steps) !== undefined;
  return { reference, kind: isInside ? 'project' : 'outside', host: undefined };
}
