import { offerFix } from '../../container/fixes.js';
import { offerLogin, offerSecret } from '../../container/secret-edits.js';
import { hostSecretsOf } from '../../container/secret-names.js';
import type { Rule } from '../../core/rule.js';

export const noAgentKeyInContainerEnv: Rule<'container'> = {
  id: 'no-agent-key-in-container-env',
  on: 'container',
  severity: 'info',
  confidence: 'high',
  persona: 'default',
  summary: "Keep the agent's own key out of the container's stored settings",
  why: "A key in containerEnv or runArgs is stored with the container, where everybody who may inspect containers reads it, and every process inside has it: a dependency can spend the account's money or read what the agent stored.",
  references: [
    'https://containers.dev/implementors/json_reference/',
    'https://docs.docker.com/reference/cli/docker/inspect/',
    'https://cwe.mitre.org/data/definitions/526.html',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24",\n  "containerEnv": {\n    "ANTHROPIC_API_KEY": «"${localEnv:ANTHROPIC_API_KEY}"»\n  }\n}\n',
      fixed: '{\n  "image": "node:24"\n}\n',
    },
    {
      bad: '{\n  "runArgs": ["-e", «"OPENAI_API_KEY"», "--init"]\n}\n',
      fixed: '{\n  "runArgs": ["--init"]\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "features": { "ghcr.io/anthropics/devcontainer-features/claude-code:1": {} },\n  "runArgs": ["-e", «"ANTHROPIC_API_KEY"»]\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "remoteUser": "node",\n  "features": { "ghcr.io/anthropics/devcontainer-features/claude-code:1": {} }\n}\n',
    },
  ],
  good: [
    '{ "remoteEnv": { "ANTHROPIC_API_KEY": "${localEnv:ANTHROPIC_API_KEY}" } }',
    '{ "secrets": { "ANTHROPIC_API_KEY": {} } }',
    '{ "containerEnv": { "ANTHROPIC_API_KEY": "placeholder", "ANTHROPIC_BASE_URL": "http://localhost:8080" } }',
    '{ "containerEnv": { "CLAUDE_CONFIG_DIR": "/home/node/.claude", "ANTHROPIC_MODEL": "${localEnv:ANTHROPIC_MODEL}" } }',
  ],
  mayShow: ({ environment }) => environment.length > 0,
  *check(container) {
    for (const variable of container.environment) {
      const secrets = hostSecretsOf(variable.value, container.file.text);
      if (secrets?.kind !== 'agent-key') continue;
      yield {
        place: variable.place,
        message: `stores ${secrets.names.join(', ')} of the host with the container (${variable.syntax})`,
        ...(variable.value.scope === 'remote' && {
          message: `gives ${secrets.names.join(', ')} of the host to every process of the user (${variable.syntax})`,
          persona: 'pedantic' as const,
        }),
        fixes: () => {
          const removed = variable.remove();
          return [
            ...offerFix(
              `remove ${variable.value.name}`,
              'log in once inside and keep the login in a named volume',
              removed,
            ),
            ...offerLogin(container, variable, removed),
            ...offerSecret(container, variable, removed),
          ];
        },
      };
    }
  },
};
