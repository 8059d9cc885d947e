import type {
  Container,
  Declared,
  DeclaredMount,
  EnvironmentVariable,
  LifecycleCommand,
} from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import { classifyMount } from '../../container/mount-risk.js';
import { joinEdits } from '../../core/edit.js';
import type { Edit, Fix, Report, Rule } from '../../core/rule.js';

export const noContainerRuntimeAccess: Rule<'container'> = {
  id: 'no-container-runtime-access',
  on: 'container',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: "Keep the host's container engine and service sockets out of the container",
  why: "Whoever can talk to the host's engine can start a container with the host's root folder mounted, and so is root on the host. Mounting the socket read-only does not limit what can be asked of it.",
  references: [
    'https://docs.docker.com/engine/security/#docker-daemon-attack-surface',
    'https://docs.docker.com/engine/security/protect-access/',
    'https://attack.mitre.org/techniques/T1611/',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24",\n  "mounts": [«"source=/var/run/docker.sock,target=/var/run/docker.sock,type=bind"»]\n}\n',
      fixed: '{\n  "image": "node:24"\n}\n',
    },
    {
      bad: '{\n  "runArgs": ["--init", "-v", «"/var/run:/host/run:ro"»]\n}\n',
      fixed: '{\n  "runArgs": ["--init"]\n}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: ghcr.io/example/app:1\n  engine-proxy:\n    image: tecnativa/docker-socket-proxy:0.3.0\n    environment:\n      - CONTAINERS=1\n    volumes:\n      - «/var/run/docker.sock:/var/run/docker.sock:ro»\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: ghcr.io/example/app:1\n  engine-proxy:\n    image: tecnativa/docker-socket-proxy:0.3.0\n    environment:\n      - CONTAINERS=1\n',
      },
      persona: 'pedantic',
    },
    { bad: '{\n  "runArgs": [«"--use-api-socket"»]\n}\n', fixed: '{}\n' },
    {
      bad: '{\n  "containerEnv": { "DOCKER_HOST": «"tcp://host.docker.internal:2375"», "TZ": "UTC" }\n}\n',
      fixed: '{\n  "containerEnv": { "TZ": "UTC" }\n}\n',
    },
    {
      bad: '{\n  "initializeCommand": "«socat TCP-LISTEN:2375,fork UNIX-CONNECT:/var/run/docker.sock» &"\n}\n',
      fixed: '{}\n',
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: ghcr.io/example/app\n    volumes:\n      - ..:/workspace\n      - «/var/run/docker.sock:/var/run/docker.sock»\n  logs:\n    image: fluentd\n    volumes:\n      - «type: bind\n        source: /run\n        target: /host/run»\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: ghcr.io/example/app\n    volumes:\n      - ..:/workspace\n  logs:\n    image: fluentd\n',
      },
    },
  ],
  good: [
    '{ "mounts": ["source=docker.sock-cache,target=/var/run/docker.sock,type=volume"] }',
    '{ "mounts": ["source=${localWorkspaceFolder}/fake.sock,target=/var/run/docker.sock,type=bind"] }',
    '{ "mounts": ["source=/run/myapp,target=/run/myapp,type=bind"] }',
    '{ "mounts": ["source=/run/systemd/resolve/resolv.conf,target=/etc/resolv.conf,type=bind,readonly"] }',
    '{ "containerEnv": { "DOCKER_HOST": "unix:///var/run/docker.sock" } }',
    '{ "containerEnv": { "DOCKER_HOST": "tcp://localhost:2375" } }',
    '{ "remoteEnv": { "DOCKER_HOST": "${localEnv:DOCKER_HOST}" } }',
    '{ "postStartCommand": "echo socat - UNIX-CONNECT:/run/app/app.sock" }',
    {
      'compose.yaml':
        'services:\n  app: { image: node:24, environment: { DOCKER_HOST: "tcp://engine:2375" } }\n  engine: { image: ghcr.io/example/engine }\n',
    },
    '{\n  // "mounts": ["source=/var/run/docker.sock,target=/var/run/docker.sock,type=bind"]\n}',
  ],
  mayShow: ({ mounts, environment, lifecycle }) =>
    mounts.length > 0 || environment.length > 0 || lifecycle.length > 0,
  *check(container) {
    for (const mount of container.mounts) {
      const risk = classifyMount(mount.value);
      if (risk?.question !== 'runtime') continue;
      yield {
        place: mount.place,
        message: `mounts ${risk.path} of the host: ${risk.what}`,
        severity: risk.severity,
        ...judgeFilter(container),
        fixes: () => {
          const removed = mount.remove();
          return [
            ...offerFix('remove the mount', 'docker commands inside the container no longer work', removed),
            ...offerProxy(container, mount, removed),
          ];
        },
      };
    }
    for (const variable of container.environment)
      yield* checkVariable(variable, container.compose?.services ?? []);
    for (const command of container.lifecycle) yield* checkCommand(command);
  },
};

/**
 * A proxy that lets some requests through only, beside the container that makes them. One that lets nothing be changed
 * still tells which containers there are, and what their variables hold.
 */
function judgeFilter({ image, isNeighbour, environment, ports }: Container): Partial<Report> {
  if (!isNeighbour || !/(?:^|\/)(?:docker-)?socket-proxy(?::|@|$)/.test(image?.value ?? '')) return {};
  const grants = environment.some(
    ({ value: { name, value } }) => /^(?:POST|EXEC|ALLOW_\w+|AUTH|SECRETS)$/.test(name) && value !== '0',
  );
  return grants || ports.length > 0 ? { severity: 'warning' } : { severity: 'info', persona: 'pedantic' };
}

/** A proxy in place of the socket, for looking at containers only. */
function offerProxy(container: Container, mount: DeclaredMount, removed: readonly Edit[]): readonly Fix[] {
  if (container.isNeighbour || !/\/docker\.sock$/.test(mount.value.source ?? '')) return [];
  return offerFix(
    'put a proxy before it that only lets containers be looked at',
    'docker ps, logs and inspect work inside, with the variables of other containers in them; docker run and exec do not',
    joinEdits(removed, container.addEngineProxy()),
  );
}

function* checkVariable(
  variable: Declared<EnvironmentVariable>,
  services: readonly string[],
): Iterable<Report> {
  const { name, value = '' } = variable.value;
  if (name !== 'DOCKER_HOST' && name !== 'CONTAINER_HOST') return;
  const remote = /^(tcp|https?|ssh):\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/]*)/i.exec(value);
  const [, scheme = '', host = ''] = remote ?? [];
  if (!remote || /^(?:localhost|127\..*|\[::1\]|0\.0\.0\.0)$/i.test(host)) return;
  // An engine, or a filter before one, beside the container: what it holds is judged there.
  if (services.includes(host)) return;
  yield {
    place: variable.place,
    message: `sets ${name} to ${value}: an engine outside the container`,
    ...(scheme.toLowerCase() === 'ssh' && { severity: 'warning' as const }),
    fixes: () =>
      offerFix(`remove ${name}`, 'docker commands inside the container no longer work', variable.remove()),
  };
}

const relay =
  /\bsocat\b[^;&|\n]*?\bunix(?:-connect|-client)?:[^\s,;&|"']*(?:docker|podman|containerd|buildkitd|crio)\.sock/gi;

/** A relay on the host's side of an engine's socket; inside the container there is none to relay without a mount. */
function* checkCommand(command: Declared<LifecycleCommand>): Iterable<Report> {
  const { hook, script } = command.value;
  if (hook !== 'initializeCommand' || script === undefined) return;
  for (const match of script.matchAll(relay)) {
    yield {
      place: command.value.placeOf(match.index, match.index + match[0].length),
      message: `relays the host's engine from initializeCommand: ${match[0]}`,
      fixes: () =>
        offerFix(
          'remove the command',
          'nothing runs on the host when the container starts',
          command.remove(),
        ),
    };
  }
}
