import '../../container/devcontainer-file.js';
import { findMismatches } from '../../container/user-mismatch.js';
import type { Rule } from '../../core/rule.js';

const config = '.devcontainer/devcontainer.json';

export const noUserMismatch: Rule<'devcontainer'> = {
  id: 'no-user-mismatch',
  on: 'devcontainer',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Let all parts speak of the same user and the same folder',
  why: 'A volume in the home of another user keeps nothing, and a grant for another user grants nothing. What then does not work is usually made to work by running as root or by granting everything.',
  references: [
    'https://code.visualstudio.com/remote/advancedcontainers/add-nonroot-user',
    'https://containers.dev/implementors/json_reference/',
  ],
  examples: [
    {
      bad: '{\n  "image": "mcr.microsoft.com/devcontainers/base:noble",\n  "remoteUser": «"node"»\n}\n',
      fixed: '{\n  "image": "mcr.microsoft.com/devcontainers/base:noble",\n  "remoteUser": "vscode"\n}\n',
      persona: 'pedantic',
    },
    {
      bad: '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "mounts": [\n    «"source=state,target=/home/vscode/.cache/tools,type=volume"»,\n    «"source=login,target=/root/.config/gcloud,type=volume"»\n  ]\n}\n',
    },
    {
      bad: {
        [config]: '{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "dev"\n}\n',
        '.devcontainer/Dockerfile':
          'FROM debian:13\nRUN useradd dev && echo "«node ALL=(root) NOPASSWD: /usr/local/bin/setup.sh»" > /etc/sudoers.d/node\n',
      },
    },
    {
      bad: '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "mounts": ["source=claude,target=/home/node/.claude,type=volume"],\n  "containerEnv": { "CLAUDE_CONFIG_DIR": «"/opt/claude"» }\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "workspaceMount": "source=${localWorkspaceFolder},target=/workspace,type=bind",\n  "workspaceFolder": «"/workspaces/app"»\n}\n',
    },
  ],
  good: [
    '{ "image": "mcr.microsoft.com/devcontainers/base:noble", "remoteUser": "vscode", "mounts": ["source=a,target=/home/vscode/.cache,type=volume", "source=b,target=/home/linuxbrew/.linuxbrew,type=volume"] }',
    '{ "image": "ghcr.io/example/app:1", "remoteUser": "someone" }',
    '{ "image": "debian:13", "remoteUser": "dev", "features": { "ghcr.io/devcontainers/features/common-utils:2": { "username": "dev" } } }',
    {
      [config]:
        '{ "build": { "dockerfile": "Dockerfile" }, "remoteUser": "dev", "mounts": ["source=a,target=/home/node/.npm,type=volume"] }',
      '.devcontainer/Dockerfile': 'FROM node:24\nRUN usermod -l dev node && ln -s /home/node /home/dev\n',
    },
    '{ "image": "node:24", "remoteUser": "node", "mounts": ["source=claude,target=/home/node/.claude,type=volume"], "containerEnv": { "CLAUDE_CONFIG_DIR": "/home/node/.claude" } }',
    '{ "image": "node:24", "remoteUser": "node", "workspaceMount": "source=${localWorkspaceFolder},target=/workspaces,type=bind", "workspaceFolder": "/workspaces/app" }',
    '{ "image": "node:24", "workspaceMount": "type=tmpfs,target=/workspace", "workspaceFolder": "/home/node/app" }',
  ],
  mayShow: ({ container: { mounts, instructions, copies } }) =>
    mounts.length > 0 || instructions.length > 0 || copies.length > 0,
  check: ({ document, container }, project) => findMismatches(document, container, project),
};
