import type { Edit } from '../core/rule.js';
import { type JsonDocument, type JsonMember, member, spanOf } from '../documents/json.js';
import { removeNodes } from '../documents/json-edits.js';

/** Properties of an older form that still count, with the form that took their place. */
export interface LegacyProperties {
  readonly members: readonly JsonMember[];
  /** For a message: `build.dockerfile and build.context`. */
  readonly today: string;
  /** Edits that write today's form; none where both forms stand beside each other, for they would have to be merged. */
  readonly edits: readonly Edit[];
}

/** The older forms in a devcontainer.json, at most one for each form of today. */
export function findLegacyProperties(document: JsonDocument): readonly LegacyProperties[] {
  return [
    migrate(document, 'build', { dockerFile: 'dockerfile', context: 'context' }, (body) => body),
    migrate(
      document,
      'customizations',
      { settings: 'settings', extensions: 'extensions', devPort: 'devPort' },
      (body) => `{ "vscode": ${body} }`,
    ),
  ].flatMap((found) => found ?? []);
}

function migrate(
  document: JsonDocument,
  today: string,
  names: Readonly<Record<string, string>>,
  wrap: (body: string) => string,
): LegacyProperties | undefined {
  const found: JsonMember[] = [];
  for (const name of Object.keys(names)) {
    const one = member(document.root, name);
    if (one) found.push(one);
  }
  const [first, ...others] = found;
  if (!first) return undefined;
  const path = today === 'build' ? today : `${today}.vscode`;
  return {
    members: found,
    today: found.map(({ key }) => `${path}.${names[key]}`).join(' and '),
    edits: member(document.root, today) ? [] : write(),
  };

  function write(): readonly Edit[] {
    if (document.problems.length > 0 || !first) return [];
    const { path: file, text } = document.file;
    const body = found.map(
      ({ key, value }) =>
        `${JSON.stringify(names[key])}: ${text.slice(spanOf(value).start, spanOf(value).end)}`,
    );
    return [
      {
        file,
        at: spanOf(first.property),
        text: `${JSON.stringify(today)}: ${wrap(`{ ${body.join(', ')} }`)}`,
      },
      ...removeNodes(
        document,
        others.map(({ property }) => property),
      ),
    ];
  }
}
