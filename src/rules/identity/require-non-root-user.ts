import type { Container } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { offerNewUser } from '../../container/new-user.js';
import { placeOfContainer } from '../../container/place.js';
import type { Fix, Project, Report, Rule } from '../../core/rule.js';
import type { Place } from '../../core/text.js';

export const requireNonRootUser: Rule<'container'> = {
  id: 'require-non-root-user',
  on: 'container',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Run the tools, and so the agent, as an unprivileged user',
  why: "Root in the container is the host's root behind a few kernel checks: it rewrites every file of the image, removes a firewall where it has the capability, and turns each further weakness into a way out.",
  references: [
    'https://containers.dev/implementors/json_reference/',
    'https://code.visualstudio.com/remote/advancedcontainers/add-nonroot-user',
    'https://docs.docker.com/build/building/best-practices/#user',
    'https://cwe.mitre.org/data/definitions/250.html',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24-bookworm",\n  "remoteUser": «"root"»\n}\n',
      fixed: '{\n  "image": "node:24-bookworm",\n  "remoteUser": "node"\n}\n',
    },
    {
      bad: '{\n  "image": «"node:24-bookworm"»\n}\n',
      fixed: '{\n  "image": "node:24-bookworm",\n  "remoteUser": "node"\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  "runArgs": ["-u", «"0:0"»]\n}\n',
      fixed: '{\n  "image": "node:24",\n  "runArgs": ["-u", "0:0"],\n  "remoteUser": "node"\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{\n  "build": { "dockerfile": "Dockerfile" }\n}\n',
        '.devcontainer/Dockerfile': 'FROM node:24-bookworm\nUSER node\nRUN npm --version\nUSER «root»\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "node"\n}\n',
        '.devcontainer/Dockerfile': 'FROM node:24-bookworm\nUSER node\nRUN npm --version\nUSER root\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{\n  "build": { "dockerfile": "Dockerfile" }\n}\n',
        '.devcontainer/Dockerfile': 'FROM «debian:13»\nRUN useradd --create-home --shell /bin/bash dev\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "dev"\n}\n',
        '.devcontainer/Dockerfile': 'FROM debian:13\nRUN useradd --create-home --shell /bin/bash dev\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{\n  "build": { "dockerfile": "Dockerfile" }\n}\n',
        '.devcontainer/Dockerfile': 'FROM «python:3.13-slim»\nRUN pip install ruff==0.14.0\n# the end\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "dev"\n}\n',
        '.devcontainer/Dockerfile':
          'FROM python:3.13-slim\nRUN pip install ruff==0.14.0\nRUN useradd --create-home --shell /bin/bash dev\n# the end\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "dockerComposeFile": "compose.yaml",\n  "service": "app"\n}\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: node:24\n    user: «root»\n  db:\n    image: postgres:17\n    user: root\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{\n  "dockerComposeFile": "compose.yaml",\n  "service": "app",\n  "remoteUser": "node"\n}\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: node:24\n    user: root\n  db:\n    image: postgres:17\n    user: root\n',
      },
    },
  ],
  good: [
    '{ "image": "mcr.microsoft.com/devcontainers/python:3.13", "containerUser": "root" }',
    {
      '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }',
      '.devcontainer/Dockerfile':
        'FROM mcr.microsoft.com/devcontainers/base:noble\nUSER root\nRUN apt-get update\n',
    },
    {
      '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }',
      '.devcontainer/Dockerfile':
        'FROM debian:13\nRUN useradd dev\nLABEL devcontainer.metadata=\'[{ "remoteUser": "dev" }]\'\n',
    },
    '{ "image": "mcr.microsoft.com/devcontainers/base:bookworm" }',
    '{ "image": "node:24", "remoteUser": "node" }',
    '{ "image": "debian:13", "containerUser": "root", "remoteUser": "1000" }',
    '{ "image": "debian:13", "containerUser": "dev" }',
    '{ "image": "ghcr.io/example/unknown:1" }',
    {
      '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }',
      '.devcontainer/Dockerfile': 'FROM debian:13\nARG USERNAME=dev\nRUN useradd dev\nUSER ${USERNAME}\n',
    },
    {
      '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }',
      '.devcontainer/Dockerfile': 'FROM node:24\nUSER root\nRUN apt-get update\nUSER node\n',
    },
  ],
  *check(container, project) {
    const report = judge(container);
    if (report) yield { ...report, fixes: () => listFixes(container, project) };
  },
};

function judge(container: Container): Report | undefined {
  const { name, decidedBy, certainty } = container.user;
  if (certainty === 'unknown' || name === undefined) return judgeUnknown(container);
  if (!/^(?:root|0)(?::|$)/.test(name)) return undefined;
  const place = decidedBy?.place ?? placeOf(container);
  if (certainty === 'stated')
    return { place, message: `the tools run as ${name} (${decidedBy?.syntax ?? 'image'})` };
  return {
    place,
    message: `the tools run as ${name}: the image's default, and nothing sets another`,
    confidence: 'medium',
  };
}

/** Compose files decide for themselves, and without an image there is nothing to run. */
function judgeUnknown(container: Container): Report | undefined {
  if (container.source === 'compose' || container.source === 'none') return undefined;
  return {
    place: placeOf(container),
    message: 'no file says which user the tools run as, and the image is not known to this tool',
    severity: 'info',
    persona: 'pedantic',
    confidence: 'medium',
  };
}

function placeOf(container: Container): Place {
  return container.image?.place ?? placeOfContainer(container);
}

function listFixes(container: Container, project: Project): readonly Fix[] {
  const { imageUser } = container.user;
  if (imageUser === undefined) return offerNewUser(container, project);
  return offerFix(
    `set remoteUser to ${imageUser}`,
    'what needs root (package installs, files that root owns) belongs in the Dockerfile',
    container.setProperties({ remoteUser: imageUser }),
  );
}
