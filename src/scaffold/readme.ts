import type { Options } from '../policy/options.js';
import type { Policy } from '../policy/policy.js';
import type { Presets, TargetPreset } from '../policy/presets.js';
import { code, text } from './markdown.js';

/** For whoever finds the folder. */
export const readmePath = '.devcontainer/README.md';

/** More rows say no more: the allowlist beside has them all. */
const mostRows = 60;

/** What this container lets out, what protects, what does not hold where it is started, and what to do. Markdown. */
export function renderReadme(policy: Policy, options: Options, presets: Presets): string {
  const targets = policy.targets.map((id) => presets.targets[id]);
  return [
    `# The dev container of ${text(policy.name)}`,
    '',
    'Written by harden-devcontainer from harden-devcontainer.jsonc; change that file and run `harden-devcontainer init` again.',
    '',
    ...egress(options),
    ...protection(policy, options),
    ...places(targets),
    ...tasks(options),
  ].join('\n');
}

function egress({ observe, allow, ranges, publish, servers, forwards }: Options): string[] {
  const rows = [
    ...allow.map(({ host, ports, reason }) => ({ name: host, ports, reason })),
    ...ranges.map(({ range, ports, reason }) => ({ name: range, ports, reason })),
  ];
  const more = rows.length - mostRows;
  return [
    '## What it lets out',
    '',
    ...(observe
      ? ['**It observes: every name and port is let out and logged. No agent should run in it.**', '']
      : []),
    ...(rows.length === 0
      ? ['Nothing: every name is refused.', '']
      : [
          '| host | ports | why |',
          '|---|---|---|',
          ...rows
            .slice(0, mostRows)
            .map(({ name, ports, reason }) => `| ${code(name)} | ${ports.join(', ')} | ${text(reason)} |`),
          ...(more > 0 ? ['', `And ${more} more: see [allowlist](allowlist).`] : []),
          '',
          observe ? 'These are meant to stay open.' : 'Every other name, address and port is refused.',
          '',
        ]),
    ...(publish.length > 0
      ? [
          `The host can connect to port ${publish.map(({ port }) => port).join(', ')}, on its 127.0.0.1 alone.`,
          '',
        ]
      : []),
    ...(servers.length > 0
      ? ['MCP servers on the host, and what the agent may do with them: [MCP.md](MCP.md).', '']
      : []),
    ...(forwards.length > 0
      ? [
          `Ports of the host that are open: ${forwards.map(({ name, port }) => `${text(name)} on ${port}`).join(', ')}.`,
          '',
        ]
      : []),
  ];
}

function protection({ agents, targets, acceptedLosses }: Policy, { sidecar, servers }: Options): string[] {
  const isOpen = acceptedLosses.includes('firewall') && targets.length > 0;
  return [
    '## What protects',
    '',
    ...(isOpen
      ? [
          '**The policy accepts that no firewall is set in some of the places below: there every host is open.**',
          '',
        ]
      : []),
    sidecar
      ? '- The firewall is in a container of its own; the one in which you work has no capability and shares its network.'
      : '- PID 1 sets the firewall before anything else runs, and gives up the right to change it. If it cannot, the container ends.',
    '- Everything runs as `dev`, who cannot become root: no sudo, no setuid program, `no-new-privileges`.',
    '- This folder is read-only inside: what is written here would run on the host at the next start.',
    '- No login of the host is handed in: no SSH agent, no credential helper, no engine socket. Logins made inside stay in volumes of this project.',
    ...(agents.length > 0 ? ["- The agents' own settings are in the image, owned by root."] : []),
    ...(servers.length > 0
      ? ['- MCP servers run on the host behind a gate; their logins never come in.']
      : []),
    '- What is listed above is also a way out for data: whoever may write to one of these hosts can be sent what is read here.',
    '',
  ];
}

function places(targets: readonly TargetPreset[]): string[] {
  if (targets.length === 0)
    return [
      '## Where it is started',
      '',
      'All of this holds on Docker Engine on Linux. Elsewhere some of it does not: `harden-devcontainer init --target NAME` says what, and adapts what can be.',
      '',
    ];
  return targets.flatMap(({ title, firewall, holds, lost, advice }) => [
    `## On ${text(title)}`,
    '',
    `Firewall: ${{ holds: 'holds', unproven: 'not proven; without it the container does not start', lost: '**not there: every host is open**' }[firewall]}.`,
    '',
    ...holds.map((line) => `- holds: ${text(line)}`),
    ...lost.map((line) => `- lost or weaker: ${text(line)}`),
    ...advice.map((line) => `- do: ${text(line)}`),
    '',
  ]);
}

function tasks({ observe }: Options): string[] {
  return [
    '## What to do',
    '',
    '| to | run on the host |',
    '|---|---|',
    '| see what was refused | `harden-devcontainer egress` |',
    "| open a host | `harden-devcontainer egress --allow NAME --reason 'WHY'` |",
    ...(observe ? ['| go back to enforcing | `harden-devcontainer init --enforce` |'] : []),
    '| change anything else | edit harden-devcontainer.jsonc, then `harden-devcontainer init`, then rebuild |',
    '| take a newer release, keeping edits by hand | `harden-devcontainer init` |',
    '| fail CI when files drift | `harden-devcontainer init --check` |',
    "| see what only your editor's own settings can close | `harden-devcontainer doctor` |",
    '',
  ];
}
