import type { Container } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { isCreatedHere, placeOfContainer } from '../../container/place.js';
import type { Rule } from '../../core/rule.js';

export const requireNoNewPrivileges: Rule<'container'> = {
  id: 'require-no-new-privileges',
  on: 'container',
  severity: 'info',
  confidence: 'high',
  persona: 'pedantic',
  summary: 'Let no program in the container gain privileges',
  why: 'Without the flag an unprivileged user becomes root through whatever has the setuid bit: sudo, su, or a program of the image with a hole. With it the kernel ignores the bit, and the way to root is closed whatever the image holds.',
  references: [
    'https://docs.kernel.org/userspace-api/no_new_privs.html',
    'https://docs.docker.com/reference/cli/docker/container/run/#security-opt',
    'https://cwe.mitre.org/data/definitions/250.html',
  ],
  examples: [
    {
      bad: '{\n  "image": «"node:24"»\n}\n',
      fixed: '{\n  "image": "node:24",\n  "securityOpt": ["no-new-privileges"]\n}\n',
    },
    {
      bad: '{\n  "image": «"node:24"»,\n  "securityOpt": [\n    "label=type:dev.process"\n  ]\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "securityOpt": [\n    "label=type:dev.process",\n    "no-new-privileges"\n  ]\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: «node:24»\n    security_opt: ["label=disable"]\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: node:24\n    security_opt: ["label=disable", no-new-privileges]\n',
      },
    },
    {
      bad: '{\n  "image": «"node:24"»,\n  "remoteUser": "node",\n  "postStartCommand": "sudo iptables -P OUTPUT DROP"\n}\n',
    },
  ],
  good: [
    '{ "image": "node:24", "securityOpt": ["no-new-privileges"] }',
    '{ "image": "node:24", "securityOpt": ["no-new-privileges:true"] }',
    '{ "image": "node:24", "runArgs": ["--security-opt=no-new-privileges=true"] }',
    '{ "name": "not a container" }',
  ],
  *check(container) {
    if (!isCreatedHere(container) || isSet(container)) return;
    if (startsFirewallWithSudo(container)) {
      yield {
        place: placeOfContainer(container),
        message:
          'no-new-privileges is not set, and cannot be while sudo starts the firewall: started as root by the entrypoint it needs no sudo',
      };
      return;
    }
    yield {
      place: placeOfContainer(container),
      message:
        'no-new-privileges is not set: a program with the setuid bit, such as sudo, makes its caller root',
      fixes: () =>
        offerFix(
          'set no-new-privileges',
          'sudo and su no longer work in the container',
          container.source === 'compose'
            ? container.addOptions([{ name: '--security-opt', value: 'no-new-privileges' }])
            : container.addToList('securityOpt', ['no-new-privileges']),
        ),
    };
  },
};

function isSet({ securityOptions }: Container): boolean {
  return securityOptions.some(
    ({ value: { name, value } }) => name === 'no-new-privileges' && !/^(?:false|0|f)$/i.test(value),
  );
}

function startsFirewallWithSudo({ firewall, lifecycle, startup }: Container): boolean {
  if (firewall === undefined) return false;
  return (
    (startup.keepsEntry && startup.entry.some(({ text }) => /\bsudo\s/.test(text))) ||
    lifecycle.some(
      ({ value: { hook, script, argv } }) =>
        hook !== 'initializeCommand' && /\bsudo\s/.test(`${script ?? argv?.join(' ') ?? ''} `),
    )
  );
}
