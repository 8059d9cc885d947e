import type { Rule } from '../../core/rule.js';
import '../../core/suppress.js';

export const noSuppressionProblem: Rule<'suppression'> = {
  id: 'no-suppression-problem',
  on: 'suppression',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Every suppression names a rule, gives a reason, is in force and still needed',
  why: 'A suppression is a decision that somebody took over from the tool. Without a reason nobody can judge it again; one that is misspelt protects nobody from the surprise; one that is no longer needed hides the next finding at its place.',
  decide:
    'Whether the finding is still fine. If it is, name the rule and the reason; if nobody knows why it was, delete the suppression and look at the finding.',
  references: [
    'https://cwe.mitre.org/data/definitions/1127.html',
    'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html',
  ],
  examples: [
    {
      bad: '{\n  «// harden-devcontainer-ignore no-privileged»\n  "image": "node:24",\n  "remoteUser": "node"\n}\n',
    },
    {
      bad: '{\n  "image": "node:24", «// harden-devcontainer-ignore no-privileged until 2020-01-31 -- until the build moves»\n  "remoteUser": "node"\n}\n',
    },
    {
      bad: '{\n  // harden-devcontainer-ignore «no-priviledged» -- builds images\n  "image": "node:24",\n  "remoteUser": "node"\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }\n',
        '.devcontainer/Dockerfile':
          'FROM node:24\n«# harden-devcontainer-ignore-file require-non-root-user -- a build box»\nUSER node\n',
      },
    },
  ],
  good: [
    '{\n  // harden-devcontainer-ignore no-privileged -- builds images in a virtual machine of its own\n  "privileged": true\n}\n',
    '// harden-devcontainer-ignore-file require-non-root-user -- a build box\n{ "image": "node:24" }\n',
    '{\n  "privileged": true /* harden-devcontainer-ignore no-privileged, no-host-device until 2999-12-31 -- see the ticket */\n}\n',
    '{ "name": "// harden-devcontainer-ignore no-privileged" }',
  ],
  *check({ problems }) {
    yield* problems;
  },
};
