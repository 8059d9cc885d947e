import { type EditorExecution, findExecutions } from '../../agents/editor-execution.js';
import type { EditorSettings } from '../../agents/editor-settings.js';
import type { Fix, Report, Rule } from '../../core/rule.js';
import { placeOf, stringValue } from '../../documents/json.js';
import { removeWithEmptyParents, replaceNode } from '../../documents/json-edits.js';

export const noEditorHostExecution: Rule<'editor-settings'> = {
  id: 'no-editor-host-execution',
  on: 'editor-settings',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Do not let an editor run code because a folder was opened',
  why: 'The same files count when the folder is opened on the host, outside every container. What they start there runs as the user of the host, and whoever can write in the repository, the agent among them, writes what it does.',
  references: [
    'https://code.visualstudio.com/docs/debugtest/tasks#_run-behavior',
    'https://code.visualstudio.com/docs/editing/workspaces/workspace-trust',
    'https://attack.mitre.org/techniques/T1546/',
  ],
  examples: [
    {
      bad: {
        '.vscode/tasks.json':
          '{\n  "version": "2.0.0",\n  "tasks": [\n    {\n      "label": "watch",\n      "command": "npm run watch",\n      "runOptions": { "runOn": «"folderOpen"» }\n    }\n  ]\n}\n',
      },
      fixed: {
        '.vscode/tasks.json':
          '{\n  "version": "2.0.0",\n  "tasks": [\n    {\n      "label": "watch",\n      "command": "npm run watch"\n    }\n  ]\n}\n',
      },
    },
    {
      bad: {
        'app.code-workspace':
          '{\n  "tasks": {\n    "tasks": [{ "label": "up", "command": "./up.sh", "runOptions": { "reevaluateOnRerun": true, "runOn": «"folderOpen"» } }]\n  },\n  "settings": { "task.allowAutomaticTasks": «"on"» }\n}\n',
      },
      fixed: {
        'app.code-workspace':
          '{\n  "tasks": {\n    "tasks": [{ "label": "up", "command": "./up.sh", "runOptions": { "reevaluateOnRerun": true } }]\n  },\n  "settings": { "task.allowAutomaticTasks": "off" }\n}\n',
      },
    },
    {
      bad: {
        '.vscode/settings.json':
          '{\n  "terminal.integrated.profiles.linux": { "dev": { "path": "bash", "args": ["--rcfile", «"${workspaceFolder}/.bashrc"»] } },\n  "files.eol": "\\n"\n}\n',
      },
      fixed: {
        '.vscode/settings.json':
          '{\n  "terminal.integrated.profiles.linux": { "dev": { "path": "bash", "args": ["--rcfile"] } },\n  "files.eol": "\\n"\n}\n',
      },
    },
    {
      bad: {
        '.vscode/settings.json':
          '{\n  "terminal.integrated.automationProfile.osx": { "path": «"./tools/sh"» },\n  "files.eol": "\\n",\n  "terminal.integrated.env.linux": { «"LD_PRELOAD": "${workspaceFolder}/x.so"» }\n}\n',
      },
      fixed: { '.vscode/settings.json': '{\n  "files.eol": "\\n"\n}\n' },
    },
    {
      bad: { '.vscode/settings.json': '{\n  "git.path": «"${workspaceFolder}/bin/git"»\n}\n' },
      fixed: { '.vscode/settings.json': '{}\n' },
    },
  ],
  good: [
    {
      '.vscode/tasks.json':
        '{ "tasks": [{ "label": "build", "command": "make", "runOptions": { "runOn": "default" }, "group": "build" }] }',
    },
    {
      '.vscode/settings.json':
        '{ "python.defaultInterpreterPath": "${workspaceFolder}/.venv/bin/python", "typescript.tsdk": "./node_modules/typescript/lib", "task.allowAutomaticTasks": "off" }',
    },
    {
      '.vscode/settings.json':
        '{ "terminal.integrated.profiles.linux": { "zsh": { "path": "/usr/bin/zsh", "args": ["-l"] } }, "terminal.integrated.env.linux": { "NODE_OPTIONS": "--max-old-space-size=4096", "PS1": "" }, "git.path": "/usr/bin/git" }',
    },
    '{ "image": "node:24", "customizations": { "vscode": { "settings": { "task.allowAutomaticTasks": "on" } } } }',
    { '.vscode/settings.json': '{ "rust-analyzer.server.path": "./tools/ra" }' },
  ],
  *check(subject) {
    for (const execution of findExecutions(subject)) {
      yield {
        place: placeOf(subject.document, execution.node),
        message: execution.message,
        ...gradeIn(subject, execution),
        fixes: () => listFixes(subject, execution),
      };
    }
  },
};

/** In the container it is code of the container that runs code of the container. */
function gradeIn({ judged }: EditorSettings, { when }: EditorExecution): Partial<Report> {
  if (judged || when === 'tool') return { severity: 'info', persona: 'pedantic' };
  return when === 'use' ? { confidence: 'medium' } : {};
}

function listFixes({ document, judged }: EditorSettings, { node, when }: EditorExecution): readonly Fix[] {
  const isPermission = when === 'folder' && stringValue(node) !== 'folderOpen';
  const edits = isPermission ? replaceNode(document, node, 'off') : removeWithEmptyParents(document, [node]);
  if (edits.length === 0) return [];
  return [
    isPermission
      ? {
          title: 'set task.allowAutomaticTasks to off',
          safety: judged ? 'review' : 'safe',
          consequence: 'no task starts by itself',
          edits,
        }
      : {
          title: when === 'folder' ? 'drop runOn' : 'remove it',
          safety: 'review',
          consequence:
            when === 'folder' ? 'somebody has to start the task' : "the editor's own choice counts",
          edits,
        },
  ];
}
