import { type EditorSettings, holding } from '../../agents/editor-settings.js';
import { offerFix } from '../../container/fixes.js';
import type { Rule } from '../../core/rule.js';
import { type JsonMember, members, placeOf } from '../../documents/json.js';
import { removeWithEmptyParents } from '../../documents/json-edits.js';

export const noMisplacedEditorSetting: Rule<'editor-settings'> = {
  id: 'no-misplaced-editor-setting',
  on: 'editor-settings',
  severity: 'info',
  confidence: 'medium',
  persona: 'default',
  summary: "Make settings of the host's editor in the host's user settings",
  why: 'What the editor carries into a container, such as the git login or the ssh agent, is decided by the editor on the host, from the settings of its user. Written into the repository the same key has no effect, and its author believes that nothing is shared.',
  references: [
    'https://code.visualstudio.com/docs/devcontainers/containers#_sharing-git-credentials-with-your-container',
    'https://code.visualstudio.com/docs/configure/settings',
  ],
  examples: [
    {
      bad: '{\n  "image": "mcr.microsoft.com/devcontainers/base:bookworm",\n  "customizations": {\n    "vscode": {\n      "settings": {\n        «"dev.containers.copyGitConfig": false»,\n        "editor.tabSize": 2\n      }\n    }\n  }\n}\n',
      fixed:
        '{\n  "image": "mcr.microsoft.com/devcontainers/base:bookworm",\n  "customizations": {\n    "vscode": {\n      "settings": {\n        "editor.tabSize": 2\n      }\n    }\n  }\n}\n',
    },
    {
      bad: { '.vscode/settings.json': '{\n  «"dotfiles.repository": ""»\n}\n' },
      fixed: { '.vscode/settings.json': '{}\n' },
    },
    {
      bad: {
        'app.code-workspace':
          '{\n  "folders": [{ "path": "." }],\n  "settings": { «"remote.SSH.enableAgentForwarding": false» }\n}\n',
      },
      fixed: { 'app.code-workspace': '{\n  "folders": [{ "path": "." }]\n}\n' },
    },
    {
      bad: {
        '.vscode/settings.json': '{\n  "dev": { «"containers": { "dockerCredentialHelper": false }» }\n}\n',
      },
      fixed: { '.vscode/settings.json': '{}\n' },
    },
  ],
  good: [
    '{ "image": "node:24", "customizations": { "vscode": { "settings": { "remote.autoForwardPorts": false, "remote.restoreForwardedPorts": false } } } }',
    '{ "image": "node:24", "otherPortsAttributes": { "onAutoForward": "ignore" } }',
    {
      '.vscode/settings.json':
        '{ "dev.environment": "x", "remote.SSHD": 1, "files.exclude": { "dotfiles.x": true } }',
    },
  ],
  *check({ document, settings }) {
    for (const { key, property, value: valueNode } of hostOnly(settings)) {
      const value = document.file.text.slice(valueNode.offset, valueNode.offset + valueNode.length);
      yield {
        place: placeOf(document, property),
        message: `${key} has no effect here: an editor takes it from the user settings on the host alone${value.length <= 40 ? `; write it there as ${value}` : ''}`,
        fixes: () =>
          offerFix(
            'remove it',
            'nothing changes here: set it in the user settings of the host',
            removeWithEmptyParents(document, [property]),
          ),
      };
    }
  },
};

const prefixes = ['dev.containers', 'remote.containers', 'remote.SSH', 'dotfiles'];

const holdsHostOnly = holding(/^(?:dev|remote|dotfiles)(?:\.|$)/);

/** Settings under a name that the editor reads on the host alone, in whichever of its spellings. */
function hostOnly(settings: EditorSettings['settings']): readonly JsonMember[] {
  if (!holdsHostOnly(settings)) return [];
  return members(settings).flatMap((one) => {
    if (prefixes.some((prefix) => one.key === prefix || one.key.startsWith(`${prefix}.`))) return [one];
    if (!prefixes.some((prefix) => prefix.startsWith(`${one.key}.`))) return [];
    return members(one.value).flatMap((inner) => {
      const key = `${one.key}.${inner.key}`;
      return prefixes.some((prefix) => key === prefix || key.startsWith(`${prefix}.`))
        ? [{ ...inner, key }]
        : [];
    });
  });
}
