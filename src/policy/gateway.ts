import type { PolicyProblem } from './check.js';
import { isOfTheHost, refusedHost } from './host-name.js';
import { quote } from './messages.js';
import type { AllowedHost } from './options.js';
import { type AgentId, agentIds, type Policy } from './policy.js';
import type { Presets } from './presets.js';

/**
 * What stands where an agent wants a key: without one it asks for a login. The gateway puts the real one in its place, so that
 * none is in the container.
 */
const placeholder = 'the-gateway-has-it';

/** The agents of the policy that talk to the gateway and not to their vendor. */
export function agentsBehind({ agents, models }: Policy, presets: Presets): readonly AgentId[] {
  const { gateway } = models;
  if (!gateway) return [];
  return agents.filter((id) => (gateway.agents ?? agents).includes(id) && presets.agents[id].gateway);
}

export function gatewayHosts(policy: Policy, presets: Presets): readonly AllowedHost[] {
  const { gateway } = policy.models;
  if (!gateway) return [];
  const { hostname, port } = new URL(gateway.url);
  const titles = agentsBehind(policy, presets).map((id) => presets.agents[id].title);
  return [
    {
      host: hostname,
      ports: [port === '' ? 443 : Number(port)],
      reason: `model gateway of ${titles.join(', ')}`,
      ...(gateway.private && { private: true }),
    },
  ];
}

export function gatewayEnvironment(policy: Policy, presets: Presets): Readonly<Record<string, string>> {
  const { gateway } = policy.models;
  const variables = agentsBehind(policy, presets).flatMap((id) => presets.agents[id].gateway ?? []);
  return Object.fromEntries(
    variables.flatMap(({ baseUrlVariable, keyVariable, path = '' }) => [
      [baseUrlVariable, `${gateway?.url}${path}`],
      [keyVariable, placeholder],
    ]),
  );
}

/** Agents that cannot be behind the gateway, or none that is: its key would then protect nothing. */
export function checkGateway(policy: Policy, presets: Presets): readonly PolicyProblem[] {
  const { gateway } = policy.models;
  if (!gateway) return [];
  const pointer = '/models/gateway';
  const refuse = (message: string) => [
    { pointer: `${pointer}/url`, key: undefined, message: `${quote(gateway.url)} ${message}` },
  ];
  if (!URL.canParse(gateway.url)) return refuse('has no usable port');
  if (isOfTheHost(new URL(gateway.url).hostname)) return refuse(refusedHost);
  const told = agentIds.filter((id) => presets.agents[id].gateway).join(', ');
  const problems = (gateway.agents ?? []).flatMap((id, index) => {
    const place = `${pointer}/agents/${index}`;
    if (!policy.agents.includes(id))
      return [{ pointer: place, key: undefined, message: `${quote(id)} is not among the policy's agents` }];
    if (presets.agents[id].gateway) return [];
    return [
      {
        pointer: place,
        key: undefined,
        message: `${quote(id)} cannot be told of a gateway by a variable; ${told} can`,
      },
    ];
  });
  if (problems.length > 0 || agentsBehind(policy, presets).length > 0) return problems;
  const message = `no agent of the policy can be told of a gateway; ${told} can`;
  return [{ pointer, key: undefined, message }];
}

/** Local models on ports or under names that an MCP server or a published port has already. */
export function checkModels(
  { models, mcp, servers, publish }: Policy,
  presets: Presets,
): readonly PolicyProblem[] {
  return models.local.flatMap((id, index) => {
    const { port, title } = presets.models[id];
    const problem = (what: string) => {
      const message = `${title} has port ${port} inside the container, which ${what} has too`;
      return [{ pointer: `/models/local/${index}`, key: undefined, message }];
    };
    const server = [...mcp, ...servers].find((each) => each.port === port || each.name.toLowerCase() === id);
    if (server?.port === port) return problem(`the MCP server ${server.name}`);
    if (server)
      return [
        {
          pointer: `/models/local/${index}`,
          key: undefined,
          message: `${quote(id)} is the name of an MCP server already`,
        },
      ];
    return publish.some((each) => each.port === port) ? problem('a published port') : [];
  });
}
