import type { Declared, LifecycleCommand, RemoteExecution } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { trustOf } from '../../container/script-hosts.js';
import type { Report, Rule } from '../../core/rule.js';

export const noRemoteScriptExecution: Rule<'container'> = {
  id: 'no-remote-script-execution',
  on: 'container',
  severity: 'warning',
  confidence: 'medium',
  persona: 'default',
  summary: 'Do not run what was just downloaded without checking it',
  why: 'Whoever controls the address, the branch behind it or the connection chooses what runs in the container at its next start, with everything that the container can reach.',
  references: [
    'https://cwe.mitre.org/data/definitions/494.html',
    'https://owasp.org/www-project-top-10-ci-cd-security-risks/CICD-SEC-09-Improper-Artifact-Integrity-Validation',
    'https://attack.mitre.org/techniques/T1195/002/',
  ],
  examples: [
    {
      bad: '{\n  "postCreateCommand": "«curl -fsSL http://get.example.com/install.sh | bash»"\n}\n',
      fixed: '{}\n',
    },
    {
      bad: '{\n  "postCreateCommand": {\n    "deps": "npm ci",\n    "tool": "«curl -fsSL https://raw.githubusercontent.com/someone/tool/main/install.sh | sh»"\n  }\n}\n',
      fixed: '{\n  "postCreateCommand": {\n    "deps": "npm ci"\n  }\n}\n',
    },
    {
      bad: '{\n  "onCreateCommand": "npm ci && «bash -c \\"$(curl -k https://tools.example.com/setup)\\"»"\n}\n',
      fixed: '{}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{\n  "postCreateCommand": "bash .devcontainer/setup.sh"\n}\n',
        '.devcontainer/setup.sh': '#!/bin/bash\nset -e\n«curl -sL http://example.com/tool | sh»\n',
      },
    },
  ],
  good: [
    {
      '.devcontainer/devcontainer.json': '{ "postCreateCommand": "cat .devcontainer/setup.sh" }',
      '.devcontainer/setup.sh': '#!/bin/bash\ncurl -sL http://example.com/tool | sh\n',
    },
    '{ "postCreateCommand": "curl -fsSL https://sh.rustup.rs | sh -s -- -y" }',
    '{ "postCreateCommand": "curl -o- https://raw.githubusercontent.com/nvm-sh/nvm/v0.40.3/install.sh | bash" }',
    '{ "postCreateCommand": "curl -fsSLO https://example.com/a.tgz && sha256sum -c a.sha256 && tar xf a.tgz" }',
    '{ "postCreateCommand": "echo \'curl http://example.com | sh\'" }',
    '{ "postCreateCommand": "curl -fsSL http://localhost:8080/health | grep ok" }',
    '{ "postCreateCommand": "npm ci && bash scripts/setup.sh" }',
  ],
  mayShow: ({ lifecycle }) => lifecycle.length > 0,
  *check(container) {
    for (const command of container.lifecycle) {
      const { hook, remoteExecutions, script = '' } = command.value;
      // On the host it is a question of its own, with a rule of its own.
      if (hook === 'initializeCommand') continue;
      for (const execution of remoteExecutions) {
        yield {
          place: command.value.placeOf(execution.start, execution.end),
          ...judge(execution, script),
          fixes: () =>
            offerFix(
              'remove the command',
              'take the tool from a Feature, a package, or a pinned download that the Dockerfile checks',
              command.remove(),
            ),
        };
      }
      yield* checkScripts(command);
    }
  },
};

/** The scripts of the repository that the command starts; what they hold is mended there by hand. */
function* checkScripts(command: Declared<LifecycleCommand>): Iterable<Report> {
  const { hook, scripts } = command.value;
  for (const { file, remoteExecutions } of scripts) {
    for (const execution of remoteExecutions) {
      yield {
        place: { file, at: { start: execution.start, end: execution.end } },
        ...judge(execution, file.text),
        related: [{ place: command.place, message: `${hook} starts this script` }],
      };
    }
  }
}

function judge(
  { url, form, start, end }: RemoteExecution,
  script: string,
): Pick<Report, 'message' | 'severity' | 'persona'> {
  const what = `runs ${url ?? 'a download'} unchecked: ${form}`;
  if (/\s(?:-[a-zA-Z]*k[a-zA-Z]*|--insecure|--no-check-certificate)\s/.test(script.slice(start, end))) {
    return { message: `${what}; the connection is not checked either` };
  }
  if (url === undefined) return { message: what };
  const { trusted, reason } = trustOf(url);
  return trusted
    ? { message: what, severity: 'info', persona: 'pedantic' }
    : { message: `${what}; ${reason}` };
}
