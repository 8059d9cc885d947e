import { findSteeredCommands } from '../../container/root-commands.js';
import type { Rule } from '../../core/rule.js';

const config = '.devcontainer/devcontainer.json';
const built = '{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": "dev"\n}\n';
const dockerfile = (rest: string) => `FROM debian:13\nRUN useradd -m dev\n${rest}\n`;

export const noWritableRootScript: Rule<'container'> = {
  id: 'no-writable-root-script',
  on: 'container',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Let root run nothing that the user of the tools can change or steer',
  why: 'A grant for one script is as narrow as that script. Where the user writes it, chooses its arguments or sets its environment, it is a grant for everything: the agent writes one line and is root.',
  decide:
    'What the script is for. Copied into the image, owned by root and outside of what is mounted, it does the same and nobody can rewrite it; a command that needs no root needs no grant.',
  references: [
    'https://www.sudo.ws/docs/man/sudoers.man/#Wildcards',
    'https://gtfobins.github.io/',
    'https://cwe.mitre.org/data/definitions/732.html',
  ],
  examples: [
    {
      bad: {
        [config]: built,
        '.devcontainer/Dockerfile': dockerfile(
          'RUN echo "«dev ALL=(root) NOPASSWD: /workspace/.devcontainer/init-firewall.sh»" > /etc/sudoers.d/dev',
        ),
      },
    },
    {
      bad: {
        [config]: built,
        '.devcontainer/Dockerfile': dockerfile(
          'COPY --chown=dev:dev setup.sh /usr/local/bin/setup.sh\nRUN echo "«dev ALL=(root) NOPASSWD: /usr/local/bin/setup.sh»" > /etc/sudoers.d/dev',
        ),
        '.devcontainer/setup.sh': '#!/bin/sh\ntrue\n',
      },
    },
    {
      bad: {
        [config]: built,
        '.devcontainer/Dockerfile': dockerfile(
          "RUN printf '«dev ALL=(root) NOPASSWD: /usr/bin/tee, /bin/ls»' > /etc/sudoers.d/dev",
        ),
      },
    },
    {
      bad: {
        [config]: built,
        '.devcontainer/Dockerfile': dockerfile('COPY sudoers /etc/sudoers.d/dev'),
        '.devcontainer/sudoers': '# one script\n«dev ALL=(root) NOPASSWD:SETENV: /usr/local/bin/setup.sh»\n',
      },
    },
    {
      bad: {
        [config]: built,
        '.devcontainer/Dockerfile': dockerfile(
          'COPY setup.sh /usr/local/bin/\nRUN chmod 777 /usr/local/bin/setup.sh && echo "«dev ALL=(root) NOPASSWD: /usr/local/bin/setup.sh»" >> /etc/sudoers',
        ),
        '.devcontainer/setup.sh': '#!/bin/sh\ntrue\n',
      },
    },
  ],
  good: [
    {
      [config]: built,
      '.devcontainer/Dockerfile': dockerfile(
        'COPY setup.sh /usr/local/bin/\nRUN chmod 0755 /usr/local/bin/setup.sh && chown root:root /usr/local/bin/setup.sh && echo "dev ALL=(root) NOPASSWD: /usr/local/bin/setup.sh" > /etc/sudoers.d/dev && chmod 0440 /etc/sudoers.d/dev',
      ),
      '.devcontainer/setup.sh': '#!/bin/sh\ntrue\n',
    },
    {
      [config]: built,
      '.devcontainer/Dockerfile': dockerfile(
        'RUN echo "dev ALL=(root) NOPASSWD: /usr/bin/chown -R dev /home/dev/.cache" > /etc/sudoers.d/dev\nRUN echo "other ALL=(root) NOPASSWD: /bin/sh" > /etc/sudoers.d/other',
      ),
    },
  ],
  mayShow: ({ instructions, copies }) => instructions.length > 0 || copies.length > 0,
  check: findSteeredCommands,
};
