import type { Container, DeclaredMount } from '../../container/container.js';
import { classifyCredential } from '../../container/credential-risk.js';
import { offerFix } from '../../container/fixes.js';
import { isObeyed } from '../../container/host-obeyed.js';
import type { Edit, Rule } from '../../core/rule.js';

export const noLostReadonly: Rule<'container'> = {
  id: 'no-lost-readonly',
  on: 'container',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Write protections of a mount where the tools keep them',
  why: 'The tools turn a mount into another form and leave out what that cannot say. The file says that the container only reads the folder, and the container writes it.',
  references: [
    'https://github.com/devcontainers/cli/blob/main/src/spec-node/utils.ts',
    'https://containers.dev/implementors/json_reference/#general-properties',
    'https://docs.docker.com/engine/storage/bind-mounts/',
  ],
  examples: [
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "dockerComposeFile": "compose.yaml",\n  "service": "app",\n  "mounts": [\n    «"source=${localWorkspaceFolder}/fixtures,target=/fixtures,type=bind,readonly"»\n  ]\n}\n',
        '.devcontainer/compose.yaml': 'services:\n  app:\n    image: ghcr.io/example/app:1\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{\n  "dockerComposeFile": "compose.yaml",\n  "service": "app"\n}\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: ghcr.io/example/app:1\n    volumes:\n      - ../fixtures:/fixtures:ro\n',
      },
    },
    {
      bad: '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "mounts": [\n    «{ "type": "bind", "source": "${localWorkspaceFolder}/.git/hooks", "target": "/workspaces/app/.git/hooks", "readonly": true }»\n  ]\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "mounts": [\n    "type=bind,source=${localWorkspaceFolder}/.git/hooks,target=/workspaces/app/.git/hooks,readonly"\n  ]\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "mounts": [«"source=data,target=/data,type=volume,ro,readonly=false"»]\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "mounts": ["source=data,target=/data,type=volume,readonly"]\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "dockerComposeFile": "compose.yaml",\n  "service": "app",\n  "mounts": [\n    «"type=tmpfs,target=/app/.env.d"»,\n    «"Source=cache,target=/cache,type=volume"»\n  ]\n}\n',
        '.devcontainer/compose.yaml': 'services:\n  app:\n    image: ghcr.io/example/app:1\n',
      },
    },
  ],
  good: [
    '{ "image": "node:24", "mounts": ["source=data,target=/data,type=bind,ro", "src=x,dst=/x,type=volume,readonly=false", { "type": "volume", "source": "a", "target": "/a", "consistency": "cached" }] }',
    {
      '.devcontainer/devcontainer.json':
        '{ "dockerComposeFile": "compose.yaml", "service": "app", "mounts": ["source=data,target=/data,type=volume", { "type": "bind", "source": "/opt/x", "target": "/x", "readonly": false }] }',
      '.devcontainer/compose.yaml':
        'services:\n  app:\n    image: ghcr.io/example/app:1\n    volumes: ["./x:/x:ro", { type: bind, source: ./y, target: /y, read_only: true }]\n',
    },
  ],
  mayShow: ({ mounts }) => mounts.length > 0,
  *check(container) {
    const { mounts, source } = container;
    for (const mount of mounts) {
      const { lost = [], place, value } = mount;
      if (lost.length === 0) continue;
      const isCompose = source === 'compose';
      const way = isCompose
        ? 'with dockerComposeFile the tools keep source and target alone; write it under volumes of the service'
        : 'the tools leave it out; write the mount as one text';
      const isReading = lost.some((option) => /\b(?:readonly|ro|read_only)\b/i.test(option));
      yield {
        place,
        message: `the mount on ${value.target ?? 'no target'} loses ${lost.join(', ')}: ${way}`,
        ...(guards(mount) && { severity: 'error' }),
        ...(isReading && {
          fixes: () =>
            offerFix(
              isCompose ? 'move it to the service, read-only' : 'write it so that it holds',
              'what writes there fails',
              isCompose ? moveToService(mount, container) : mount.toReadOnly(),
            ),
        }),
      };
    }
  },
};

function moveToService(mount: DeclaredMount, container: Container): readonly Edit[] {
  const { source, target, type } = mount.value;
  if (source === undefined || target === undefined || type !== 'bind') return [];
  const [removed, added] = [mount.remove(), container.addReadOnly([{ source, target }])];
  return removed.length > 0 && added.length > 0 ? [...removed, ...added] : [];
}

/** Whether what is lost kept a credential whole, or what the host runs later. */
function guards({ value: { host, type } }: DeclaredMount): boolean {
  if (!host || type !== 'bind') return false;
  if (host.base === 'workspace') return isObeyed(host.segments.join('/'));
  return classifyCredential(host, false)?.grade === 'error';
}
