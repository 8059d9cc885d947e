import '../../container/devcontainer-file.js';
import { type DefinitionProblem, findDefinitionProblems } from '../../container/definition-problems.js';
import { offerFix } from '../../container/fixes.js';
import type { Rule } from '../../core/rule.js';

export const requireContainerDefinition: Rule<'devcontainer'> = {
  id: 'require-container-definition',
  on: 'devcontainer',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Say in one way what the container is made from',
  why: 'Without an image, a Dockerfile or a service there is no container, or the one that a service on the web puts in its place. With two of them the tools take one and pass over the other without a word, with all that it was hardened with.',
  references: [
    'https://containers.dev/implementors/json_reference/#image-specific',
    'https://containers.dev/implementors/json_reference/#compose-specific',
    'https://containers.dev/implementors/spec/#workspacefolder-and-workspacemount',
  ],
  examples: [
    { bad: '«{»\n  "name": "app",\n  "build": { "context": ".." }\n}\n' },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "image": "node:24",\n  «"dockerComposeFile"»: "compose.yaml",\n  "remoteUser": "node"\n}\n',
        '.devcontainer/compose.yaml': 'services:\n  app:\n    image: node:24\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{\n  "image": "node:24",\n  "remoteUser": "node"\n}\n',
        '.devcontainer/compose.yaml': 'services:\n  app:\n    image: node:24\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  «"image"»: "mcr.microsoft.com/devcontainers/base:noble",\n  "build": { "dockerfile": "Dockerfile" }\n}\n',
        '.devcontainer/Dockerfile': 'FROM node:24\nUSER node\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{\n  "build": { "dockerfile": "Dockerfile" }\n}\n',
        '.devcontainer/Dockerfile': 'FROM node:24\nUSER node\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "dockerComposeFile": "compose.yaml",\n  "service": «"ap"»,\n  "remoteUser": "node"\n}\n',
        '.devcontainer/compose.yaml': 'services:\n  app:\n    image: node:24\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  «"dockerComposeFile"»: "compose.yaml",\n  "remoteUser": "node"\n}\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: node:24\n  db:\n    image: postgres:17\n',
      },
    },
    {
      bad: '{\n  "image": "node:24",\n  «"workspaceMount"»: "source=${localWorkspaceFolder},target=/work,type=bind",\n  "remoteUser": "node"\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "workspaceMount": "source=${localWorkspaceFolder},target=/work,type=bind",\n  "remoteUser": "node",\n  "workspaceFolder": "/work"\n}\n',
    },
  ],
  good: [
    '{ "image": "node:${templateOption:variant}", "dockerComposeFile": "compose.yaml" }',
    {
      '.devcontainer/devcontainer.json':
        '{ "dockerComposeFile": ["compose.yaml", "missing.yaml"], "service": "app" }',
      '.devcontainer/compose.yaml': 'services: { db: { image: postgres:18 } }\n',
    },
    '{ "customizations": { "codespaces": { "openFiles": ["README.md"] } } }',
    '{}',
    '{ "image": "node:24", "build": { "options": ["--pull"] } }',
    '{ "image": "node:24", "workspaceMount": "", "workspaceFolder": "/work" }',
    {
      '.devcontainer/devcontainer.json': '{ "dockerComposeFile": [], "service": "app" }',
      'compose.yaml': 'services:\n  app:\n    image: node:24\n',
    },
    '{ "dockerComposeFile": "gone.yaml", "service": "app" }',
    {
      '.devcontainer/devcontainer.json':
        '{ "dockerComposeFile": "compose.yaml", "service": "${templateOption:service}" }',
      '.devcontainer/compose.yaml': 'services:\n  app:\n    image: node:24\n',
    },
  ],
  *check({ document, container }) {
    for (const problem of findDefinitionProblems(document, container)) {
      const { place, message, severity } = problem;
      yield { place, message, ...(severity && { severity }), fixes: listFixes(problem) };
    }
  },
};

function listFixes({ ignored, meant }: DefinitionProblem) {
  if (ignored)
    return offerFix('remove what is passed over', 'nothing changes: the tools do not read it', ignored).map(
      (fix) => ({ ...fix, safety: 'safe' as const }),
    );
  if (!meant) return [];
  return offerFix(meant.title, 'the tools use it then: look at what it says', meant.edits).map((fix) => ({
    ...fix,
    enables: true as const,
  }));
}
