import { UserError } from '../core/errors.js';
import { riskOf } from '../core/host-risk.js';
import { printable } from '../core/printable.js';
import { wrapText } from '../core/width.js';
import { checkChange, type PolicyChange } from '../policy/change.js';
import { splitPort } from '../policy/host-name.js';
import { type AgentId, agentIds, type StackId, stackIds } from '../policy/policy.js';
import type { Presets } from '../policy/presets.js';
import { readForward } from './init-flags.js';
import type { Prompter } from './prompt.js';

/** What the wizard starts from. */
export interface WizardFacts {
  readonly presets: Presets;
  /** Proposals for what no flag says. */
  readonly name: string;
  readonly stacks: readonly StackId[];
  readonly agents: readonly AgentId[];
  /** What the flags said: not asked again. */
  readonly given: PolicyChange;
  readonly ca: string | undefined;
  /** Says what is wrong with a path of certificates; undefined where it can be used. */
  checkCertificates(path: string): string | undefined;
}

export interface WizardAnswers {
  readonly change: PolicyChange & { readonly name: string };
  /** Path of extra CA certificates as typed. */
  readonly ca: string | undefined;
}

type Ask = Pick<Prompter, 'choose' | 'chooseSeveral' | 'text'>;

/** Asks for every decision that no flag has taken. Undefined where the user cancels. */
export async function askPolicy(ask: Ask, facts: WizardFacts): Promise<WizardAnswers | undefined> {
  const { given } = facts;
  const name = given.name ?? (await askName(ask, facts.name));
  if (name === undefined) return undefined;
  const stacks = given.stacks ?? (await askStacks(ask, facts));
  if (!stacks) return undefined;
  const agents = given.agents ?? (await askAgents(ask, facts));
  if (!agents) return undefined;
  const allow = given.allow?.length ? given.allow : await askHosts(ask, facts.presets);
  if (!allow) return undefined;
  const mcp = given.mcp?.length ? given.mcp : await askForwards(ask);
  if (!mcp) return undefined;
  const ca = facts.ca ?? (await askCertificates(ask, facts));
  if (ca === undefined) return undefined;
  return { change: { ...given, name, stacks, agents, allow, mcp }, ca: ca === '' ? undefined : ca };
}

function askName(ask: Ask, initial: string): Promise<string | undefined> {
  return ask.text('Name of the dev container', { initial, validate: (name) => problemOf({ name }) });
}

function askStacks(ask: Ask, { presets, stacks }: WizardFacts): Promise<readonly string[] | undefined> {
  const options = stackIds.map((value) => ({
    value,
    label: presets.stacks[value].title,
    hint: presets.stacks[value].image ?? presets.base.image ?? '',
  }));
  return ask.chooseSeveral('Language stacks (choose none for plain Debian)', options, stacks);
}

function askAgents(ask: Ask, { presets, agents }: WizardFacts): Promise<readonly string[] | undefined> {
  const options = agentIds.map((value) => {
    const { title, version, hosts } = presets.agents[value];
    const opens = hosts.map(({ host }) => host).join(', ') || 'nothing';
    return { value, label: version === undefined ? title : `${title} ${version}`, hint: `opens ${opens}` };
  });
  return ask.chooseSeveral('Coding agents to install', options, agents);
}

/** Forges apart from the rest: they are what most people want, and the widest way out. */
async function askHosts(ask: Ask, presets: Presets): Promise<readonly string[] | undefined> {
  const forge = presets.risks.find(({ kind }) => kind === 'forge');
  const options = ['github.com', 'gitlab.com', 'bitbucket.org'].map((host) => ({
    value: `${host}:443`,
    label: host,
  }));
  const forges = await ask.chooseSeveral(
    `Code forges to open for git over HTTPS (choose none to push and pull on the host). The risk: ${forge?.risk ?? ''}`,
    options,
    [],
  );
  if (!forges) return undefined;
  const typed = await ask.text('Further hosts to open, with commas between (Enter for none)', {
    validate: (text) => problemOf({ allow: splitList(text) }),
  });
  return typed === undefined ? undefined : [...new Set([...forges, ...splitList(typed)])];
}

async function askForwards(ask: Ask): Promise<PolicyChange['mcp']> {
  const typed = await ask.text(
    'MCP servers on the host that the agent may use, as NAME=PORT with commas between (Enter for none)',
    {
      validate: (text) => {
        try {
          return problemOf({ mcp: splitList(text).map(readForward) });
        } catch (error) {
          if (error instanceof UserError) return error.message.replace(/^--mcp: /, '');
          throw error;
        }
      },
    },
  );
  return typed === undefined ? undefined : splitList(typed).map(readForward);
}

function askCertificates(ask: Ask, { checkCertificates }: WizardFacts): Promise<string | undefined> {
  return ask.text('PEM file with extra CA certificates, where the network intercepts TLS (Enter for none)', {
    validate: (path) => (path === '' ? undefined : checkCertificates(path)),
  });
}

/** What the answers add up to, for the last look before anything is written. */
export function summarize({ change, ca }: WizardAnswers, presets: Presets): string {
  const { name, stacks = [], agents = [], allow = [], mcp = [] } = change;
  const rows: [string, string][] = [
    ['name', name],
    ['stacks', stacks.join(', ') || 'none'],
    ['agents', agents.join(', ') || 'none'],
    ['hosts', allow.join(', ') || 'only those of the stacks and agents'],
    ['MCP', mcp.map((server) => `${server.name} on port ${server.port}`).join(', ') || 'none'],
    ['CA file', ca ?? 'none'],
    ...(change.without?.length ? [['without', change.without.join(', ')] as [string, string]] : []),
    ...(change.shape === undefined ? [] : [['shape', change.shape] as [string, string]]),
    ...(change.mode === undefined ? [] : [['mode', change.mode] as [string, string]]),
    ...(change.publish?.length ? [['publish', change.publish.join(', ')] as [string, string]] : []),
  ];
  const risks = allow.flatMap((entry) => {
    const risk = riskOf(splitPort(entry).name, presets.risks);
    if (!risk) return [];
    const lines = wrapText(`${splitPort(entry).name} (${risk.kind}): ${risk.risk}`, 68);
    return [`  careful  ${lines.join('\n           ')}\n`];
  });
  const text = rows.map(([label, value]) => `  ${label.padEnd(8)} ${printable(value)}\n`).join('');
  return `\n${text}${risks.join('')}`;
}

function problemOf(change: PolicyChange): string | undefined {
  return checkChange(change)[0]?.message;
}

function splitList(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}
