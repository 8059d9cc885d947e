import type { Container } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { findRootWays } from '../../container/open-root.js';
import { listSudoScripts } from '../../container/sudo-grants.js';
import type { Fix, Rule } from '../../core/rule.js';
import { type Place, textOf } from '../../core/text.js';

const config = '.devcontainer/devcontainer.json';
const built = '{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "dev"\n}\n';

export const noUnrestrictedSudo: Rule<'container'> = {
  id: 'no-unrestricted-sudo',
  on: 'container',
  severity: 'info',
  confidence: 'high',
  persona: 'pedantic',
  summary: 'Let the user of the tools run as root only what has to be',
  why: 'With sudo for everything an unprivileged user is one in name only: what the agent is talked into runs as root, takes a firewall down, and has every capability of the container.',
  references: [
    'https://www.sudo.ws/docs/man/sudoers.man/',
    'https://github.com/devcontainers/features/tree/main/src/common-utils',
    'https://cwe.mitre.org/data/definitions/250.html',
  ],
  examples: [
    {
      bad: {
        [config]: built,
        '.devcontainer/Dockerfile':
          'FROM debian:13\nRUN useradd -m dev \\\n  && echo "«dev ALL=(ALL) NOPASSWD:ALL»" > /etc/sudoers.d/dev\n',
      },
    },
    {
      bad: {
        [config]: built,
        '.devcontainer/Dockerfile': 'FROM debian:13\nRUN useradd -m dev && «chmod u+s /bin/bash»\n',
      },
    },
    { bad: '{\n  "image": «"mcr.microsoft.com/devcontainers/base:noble"»\n}\n' },
    {
      bad: {
        [config]:
          '{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "dev",\n  "capAdd": ["NET_ADMIN"],\n  "postStartCommand": "sudo /usr/local/bin/init-firewall.sh"\n}\n',
        '.devcontainer/Dockerfile':
          'FROM debian:13\nARG USERNAME=dev\nRUN useradd -m dev && echo «$USERNAME ALL=\\(root\\) NOPASSWD:ALL» > /etc/sudoers.d/$USERNAME\nCOPY init-firewall.sh /usr/local/bin/\n',
        '.devcontainer/init-firewall.sh':
          '#!/bin/sh\nset -e\niptables -P OUTPUT DROP\nip6tables -P OUTPUT DROP\n',
      },
      fixed: {
        [config]:
          '{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "dev",\n  "capAdd": ["NET_ADMIN"],\n  "postStartCommand": "sudo /usr/local/bin/init-firewall.sh"\n}\n',
        '.devcontainer/Dockerfile':
          'FROM debian:13\nARG USERNAME=dev\nRUN useradd -m dev && echo $USERNAME ALL=\\(root\\) NOPASSWD:/usr/local/bin/init-firewall.sh > /etc/sudoers.d/$USERNAME\nCOPY init-firewall.sh /usr/local/bin/\n',
        '.devcontainer/init-firewall.sh':
          '#!/bin/sh\nset -e\niptables -P OUTPUT DROP\nip6tables -P OUTPUT DROP\n',
      },
      persona: 'default',
    },
  ],
  good: [
    {
      [config]: built,
      '.devcontainer/Dockerfile':
        'FROM debian:13\nRUN useradd -m dev && echo "dev ALL=(root) NOPASSWD: /usr/local/bin/init-firewall.sh" > /etc/sudoers.d/dev\n',
    },
    {
      [config]: built,
      '.devcontainer/Dockerfile':
        'FROM debian:13\nRUN useradd -m dev && echo "dev ALL=(ALL) NOPASSWD:ALL" > /etc/sudoers.d/dev\nRUN sudo make\nRUN rm -f /etc/sudoers.d/dev\n',
    },
    {
      [config]: '{ "build": { "dockerfile": "Dockerfile" } }',
      '.devcontainer/Dockerfile':
        'FROM mcr.microsoft.com/devcontainers/base:noble\nRUN apt-get purge -y sudo && rm -rf /etc/sudoers.d\n',
    },
    '{ "image": "mcr.microsoft.com/devcontainers/base:noble", "remoteUser": "root" }',
  ],
  mayShow: isUrgent,
  *check(container, project) {
    const [way, ...others] = container.isNeighbour ? [] : findRootWays(container, project);
    if (!way) return;
    const { name } = container.user;
    const undoes = canUndoFirewall(container);
    yield {
      place: way.place,
      message: `${name ?? 'the user of the tools'} becomes root at will${undoes ? ', and then takes the firewall down' : ''}: ${way.how}`,
      ...(isUrgent(container) && { severity: 'warning', persona: 'default' }),
      fixes: () => (others.length > 0 ? [] : offerScripts(way.place, container)),
    };
  },
};

/** What hooks run by sudo, in place of everything. */
function offerScripts(place: Place, container: Container): readonly Fix[] {
  const scripts = listSudoScripts(container);
  const list = /(NOPASSWD:[ \t]*)ALL$/.exec(textOf(place));
  if (!list || !scripts || scripts.length === 0) return [];
  const end = place.at.end;
  const edit = { file: place.file.path, at: { start: end - 3, end }, text: scripts.join(', ') };
  return offerFix(
    `allow ${scripts.join(', ')} only`,
    'every other command by sudo asks for a password, which nobody has',
    [edit],
  ).map((fix) => ({ ...fix, enables: true as const }));
}

function isUrgent(container: Container): boolean {
  return container.posture.unattended.length > 0 || canUndoFirewall(container);
}

function canUndoFirewall({ firewall, capabilities, privileged }: Container): boolean {
  const isAdmin = capabilities.some(({ value }) => value === 'NET_ADMIN' || value === 'ALL');
  return firewall !== undefined && (isAdmin || privileged.length > 0);
}
