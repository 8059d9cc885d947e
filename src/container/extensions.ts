import { remember } from '../core/remember.js';
import { elements, type JsonNode, member, stringValue } from '../documents/json.js';
import type { Declared } from './container.js';
import { declare, type Source } from './declare.js';

/** An extension that the editor installs in the container. */
export interface Extension {
  /** Lower case, without version: `publisher.name`. */
  readonly id: string;
  readonly publisher: string;
  readonly version: string | undefined;
}

/** Extensions of `customizations.vscode` and of the older `extensions`; one with a dash before it is taken out again. */
export function readExtensions(source: Source): readonly Declared<Extension>[] {
  const { root } = source.document;
  const vscode = member(member(root, 'customizations')?.value, 'vscode')?.value;
  const found: Declared<Extension>[] = [];
  addExtensions(source, member(vscode, 'extensions')?.value, found);
  addExtensions(source, member(root, 'extensions')?.value, found);
  return found;
}

function addExtensions(source: Source, list: JsonNode | undefined, found: Declared<Extension>[]): void {
  for (const node of elements(list)) {
    const extension = splitExtension(stringValue(node) ?? '');
    if (extension !== 'none') found.push(declare(source, node, 'extensions', extension));
  }
}

const splitExtension = remember((text): Extension | 'none' => {
  const [, id = '', publisher = '', version] = /^(([\w-]+)\.[\w.-]+)(?:@(.+))?$/.exec(text.trim()) ?? [];
  if (id === '' || id.startsWith('-')) return 'none';
  return { id: id.toLowerCase(), publisher: publisher.toLowerCase(), version };
});
