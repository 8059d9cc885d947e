import type { PolicyChange } from '../policy/change.js';
import { checkChange } from '../policy/change.js';
import type { RawServer, ValueSource } from '../policy/servers.js';
import type { Prompter } from './prompt.js';

type Ask = Pick<Prompter, 'chooseSeveral' | 'text'>;

/** Asks for the MCP servers that run behind the gate, one after the other. Undefined where the user cancels. */
export async function askServers(
  ask: Ask,
  taken: PolicyChange['mcp'] = [],
): Promise<readonly RawServer[] | undefined> {
  const servers: RawServer[] = [];
  for (;;) {
    const name = await ask.text(
      servers.length === 0
        ? 'An MCP server to run on the host with its login, behind the gate: its name (Enter for none)'
        : 'The name of the next one (Enter for no more)',
      {
        validate: (text) =>
          text === '' ? undefined : problemOf([...taken, ...servers, { name: text, url: 'https://a.test/' }]),
      },
    );
    if (name === undefined) return undefined;
    if (name === '') return servers;
    const server = await askServer(ask, name);
    if (!server) return undefined;
    servers.push(server);
  }
}

async function askServer(ask: Ask, name: string): Promise<RawServer | undefined> {
  const started = await ask.text('What starts it, as words without a shell, or its https address', {
    validate: (text) => problemOf([{ name, ...wayTo(text) }]),
  });
  if (started === undefined) return undefined;
  const way = wayTo(started);
  const variables = await ask.text(
    way.url === undefined
      ? 'Variables of yours that it needs, such as TRACKER_TOKEN, with commas between (Enter for none)'
      : 'The variable of yours with its bearer token, such as TRACKER_TOKEN (Enter for none)',
    { validate: (text) => problemOf([{ name, ...way, ...loginOf(text, way) }]) },
  );
  if (variables === undefined) return undefined;
  const listed = await ask.text(
    'Tools that the agent may call, * for any letters (Enter for none until you know them)',
    {
      validate: (text) => problemOf([{ name, ...way, tools: words(text) }]),
    },
  );
  if (listed === undefined) return undefined;
  const tools = await askAccess(ask, words(listed));
  const about = tools && (await askPurpose(ask));
  return about && { name, ...way, ...loginOf(variables, way), tools, ...about };
}

/** A tool that writes needs a reason, for whoever reviews it. */
async function askAccess(ask: Ask, names: readonly string[]): Promise<RawServer['tools'] | undefined> {
  if (names.length === 0) return [];
  const options = names.map((value) => ({ value, label: value }));
  const writing = await ask.chooseSeveral('Which of them change something', options, []);
  if (!writing) return undefined;
  const tools: NonNullable<RawServer['tools']>[number][] = names.filter((tool) => !writing.includes(tool));
  for (const tool of writing) {
    const reason = await ask.text(`Why the agent may use ${tool}`, {
      validate: (text) =>
        text === ''
          ? 'a tool that writes needs a reason'
          : problemOf([
              { name: 'x', url: 'https://a.test/', tools: [{ tool, access: 'write', reason: text }] },
            ]),
    });
    if (reason === undefined) return undefined;
    tools.push({ tool, access: 'write', reason });
  }
  return tools;
}

async function askPurpose(ask: Ask): Promise<Pick<RawServer, 'purpose' | 'reaches' | 'owner'> | undefined> {
  const said: Record<string, string> = {};
  const questions = {
    purpose: 'What the agent uses it for (Enter to say it later)',
    reaches: 'Which data it reaches, and with whose login (Enter to say it later)',
    owner: 'Who decides about it (Enter to say it later)',
  };
  for (const [key, question] of Object.entries(questions)) {
    const text = await ask.text(question, {
      validate: (line) =>
        line === '' ? undefined : problemOf([{ name: 'x', url: 'https://a.test/', [key]: line }]),
    });
    if (text === undefined) return undefined;
    if (text !== '') said[key] = text;
  }
  return said;
}

function wayTo(text: string): Pick<RawServer, 'command' | 'url'> {
  if (/^https?:/.test(text)) return { url: text };
  const command = [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
  return { command };
}

function loginOf(text: string, { url }: Pick<RawServer, 'url'>): Pick<RawServer, 'environment' | 'headers'> {
  const names = words(text);
  if (names.length === 0) return {};
  if (url !== undefined) return { headers: { Authorization: { env: names.join(','), prefix: 'Bearer ' } } };
  const sources = names.map((env): [string, ValueSource] => [env, { env }]);
  return { environment: Object.fromEntries(sources) };
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

function problemOf(servers: readonly object[]): string | undefined {
  return checkChange({ servers: servers as NonNullable<PolicyChange['servers']> })[0]?.message;
}
