import { forgeIds } from '../policy/forges.js';
import { localModelIds } from '../policy/models.js';
import { agentIds, stackIds } from '../policy/policy.js';
import type { CommandSpec } from './command-spec.js';

export const initSpec: CommandSpec = {
  name: 'init',
  summary: 'Write a hardened dev container: a wizard on a terminal, flags and --yes elsewhere',
  positional: { name: 'dir', describe: 'The project to write it for (default: .)', many: false },
  flags: {
    yes: { type: 'boolean', describe: 'Take the defaults for what no flag says; ask nothing' },
    stack: {
      type: 'list',
      value: [...stackIds, 'none'].join(', '),
      describe: 'Language stacks in any mix, with commas between',
    },
    agent: { type: 'list', value: [...agentIds, 'none'].join(', '), describe: 'Coding agents to install' },
    forge: {
      type: 'list',
      value: [...forgeIds, 'none'].join(', '),
      describe: 'Forges to open for git over HTTPS; NAME:api opens the API, NAME:ssh git over SSH',
    },
    'local-model': {
      type: 'list',
      value: [...localModelIds, 'none'].join(', '),
      describe: 'Model servers on the host, whose one port is opened',
    },
    gateway: {
      type: 'string',
      value: 'URL',
      describe: "A company's model gateway; the hosts of the agents' vendors are closed",
    },
    allow: { type: 'list', value: 'NAME', describe: 'A host name to let out (repeatable)' },
    without: {
      type: 'list',
      value: 'NAME',
      describe: 'Leave this host of the stacks, forges and agents closed (repeatable)',
    },
    mcp: { type: 'list', value: 'NAME=PORT', describe: "An MCP server on the host's port (repeatable)" },
    'import-mcp': {
      type: 'boolean',
      describe:
        'Take the servers of .mcp.json out of the container, behind the gate of `mcp up`, and their secrets to the host',
    },
    'import-mcp-user': {
      type: 'boolean',
      describe:
        'Declare those of your own configuration too (~/.claude.json and the like), which stays as it is',
    },
    protect: {
      type: 'list',
      value: 'KIND',
      describe:
        'What the container may not change or see: git-hooks, git-config, editors, shell, agents, secrets, none (default: what is there, but git-config)',
    },
    shape: {
      type: 'string',
      value: 'single, sidecar',
      describe: 'Where the firewall runs: in the container, or in a gateway beside it',
    },
    publish: { type: 'list', value: 'PORT', describe: 'A port that the host may connect to (repeatable)' },
    observe: { type: 'boolean', describe: 'Log and let out everything, to find a first allowlist' },
    enforce: { type: 'boolean', describe: 'Go back from --observe' },
    ca: {
      type: 'string',
      value: 'FILE',
      describe: 'Extra CA certificates in PEM form, where the network intercepts TLS',
    },
    name: { type: 'string', value: 'NAME', describe: "The container's name" },
    policy: { type: 'string', value: 'FILE', describe: 'Render from this policy file' },
    target: {
      type: 'list',
      value: 'NAME',
      describe:
        'Where it is started: docker, docker-desktop, rootless, podman, codespaces, devpod, jetbrains, envbuilder',
    },
    'accept-loss': {
      type: 'list',
      value: 'firewall',
      describe: 'Write it for a target that cannot hold the firewall',
    },
    adopt: {
      type: 'boolean',
      describe: 'Take over the devcontainer.json that is there: keep what is yours, say what cannot stay',
    },
    from: {
      type: 'string',
      value: 'FILE',
      describe: 'With --adopt: which one, where there are several',
    },
    online: {
      type: 'boolean',
      describe: 'With --pin: open connections, to the registries of the images alone',
    },
    pin: {
      type: 'boolean',
      describe: 'With --online: write the digest of each image into the lock, and build from that',
    },
    'dry-run': { type: 'boolean', describe: 'Show the diff, write nothing' },
    check: { type: 'boolean', describe: 'Write nothing; exit 1 where files differ from the policy' },
    force: { type: 'boolean', describe: 'Replace files that exist, without asking' },
  },
  examples: [
    ['init', 'ask, show, write'],
    ['init --yes --stack node,python', 'ask nothing'],
    ['init --yes --mcp tracker=8123', "let the agent reach the host's MCP server on port 8123"],
    ['init --yes --adopt', 'keep what is yours of the devcontainer.json that is there'],
    ['init --online --pin', 'take each image by the digest that its tag has now'],
    ['init --check', 'in CI: fail when the files drifted from the policy'],
  ],
};
