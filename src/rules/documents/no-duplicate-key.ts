import type { Fix, Report, Rule } from '../../core/rule.js';
import {
  type DuplicateKey,
  duplicateKeys,
  type JsonDocument,
  member,
  plainValue,
} from '../../documents/json.js';
import { removeDefinition } from '../../documents/json-edits.js';
import { languageOf } from '../../documents/language.js';
import type { SourceText } from '../../documents/source-text.js';

export const noDuplicateKey: Rule<'source-text'> = {
  id: 'no-duplicate-key',
  on: 'source-text',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Write each key of an object once',
  why: 'Of two values the tools take the last without a word. Who reads the first, a reviewer or another tool, believes in a setting that does not count: a way to hide one, and an easy mistake when lines are merged.',
  references: [
    'https://datatracker.ietf.org/doc/html/rfc8259#section-4',
    'https://cwe.mitre.org/data/definitions/694.html',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24",\n  «"remoteUser"»: "node",\n  "name": "a",\n  "remoteUser": "root"\n}\n',
      fixed: '{\n  "image": "node:24",\n  "name": "a",\n  "remoteUser": "root"\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  "customizations": { "vscode": { "settings": { «"files.eol"»: "\\n", "files.eol": "\\n" } } }\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "customizations": { "vscode": { "settings": { "files.eol": "\\n" } } }\n}\n',
    },
    {
      bad: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    «"deny"»: ["Read(./.env)"],\n    "allow": ["Bash(npm test)"],\n    "deny": []\n  }\n}\n',
      },
      fixed: {
        '.claude/settings.json':
          '{\n  "permissions": {\n    "allow": ["Bash(npm test)"],\n    "deny": []\n  }\n}\n',
      },
    },
    {
      bad: {
        '.mcp.json':
          '{\n  "mcpServers": {\n    «"docs"»: { "command": "npx", "args": ["-y", "docs@1.0.0"] },\n    "docs": { "command": "./docs.sh" }\n  }\n}\n',
      },
      fixed: { '.mcp.json': '{\n  "mcpServers": {\n    "docs": { "command": "./docs.sh" }\n  }\n}\n' },
    },
  ],
  good: [
    '{ "image": "node:24", "mounts": [{ "source": "a", "target": "/a" }, { "source": "b", "target": "/b" }] }',
    '{ "image": "node:24", "//": "first", "//": "second", "_comment": "a", "_comment": "b" }',
    '{ "image": "node:24", "containerEnv": { "A": "1", "a": "2" } }',
  ],
  // Parsers count them, so the tree is looked through only where there are some.
  mayShow: ({ document }) => document !== undefined && document.duplicates.length > 0,
  *check({ document }) {
    if (!document?.duplicates.length) return;
    for (const duplicate of duplicateKeys(document.root))
      if (!isComment(duplicate.key)) yield judge(document, duplicate);
  },
};

/** JSON has no comments, and YAML's merge key may stand more than once. */
function isComment(key: string): boolean {
  return /^(?:\/\/|#|_*comment|\$comment$|<<$|x-)/i.test(key);
}

/** Keys whose values decide what the container or the agent may do. */
const relevant =
  /^(?:image|build|dockerfile|dockercomposefile|privileged|cap_?add|cap_?drop|security_?opt|mounts|volumes|runargs|(?:remote|container)user|user|(?:remote|container)env|environment|features|workspacemount|network_?mode|pid|ipc|ports|devices|.*command|.*args|permissions|permission|allow|ask|deny|defaultmode|hooks|sandbox|mcp_?servers|servers|env|url|headers|extensions|settings)$/i;

function judge(document: JsonDocument, { key, earlier, later }: DuplicateKey): Report {
  const [keyNode, value] = earlier.children ?? [];
  const [laterKey, laterValue] = later.children ?? [];
  const isSame = JSON.stringify(plainValue(value)) === JSON.stringify(plainValue(laterValue));
  const node = keyNode ?? earlier;
  const { file } = document;
  const isCompose = languageOf(file) === 'yaml' && member(document.root, 'services') !== undefined;
  const inServers = /^(?:mcp_?)?servers$/i.test(String(earlier.parent?.parent?.children?.[0]?.value));
  return {
    place: { file, at: { start: node.offset, end: node.offset + node.length } },
    message: isSame
      ? `the key ${JSON.stringify(key)} stands twice in one object`
      : `the key ${JSON.stringify(key)} stands twice in one object with different values: only the last one counts`,
    severity: isCompose || (!isSame && (relevant.test(key) || inServers)) ? 'error' : 'warning',
    related: laterKey
      ? [
          {
            place: { file, at: { start: laterKey.offset, end: laterKey.offset + laterKey.length } },
            message: 'the definition that counts',
          },
        ]
      : [],
    fixes: listFixes(document, earlier, isSame),
  };
}

function listFixes(
  document: SourceText['document'] & object,
  earlier: DuplicateKey['earlier'],
  isSame: boolean,
): readonly Fix[] {
  if (languageOf(document.file) !== 'json') return [];
  const edits = removeDefinition(document, earlier);
  if (edits.length === 0) return [];
  return [
    {
      title: 'remove the definition that does not count',
      safety: isSame ? 'safe' : 'review',
      consequence: isSame
        ? 'nothing changes'
        : 'nothing changes: if this value was meant, keep it and remove the other one',
      edits,
    },
  ];
}
