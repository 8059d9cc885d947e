import type { Place } from '../core/text.js';
import { type JsonNode, member, members, placeOf, stringValue } from '../documents/json.js';
import { spanWithin } from '../documents/json-escapes.js';
import { findRemoteExecutions, mayDownload } from '../documents/shell.js';
import type { ScriptReader } from './called-scripts.js';
import type { Declared, LifecycleCommand, LifecycleHook } from './container.js';
import { declare, type Source } from './declare.js';

const hooks: readonly LifecycleHook[] = [
  'initializeCommand',
  'onCreateCommand',
  'updateContentCommand',
  'postCreateCommand',
  'postStartCommand',
  'postAttachCommand',
];

/** Collects the commands of all hooks. A Feature has no `initializeCommand`. */
export async function addLifecycle(
  source: Source,
  readScripts: ScriptReader,
  found: Declared<LifecycleCommand>[],
): Promise<void> {
  for (const hook of hooks) {
    const node = member(source.document.root, hook)?.value;
    if (!node || (source.feature && hook === 'initializeCommand')) continue;
    if (node.type === 'object')
      for (const { value } of members(node)) await addCommand(source, readScripts, hook, value, found);
    else await addCommand(source, readScripts, hook, node, found);
  }
}

async function addCommand(
  source: Source,
  readScripts: ScriptReader,
  hook: LifecycleHook,
  node: JsonNode,
  found: Declared<LifecycleCommand>[],
): Promise<void> {
  const { document } = source;
  const text = stringValue(node);
  const words = node.type === 'array' ? (node.children ?? []) : undefined;
  if (text === undefined && words === undefined) return;
  const argv = words?.map((word) => stringValue(word) ?? String(word.value ?? ''));
  const index = argv && scriptIndex(argv);
  const script = text ?? (index === undefined ? undefined : argv?.[index]);
  const scriptNode = index === undefined ? node : (words?.[index] ?? node);
  const placeInScript = (start: number, end: number): Place =>
    scriptNode.type === 'string'
      ? { file: document.file, at: spanWithin(document, scriptNode, start, end) }
      : placeOf(document, node);
  const remoteExecutions =
    script !== undefined && mayDownload(script) ? await findRemoteExecutions(script) : [];
  // What runs on the host is judged by the command itself.
  const isInside = hook !== 'initializeCommand';
  const scripts = isInside ? await readScripts(script ?? argv ?? '') : [];
  const value = { hook, script, argv, placeOf: placeInScript, remoteExecutions, scripts };
  found.push(declare(source, node, 'lifecycle', value));
}

const shells =
  /^(?:.*[\\/])?(?:ba|da|z|k|a|fi)?sh(?:\.exe)?$|^(?:.*[\\/])?(?:pwsh|powershell|cmd)(?:\.exe)?$/i;

/** Which word of an argument vector a shell runs as a script: the one behind `sh -c`, also below sudo or env. */
function scriptIndex(argv: readonly string[]): number | undefined {
  const shell = argv.findIndex((word) => shells.test(word));
  const isPrefixed = argv
    .slice(0, Math.max(shell, 0))
    .every((word) => /^(?:-.*|.*=.*|(?:.*\/)?(?:sudo|env|exec|nohup|time))$/.test(word));
  if (shell < 0 || !isPrefixed) return undefined;
  const option = argv.findIndex(
    (word, index) => index > shell && /^(?:-[a-zA-Z]*c|-command|\/c|\/k)$/i.test(word),
  );
  const isOptions = argv.slice(shell + 1, option).every((word) => /^[-+/]/.test(word));
  return option > 0 && isOptions && option + 1 < argv.length ? option + 1 : undefined;
}
