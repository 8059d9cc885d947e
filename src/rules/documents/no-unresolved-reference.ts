import type { Rule } from '../../core/rule.js';

export const noUnresolvedReference: Rule<'unreadable'> = {
  id: 'no-unresolved-reference',
  on: 'unreadable',
  severity: 'warning',
  confidence: 'medium',
  persona: 'default',
  summary: 'Every file that the configuration names is there',
  why: 'What a missing Dockerfile or local Feature declares is part of the container that is built: its user, its capabilities, its mounts. None of that was checked, and the container of whoever has the file may be weaker than this report says.',
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
  ],
  *check({ file, at, message, isReference }) {
    if (isReference) yield { place: { file, at }, message };
  },
};
