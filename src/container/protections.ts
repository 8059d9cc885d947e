import { type JsonDocument, member } from '../documents/json.js';
import { listNodes, textOfNode } from './declare.js';
import { type RunOption, readOptionWords } from './run-args.js';

/** The options of `runArgs` as they stand there, also where the tools do not read them. */
export function readWrittenOptions(document: JsonDocument): readonly RunOption[] {
  const nodes = listNodes(member(document.root, 'runArgs')?.value).flatMap((node) => {
    const text = textOfNode(node);
    return text === undefined ? [] : [{ text, node }];
  });
  return readOptionWords({ document, compose: false, feature: false }, nodes, true);
}

const protections =
  /^--(?:cap-drop|security-opt|read-only|network|user|pids-limit|memory|cpus|userns|tmpfs|ulimit)$/;
/** Values with which such an option protects from nothing. */
const open = /unconfined|disable|spc_t|^(?:host|root|0(?::.*)?|false|-1)$/i;

/** Whether an option holds the container back. */
export function isProtection({ name, value = '' }: Pick<RunOption, 'name' | 'value'>): boolean {
  return protections.test(name) && !open.test(value.trim());
}
