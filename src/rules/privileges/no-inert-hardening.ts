import '../../container/devcontainer-file.js';
import { findInertHardening } from '../../container/inert-hardening.js';
import type { Rule } from '../../core/rule.js';

const script = '#!/bin/sh\nset -e\niptables -P OUTPUT DROP\nip6tables -P OUTPUT DROP\n';

export const noInertHardening: Rule<'devcontainer'> = {
  id: 'no-inert-hardening',
  on: 'devcontainer',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Write no protection that holds nothing',
  why: 'Who wrote it believes that the container is held back, and grants it the more for that. The tools pass over the property, the option or the script, and the container has all that was to be taken from it.',
  references: [
    'https://containers.dev/implementors/json_reference/',
    'https://github.com/devcontainers/cli/blob/main/src/spec-node/dockerCompose.ts',
    'https://man7.org/linux/man-pages/man2/prctl.2.html',
  ],
  examples: [
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "dockerComposeFile": "compose.yaml",\n  "service": "app",\n  «"runArgs"»: ["--cap-drop=ALL", "--security-opt", "no-new-privileges", "--init"]\n}\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: ghcr.io/example/app:1\n    security_opt: [no-new-privileges]\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{\n  "dockerComposeFile": "compose.yaml",\n  "service": "app"\n}\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: ghcr.io/example/app:1\n    security_opt: [no-new-privileges]\n    cap_drop:\n      - ALL\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "dockerComposeFile": "compose.yaml",\n  "service": "app",\n  «"readOnly"»: true\n}\n',
        '.devcontainer/compose.yaml': 'services:\n  app: { image: ghcr.io/example/app:1 }\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{\n  "dockerComposeFile": "compose.yaml",\n  "service": "app"\n}\n',
        '.devcontainer/compose.yaml': 'services:\n  app: { image: ghcr.io/example/app:1, read_only: true }\n',
      },
    },
    {
      bad: '{\n  "image": "node:24",\n  "remoteUser": "node",\n  «"capDrop"»: ["ALL"]\n}\n',
      fixed: '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "runArgs": ["--cap-drop=ALL"]\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  "runArgs": ["--init"],\n  "remoteUser": "node",\n  «"readOnly"»: true\n}\n',
      fixed: '{\n  "image": "node:24",\n  "runArgs": ["--init", "--read-only"],\n  "remoteUser": "node"\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  «"user"»: "node"\n}\n',
      fixed: '{\n  "image": "node:24",\n  "remoteUser": "node"\n}\n',
    },
    {
      bad: '{\n  "image": "mcr.microsoft.com/devcontainers/base:noble",\n  "privileged": «false»,\n  "features": { "ghcr.io/devcontainers/features/docker-in-docker:2": {} }\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "postStartCommand": «"sudo .devcontainer/init-firewall.sh"»\n}\n',
        '.devcontainer/init-firewall.sh': script,
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "capAdd": ["NET_ADMIN"],\n  "securityOpt": ["no-new-privileges"],\n  "postStartCommand": «"sudo .devcontainer/init-firewall.sh"»\n}\n',
        '.devcontainer/init-firewall.sh': script,
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": { "dockerfile": "Dockerfile" },\n  "capAdd": ["NET_ADMIN"],\n  "remoteUser": "dev"\n}\n',
        '.devcontainer/Dockerfile':
          'FROM debian:13\nCOPY init-firewall.sh /usr/local/bin/\n«ENTRYPOINT ["/usr/local/bin/init-firewall.sh"]»\n',
        '.devcontainer/init-firewall.sh': script,
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": { "dockerfile": "Dockerfile" },\n  "capAdd": ["NET_ADMIN"],\n  "remoteUser": "dev",\n  "overrideCommand": false\n}\n',
        '.devcontainer/Dockerfile':
          'FROM debian:13\nCOPY init-firewall.sh /usr/local/bin/\nENTRYPOINT ["/usr/local/bin/init-firewall.sh"]\n',
        '.devcontainer/init-firewall.sh': script,
      },
    },
  ],
  good: [
    '{ "image": "node:24", "remoteUser": "node", "runArgs": ["--cap-drop=ALL", "--read-only"], "privileged": false, "readOnly": false }',
    {
      '.devcontainer/devcontainer.json':
        '{ "dockerComposeFile": "compose.yaml", "service": "app", "runArgs": ["--name", "x", "--cap-drop=ALL", "--network=host"] }',
      '.devcontainer/compose.yaml':
        'services:\n  app:\n    image: ghcr.io/example/app:1\n    cap_drop: [ALL]\n',
    },
    {
      '.devcontainer/devcontainer.json':
        '{ "image": "node:24", "runArgs": ["--cap-add=NET_ADMIN"], "postStartCommand": "sudo .devcontainer/init-firewall.sh" }',
      '.devcontainer/init-firewall.sh': script,
    },
    {
      '.devcontainer/devcontainer.json':
        '{ "image": "ghcr.io/example/with-a-label:1", "postStartCommand": "sudo .devcontainer/init-firewall.sh" }',
      '.devcontainer/init-firewall.sh': script,
    },
  ],
  check: ({ document, container }) => findInertHardening(document, container),
};
