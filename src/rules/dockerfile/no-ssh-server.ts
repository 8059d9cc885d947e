import type { Declared, LifecycleCommand } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { findRemoteAccess, type RemoteAccess } from '../../container/remote-access.js';
import type { Fix, Rule } from '../../core/rule.js';
import type { Span } from '../../core/text.js';

export const noSshServer: Rule<'image'> = {
  id: 'no-ssh-server',
  on: 'image',
  severity: 'warning',
  confidence: 'medium',
  persona: 'default',
  summary: 'Open no way into the container from outside',
  why: 'A server for SSH, a desktop or a tunnel lets others in beside the editor, with the rights and the credentials that the container has. A tunnel is a way out as well: its connection is made from inside, and a firewall that lets it pass lets everything pass.',
  references: [
    'https://man.openbsd.org/sshd_config',
    'https://code.visualstudio.com/docs/remote/tunnels',
    'https://attack.mitre.org/techniques/T1572/',
    'https://attack.mitre.org/techniques/T1021/004/',
  ],
  examples: [
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{\n  "build": { "dockerfile": "Dockerfile" },\n  "overrideCommand": false,\n  "postStartCommand": "npm ci && «cloudflared tunnel --url http://localhost:3000» &"\n}\n',
        '.devcontainer/Dockerfile':
          'FROM debian:13\nRUN apt-get update && apt-get install -y git openssh-server\nRUN echo root:secret | «chpasswd»\nCMD ["«/usr/sbin/sshd", "-D»"]\n',
      },
    },
    {
      bad: {
        Dockerfile:
          "FROM debian:13\nRUN apt-get update && apt-get install -y openssh-server \\\n    && sed -i 's/#PermitRootLogin no/«PermitRootLogin yes»/' /etc/ssh/sshd_config\nEXPOSE 3000 «22» 8080\nEXPOSE «2222/tcp»\n",
      },
      fixed: {
        Dockerfile:
          "FROM debian:13\nRUN apt-get update && apt-get install -y openssh-server \\\n    && sed -i 's/#PermitRootLogin no/PermitRootLogin prohibit-password/' /etc/ssh/sshd_config\nEXPOSE 3000 8080\n",
      },
    },
    {
      bad: '{\n  "image": "debian:13",\n  "postStartCommand": "«code tunnel --accept-server-license-terms»"\n}\n',
      fixed: '{\n  "image": "debian:13"\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{ "image": "debian:13", "postStartCommand": "bash .devcontainer/desktop.sh" }\n',
        '.devcontainer/desktop.sh': '#!/bin/bash\n«x11vnc -display :1 -forever -nopw» &\n',
      },
    },
    {
      bad: {
        Dockerfile:
          'FROM node:24\nRUN apt-get update && apt-get install -y git «openssh-client»\nCMD ["claude", "--dangerously-skip-permissions"]\n',
      },
      persona: 'pedantic',
    },
  ],
  good: [
    {
      '.devcontainer/devcontainer.json':
        '{ "build": { "dockerfile": "Dockerfile" }, "postCreateCommand": "ssh -T git@github.com && code --install-extension x && cloudflared --version" }',
      '.devcontainer/Dockerfile':
        'FROM debian:13\nRUN apt-get update && apt-get install -y openssh-client git && service ssh start\nRUN echo "dev:$(openssl rand -hex 8)" | chpasswd\nEXPOSE 22\n',
    },
    {
      '.devcontainer/devcontainer.json': '{ "build": { "dockerfile": "Dockerfile" } }',
      '.devcontainer/Dockerfile':
        'FROM debian:13\nRUN apt-get install -y openssh-server && service ssh start && sed -i -r "s/#?PermitRootLogin yes/PermitRootLogin no/" /etc/ssh/sshd_config\nCMD ["/usr/sbin/sshd", "-D"]\n',
    },
    {
      Dockerfile:
        'FROM debian:13\nRUN apt-get install -y openssh-server x11vnc && rm -f /etc/ssh/ssh_host_*\nCMD ["x11vnc", "-localhost", "-nopw"]\n',
    },
  ],
  mayShow: ({ instructions, lifecycle }) => instructions.length > 0 || lifecycle.length > 0,
  *check(container) {
    for (const access of findRemoteAccess(container))
      yield {
        place: access.place,
        message: access.message,
        ...(access.isClient && { severity: 'info', persona: 'pedantic', confidence: 'low' }),
        fixes: () => listFixes(access, container.lifecycle),
      };
  },
};

function listFixes(
  { replace, place, command }: RemoteAccess,
  lifecycle: readonly Declared<LifecycleCommand>[],
): readonly Fix[] {
  if (replace)
    return offerFix(replace.title, replace.consequence, [
      { file: place.file.path, at: replace.at, text: replace.text },
    ]);
  // A hook that does nothing else.
  const hook = lifecycle.find(
    ({ value, place: { file } }) =>
      command?.file === undefined &&
      file === place.file &&
      value.hook === command?.from &&
      isWhole(value.script, command.at),
  );
  return offerFix(
    'remove the command',
    'connect through the editor, which forwards ports by itself',
    hook?.remove(),
  );
}

function isWhole(script: string | undefined, { start, end }: Span): boolean {
  return script !== undefined && (script.slice(0, start) + script.slice(end)).replace(/[\s&]/g, '') === '';
}
