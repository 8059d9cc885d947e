import '../../container/devcontainer-file.js';
import { offerFix } from '../../container/fixes.js';
import type { Report, Rule } from '../../core/rule.js';
import {
  type JsonDocument,
  type JsonMember,
  type JsonNode,
  member,
  members,
  placeOf,
  stringValue,
} from '../../documents/json.js';
import { replaceNode } from '../../documents/json-edits.js';

export const noBroadCodespacesPermission: Rule<'devcontainer'> = {
  id: 'no-broad-codespaces-permission',
  on: 'devcontainer',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Ask for no more of other repositories than the work needs',
  why: 'In a codespace the token that stands in the environment carries these permissions. Code that runs there, an agent or a dependency, pushes with it into every repository that is listed, and their own builds carry it further.',
  references: [
    'https://docs.github.com/en/codespaces/managing-your-codespaces/managing-repository-access-for-your-codespaces',
    'https://cwe.mitre.org/data/definitions/269.html',
  ],
  examples: [
    {
      bad: repositories('"example/tools": { "permissions": «"write-all"» }'),
      fixed: repositories('"example/tools": { "permissions": "read-all" }'),
    },
    {
      bad: repositories('"example/tools": { "permissions": { "contents": «"write"», "issues": "read" } }'),
      fixed: repositories('"example/tools": { "permissions": { "contents": "read", "issues": "read" } }'),
    },
    { bad: repositories('«"example/*"»: { "permissions": { "contents": "read" } }') },
  ],
  good: [
    repositories('"example/tools": { "permissions": { "contents": "read", "packages": "read" } }'),
    repositories('"example/tools": { "permissions": "read-all" }'),
    '{ "image": "node:24", "customizations": { "codespaces": { "openFiles": ["README.md"], "repositories": {} } } }',
  ],
  mayShow: ({ document }) => codespacesOf(document) !== undefined,
  *check({ document }) {
    for (const repository of members(member(codespacesOf(document), 'repositories')?.value))
      yield* judge(document, repository);
  },
};

function codespacesOf({ root }: JsonDocument): JsonNode | undefined {
  return member(member(root, 'customizations')?.value, 'codespaces')?.value;
}

function* judge(document: JsonDocument, { key: name, keyNode, value }: JsonMember): Iterable<Report> {
  const permissions = member(value, 'permissions')?.value;
  if (!permissions) return;
  if (name.includes('*'))
    yield {
      place: placeOf(document, keyNode),
      message: `asks for permissions on ${name}: every repository of that owner, also those that are made later`,
    };
  if (stringValue(permissions) === 'write-all')
    yield {
      place: placeOf(document, permissions),
      message: `asks for every permission to write on ${name} (write-all)`,
      fixes: offerFix(
        'ask to read only',
        'what writes there fails',
        replaceNode(document, permissions, 'read-all'),
      ),
    };
  for (const { key: scope, value: level } of members(permissions))
    if (stringValue(level) === 'write')
      yield {
        place: placeOf(document, level),
        message: `asks to write ${scope} of ${name} from inside the codespace`,
        // The repository itself may be listed too; its name is known to the forge alone.
        confidence: 'medium',
        fixes: offerFix('ask to read only', 'what writes there fails', replaceNode(document, level, 'read')),
      };
}

function repositories(entries: string): string {
  return `{\n  "image": "node:24",\n  "customizations": { "codespaces": { "repositories": { ${entries} } } }\n}\n`;
}
