import type { Container } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { type DeclaredPort, isPublic } from '../../container/ports.js';
import { Attached } from '../../core/attached.js';
import type { Fix, Report, Rule } from '../../core/rule.js';

export const noPublicPortBinding: Rule<'container'> = {
  id: 'no-public-port-binding',
  on: 'container',
  severity: 'info',
  confidence: 'high',
  persona: 'default',
  summary: "Publish ports on the host's own address",
  why: 'A published port without an address listens on every address of the host: each machine in the same network reaches what runs in the container, past most firewalls of the host, for engines open them. Development servers and databases of a project have no password worth the name.',
  references: [
    'https://docs.docker.com/engine/network/port-publishing/',
    'https://containers.dev/implementors/json_reference/#image-specific',
    'https://cwe.mitre.org/data/definitions/1327.html',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24",\n  "appPort": [«"3000:3000"», 8080]\n}\n',
      fixed: '{\n  "image": "node:24",\n  "appPort": [3000, 8080]\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  "runArgs": ["-p", «"0.0.0.0:9229:9229"», "--publish=[::1]:80:80", "-p=8000:80/tcp"]\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "runArgs": ["-p", "127.0.0.1:9229:9229", "--publish=[::1]:80:80", "-p=127.0.0.1:8000:80/tcp"]\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  "runArgs": [«"-P"»]\n}\n',
      fixed: '{\n  "image": "node:24"\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json':
          '{ "dockerComposeFile": "compose.yaml", "service": "app", "appPort": "1:1" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  web:\n    image: nginx:1\n    ports:\n      - 8080:80\n  app:\n    image: node:24\n    ports:\n      - «"${PORT:-3000}:3000"» # the site\n      - target: 5432\n        published: 5432\n      - 80\n      - 127.0.0.1:1:1\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json':
          '{ "dockerComposeFile": "compose.yaml", "service": "app", "appPort": "1:1" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  web:\n    image: nginx:1\n    ports:\n      - "127.0.0.1:8080:80"\n  app:\n    image: node:24\n    ports:\n      - "127.0.0.1:${PORT:-3000}:3000" # the site\n      - target: 5432\n        published: 5432\n        host_ip: "127.0.0.1"\n      - "127.0.0.1::80"\n      - 127.0.0.1:1:1\n',
      },
    },
    {
      bad: {
        'compose.yaml':
          'services:\n  web: { image: nginx:1, ports: ["80:80"] }\n  db: { image: postgres:18, ports: [«"5432:5432"»] }\n',
      },
      fixed: {
        'compose.yaml':
          'services:\n  web: { image: nginx:1, ports: ["127.0.0.1:80:80"] }\n  db: { image: postgres:18, ports: ["127.0.0.1:5432:5432"] }\n',
      },
    },
  ],
  good: [
    '{ "image": "node:24", "appPort": 3000, "forwardPorts": [8080, "db:5432"] }',
    '{ "image": "node:24", "appPort": ["127.0.0.1:3000:3000", "${localEnv:BIND:127.0.0.1}:80:80"] }',
    '{ "image": "node:24", "runArgs": ["-p", "127.0.0.1:3000:3000", "-p=[::1]:1:1", "--expose=80", "-P=false"] }',
    {
      'compose.yaml':
        'services:\n  web:\n    image: nginx:1\n    expose: ["80"]\n    ports: ["127.0.0.1:80:80", "[::1]:1:1", "${BIND}:1:1", "${BIND:-127.0.0.1}:2:2", { target: 80, published: 80, host_ip: 127.0.0.1 }]\n',
    },
  ],
  mayShow: ({ compose, ports }) => (compose?.ports ?? ports).length > 0,
  *check(container) {
    for (const { first, ports } of groupByFile(container))
      if (first.service === container.service) yield toReport(first, ports, container);
  },
};

/** The public ports of one file, and the one of them that weighs most: there the finding is about all. */
interface FilePorts {
  readonly first: DeclaredPort;
  readonly ports: readonly DeclaredPort[];
}

// The services of one project have the same list, and each asks.
const groups = new Attached<readonly DeclaredPort[], readonly FilePorts[]>();

function groupByFile(container: Container): readonly FilePorts[] {
  const all = container.compose?.ports ?? container.ports;
  const known = groups.get(all);
  if (known) return known;
  const open = all.filter(({ value }) => isPublic(value));
  const files = new Map<string, DeclaredPort[]>();
  for (const port of open) {
    const path = port.place.file.path;
    const some = files.get(path) ?? [];
    some.push(port);
    files.set(path, some);
  }
  const found = [...files.values()].flatMap((some) => {
    const ports = oncePerPlace(some, container);
    const first = ports.find((port) => isGrave(port, container)) ?? ports[0];
    return first ? [{ first, ports }] : [];
  });
  groups.set(all, found);
  return found;
}

/** Services that extend one another state the same ports: it counts for the one that the tools run in, or the last. */
function oncePerPlace(ports: readonly DeclaredPort[], { compose }: Container): readonly DeclaredPort[] {
  const places = new Map<number, DeclaredPort>();
  for (const port of ports) {
    const { start } = port.place.at;
    const known = places.get(start);
    if (!known || known.service !== compose?.main) places.set(start, port);
  }
  return [...places.values()];
}

function toReport(first: DeclaredPort, ports: readonly DeclaredPort[], container: Container): Report {
  const { place, value } = first;
  const others = ports.filter((port) => port !== first);
  const more = others.length > 0 ? ` (one of ${ports.length} such ports here)` : '';
  const where = value.address === undefined ? 'every address of the host' : value.address;
  return {
    place,
    message: `publishes ${value.text} on ${where}${more}: other machines in its network reach it`,
    ...(isGrave(first, container) && { severity: 'warning' }),
    related: others.map((port) => ({ place: port.place, message: `publishes ${port.value.text}` })),
    fixes: () => listFixes(first, ports),
  };
}

/** All of them at once, or the one where another has a form that cannot be mended here. */
function listFixes(first: DeclaredPort, ports: readonly DeclaredPort[]): readonly Fix[] {
  const all = ports.map((port) => port.toLoopback());
  const edits = all.every((one) => one.length > 0) ? all.flat() : first.toLoopback();
  return edits.length > 0
    ? offerFix(
        'bind to 127.0.0.1',
        'only this machine reaches it then; editors forward what is not published',
        edits,
      )
    : offerFix('publish it no more', 'editors forward what is not published', first.remove());
}

/** What runs where the tools do, and what gives away more than a page. */
function isGrave({ service, value: { inside } }: DeclaredPort, { compose }: Container): boolean {
  return service === compose?.main || (inside !== undefined && isPowerful(inside));
}

/** Shells, databases, engines, debuggers, screens, proxies, agents and models by their usual ports. */
const powerful = new Set([
  ...[
    22, 23, 2222, 2375, 2376, 6443, 10250, 3389, 5800, 6080, 6901, 1080, 3128, 8118, 8888, 4096, 6274, 6277,
  ],
  ...[1433, 1521, 3306, 5432, 5984, 6333, 6379, 7474, 7687, 8086, 9042, 9200, 9300, 11211, 26257, 27017],
  ...[2345, 5005, 5678, 9222, 9229, 9230, 11434, 5672, 15672],
]);

function isPowerful(port: number): boolean {
  return powerful.has(port) || (port >= 5900 && port <= 5910);
}
