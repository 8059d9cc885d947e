import type { Container, Declared, Feature } from '../../container/container.js';
import { effectOf } from '../../container/feature-effects.js';
import { removeFeature } from '../../container/feature-removal.js';
import { offerFix } from '../../container/fixes.js';
import type { Fix, Project, Rule } from '../../core/rule.js';

const digest = 'sha256:a3e43ff91b9f5f6bd2c14bd510d43e5e698f1266dc41027ba4e04e7e45be607a';
const locked = `{ "version": "1.0.0", "resolved": "ghcr.io/x/y@${digest}", "integrity": "${digest}" }`;

export const noPrivilegeRaisingFeature: Rule<'container'> = {
  id: 'no-privilege-raising-feature',
  on: 'container',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Know the Features that open the container to the host or the host to the container',
  why: 'A Feature adds privileges, mounts and servers that devcontainer.json does not show, and "privileged": false cannot undo them: code in the container uses them like any other way to the host.',
  references: [
    'https://containers.dev/implementors/features/',
    'https://github.com/devcontainers/features/tree/main/src/docker-outside-of-docker',
    'https://github.com/devcontainers/features/tree/main/src/docker-in-docker',
    'https://cwe.mitre.org/data/definitions/250.html',
  ],
  examples: [
    {
      bad: '{\n  "features": {\n    "ghcr.io/devcontainers/features/node:1": {},\n    «"ghcr.io/devcontainers/features/docker-outside-of-docker:1"»: {}\n  }\n}\n',
      fixed: '{\n  "features": {\n    "ghcr.io/devcontainers/features/node:1": {}\n  }\n}\n',
    },
    {
      bad: '{\n  "features": { «"ghcr.io/devcontainers/features/docker-in-docker:2.12.0"»: { "moby": false } }\n}\n',
      fixed: '{}\n',
    },
    {
      bad: '{\n  "features": { «"ghcr.io/devcontainers/features/sshd:1"»: { "gatewayPorts": "yes" } }\n}\n',
      fixed: '{}\n',
    },
    {
      bad: {
        '.devcontainer.json':
          '{ "features": { "ghcr.io/devcontainers/features/git:1": {}, «"ghcr.io/devcontainers/features/sshd:1"»: {} } }\n',
        '.devcontainer-lock.json': `{\n  "features": {\n    "ghcr.io/devcontainers/features/git:1": ${locked},\n    "ghcr.io/devcontainers/features/sshd:1": ${locked}\n  }\n}\n`,
      },
      fixed: {
        '.devcontainer.json': '{ "features": { "ghcr.io/devcontainers/features/git:1": {} } }\n',
        '.devcontainer-lock.json': `{\n  "features": {\n    "ghcr.io/devcontainers/features/git:1": ${locked}\n  }\n}\n`,
      },
    },
    {
      bad: '{\n  "image": "debian:13",\n  "features": { «"ghcr.io/tailscale/codespace/tailscale:1"»: {} },\n  "runArgs": ["--init", "--cap-add", "NET_ADMIN"],\n  "capAdd": ["CAP_NET_ADMIN"]\n}\n',
      fixed: '{\n  "image": "debian:13",\n  "runArgs": ["--init"]\n}\n',
    },
  ],
  good: [
    '{ "features": { "ghcr.io/devcontainers/features/node:1": {}, "ghcr.io/devcontainers/features/git:1": {} } }',
    '{ "features": { "ghcr.io/anthropics/devcontainer-features/claude-code:1": {} } }',
    '{ "features": { "./local/docker-tools": {} } }',
    '{ "customizations": { "vscode": { "extensions": ["docker-in-docker"] } } }',
  ],
  mayShow: ({ features }) => features.some(({ value }) => effectOf(value)?.persona === 'default'),
  *check(container, project) {
    for (const feature of container.features) {
      const effect = effectOf(feature.value);
      if (!effect) continue;
      yield {
        place: feature.place,
        message: `the Feature ${feature.value.reference} ${effect.effect}`,
        severity: effect.severity,
        persona: effect.persona,
        confidence: effect.confidence,
        fixes: () => offerRemoval(feature, effect.loss, container, project),
      };
    }
  },
};

function offerRemoval(
  feature: Declared<Feature>,
  loss: string,
  container: Container,
  project: Project,
): readonly Fix[] {
  const { edits, capabilities } = removeFeature(feature, container, project);
  const what = ['the Feature', ...capabilities].join(' and ');
  return offerFix(`remove ${what}`, loss, edits).map((fix) => ({
    ...fix,
    // A capability may have had its reason in it all the same, and a user may have come from it.
    enables: true as const,
  }));
}
