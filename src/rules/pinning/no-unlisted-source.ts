import { fullImageName, isListed, readAllowedSources } from '../../container/allowed-sources.js';
import type { Report, Rule } from '../../core/rule.js';
import type { Place } from '../../core/text.js';

const policy = (sources: string) => `{ "version": 1, "lint": { "sources": ${sources} } }\n`;

export const noUnlistedSource: Rule<'image'> = {
  id: 'no-unlisted-source',
  on: 'image',
  severity: 'info',
  confidence: 'high',
  persona: 'pedantic',
  summary: 'Take images, Features and extensions from listed publishers only',
  why: 'Whoever publishes an image, a Feature or an extension runs code in the container. A list of those that a team has decided to trust turns a new one into a question that somebody has to answer.',
  references: [
    'https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-03-Dependency-Chain-Abuse',
    'https://cwe.mitre.org/data/definitions/829.html',
  ],
  examples: [
    {
      bad: {
        'harden-devcontainer.jsonc': policy(
          '{ "images": ["mcr.microsoft.com/devcontainers/*"], "features": ["ghcr.io/devcontainers/features/*"], "extensions": ["dbaeumer.*"] }',
        ),
        '.devcontainer/devcontainer.json':
          '{\n  "image": «"node:24"»,\n  "features": { «"ghcr.io/someone/features/tool:1"»: {}, "ghcr.io/devcontainers/features/git:1": {} },\n  "customizations": { "vscode": { "extensions": ["dbaeumer.vscode-eslint", «"someone.theme"»] } }\n}\n',
      },
    },
    {
      bad: {
        '.devcontainer/harden-devcontainer.jsonc': policy('{ "images": ["docker.io/library/*"] }'),
        '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }\n',
        '.devcontainer/Dockerfile':
          'FROM node:24 AS base\nFROM base\nCOPY «--from=ghcr.io/someone/tool:1» /tool /usr/bin/\n',
      },
    },
  ],
  good: [
    '{ "image": "ghcr.io/someone/image:1", "features": { "ghcr.io/someone/features/tool:1": {} } }',
    {
      'harden-devcontainer.jsonc': policy(
        '{ "images": ["node", "ghcr.io/team/*"], "features": ["ghcr.io/team/*"] }',
      ),
      '.devcontainer/devcontainer.json':
        '{ "image": "node:24", "features": { "./local": {}, "GHCR.io/Team/features/tool:1": {} }, "customizations": { "vscode": { "extensions": ["someone.theme"] } } }',
    },
  ],
  *check(container, project) {
    const { images, features, extensions } = readAllowedSources(container, project);
    for (const { value, place } of images ? container.images : []) {
      const { name, open } = value;
      if (!open && !isListed(name, images ?? []) && !isListed(fullImageName(name), images ?? []))
        yield reportOf(`the image ${name}`, place);
    }
    for (const { value, place } of features ? container.features : [])
      if (value.origin !== 'local' && !isListed(value.id, features ?? []))
        yield reportOf(`the Feature ${value.id}`, place);
    for (const { value, place } of extensions ? container.extensions : [])
      if (!isListed(value.id, extensions ?? [])) yield reportOf(`the extension ${value.id}`, place);
  },
};

function reportOf(what: string, place: Place): Report {
  return {
    place,
    message: `${what} is from nobody that the policy lists; add its source to lint.sources once somebody has judged it`,
  };
}
