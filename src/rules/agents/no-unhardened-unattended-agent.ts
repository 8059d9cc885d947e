import type { JudgedContainer } from '../../agents/agent-settings.js';
import { unattendedFiles } from '../../agents/unattended-files.js';
import type { Sign } from '../../container/container.js';
import type { Finding, Report, Rule } from '../../core/rule.js';

export const noUnhardenedUnattendedAgent: Rule<'workspace'> = {
  id: 'no-unhardened-unattended-agent',
  on: 'workspace',
  severity: 'warning',
  confidence: 'medium',
  persona: 'default',
  summary: 'Let an agent run without asking only in a container that is closed',
  why: 'Nobody looks at what the agent does, so the container is all that holds an instruction which somebody has slipped in. One way out, an open network, root or a key of the host, is enough to make the isolation worth nothing.',
  decide:
    'Which of the two shall go: an agent that asks nobody, or the openings of its container. `harden-devcontainer init` writes a container that is closed.',
  references: [
    'https://code.claude.com/docs/en/devcontainer',
    'https://genai.owasp.org/llmrisk/llm062025-excessive-agency/',
    'https://attack.mitre.org/techniques/T1611/',
  ],
  examples: [
    {
      bad: '{\n  "image": "mcr.microsoft.com/devcontainers/base:bookworm",\n  "features": { «"ghcr.io/anthropics/devcontainer-features/claude-code:1"»: {} },\n  "postStartCommand": "claude --dangerously-skip-permissions -p \'fix the tests\'"\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "image": "node:24",\n  "mounts": ["source=${localEnv:HOME}/.ssh,target=/root/.ssh,type=bind"],\n  "postCreateCommand": "npm i -g «@openai/codex»@0.50.0"\n}\n',
        '.codex/config.toml': 'sandbox_mode = "danger-full-access"\napproval_policy = "never"\n',
      },
    },
  ],
  good: [
    '{ "image": "node:24", "postStartCommand": "claude -p \'fix the tests\'" }',
    {
      '.devcontainer/devcontainer.json':
        '{ "build": { "dockerfile": "Dockerfile" }, "remoteUser": "node", "runArgs": ["--cap-add=NET_ADMIN"], "postStartCommand": "sudo /usr/local/bin/init-firewall.sh && claude --dangerously-skip-permissions -p x" }',
      '.devcontainer/Dockerfile': 'FROM node:24\nCOPY init-firewall.sh /usr/local/bin/\nUSER node\n',
      '.devcontainer/init-firewall.sh': '#!/bin/bash\niptables -P OUTPUT DROP\n',
    },
    { 'opencode.json': '{ "permission": "allow" }' },
  ],
  *check(workspace) {
    const files = unattendedFiles(workspace.settings);
    for (const judged of workspace.containers) {
      const { agents, unattended } = judged.container.posture;
      const signs = [...unattended, ...(agents.length > 0 ? files : [])];
      const [first] = signs;
      // Asked last: it runs the rules about the container.
      if (!first || judged.isIsolated()) continue;
      const report = judge(judged, agents[0] ?? first, signs);
      if (report) yield report;
    }
  },
};

function judge(
  { container, exposures }: JudgedContainer,
  at: Sign,
  signs: readonly Sign[],
): Report | undefined {
  const found = exposures();
  const missing = [
    ...(container.firewall || container.source === 'compose' ? [] : ['no firewall for what goes out']),
    ...(found.some(({ ruleId }) => ruleId === 'require-non-root-user') ? ['root as its user'] : []),
    ...(found.some(isHostSecret) ? ["the host's credentials in reach"] : []),
    ...(found.some((finding) => finding.severity === 'error' && !isHostSecret(finding))
      ? ['a way to the host']
      : []),
  ];
  // Services of compose may be what closes it.
  if (missing.length === 0) return undefined;
  if (!isConfigReadOnly(container)) missing.push('its own configuration writable from inside');
  return {
    place: at.place,
    message: `an agent runs here without asking (${signs[0]?.what}) in a container that is not closed: ${missing.join(', ')}`,
    severity: found.some(({ severity }) => severity === 'error') ? 'error' : 'warning',
    related: [
      ...signs.slice(0, 2).map(({ place, what }) => ({ place, message: `nobody is asked (${what})` })),
      ...found.slice(0, 5).map(({ place, ruleId, message }) => ({ place, message: `${ruleId}: ${message}` })),
    ],
  };
}

function isHostSecret({ ruleId }: Finding): boolean {
  return /^no-(?:credential-mount|home-mount|host-secret-env|session-socket-mount|writable-agent-state)$/.test(
    ruleId,
  );
}

/** Something read-only, or something else, lies over the folder that the host builds the container from. */
function isConfigReadOnly({ mounts }: JudgedContainer['container']): boolean {
  return mounts.some(
    ({ value: { target, readOnly, type } }) =>
      target?.endsWith('/.devcontainer') && (readOnly || type !== 'bind'),
  );
}
