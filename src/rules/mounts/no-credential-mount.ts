import type { DeclaredMount } from '../../container/container.js';
import { offerFix, offerVolume } from '../../container/fixes.js';
import { classifyMount } from '../../container/mount-risk.js';
import type { Fix, Rule } from '../../core/rule.js';

export const noCredentialMount: Rule<'container'> = {
  id: 'no-credential-mount',
  on: 'container',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: "Do not mount the host user's credentials",
  why: 'A hijacked agent or dependency reads the mounted keys and tokens and uses them from anywhere, long after the container is gone. Read-only does not help: reading is the harm.',
  references: [
    'https://attack.mitre.org/techniques/T1552/001/',
    'https://cwe.mitre.org/data/definitions/522.html',
    'https://docs.docker.com/engine/storage/bind-mounts/',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24",\n  "mounts": [\n    "source=cache,target=/cache,type=volume",\n    «"source=${localEnv:HOME}/.ssh,target=/home/node/.ssh,type=bind,readonly"»\n  ]\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "mounts": [\n    "source=cache,target=/cache,type=volume"\n  ]\n}\n',
    },
    {
      bad: '{\n  "runArgs": ["--volume", «"${env:HOME}/.aws/credentials:/root/.aws/credentials:ro"»]\n}\n',
      fixed: '{}\n',
    },
    {
      bad: '{\n  "mounts": [«{ "type": "bind", "source": "${localEnv:HOME}/.config/gh", "target": "/root/.config/gh" }»]\n}\n',
      fixed: '{}\n',
    },
    {
      bad: '{\n  "mounts": [«"type=bind,source=${localEnv:HOME}/.claude,target=/home/node/.claude,readonly"»]\n}\n',
      fixed: '{}\n',
    },
    {
      bad: '{\n  "mounts": [«"type=bind,source=${localEnv:HOME}/.config,target=/home/node/.config"»]\n}\n',
      fixed: '{}\n',
    },
    {
      bad: '{\n  "runArgs": ["-v", «"${localEnv:HOME}/.ssh/:/root/.ssh/:cached"»]\n}\n',
      fixed: '{}\n',
    },
    {
      bad: {
        'compose.yaml': 'services:\n  app:\n    image: node:24\n    volumes: [«"~/.ssh:/root/.ssh"»]\n',
      },
      fixed: { 'compose.yaml': 'services:\n  app:\n    image: node:24\n' },
    },
    {
      bad: {
        'compose.yaml':
          'services:\n  app:\n    image: node:24\n    volumes: ["keys:/root/.ssh"]\nvolumes:\n  keys:\n    driver_opts:\n      type: none\n      o: bind\n      device: «${HOME}/.ssh»\n',
      },
      fixed: {
        'compose.yaml':
          'services:\n  app:\n    image: node:24\nvolumes:\n  keys:\n    driver_opts:\n      type: none\n      o: bind\n      device: ${HOME}/.ssh\n',
      },
    },
  ],
  good: [
    '{ "mounts": ["source=proj.ssh-cache,target=/home/node/.ssh,type=volume"] }',
    '{ "mounts": ["source=${localEnv:HOME}/.sshd-conf,target=/etc/sshd,type=bind"] }',
    '{ "mounts": ["source=/opt/.awsome,target=/opt/.awsome,type=bind,readonly"] }',
    '{ "mounts": ["source=${localEnv:HOME}/.ssh/known_hosts,target=/home/node/.ssh/known_hosts,type=bind,readonly"] }',
    '{ "mounts": ["source=${localEnv:HOME}/.ssh/id_ed25519.pub,target=/key.pub,type=bind,readonly"] }',
    '{ "mounts": ["source=claude-${devcontainerId},target=/home/node/.claude,type=volume"] }',
    '{ "mounts": ["source=${localEnv:HOME}/.npm,target=/home/node/.npm,type=bind,readonly"] }',
    '{ "mounts": ["source=${localWorkspaceFolder}/.cache,target=/home/node/.cache,type=bind"] }',
  ],
  mayShow: ({ mounts }) => mounts.length > 0,
  *check(container) {
    for (const mount of container.mounts) {
      const risk = classifyMount(mount.value);
      if (risk?.question !== 'credential') continue;
      yield {
        place: mount.place,
        message: `mounts ${risk.path} of the host: ${risk.what}`,
        severity: risk.severity,
        persona: risk.persona,
        confidence: risk.confidence,
        fixes: () => [
          ...offerFix(
            'remove the mount',
            'sign in inside the container, or do that step on the host',
            mount.remove(),
          ),
          ...(risk.folder
            ? offerVolume(
                mount,
                risk.path,
                'the folder starts empty: sign in inside, with access to this project only',
              )
            : []),
          ...offerKnownHosts(mount, risk.path),
        ],
      };
    }
  },
};

/** Of the folder of ssh one file holds no secret, and is what is wanted often: who the hosts are. */
function offerKnownHosts(mount: DeclaredMount, path: string): readonly Fix[] {
  if (!/[\\/]\.ssh[\\/]?$/.test(path)) return [];
  return offerFix(
    'mount known_hosts alone, read-only',
    'hosts are known inside, keys stay outside; the file has to be there on the host',
    mount.toFile?.('known_hosts'),
  );
}
