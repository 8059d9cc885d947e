import { offerFix } from '../../container/fixes.js';
import { offerSecret } from '../../container/secret-edits.js';
import { hostSecretsOf } from '../../container/secret-names.js';
import type { Rule } from '../../core/rule.js';

export const noHostSecretEnv: Rule<'container'> = {
  id: 'no-host-secret-env',
  on: 'container',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: "Do not pass the host's secrets into the container as variables",
  why: "Every process in the container reads its environment, so a hijacked agent or dependency takes the user's own token, with all that it opens, and sends it away. Values in containerEnv and runArgs also stay readable with the container's settings.",
  references: [
    'https://containers.dev/implementors/json_reference/#variables-in-devcontainerjson',
    'https://containers.dev/implementors/secrets/',
    'https://cwe.mitre.org/data/definitions/526.html',
    'https://attack.mitre.org/techniques/T1552/',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24",\n  "remoteEnv": {\n    "GITHUB_TOKEN": «"${localEnv:GITHUB_TOKEN}"»,\n    "TZ": "${localEnv:TZ}"\n  }\n}\n',
      fixed: '{\n  "image": "node:24",\n  "remoteEnv": {\n    "TZ": "${localEnv:TZ}"\n  }\n}\n',
    },
    {
      bad: '{\n  "containerEnv": { "NPM_REGISTRY": «"https://user:${localEnv:NPM_TOKEN}@npm.example.com"» }\n}\n',
      fixed: '{}\n',
    },
    {
      bad: '{\n  "runArgs": ["--init", "-e", «"AWS_SECRET_ACCESS_KEY"»]\n}\n',
      fixed: '{\n  "runArgs": ["--init"]\n}\n',
    },
    {
      bad: '{\n  "runArgs": [«"--env=DB_PASSWORD=${localEnv:DB_PASSWORD}"»]\n}\n',
      fixed: '{}\n',
    },
    { bad: '{\n  "runArgs": [«"--env-host"»]\n}\n', fixed: '{}\n' },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: ghcr.io/example/app\n    environment:\n      - «GITHUB_TOKEN»\n      - TZ\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: ghcr.io/example/app\n    environment:\n      - TZ\n',
      },
    },
  ],
  good: [
    '{ "remoteEnv": { "TZ": "${localEnv:TZ}", "USER": "${localEnv:USER}", "GIT_AUTHOR_NAME": "${localEnv:GIT_AUTHOR_NAME}" } }',
    '{ "remoteEnv": { "ANTHROPIC_API_KEY": "${localEnv:ANTHROPIC_API_KEY}" } }',
    '{ "remoteEnv": { "AWS_PROFILE": "${localEnv:AWS_PROFILE}", "AWS_ACCESS_KEY_ID": "${localEnv:AWS_ACCESS_KEY_ID}" } }',
    '{ "remoteEnv": { "MAX_TOKENS": "${localEnv:MAX_TOKENS}", "KEYBOARD": "${localEnv:KEYBOARD}" } }',
    '{ "remoteEnv": { "TOKEN_FILE": "${localEnv:TOKEN_FILE}", "SSH_AUTH_SOCK": "${localEnv:SSH_AUTH_SOCK}" } }',
    '{ "remoteEnv": { "GH_TOKEN": "" , "PATH": "${containerEnv:PATH}:/opt/bin", "X": "${containerEnv:GH_TOKEN}" } }',
    '{ "secrets": { "GITHUB_TOKEN": { "description": "a token for this repository" } } }',
  ],
  mayShow: ({ environment }) => environment.length > 0,
  *check(container) {
    for (const variable of container.environment) {
      const secrets = hostSecretsOf(variable.value, container.file.text);
      if (secrets?.kind !== 'secret') continue;
      yield {
        place: variable.place,
        message: `passes ${secrets.names.join(', ')} of the host into the container (${variable.syntax})`,
        ...(variable.value.name === '*' && { severity: 'error' as const }),
        fixes: () => {
          const removed = variable.remove();
          return [
            ...offerFix(
              variable.value.name === '*' ? 'remove it' : `remove ${variable.value.name}`,
              'sign in inside with a token for this project only, or hand it over at start (devcontainer up --secrets-file)',
              removed,
            ),
            ...offerSecret(container, variable, removed),
          ];
        },
      };
    }
  },
};
