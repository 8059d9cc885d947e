import { remember } from '../core/remember.js';
import type { Confidence, Persona, Severity } from '../core/rule.js';
import type { Feature } from './container.js';

export interface FeatureEffect {
  /** What the Feature does to the container, to follow its name. */
  readonly effect: string;
  readonly severity: Severity;
  readonly persona: Persona;
  readonly confidence: Confidence;
  /** What the user loses when it goes. */
  readonly loss: string;
}

interface Row extends Partial<FeatureEffect> {
  /** Matches the id without version, or for deprecated Features the short name alone. */
  readonly id: RegExp;
  readonly effect: string;
  readonly severity: Severity;
  /** Options that make it worse: then it is a warning. */
  readonly worse?: (options: Feature['options']) => boolean;
}

const noEngine = 'docker commands inside the container no longer work';
const pedantic = { persona: 'pedantic' } as const;
// Several publishers use these names; what they set differs and was not checked one by one.
const unverified = { persona: 'pedantic', confidence: 'medium' } as const;

// The first match decides.
const rows: readonly Row[] = [
  {
    id: /^(?:(?:ghcr\.io|mcr\.microsoft\.com)\/devcontainers\/features\/)?docker-(?:outside-of|from)-docker$/,
    effect: "hands the host's Docker engine to the container",
    severity: 'error',
    loss: noEngine,
  },
  {
    id: /\/docker-(?:outside-of|from)-docker$/,
    effect: "hands the host's Docker engine to the container",
    severity: 'error',
    confidence: 'medium',
    loss: noEngine,
  },
  {
    id: /^ghcr\.io\/microsoft\/devcontainer-feature-k3s\//,
    effect: "runs privileged and installs a cluster on the host through the host's engine",
    severity: 'error',
  },
  {
    id: /\/(?:kubernetes-outside-of-docker|host-[^/]*(?:minikube|kube|k3s|k8s|cluster)[^/]*)$/,
    effect: "hands the credentials of the host's cluster to the container",
    severity: 'error',
    confidence: 'medium',
  },
  {
    id: /^(?:(?:ghcr\.io|mcr\.microsoft\.com)\/devcontainers\/features\/)?docker-in-docker$/,
    effect: 'makes the container privileged',
    severity: 'warning',
    loss: noEngine,
  },
  {
    id: /\/docker-in-docker$/,
    effect: 'makes the container privileged',
    severity: 'warning',
    confidence: 'medium',
    loss: noEngine,
  },
  {
    id: /\/(?:podman-in-docker|podman-in-podman|kind|k3d|microk8s|sysbox[^/]*)$/,
    effect: 'usually makes the container privileged',
    severity: 'info',
    ...unverified,
  },
  {
    id: /^(?:(?:ghcr\.io|mcr\.microsoft\.com)\/devcontainers\/features\/)?sshd$/,
    effect: 'starts an ssh server on port 2222',
    severity: 'info',
    worse: ({ gatewayPorts }) => gatewayPorts === 'yes',
    loss: 'ssh into the container no longer works',
  },
  {
    id: /^(?:(?:ghcr\.io|mcr\.microsoft\.com)\/devcontainers\/features\/)?desktop-lite$/,
    effect: 'starts a remote desktop on ports 5901 and 6080',
    severity: 'info',
    worse: ({ noPassword }) => noPassword === true || noPassword === 'true',
    loss: 'the desktop in the browser is gone',
  },
  {
    id: /^ghcr\.io\/tailscale\/codespace\/tailscale$/,
    effect: 'adds NET_ADMIN and joins a network that goes past a firewall',
    severity: 'info',
    loss: 'the container leaves that network',
  },
  {
    id: /\/(?:wireguard|openvpn)[^/]*$|\/(?:ngrok|cloudflared)$/,
    effect: 'opens a tunnel',
    severity: 'info',
    ...unverified,
  },
  {
    id: /^(?:(?:ghcr\.io|mcr\.microsoft\.com)\/devcontainers\/features\/)?common-utils$/,
    effect: 'lets the user become root with sudo, without a password',
    severity: 'info',
    ...pedantic,
  },
  {
    id: /^(?:ghcr\.io|mcr\.microsoft\.com)\/devcontainers\/features\/(?:go|rust)$|^ghcr\.io\/rapidsai\/devcontainers\/features\/(?:cuda|llvm|nvhpc|rust)$/,
    effect: 'adds SYS_PTRACE and turns the system call filter off',
    severity: 'info',
    ...pedantic,
  },
];

/** Features of the official collection and of well-known publishers whose metadata adds no privilege. */
const harmless = new RegExp(
  '^(?:ghcr\\.io|mcr\\.microsoft\\.com)/(?:devcontainers/features/(?:nix|kubectl-helm-minikube|nvidia-cuda|aws-cli|' +
    'azure-cli|github-cli|git|git-lfs|node|python|java|dotnet|php|ruby|terraform|powershell|hugo|conda|anaconda|oryx|' +
    'copilot-cli)|anthropics/devcontainer-features/claude-code)$',
);

/**
 * What a published Feature does to the container's privileges; undefined where it is known to do nothing and for
 * Features of the repository itself, whose metadata is read.
 */
export function effectOf({ id, options }: Pick<Feature, 'id' | 'options'>): FeatureEffect | undefined {
  const row = rowOf(id);
  if (row === 'none') return undefined;
  const {
    effect,
    severity,
    persona = 'default',
    confidence = 'high',
    loss = 'what it installs is gone',
  } = row;
  return { effect, severity: row.worse?.(options) ? 'warning' : severity, persona, confidence, loss };
}

const rowOf = remember((id: string): Row | 'none' => {
  if (/^\.{0,2}\//.test(id) || harmless.test(id)) return 'none';
  // Without a slash it is a deprecated short name, resolved from the official collection.
  return rows.find((row) => row.id.test(id)) ?? (id.includes('/') ? unknown : 'none');
});

const unknown: Row = {
  id: /\//,
  effect: 'is not known to this tool: its metadata may add privileges that no file here shows',
  severity: 'info',
  persona: 'pedantic',
  confidence: 'low',
};
