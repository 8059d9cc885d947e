import type { ForgeEntry } from './forges.js';
import type { Guards } from './guards.js';
import type { Limits } from './limits.js';
import type { Models } from './models.js';
import type { Protection } from './protect.js';
import type { PolicyServer } from './servers.js';

/** Where the policy lives, relative to the project's root. */
export const policyPath = '.devcontainer/harden-devcontainer.jsonc';

/** Where a policy may lie that is for `lint` alone, in a repository without `.devcontainer`. */
export const rootPolicyPath = 'harden-devcontainer.jsonc';

/** For editors only; nothing of ours fetches it. */
export const policySchemaUrl = 'https://unpkg.com/harden-devcontainer/schemas/policy.schema.json';

/** The same lists as in schemas/policy.schema.json and presets/; a test holds them together. */
export const stackIds = [
  'node',
  'python',
  'go',
  'rust',
  'java',
  'ruby',
  'php',
  'dotnet',
  'elixir',
  'cpp',
] as const;
export const agentIds = [
  'claude-code',
  'codex',
  'gemini-cli',
  'copilot-cli',
  'cursor',
  'opencode',
  'aider',
  'cline',
] as const;
export const shapes = ['single', 'sidecar'] as const;
export const modes = ['enforce', 'observe'] as const;
/** Which container holds the firewall: the agent's own, or a gateway beside it. */
export type Shape = (typeof shapes)[number];
/** `observe` logs and lets out what is not listed. */
export type Mode = (typeof modes)[number];
/** Where a dev container is started; presets/targets says what holds there. */
export const targetIds = [
  'docker',
  'docker-desktop',
  'rootless',
  'podman',
  'codespaces',
  'devpod',
  'jetbrains',
  'envbuilder',
] as const;
export type TargetId = (typeof targetIds)[number];
/** What a target may lose although `init` would refuse it. */
export const losses = ['firewall'] as const;
export type Loss = (typeof losses)[number];
export type StackId = (typeof stackIds)[number];
export type AgentId = (typeof agentIds)[number];

export interface PolicyHost {
  /** Lower-case DNS name; a leading dot means the name and every name below it. */
  readonly host: string;
  /** Undefined: 443 and 80. */
  readonly ports: readonly number[] | undefined;
  readonly reason: string | undefined;
  /** The name resolves to a private address; then `ports` and `reason` are there and `host` begins with no dot. */
  readonly private: boolean | undefined;
}

/** Public addresses that no name is compared for. */
export interface PolicyRange {
  /** ADDRESS/LENGTH in lower case. */
  readonly range: string;
  readonly ports: readonly number[];
  readonly reason: string;
}

/** A port that the host may connect to. */
export interface PublishedPort {
  readonly port: number;
  readonly purpose: string | undefined;
}

export interface PolicyForward {
  readonly name: string;
  readonly port: number;
  /** Undefined: `/mcp`. */
  readonly path: string | undefined;
  readonly purpose: string | undefined;
}

/** How a container reaches the gate on the host. */
export const transports = ['socket', 'tls'] as const;
export type Transport = (typeof transports)[number];

/** What the user decided; the presets add the rest. */
export interface Policy {
  readonly name: string;
  readonly stacks: readonly StackId[];
  readonly agents: readonly AgentId[];
  readonly forges: readonly ForgeEntry[];
  readonly models: Models;
  readonly shape: Shape;
  readonly mode: Mode;
  /** Hosts of the stacks and agents that stay closed. */
  readonly without: readonly string[];
  readonly allow: readonly PolicyHost[];
  readonly ranges: readonly PolicyRange[];
  readonly publish: readonly PublishedPort[];
  /** Ports of the host that are opened as they are. */
  readonly mcp: readonly PolicyForward[];
  /** Servers behind the gate. */
  readonly servers: readonly PolicyServer[];
  readonly mcpTransport: Transport;
  readonly guards: Guards;
  readonly limits: Limits;
  readonly protect: Protection;
  /** Relative to `.devcontainer`. */
  readonly caCertificates: string | undefined;
  /** Takes the place of the stacks' own image. */
  readonly image: string | undefined;
  /** The project's own part of devcontainer.json, in the form of the schema; empty where there is none. */
  readonly devcontainer: Readonly<Record<string, unknown>>;
  /** Names of compose files in `.devcontainer`. */
  readonly composeFiles: readonly string[];
  readonly targets: readonly TargetId[];
  readonly acceptedLosses: readonly Loss[];
}

/** A folder's name as a container's name, with everything else taken out. */
export function nameFrom(folder: string): string {
  const name = folder
    .replace(/[^A-Za-z0-9 ._-]+/g, '-')
    .replace(/ *-[ -]*/g, '-')
    .replace(/\.{2,}/g, '.')
    .slice(0, 64)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
  return name === '' ? 'dev container' : name;
}
