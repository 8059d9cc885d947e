import type { Container } from '../../container/container.js';
import { findWorkspaceList } from '../../container/firewall-inputs.js';
import type { Firewall } from '../../container/firewall-names.js';
import { offerFix } from '../../container/fixes.js';
import { isFor, readSudoGrants } from '../../container/sudo-grants.js';
import type { Project, Report, Rule } from '../../core/rule.js';

const config = '.devcontainer/devcontainer.json';
const path = '.devcontainer/init-firewall.sh';
const dockerfile = '.devcontainer/Dockerfile';
const script = '#!/bin/bash\nset -e\niptables -P OUTPUT DROP\nip6tables -P OUTPUT DROP\n';
const json = (user: string, mounts = '') =>
  `{\n  "build": { "dockerfile": "Dockerfile" },\n  "remoteUser": ${user},\n  "capAdd": ["NET_ADMIN"],\n  "postStartCommand": "sudo /usr/local/bin/init-firewall.sh",\n  "waitFor": "postStartCommand"${mounts}\n}\n`;
const image = 'FROM debian:13\nRUN useradd -m dev\nCOPY init-firewall.sh /usr/local/bin/\n';
const grant = (commands: string) =>
  `${image}RUN echo "dev ALL=(root) NOPASSWD: ${commands}" > /etc/sudoers.d/dev\n`;
const own = '/usr/local/bin/init-firewall.sh';
const list = '/workspace/.devcontainer/allowed-domains.txt';
const reading = (name: string) => `${script}while read -r host; do echo "$host"; done < ${name}\n`;
const mount =
  'type=bind,source=${localWorkspaceFolder}/.devcontainer,target=${containerWorkspaceFolder}/.devcontainer,readonly';

export const noRemovableFirewall: Rule<'firewall'> = {
  id: 'no-removable-firewall',
  on: 'firewall',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Keep the firewall out of the hands of those whom it holds',
  why: 'A firewall inside the container is as strong as the border between the agent and root. An agent that is root, may run iptables by sudo, or writes the list of what is let out, opens the network in one command whenever something asks it to.',
  references: [
    'https://www.sudo.ws/docs/man/sudoers.man/',
    'https://attack.mitre.org/techniques/T1562/004/',
    'https://cwe.mitre.org/data/definitions/269.html',
  ],
  examples: [
    { bad: { [config]: json('«"root"»'), [dockerfile]: image, [path]: script } },
    {
      bad: {
        [config]: json('"dev"'),
        [dockerfile]: grant(`${own}, /usr/sbin/iptables`).replace(/dev ALL=[^"]*/, '«$&»'),
        [path]: script,
      },
    },
    {
      bad: { [config]: json('"dev"'), [dockerfile]: grant(own), [path]: reading(`«${list}»`) },
      fixed: {
        [config]: json('"dev"', `,\n  "mounts": ["${mount}"]`),
        [dockerfile]: grant(own),
        [path]: reading(list),
      },
    },
  ],
  good: [
    { [config]: json('"dev"'), [dockerfile]: grant(own), [path]: script },
    { [config]: json('"dev"'), [dockerfile]: grant(`${own}, /usr/sbin/iptables -S`), [path]: script },
    { [config]: json('"dev"'), [dockerfile]: grant(own), [path]: reading('/etc/allowed-domains.txt') },
    { [config]: json('"dev"'), [dockerfile]: grant(own), [path]: `${script}# the list is ${list}\n` },
    {
      [config]: json('"dev"', `,\n  "mounts": ["${mount}"]`),
      [dockerfile]: grant(own),
      [path]: reading(list),
    },
    { [path]: script },
  ],
  check,
};

function* check(firewall: Firewall, project: Project): Iterable<Report> {
  const { container, starts } = firewall;
  if (!container || container.isNeighbour || starts.length === 0) return;
  const isRoot = /^(?:root|0)(?::|$)/.test(container.user.name ?? '');
  if (isRoot && mayChangeRules(container)) {
    const place = container.user.decidedBy?.place ?? starts[0]?.origin;
    if (place)
      yield {
        place,
        message:
          'the tools run as root beside the firewall, so one iptables -F takes it away; run them as another user, who may start the script and nothing else',
      };
    return;
  }
  yield* reportGrants(container, project);
  yield* reportList(firewall, container);
}

function mayChangeRules({ capabilities, privileged }: Container): boolean {
  return privileged.length > 0 || capabilities.some(({ value }) => value === 'NET_ADMIN' || value === 'ALL');
}

const filters = /(?:^|\/)(?:ip6?tables(?:-(?:legacy|nft|restore|apply))?|nft|ipset|ufw|firewall-cmd)$/;

/** A grant of the filter's own program, but for looking. */
function* reportGrants(container: Container, project: Project): Iterable<Report> {
  for (const given of readSudoGrants(container, project)) {
    if (!isFor(given, container.user.name)) continue;
    const open = given.commands.find((command) => {
      const [program = '', first = ''] = command.split(/\s+/);
      return filters.test(program) && !/^(?:-[SLnv]+|--list\S*|list|status)$/.test(first);
    });
    if (open === undefined) continue;
    yield {
      place: given.place,
      message: `sudo lets the user run ${open.split('/').at(-1)?.slice(0, 40)}, and so take the firewall away; grant the script alone`,
    };
  }
}

function* reportList(firewall: Firewall, container: Container): Iterable<Report> {
  const place = findWorkspaceList(firewall);
  if (!place) return;
  const isMountable =
    container.source !== 'compose' &&
    firewall.file.text.slice(place.at.start, place.at.end).includes('/.devcontainer/');
  yield {
    place,
    confidence: 'medium',
    message:
      'what is let out is read from the workspace, where the agent adds a name and waits for the next start; copy the list into the image, or mount it read-only',
    fixes: offerFix(
      'mount .devcontainer read-only',
      'nobody changes the configuration from inside the container',
      isMountable ? container.addToList('mounts', [mount]) : [],
    ),
  };
}
