import { pinAll, respell } from '../../container/pins.js';
import type { Pin, Rule } from '../../core/rule.js';
import { textOf } from '../../core/text.js';

export const pinExtensionVersion: Rule<'container'> = {
  id: 'pin-extension-version',
  on: 'container',
  severity: 'info',
  confidence: 'high',
  persona: 'pedantic',
  summary: 'Say which version of an extension is installed',
  why: "An extension runs with all that the editor's server in the container can reach. Without a version each start takes its publisher's last release, also one of a stolen account.",
  references: [
    'https://code.visualstudio.com/docs/configure/extensions/extension-runtime-security',
    'https://containers.dev/supporting#visual-studio-code',
    'https://attack.mitre.org/techniques/T1195/002/',
  ],
  examples: [
    {
      bad: '{\n  "customizations": {\n    "vscode": { "extensions": [«"dbaeumer.vscode-eslint"», "ms-python.python@2026.4.0"] }\n  }\n}\n',
    },
    { bad: '{ "extensions": [«"golang.Go"», "-ms-vscode.cpptools"] }\n' },
    {
      bad: '{ "extensions": [«"golang.Go"»] }\n',
      online: [
        {
          source: 'extension',
          name: 'golang.go',
          range: '',
          pin: { version: '0.52.2', from: 'marketplace.visualstudio.com' },
        },
      ],
      fixed: '{ "extensions": ["golang.Go@0.52.2"] }\n',
    },
  ],
  good: [
    '{ "customizations": { "vscode": { "extensions": ["dbaeumer.vscode-eslint@3.0.16", "-dbaeumer.other"] } } }',
    '{ "customizations": { "codespaces": { "extensions": [] }, "vscode": { "extensions": [7, "", "x"] } } }',
  ],
  *check({ extensions }, project) {
    for (const { value, place } of extensions) {
      if (value.version !== undefined) continue;
      // Written with capitals, and asked for without.
      const written = new RegExp(value.id.replaceAll('.', '\\.'), 'i').exec(textOf(place))?.[0] ?? '';
      const rewrite = ({ version }: Pin) => respell(place, written, `${written}@${version}`);
      const wanted = { source: 'extension', name: value.id, range: '' } as const;
      yield {
        ...pinAll([{ wanted, rewrite }], project, ''),
        place,
        message: `${value.id} has no version, so each new container takes its last release; write ${value.id}@ and a version`,
      };
    }
  },
};
