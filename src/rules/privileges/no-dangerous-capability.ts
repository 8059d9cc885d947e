import { gradeCapability } from '../../container/capability-levels.js';
import type { Container } from '../../container/container.js';
import { offerRemoval } from '../../container/fixes.js';
import { userOfImage } from '../../container/images.js';
import { hasTunnel } from '../../container/privilege-reasons.js';
import { whyIdleCapability } from '../../container/redundant.js';
import type { Report, Rule } from '../../core/rule.js';

export const noDangerousCapability: Rule<'container'> = {
  id: 'no-dangerous-capability',
  on: 'container',
  severity: 'error',
  confidence: 'high',
  persona: 'default',
  summary: 'Do not add capabilities that reach the host',
  why: "Capabilities such as SYS_ADMIN or SYS_MODULE act on the one kernel that container and host share: whoever becomes root inside mounts the host's disk or loads code into its kernel. NET_ADMIN without a firewall only lets code change the network it should be held by.",
  references: [
    'https://man7.org/linux/man-pages/man7/capabilities.7.html',
    'https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities',
    'https://cwe.mitre.org/data/definitions/250.html',
  ],
  examples: [
    {
      bad: '{\n  "image": "node:24",\n  "capAdd": [«"SYS_ADMIN"», "NET_RAW"]\n}\n',
      fixed: '{\n  "image": "node:24",\n  "capAdd": ["NET_RAW"]\n}\n',
    },
    {
      bad: '{\n  "runArgs": ["--cap-drop=ALL", «"--cap-add=all"»]\n}\n',
      fixed: '{\n  "runArgs": ["--cap-drop=ALL"]\n}\n',
    },
    { bad: '{\n  "runArgs": ["--cap-add", «"cap_net_admin"»]\n}\n', fixed: '{}\n' },
    {
      bad: '{\n  "runArgs": ["--pid=host"],\n  "capAdd": [«"SYS_PTRACE"»]\n}\n',
      fixed: '{\n  "runArgs": ["--pid=host"]\n}\n',
    },
    {
      bad: {
        'compose.yaml':
          'services:\n  app:\n    image: node:24\n    cap_drop: [ALL]\n    cap_add: [CHOWN, «CAP_SYS_ADMIN»]\n',
      },
      fixed: {
        'compose.yaml': 'services:\n  app:\n    image: node:24\n    cap_drop: [ALL]\n    cap_add: [CHOWN]\n',
      },
    },
    {
      bad: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: ghcr.io/example/with-its-own-firewall:1\n    cap_add: [«NET_ADMIN»]\n',
      },
      fixed: {
        '.devcontainer/devcontainer.json': '{ "dockerComposeFile": "compose.yaml", "service": "app" }\n',
        '.devcontainer/compose.yaml':
          'services:\n  app:\n    image: ghcr.io/example/with-its-own-firewall:1\n',
      },
      persona: 'pedantic',
    },
  ],
  good: [
    '{ "runArgs": ["--cap-drop=ALL", "--cap-add=CHOWN", "--cap-add=SETUID", "--cap-add=SETGID"] }',
    '{ "capAdd": ["NET_RAW"] }',
    '{ "capAdd": ["SYS_PTRACE"] }',
    '{ "runArgs": ["--cap-drop", "SYS_ADMIN"] }',
    '{ "runArgs": ["--cap-add=NET_ADMIN", "--device=/dev/net/tun"] }',
    '{ "capAdd": ["NET_ADMIN"], "features": { "ghcr.io/tailscale/codespace/tailscale:1": {} } }',
    '{ "capAdd": ["NET_ADMIN"], "postStartCommand": "sudo wg-quick up wg0" }',
  ],
  mayShow: ({ capabilities }) => capabilities.length > 0,
  *check(container) {
    for (const capability of container.capabilities) {
      const judged = judge(container, capability.value);
      if (!judged) continue;
      yield {
        place: capability.place,
        ...judged,
        fixes: () =>
          offerRemoval(
            `remove ${capability.value}`,
            capability.value === 'ALL'
              ? 'what needs single capabilities has to name them one by one'
              : 'programs inside that rely on it stop working',
            capability.remove(),
            whyIdleCapability(container, capability),
          ),
      };
    }
  },
};

type Judgement = Pick<Report, 'message' | 'severity' | 'persona' | 'confidence'>;

function judge(container: Container, name: string): Judgement | undefined {
  const { level, gives } = gradeCapability(name);
  const message = `adds ${name}, which lets the container ${gives}`;
  if (level === 'critical') return { message };
  if (level === 'high') return isWithTwin(container, name) ? { message } : { message, severity: 'warning' };
  if (level === 'network') return judgeNetwork(container, message);
  if (level !== 'medium') return undefined;
  if (name === 'SYS_PTRACE' && sharesHost(container, 'pid')) {
    return {
      message: `adds ${name} beside the host's process list: it reads and steers every process of the host`,
    };
  }
  return { message, severity: 'info', persona: 'pedantic' };
}

/** BPF and PERFMON together read and write kernel memory. */
function isWithTwin({ capabilities }: Container, name: string): boolean {
  const twin = { BPF: 'PERFMON', PERFMON: 'BPF' }[name];
  return twin !== undefined && capabilities.some(({ value }) => value === twin);
}

function judgeNetwork(container: Container, message: string): Judgement | undefined {
  if (sharesHost(container, 'network')) {
    return {
      message: "adds NET_ADMIN on the host's network: it rewrites the packet rules of the host itself",
    };
  }
  // Of a firewall that is there and is not started another rule speaks.
  if (container.firewall || container.idleFirewall || hasTunnel(container)) return undefined;
  // It is the network of that service alone, and a gateway's work needs it.
  if (container.isNeighbour) return { message, severity: 'info', persona: 'pedantic' };
  // What an image that is not known starts with may set one up, where it is let.
  if (container.startup.keepsEntry && !(container.image && userOfImage(container.image.value)))
    return {
      message: `${message}; nothing here sets up a firewall, if the image does not`,
      severity: 'info',
      persona: 'pedantic',
      confidence: 'low',
    };
  // A script that lies in the image alone may do so too.
  return {
    message: `${message}; nothing here sets up a firewall`,
    severity: 'warning',
    confidence: 'medium',
  };
}

function sharesHost({ namespaces }: Container, kind: 'pid' | 'network'): boolean {
  return namespaces.some(({ value }) => value.kind === kind && value.value === 'host');
}
