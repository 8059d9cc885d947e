import type { Rule } from '../../core/rule.js';

export const noUnresolvedReference: Rule<'unreadable'> = {
  id: 'no-unresolved-reference',
  on: 'unreadable',
  severity: 'warning',
  confidence: 'medium',
  persona: 'default',
  summary: 'Every file that the configuration names is there',
  why: 'What a missing Dockerfile, compose file or local Feature declares is part of the container that is built: its user, its capabilities, its mounts. None of that was checked, and the container of whoever has the file may be weaker than this report says.',
  decide:
    'Whether the file is missing or the name is wrong. Where it is made later or lies elsewhere, lint where it is there too.',
  references: [
    'https://containers.dev/implementors/json_reference/#image-specific',
    'https://containers.dev/implementors/features/',
  ],
  examples: [
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": { "dockerfile": «"Dockerfile"», "target": "dev" }\n}\n',
        '.devcontainer/Dockerfile': 'FROM node:24 AS base\nUSER node\n',
      },
    },
    { bad: '{\n  "build": { "dockerfile": «"Containerfile"» }\n}\n' },
    { bad: '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "features": { «"./tools"»: {} }\n}\n' },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{ "dockerComposeFile": ["compose.yaml", «"compose.local.yaml"»], "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: ghcr.io/example/app\n  db:\n    extends: { file: «../db.yaml», service: db }\n',
      },
    },
  ],
  good: [
    {
      '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }',
      '.devcontainer/Dockerfile': 'FROM node:24\nUSER node\n',
    },
    {
      '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }',
      '.devcontainer/Dockerfile': 'ARG BASE\nFROM $BASE\nUSER node\n',
    },
    {
      '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile", "target": "dev" } }',
      '.devcontainer/Dockerfile': 'FROM node:24 AS base\nFROM base AS dev\nUSER node\n',
    },
    '{ "build": { "dockerfile": "${localEnv:WHICH}/Dockerfile" } }',
    {
      'templates/app/devcontainer.json': '{ "dockerComposeFile": ["../a.yaml", "b.yaml"], "service": "app" }',
    },
  ],
  *check({ file, at, message, isReference, isNote }) {
    if (!isReference) return;
    yield { place: { file, at }, message, ...(isNote && { severity: 'info', persona: 'pedantic' }) };
  },
};
