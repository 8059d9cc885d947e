import type { ChalkInstance } from 'chalk';
import { describeRisk, type HostRisk, riskOf } from '../core/host-risk.js';
import { printable } from '../core/printable.js';
import { wrapText } from '../core/width.js';
import type { CheckedPlan, InitPlan } from '../init.js';
import type { Options } from '../policy/options.js';
import type { Presets, TargetPreset } from '../policy/presets.js';

/** Fits an indented line into 80 columns. */
const lineWidth = 70;

/** The hosts that are open, with why, and what is known about those through which data can leave. */
export function describeHosts(plan: CheckedPlan, { risks, agents }: Presets, chalk: ChalkInstance): string {
  const { ranges, observe } = plan.options;
  if (observe) return describeObserve(chalk);
  const allow = [
    ...plan.options.allow,
    ...ranges.map(({ range, ports, reason }) => ({ host: range, ports, reason })),
  ];
  if (allow.length === 0) return 'No host is open: every name is refused.\n';
  const width = Math.max(...allow.map(({ host }) => host.length));
  const portsWidth = Math.max(...allow.map(({ ports }) => ports.join(', ').length));
  const rows = allow.map(({ host, ports, reason }) => {
    const name = printable(host).padEnd(width);
    return `  ${chalk.bold(name)}  ${ports.join(', ').padEnd(portsWidth)}  ${chalk.dim(printable(reason))}\n`;
  });
  const notes = [
    ...describeEntries(plan, risks),
    ...describeRisks(plan, risks),
    ...describePresetHosts(plan),
    ...describeClosed(plan, agents),
  ];
  return `Open hosts (every other name is refused):\n${rows.join('')}${notes.map((note) => formatNote(note, chalk)).join('')}`;
}

interface Note {
  /** What the policy itself has decided is warned about; what a stack or agent needs is only said. */
  readonly isWarning: boolean;
  readonly text: string;
}

/** One note for all hosts of a kind. */
function describeRisks({ options, presetHosts }: InitPlan, risks: readonly HostRisk[]): Note[] {
  const preset = new Set(presetHosts.map(({ host }) => host));
  const found = new Map<HostRisk, string[]>();
  for (const { host } of options.allow) {
    const risk = riskOf(host, risks);
    if (!risk) continue;
    const same = found.get(risk);
    if (same) same.push(host);
    else found.set(risk, [host]);
  }
  return Array.from(found, ([risk, hosts]) => ({
    isWarning: hosts.some((host) => !preset.has(host)),
    text: describeRisk(listHosts(hosts), risk),
  })).sort((a, b) => Number(b.isWarning) - Number(a.isWarning));
}

/** Rules about entries of the policy that say more than the kind of the host. */
const entryRules = ['no-broad-allowlist-entry', 'no-malformed-allowlist-entry'];

function describeEntries({ decided }: CheckedPlan, risks: readonly HostRisk[]): Note[] {
  const texts = decided.flatMap(({ ruleId, severity, message, place }) => {
    const entry = place.file.text.slice(place.at.start + 1, place.at.end - 1);
    const isTold = riskOf(entry.replace(/:\d+$/, ''), risks) !== undefined;
    return entryRules.includes(ruleId) && severity !== 'info' && !isTold ? [printable(message)] : [];
  });
  const more = texts.length - mostNames;
  return [
    ...texts.slice(0, mostNames),
    ...(more > 0 ? [`${more} more entries like these: see \`harden-devcontainer lint\``] : []),
  ].map((text) => ({ isWarning: true, text }));
}

function describePresetHosts({ presetHosts, missingHosts }: InitPlan): Note[] {
  const optional = presetHosts.filter(({ required }) => !required).map(({ host }) => host);
  const missing = missingHosts.map(({ host }) => host);
  return [
    ...(missing.length > 0
      ? [
          {
            isWarning: true,
            text: `${listHosts(missing)}: closed by the policy, but a stack or agent needs it`,
          },
        ]
      : []),
    ...(optional.length > 0
      ? [
          {
            isWarning: false,
            text: `not everybody needs ${listHosts(optional)}: --without NAME keeps one closed`,
          },
        ]
      : []),
  ];
}

/** What the agents ask for and are not given, and those of which the image has nothing. */
function describeClosed({ options }: InitPlan, presets: Presets['agents']): Note[] {
  const open = new Set(options.allow.map(({ host }) => host));
  const chosen = new Set(options.agents.map(({ title }) => title));
  return Object.values(presets)
    .filter(({ title }) => chosen.has(title))
    .flatMap(({ title, closed, note }) => [
      ...(note === undefined ? [] : [`${title} is not in the image: ${note}`]),
      ...closed
        .filter(({ host }) => !open.has(host))
        .map(({ host, reason }) => `${title} asks for ${host}, which stays closed: ${reason}`),
    ])
    .map((text) => ({ isWarning: false, text }));
}

/** Thousands of names of one kind say no more than some of them. */
const mostNames = 8;

function listHosts(hosts: readonly string[]): string {
  const more = hosts.length - mostNames;
  const shown = hosts.slice(0, mostNames).map(printable).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function formatNote({ isWarning, text }: Note, chalk: ChalkInstance): string {
  const label = isWarning ? 'warning:' : 'note:';
  const lines = wrapText(text, lineWidth).join(`\n${' '.repeat(label.length + 1)}`);
  return `${isWarning ? chalk.yellow(label) : label} ${lines}\n`;
}

function describeObserve(chalk: ChalkInstance): string {
  const lines = wrapText(
    'every name and every port of public addresses is let out and logged. Run what you need, see `harden-devcontainer egress`, and go back with `harden-devcontainer init --enforce` before an agent runs in it.',
    lineWidth,
  );
  return `${chalk.red('OBSERVE:')} ${lines.join('\n         ')}\n`;
}

/** What a target holds and loses, with what its user can do. */
export function describeTarget({ title, firewall, lost }: TargetPreset, chalk: ChalkInstance): string {
  const verdict = {
    holds: chalk.green('the firewall holds'),
    unproven: chalk.yellow('the firewall is not proven; without it the container does not start'),
    lost: chalk.red('NO FIREWALL: every host is open'),
  }[firewall];
  const lines = lost.map((line) => `  - ${wrapText(line, lineWidth).join('\n    ')}\n`);
  return `On ${title} ${verdict}. Lost or weaker there:\n${lines.join('')}`;
}

/** What to do after the first write. `dir` is the project as the user would type it. */
export function describeNextSteps(
  { agents, forwards, servers: gated }: Options,
  dir: string,
  chalk: ChalkInstance,
): string {
  const folder = /^[\w./-]+$/.test(dir) ? dir : `'${printable(dir).replaceAll("'", "'\\''")}'`;
  const servers = forwards.map(({ name, port }) => `${name} on port ${port}`).join(', ');
  const command = agents.find(({ program }) => program !== undefined)?.program ?? 'bash';
  const steps = [
    [
      'Start it with "Reopen in Container" in your editor, or with',
      chalk.bold(`devcontainer up --workspace-folder ${folder}`),
      '(to have that command: npm install -g @devcontainers/cli)',
    ],
    ['Go in:', chalk.bold(`devcontainer exec --workspace-folder ${folder} ${command}`)],
    ...(servers ? [wrapText(`Start the MCP servers on the host: ${servers}.`, lineWidth)] : []),
    ...(gated.length > 0
      ? [
          [
            'Start the MCP servers behind the gate, and read what their tools say:',
            chalk.bold('harden-devcontainer mcp up'),
            chalk.bold('harden-devcontainer mcp review'),
          ],
        ]
      : []),
    [
      'Commit the files. To open another host, add it to',
      '.devcontainer/harden-devcontainer.jsonc and run init again.',
    ],
    [
      'An editor hands your logins to a container that it is attached to, and only',
      'your own settings keep it from that. See which lines:',
      chalk.bold('harden-devcontainer doctor'),
    ],
  ];
  return `\nNext:\n${steps.map((step, index) => `  ${index + 1}. ${step.join('\n     ')}\n`).join('')}`;
}
