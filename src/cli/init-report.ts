import type { ChalkInstance } from 'chalk';
import { printable } from '../core/printable.js';
import { wrapText } from '../core/width.js';
import type { Options } from '../policy/options.js';
import { type Presets, riskOf } from '../policy/presets.js';

/**
 * Ties between an editor and a container that only the user's own settings undo: those in the repository are not
 * obeyed for them. Source: VS Code's Dev Containers documentation, 2026-09.
 */
const editorSettings: Readonly<Record<string, unknown>> = {
  'dev.containers.gitCredentialHelperConfigLocation': 'none',
  'dev.containers.copyGitConfig': false,
  'dev.containers.dockerCredentialHelper': false,
  'dev.containers.githubCLILoginWithToken': false,
  'dev.containers.mountWaylandSocket': false,
  'dev.containers.forwardWSLServices': false,
  'terminal.integrated.allowLocalTerminal': false,
};

/** Fits an indented line into 80 columns. */
const lineWidth = 70;

/** The hosts that are open, with why, and a warning for each through which data can leave to anybody. */
export function describeHosts(options: Options, { risks }: Presets, chalk: ChalkInstance): string {
  const { ranges, observe } = options;
  const allow = [
    ...options.allow,
    ...ranges.map(({ range, ports, reason }) => ({ host: range, ports, reason })),
  ];
  if (observe) return describeObserve(chalk);
  if (allow.length === 0) return 'No host is open: every name is refused.\n';
  const width = Math.max(...allow.map(({ host }) => host.length));
  const portsWidth = Math.max(...allow.map(({ ports }) => ports.join(', ').length));
  const rows = allow.map(({ host, ports, reason }) => {
    const name = printable(host).padEnd(width);
    return `  ${chalk.bold(name)}  ${ports.join(', ').padEnd(portsWidth)}  ${chalk.dim(printable(reason))}\n`;
  });
  const warnings = allow.flatMap(({ host }) => {
    const risk = riskOf(host, risks);
    if (!risk) return [];
    const lines = wrapText(`${printable(host)}: ${risk.risk}`, lineWidth);
    return [`${chalk.yellow('warning:')} ${lines.join('\n         ')}\n`];
  });
  return `Open hosts (every other name is refused):\n${rows.join('')}${warnings.join('')}`;
}

function describeObserve(chalk: ChalkInstance): string {
  const lines = wrapText(
    'every name and every port of public addresses is let out and logged. Run what you need, see `harden-devcontainer egress`, and go back with `harden-devcontainer init --enforce` before an agent runs in it.',
    lineWidth,
  );
  return `${chalk.red('OBSERVE:')} ${lines.join('\n         ')}\n`;
}

/** What to do after the first write. `dir` is the project as the user would type it. */
export function describeNextSteps({ agents, forwards }: Options, dir: string, chalk: ChalkInstance): string {
  const folder = /^[\w./-]+$/.test(dir) ? dir : `'${printable(dir).replaceAll("'", "'\\''")}'`;
  const servers = forwards.map(({ name, port }) => `${name} on port ${port}`).join(', ');
  const command = agents.length > 0 ? 'claude' : 'bash';
  const settings = JSON.stringify(editorSettings, null, 2);
  const steps = [
    [
      'Start it with "Reopen in Container" in your editor, or with',
      chalk.bold(`devcontainer up --workspace-folder ${folder}`),
      '(to have that command: npm install -g @devcontainers/cli)',
    ],
    ['Go in:', chalk.bold(`devcontainer exec --workspace-folder ${folder} ${command}`)],
    ...(servers ? [wrapText(`Start the MCP servers on the host: ${servers}.`, lineWidth)] : []),
    [
      'Commit the files. To open another host, add it to',
      '.devcontainer/harden-devcontainer.jsonc and run init again.',
    ],
    [
      'VS Code hands your logins to a container that it is attached to, and only',
      'your own user settings keep it from that. Where you use it, add to them',
      ...settings.split('\n'),
    ],
  ];
  return `\nNext:\n${steps.map((step, index) => `  ${index + 1}. ${step.join('\n     ')}\n`).join('')}`;
}
