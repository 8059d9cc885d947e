import type { LifecycleCommand } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { gradeHostCommand } from '../../container/host-command.js';
import type { Report, Rule } from '../../core/rule.js';

export const noHostCommand: Rule<'container'> = {
  id: 'no-host-command',
  on: 'container',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Do not run commands on the host',
  why: 'initializeCommand runs on the host, as the user, at every start and without asking. Code in the container that rewrites it, or a script it calls in the mounted workspace, has left the container by the next start.',
  references: [
    'https://containers.dev/implementors/json_reference/#lifecycle-scripts',
    'https://attack.mitre.org/techniques/T1611/',
    'https://cwe.mitre.org/data/definitions/829.html',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24",\n  "initializeCommand": «"bash .devcontainer/initialize.sh"»\n}\n',
      fixed: '{\n  "image": "node:24"\n}\n',
    },
    {
      bad: '{\n  "initializeCommand": {\n    "env": «"test -f .env && . ./.env"»\n  },\n  "postCreateCommand": "npm ci"\n}\n',
      fixed: '{\n  "postCreateCommand": "npm ci"\n}\n',
    },
    { bad: '{\n  "initializeCommand": «["npm", "ci"]»\n}\n', fixed: '{}\n' },
    { bad: '{\n  "initializeCommand": «"curl -fsSL https://example.com/x.sh | sh"»\n}\n', fixed: '{}\n' },
  ],
  good: [
    '{ "initializeCommand": "" }',
    '{ "initializeCommand": [] }',
    '{ "initializeCommand": "mkdir -p ${localEnv:HOME}/.cache/x && touch .env" }',
    '{ "initializeCommand": "docker volume create shared >/dev/null 2>&1 || true" }',
    '{ "initializeCommand": ["mkdir", "-p", ".cache"] }',
    '{ "postCreateCommand": "bash .devcontainer/setup.sh" }',
  ],
  mayShow: ({ lifecycle }) => lifecycle.length > 0,
  *check(container) {
    for (const command of container.lifecycle) {
      if (command.value.hook !== 'initializeCommand') continue;
      const judged = judge(command.value);
      if (!judged) continue;
      yield {
        place: command.place,
        ...judged,
        fixes: () =>
          offerFix(
            'remove the command',
            'what it prepared has to be done by hand, or in onCreateCommand inside the container',
            command.remove(),
          ),
      };
    }
  },
};

function judge(command: LifecycleCommand): Pick<Report, 'message' | 'severity' | 'persona'> | undefined {
  const text = command.script ?? command.argv?.join(' ') ?? '';
  if (text.trim() === '') return undefined;
  const shown = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  if (command.remoteExecutions.length > 0) {
    return { message: `downloads and runs code on the host: ${shown}`, severity: 'error' };
  }
  const { severity, reason } = gradeHostCommand(command.script ?? command.argv ?? '');
  return {
    message: `${reason}: ${shown}`,
    severity,
    ...(severity === 'info' && { persona: 'pedantic' as const }),
  };
}
