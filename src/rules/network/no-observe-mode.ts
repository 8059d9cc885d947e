import type { Rule } from '../../core/rule.js';

const policy = '.devcontainer/harden-devcontainer.jsonc';

export const noObserveMode: Rule<'egress'> = {
  id: 'no-observe-mode',
  on: 'egress',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Leave observe mode before anybody works in the container',
  why: 'In observe mode the firewall logs and lets everything out to public addresses: whatever an injected prompt or a malicious dependency finds, it can send to any server.',
  references: [
    'https://attack.mitre.org/techniques/T1567/',
    'https://cwe.mitre.org/data/definitions/489.html',
  ],
  examples: [
    {
      bad: {
        [policy]: '{ "version": 1, "name": "shop", "mode": «"observe"» }\n',
        '.devcontainer/mode': 'observe\n',
      },
      fixed: {
        [policy]: '{ "version": 1, "name": "shop", "mode": "enforce" }\n',
        '.devcontainer/mode': 'enforce\n',
      },
    },
    { bad: { '.devcontainer/mode': '«observe»\n' }, fixed: { '.devcontainer/mode': 'enforce\n' } },
  ],
  good: [
    { [policy]: '{ "version": 1, "name": "shop" }', '.devcontainer/mode': 'enforce\n' },
    { [policy]: '{ "version": 1, "name": "shop", "mode": "enforce" }' },
  ],
  *check({ observing }) {
    for (const { place, also, enforce } of observing) {
      const edits = enforce();
      yield {
        place,
        message:
          'observe lets every name and every port of public addresses out and only logs it; list what the log shows to be needed, and enforce',
        related: also ? [{ place: also, message: 'the container is built with it' }] : [],
        fixes:
          edits.length === 0
            ? []
            : [
                {
                  title: 'enforce the allowlist',
                  safety: 'review',
                  consequence: 'what is not listed is refused from the next build on',
                  edits,
                },
              ],
      };
    }
  },
};
