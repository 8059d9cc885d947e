import { offerFix, offerVolume } from '../../container/fixes.js';
import { classifyMount } from '../../container/mount-risk.js';
import type { Rule } from '../../core/rule.js';

export const noHomeMount: Rule<'container'> = {
  id: 'no-home-mount',
  on: 'container',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Do not mount a whole home folder, drive or file system of the host',
  why: 'Every key, token and browser session of the user lies below the home folder, and writing one start file there runs code on the host. Read-only does not help: reading is enough to take the credentials.',
  references: [
    'https://docs.docker.com/engine/storage/bind-mounts/',
    'https://attack.mitre.org/techniques/T1552/001/',
    'https://cwe.mitre.org/data/definitions/668.html',
  ],
  examples: [
    {
      bad: '{\n  "mounts": [\n    «"source=${localEnv:HOME}${localEnv:USERPROFILE},target=/host-home,type=bind"»\n  ]\n}\n',
      fixed: '{}\n',
    },
    {
      bad: '{\n  "runArgs": [«"-v=/:/host:ro"», "--init"]\n}\n',
      fixed: '{\n  "runArgs": ["--init"]\n}\n',
    },
    {
      bad: '{\n  "mounts": [«{ "type": "bind", "source": "/home", "target": "/home" }»]\n}\n',
      fixed: '{}\n',
    },
  ],
  good: [
    '{ "mounts": ["source=${localEnv:HOME}/projects/shared,target=/shared,type=bind"] }',
    '{ "mounts": ["source=home,target=/home/node,type=volume"] }',
    '{ "mounts": ["source=${localEnv:PROJECTS_DIR},target=/projects,type=bind"] }',
    '{ "workspaceMount": "source=${localWorkspaceFolder},target=/workspace,type=bind", "workspaceFolder": "/workspace" }',
    '{ "mounts": ["source=${localWorkspaceFolder}/home,target=/home/node,type=bind"] }',
  ],
  mayShow: ({ mounts }) => mounts.length > 0,
  *check(container) {
    for (const mount of container.mounts) {
      const risk = classifyMount(mount.value);
      if (risk?.question !== 'home') continue;
      yield {
        place: mount.place,
        message: `mounts ${risk.path} of the host: ${risk.what}`,
        severity: risk.severity,
        fixes: () => [
          ...offerFix(
            'remove the mount',
            'what the container needs from there has to be mounted folder by folder',
            mount.remove(),
          ),
          ...(mount.syntax === 'workspaceMount'
            ? []
            : offerVolume(
                mount,
                'home',
                "the folder starts empty and keeps what the container writes; the host's files are not in it",
              )),
        ],
      };
    }
  },
};
