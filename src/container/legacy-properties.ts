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
  const migrated: LegacyProperties[] = [];
  for (const form of forms) {
    const found: JsonMember[] = [];
    for (const name of form.names.keys()) {
      const one = member(document.root, name);
      if (one) found.push(one);
    }
    if (found.length > 0) migrated.push(migrate(document, form, found));
  }
  return migrated;
}

interface Form {
  /** The property of today that they belong in. */
  readonly today: string;
  /** The older names with those of today. */
  readonly names: ReadonlyMap<string, string>;
  wrap(body: string): string;
}

const forms: readonly Form[] = [
  {
    today: 'build',
    names: new Map([
      ['dockerFile', 'dockerfile'],
      ['context', 'context'],
    ]),
    wrap: (body) => body,
  },
  {
    today: 'customizations',
    names: new Map(['settings', 'extensions', 'devPort'].map((name) => [name, name])),
    wrap: (body) => `{ "vscode": ${body} }`,
  },
];

function migrate(
  document: JsonDocument,
  { today, names, wrap }: Form,
  found: readonly JsonMember[],
): LegacyProperties {
  const [first, ...others] = found;
  const path = today === 'build' ? today : `${today}.vscode`;
  return {
    members: found,
    today: found.map(({ key }) => `${path}.${names.get(key)}`).join(' and '),
    edits: member(document.root, today) ? [] : write(),
  };

  function write(): readonly Edit[] {
    if (document.problems.length > 0 || !first) return [];
    const { path: file, text } = document.file;
    const body = found.map(
      ({ key, value }) =>
        `${JSON.stringify(names.get(key))}: ${text.slice(spanOf(value).start, spanOf(value).end)}`,
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
