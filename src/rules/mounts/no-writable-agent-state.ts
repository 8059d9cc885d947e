import type { DeclaredMount } from '../../container/container.js';
import { offerFix, offerVolume } from '../../container/fixes.js';
import { classifyMount, type MountRisk } from '../../container/mount-risk.js';
import type { Fix, Rule } from '../../core/rule.js';

export const noWritableAgentState: Rule<'container'> = {
  id: 'no-writable-agent-state',
  on: 'container',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Do not let the container write what the host later runs or obeys',
  why: "Code in the container plants a hook, an MCP server, an alias or a git setting in the mounted folder, and the host's own agent, shell or git runs it the next time, as the user and outside every sandbox.",
  references: [
    'https://code.claude.com/docs/en/hooks',
    'https://git-scm.com/docs/git-config#Documentation/git-config.txt-corefsmonitor',
    'https://attack.mitre.org/techniques/T1546/004/',
    'https://cwe.mitre.org/data/definitions/732.html',
  ],
  examples: [
    {
      bad: '{\n  "mounts": [\n    «"source=${localEnv:HOME}/.claude,target=/home/node/.claude,type=bind"»\n  ]\n}\n',
      fixed:
        '{\n  "mounts": [\n    "source=claude-${devcontainerId},target=/home/node/.claude,type=volume"\n  ]\n}\n',
    },
    {
      bad: '{\n  "mounts": [«"source=${localEnv:HOME}/.gitconfig,target=/root/.gitconfig,type=bind,consistency=cached"»]\n}\n',
      fixed: '{}\n',
    },
    {
      bad: '{\n  "runArgs": ["-v", «"${localEnv:HOME}/.local/bin:/home/node/.local/bin"»]\n}\n',
      fixed: '{}\n',
    },
    {
      bad: {
        'compose.yaml':
          'services:\n  app:\n    image: node:24\n    volumes:\n      - «~/.claude:/home/node/.claude» # login\n',
      },
      fixed: {
        'compose.yaml':
          'services:\n  app:\n    image: node:24\n    volumes:\n      - claude:/home/node/.claude # login\nvolumes:\n  claude:\n',
      },
    },
  ],
  good: [
    '{ "mounts": ["source=claude-${devcontainerId},target=/home/node/.claude,type=volume"] }',
    '{ "mounts": ["source=${localWorkspaceFolder}/.claude,target=/home/node/.claude,type=bind"] }',
    '{ "mounts": ["source=${localEnv:HOME}/.gitconfig,target=/root/.gitconfig,type=bind,readonly"] }',
    '{ "runArgs": ["-v", "${localEnv:HOME}/.claude:/home/node/.claude:ro"] }',
  ],
  mayShow: ({ mounts }) => mounts.length > 0,
  *check(container) {
    for (const mount of container.mounts) {
      const risk = classifyMount(mount.value);
      if (risk?.question !== 'obeyed') continue;
      yield {
        place: mount.place,
        message: `mounts ${risk.path} of the host writable: ${risk.what}, which the host uses later`,
        severity: risk.severity,
        persona: risk.persona,
        confidence: risk.confidence,
        fixes: () => listFixes(mount, risk),
      };
    }
  },
};

function listFixes(mount: DeclaredMount, risk: MountRisk): readonly Fix[] {
  const remove = offerFix(
    'remove the mount',
    "the container no longer sees the host's settings",
    mount.remove(),
  );
  const readOnly = offerFix(
    'mount it read-only',
    `nothing can be saved there${risk.whenReadOnly === 'warning' ? '; what is in it stays readable, tokens too' : ''}`,
    mount.toReadOnly(),
  );
  // Without a folder of its own an agent forgets its login at every rebuild; other programs do without.
  if (!risk.agentState || !risk.folder) return [...remove, ...readOnly];
  const volume = offerVolume(
    mount,
    risk.path,
    'sign in once inside; settings and history of the host are not shared',
  );
  return [...volume, ...readOnly, ...remove];
}
