import { UserError } from '../core/errors.js';
import { riskOf } from '../core/host-risk.js';
import { printable } from '../core/printable.js';
import { wrapText } from '../core/width.js';
import { checkChange, type PolicyChange } from '../policy/change.js';
import { type ForgeEntry, type ForgeId, forgeIds, splitForge } from '../policy/forges.js';
import { splitPort } from '../policy/host-name.js';
import { localModelIds } from '../policy/models.js';
import { type AgentId, agentIds, type StackId, stackIds } from '../policy/policy.js';
import type { Presets } from '../policy/presets.js';
import { readForward } from './init-flags.js';
import { askServers } from './init-servers.js';
import type { Prompter } from './prompt.js';

/** What the wizard starts from. */
export interface WizardFacts {
  readonly presets: Presets;
  /** Proposals for what no flag says. */
  readonly name: string;
  readonly stacks: readonly StackId[];
  readonly agents: readonly AgentId[];
  /** Where the project's remotes are. */
  readonly forges: readonly ForgeId[];
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
  const forges = given.forges ?? (await askForges(ask, facts));
  if (!forges) return undefined;
  const allow = given.allow?.length ? given.allow : await askHosts(ask);
  if (!allow) return undefined;
  const localModels = given.localModels ?? (await askLocalModels(ask, facts.presets));
  if (!localModels) return undefined;
  const gateway = given.gateway ?? (await askGateway(ask, agents, facts.presets));
  if (gateway === undefined) return undefined;
  const mcp = given.mcp?.length ? given.mcp : await askForwards(ask);
  if (!mcp) return undefined;
  const servers = given.servers ?? (given.mcp?.length ? [] : await askServers(ask, mcp));
  if (!servers) return undefined;
  const ca = facts.ca ?? (await askCertificates(ask, facts));
  if (ca === undefined) return undefined;
  const change = { ...given, name, stacks, agents, forges, allow, localModels, mcp, servers };
  return {
    change: { ...change, ...(gateway !== '' && { gateway }) },
    ca: ca === '' ? undefined : ca,
  };
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

/** None is chosen unasked, not even that of the project's remote: each is the widest way out. */
function askForges(ask: Ask, { presets, forges }: WizardFacts): Promise<readonly string[] | undefined> {
  const { risk = '' } = presets.risks.find(({ kind }) => kind === 'forge') ?? {};
  const options = forgeIds.map((value) => ({
    value,
    label: presets.forges[value].title,
    hint: forges.includes(value) ? "this repository's remote is there" : 'git over HTTPS',
  }));
  return ask.chooseSeveral(
    `Code forges to open (choose none to push and pull on the host). The risk: ${risk}`,
    options,
    [],
  );
}

async function askHosts(ask: Ask): Promise<readonly string[] | undefined> {
  const typed = await ask.text('Further hosts to open, with commas between (Enter for none)', {
    validate: (text) => problemOf({ allow: splitList(text) }),
  });
  return typed === undefined ? undefined : [...new Set(splitList(typed))];
}

function askLocalModels(ask: Ask, presets: Presets): Promise<readonly string[] | undefined> {
  const options = localModelIds.map((value) => {
    const { title, port } = presets.models[value];
    return { value, label: title, hint: `opens port ${port} of the host` };
  });
  return ask.chooseSeveral('Model servers on the host that the container may use', options, []);
}

/** The empty text where there is none, or nobody who could be told of it. */
async function askGateway(
  ask: Ask,
  agents: readonly string[],
  presets: Presets,
): Promise<string | undefined> {
  if (!agentIds.some((id) => agents.includes(id) && presets.agents[id].gateway)) return '';
  return ask.text("Address of a company's model gateway, in the place of the vendors' (Enter for none)", {
    validate: (gateway) => (gateway === '' ? undefined : problemOf({ gateway })),
  });
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
  const { name, stacks = [], agents = [], forges = [], localModels = [], allow = [], mcp = [] } = change;
  const { servers = [] } = change;
  const rows: [string, string][] = [
    ['name', name],
    ['stacks', stacks.join(', ') || 'none'],
    ['agents', agents.join(', ') || 'none'],
    ['forges', forges.join(', ') || 'none'],
    ['hosts', allow.join(', ') || 'none besides those'],
    [
      'models',
      [...localModels, change.gateway ?? ''].filter((part) => part !== '').join(', ') || "the vendors'",
    ],
    [
      'MCP',
      [
        ...mcp.map((server) => `${server.name} on port ${server.port}`),
        ...servers.map(({ name }) => `${name} behind the gate`),
      ].join(', ') || 'none',
    ],
    ['CA file', ca ?? 'none'],
    ...(change.without?.length ? [['without', change.without.join(', ')] as [string, string]] : []),
    ...(change.shape === undefined ? [] : [['shape', change.shape] as [string, string]]),
    ...(change.mode === undefined ? [] : [['mode', change.mode] as [string, string]]),
    ...(change.publish?.length ? [['publish', change.publish.join(', ')] as [string, string]] : []),
  ];
  const opened = [
    ...forges.flatMap((entry) => hostsOf(entry, presets)),
    ...allow.map((entry) => splitPort(entry).name),
  ];
  const risks = [...new Set(opened)].flatMap((host) => {
    const risk = riskOf(host, presets.risks);
    if (!risk) return [];
    const lines = wrapText(`${host} (${risk.kind}): ${risk.risk}`, 68);
    return [`  careful  ${lines.join('\n           ')}\n`];
  });
  const text = rows.map(([label, value]) => `  ${label.padEnd(8)} ${printable(value)}\n`).join('');
  return `\n${text}${risks.join('')}`;
}

/** Of a forge as the policy names it. */
function hostsOf(entry: string, presets: Presets): readonly string[] {
  const { id, way } = splitForge(entry as ForgeEntry);
  return presets.forges[id][way].map(({ host }) => host);
}

function problemOf(change: PolicyChange): string | undefined {
  return checkChange(change)[0]?.message;
}

function splitList(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}
