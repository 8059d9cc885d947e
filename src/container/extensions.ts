import { elements, member, stringValue } from '../documents/json.js';
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
  return [member(vscode, 'extensions'), member(root, 'extensions')].flatMap((list) =>
    elements(list?.value).flatMap((node) => {
      const text = stringValue(node)?.trim() ?? '';
      const [, id = '', publisher = '', version] = /^(([\w-]+)\.[\w.-]+)(?:@(.+))?$/.exec(text) ?? [];
      if (id === '' || text.startsWith('-')) return [];
      return [
        declare(source, node, 'extensions', {
          id: id.toLowerCase(),
          publisher: publisher.toLowerCase(),
          version,
        }),
      ];
    }),
  );
}
