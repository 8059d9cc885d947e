import type { Container, Declared, Namespace } from '../../container/container.js';
import { offerFix } from '../../container/fixes.js';
import type { Report, Rule } from '../../core/rule.js';

export const noHostNamespace: Rule<'container'> = {
  id: 'no-host-namespace',
  on: 'container',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: "Do not share the host's namespaces",
  why: "With the host's network, code inside reaches every service that listens on the host's loopback address and no firewall in the container holds it; with the host's process list it reads the environment of the host's programs and, as root, steps into their file system.",
  references: [
    'https://man7.org/linux/man-pages/man7/namespaces.7.html',
    'https://docs.docker.com/engine/network/drivers/host/',
    'https://docs.docker.com/engine/containers/run/#pid-settings---pid',
    'https://cwe.mitre.org/data/definitions/668.html',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24",\n  "runArgs": [«"--network=host"»]\n}\n',
      fixed: '{\n  "image": "node:24"\n}\n',
    },
    { bad: '{\n  "runArgs": ["--init", "--pid", «"host"»]\n}\n', fixed: '{\n  "runArgs": ["--init"]\n}\n' },
    {
      bad: '{\n  "capAdd": ["NET_ADMIN"],\n  "runArgs": [«"--net=host"»]\n}\n',
      fixed: '{\n  "capAdd": ["NET_ADMIN"]\n}\n',
    },
    {
      bad: '{\n  "runArgs": [«"--ipc=host"», "--shm-size=1g"]\n}\n',
      fixed: '{\n  "runArgs": ["--shm-size=1g"]\n}\n',
    },
    {
      bad: { 'compose.yaml': 'services:\n  app:\n    image: node:24\n    network_mode: «"host"»\n' },
      fixed: { 'compose.yaml': 'services:\n  app:\n    image: node:24\n' },
    },
  ],
  good: [
    '{ "runArgs": ["--network=hostnet"] }',
    '{ "runArgs": ["--network", "none"] }',
    '{ "runArgs": ["--ipc=shareable", "--hostname", "host"] }',
    '{ "runArgs": ["--pid=private", "--name=host"] }',
    '{ "runArgs": ["--uts=host"] }',
    {
      'compose.yaml':
        'services:\n  app: { image: node:24, network_mode: "service:db" }\n  db: { image: postgres:17 }\n',
    },
  ],
  mayShow: ({ namespaces }) => namespaces.length > 0,
  *check(container) {
    for (const namespace of container.namespaces) {
      const judged = judge(container, namespace.value);
      if (!judged) continue;
      const { consequence, ...report } = judged;
      yield {
        place: namespace.place,
        ...report,
        fixes: () => offerFix(titleOf(namespace), consequence, namespace.remove()),
      };
    }
  },
};

type Judgement = Pick<Report, 'message' | 'severity' | 'persona'> & { consequence: string };

const composeKeys: Readonly<Record<Namespace['kind'], string>> = {
  network: 'network_mode',
  pid: 'pid',
  ipc: 'ipc',
  uts: 'uts',
  user: 'userns_mode',
  cgroup: 'cgroup',
};

function titleOf({ value: { kind, value }, syntax }: Declared<Namespace>): string {
  if (syntax === 'compose') return `remove ${composeKeys[kind]}: ${value}`;
  const flags: Partial<Record<Namespace['kind'], string>> = { user: '--userns', cgroup: '--cgroupns' };
  return `remove ${flags[kind] ?? `--${kind}`}=${value}`;
}

function judge(container: Container, { kind, value }: Namespace): Judgement | undefined {
  if (/^container:/.test(value)) {
    return {
      message: `joins the ${kind} namespace of another container: ${value}`,
      severity: 'info',
      persona: 'pedantic',
      consequence: 'the two containers no longer see each other there',
    };
  }
  if (value !== 'host') return undefined;
  if (kind === 'network') return judgeNetwork(container);
  if (kind === 'pid') {
    return {
      message: "shares the host's process list",
      consequence: 'tools inside see the processes of the container only',
    };
  }
  if (kind === 'ipc') {
    return {
      message: "shares the host's shared memory",
      severity: 'warning',
      consequence: 'programs that need much shared memory get it with --shm-size or shm_size',
    };
  }
  return {
    message: `shares the host's ${kind} namespace`,
    severity: 'info',
    persona: 'pedantic',
    consequence: 'the container gets one of its own',
  };
}

function judgeNetwork(container: Container): Judgement {
  const consequence =
    'ports are reached through forwardPorts, services of the host through host.docker.internal';
  const rewrites =
    container.firewall !== undefined ||
    container.privileged.length > 0 ||
    container.capabilities.some(({ value }) => value === 'NET_ADMIN' || value === 'ALL');
  if (!rewrites) return { message: "shares the host's network", severity: 'warning', consequence };
  return { message: "shares the host's network and may rewrite its packet rules", consequence };
}
