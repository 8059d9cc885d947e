import { offerFix } from '../../container/fixes.js';
import { type Forwarder, findForwarders } from '../../container/forwarders.js';
import type { Report, Rule } from '../../core/rule.js';

const config = '.devcontainer/devcontainer.json';
const compose = '{ "dockerComposeFile": "compose.yml", "service": "app" }\n';

export const noUnboundForwarder: Rule<'container'> = {
  id: 'no-unbound-forwarder',
  on: 'container',
  severity: 'warning',
  confidence: 'high',
  persona: 'default',
  summary: 'Bind what passes connections on to one address',
  why: 'A forwarder asks nobody who he is. On every interface it opens what lies behind it, an MCP server, a database, an engine, to each container on the bridge, and on a host to the network that the laptop is in.',
  references: [
    'https://manpages.debian.org/bookworm/socat/socat.1.en.html',
    'https://cwe.mitre.org/data/definitions/1327.html',
    'https://docs.docker.com/engine/security/protect-access/',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24",\n  "postStartCommand": "«socat TCP-LISTEN:8931,fork TCP:host.docker.internal:8931» &"\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "postStartCommand": "socat TCP-LISTEN:8931,bind=127.0.0.1,fork TCP:host.docker.internal:8931 &"\n}\n',
    },
    {
      bad: '{\n  "image": "node:24",\n  "initializeCommand": "nohup «socat TCP-LISTEN:9000,reuseaddr,fork TCP:127.0.0.1:9001»"\n}\n',
      fixed:
        '{\n  "image": "node:24",\n  "initializeCommand": "nohup socat TCP-LISTEN:9000,bind=127.0.0.1,reuseaddr,fork TCP:127.0.0.1:9001"\n}\n',
    },
    {
      bad: {
        [config]: '{\n  "image": "node:24",\n  "postStartCommand": "bash .devcontainer/start.sh"\n}\n',
        '.devcontainer/start.sh':
          '#!/bin/bash\n# socat TCP-LISTEN:1 is not run\n«socat TCP-LISTEN:2375,bind=127.0.0.1,fork UNIX-CONNECT:/var/run/docker.sock» &\n',
      },
    },
    {
      bad: '{\n  "image": "node:24",\n  "postStartCommand": "«ssh -N -R 0.0.0.0:8080:localhost:3000 relay.example.com»"\n}\n',
    },
    {
      bad: {
        [config]: compose,
        '.devcontainer/compose.yml':
          'services:\n  app:\n    image: node:24\n  engine:\n    image: alpine/socat\n    command: «tcp-listen:2375,fork unix-connect:/var/run/docker.sock»\n',
      },
    },
  ],
  good: [
    {
      [config]: compose,
      '.devcontainer/compose.yml':
        'services:\n  app:\n    image: node:24\n  db:\n    image: alpine/socat\n    command: tcp-listen:5432,fork tcp:db.example.com:5432\n',
    },
    '{ "image": "node:24", "postStartCommand": "socat TCP-LISTEN:8931,bind=127.0.0.1,fork TCP:host.docker.internal:8931 &" }',
    '{ "image": "node:24", "postStartCommand": "socat - TCP:host.docker.internal:8931" }',
    '{ "image": "node:24", "postStartCommand": "socat UNIX-LISTEN:/run/x.sock,mode=600,fork TCP:host.docker.internal:8931" }',
    '{ "image": "node:24", "postStartCommand": "socat TCP-LISTEN:80,range=127.0.0.1/32,fork TCP:a:80" }',
    '{ "image": "node:24", "postStartCommand": "echo socat TCP-LISTEN:8931,fork TCP:a:1" }',
    '{ "image": "node:24", "postStartCommand": "ssh -N -R 8080:localhost:3000 relay.example.com" }',
    '{ "image": "node:24", "postStartCommand": "kubectl port-forward svc/x 8080:80" }',
  ],
  mayShow: ({ lifecycle, startup }) => lifecycle.length > 0 || startup.entry.length > 0,
  *check(container) {
    for (const forwarder of findForwarders(container)) {
      // A service that is there to pass connections on to the others has to take theirs.
      if (container.isNeighbour && !forwarder.socket) continue;
      const report = judge(forwarder);
      if (report) yield report;
    }
  },
};

function judge(forwarder: Forwarder): Report | undefined {
  const { place, what, onHost, isOpen, socket, toLoopback } = forwarder;
  const where = isOpen ? 'every interface' : 'a port';
  if (socket)
    return {
      place,
      severity: 'error',
      message:
        socket === 'engine'
          ? `passes the engine's socket on to ${where}: whoever connects is root on the host`
          : `passes an agent's socket on to ${where}: whoever connects signs with the keys of its owner`,
    };
  if (!isOpen) return undefined;
  const who = onHost ? 'each machine on the network of the host' : 'each container beside this one';
  return {
    place,
    ...(onHost && { severity: 'error' }),
    message: `${what} takes connections on every interface: ${who} reaches what is behind it; bind it to 127.0.0.1`,
    fixes: offerFix(
      'bind it to 127.0.0.1',
      'who comes from another container or machine is refused',
      toLoopback,
    ),
  };
}
