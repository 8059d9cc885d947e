import type { Edit } from '../core/rule.js';
import type { Place } from '../core/text.js';
import { elements, type JsonNode, member, members, stringValue } from '../documents/json.js';
import { type AgentSettings, settingAt } from './agent-settings.js';
import { isLiteral, isNear, isPrivate, readAddress } from './hosts.js';
import type { Workspace } from './workspace.js';

/** A setting or variable that says where prompts, keys or traces go. */
export interface Endpoint {
  /** `gateway`: the one that the policy names, for every agent in the container. */
  readonly kind: 'model' | 'telemetry' | 'proxy' | 'gateway';
  /** The variable or the setting. */
  readonly name: string;
  readonly text: string;
  readonly place: Place;
  remove(): readonly Edit[];
}

const variables: readonly (readonly [Endpoint['kind'], RegExp])[] = [
  [
    'model',
    /^(?:ANTHROPIC(?:_BEDROCK|_VERTEX|_FOUNDRY)?_BASE_URL|OPENAI_(?:BASE_URL|API_BASE|API_HOST)|GOOGLE_(?:GEMINI|VERTEX)_BASE_URL|GEMINI_BASE_URL|AIDER_\w*API_BASE|CODEX_BASE_URL|AZURE_OPENAI_ENDPOINT|COPILOT_PROVIDER_BASE_URL)$/,
  ],
  ['telemetry', /^OTEL_EXPORTER_OTLP(?:_(?:TRACES|METRICS|LOGS))?_ENDPOINT$/],
  ['proxy', /^(?:https?|all)_proxy$/i],
];

function kindOfVariable(name: string): Endpoint['kind'] | undefined {
  return variables.find(([, pattern]) => pattern.test(name))?.[0];
}

/** The endpoints that the agents' settings, the policy and the containers name. */
export function listEndpoints({ settings, containers, gateway }: Workspace): readonly Endpoint[] {
  const inContainers = containers
    .map(({ container }) => container)
    // Without an agent a proxy or a collector is the project's own affair.
    .flatMap(({ environment, posture }) =>
      environment.flatMap(({ value, place, remove }) => {
        const kind = kindOfVariable(value.name);
        if (!kind || value.value === undefined || (kind !== 'model' && posture.agents.length === 0))
          return [];
        const address = readAddress(value.value);
        // Rendered from the policy, where the decision is.
        if (gateway && kind === 'model' && address?.host === gateway.host) return [];
        return [{ kind, name: value.name, text: value.value, place, remove }];
      }),
    );
  const declared: Endpoint[] = gateway
    ? [
        {
          kind: 'gateway',
          name: 'models.gateway.url',
          text: gateway.text,
          place: gateway.place,
          remove: () => [],
        },
      ]
    : [];
  return [...settings.flatMap(inSettings), ...declared, ...inContainers];
}

function inSettings(settings: AgentSettings): readonly Endpoint[] {
  const { agent, document, scope } = settings;
  const { root } = document;
  const at = (
    name: string,
    node: JsonNode | undefined,
    kind: Endpoint['kind'] = 'model',
  ): readonly Endpoint[] => {
    const text = stringValue(node);
    return node && text !== undefined ? [{ ...settingAt(document, node), kind, name, text }] : [];
  };
  const env = members(member(root, 'env')?.value).flatMap(({ key, value }) => {
    const kind = kindOfVariable(key);
    return kind ? at(key, value, kind) : [];
  });
  if (agent === 'claude') return env;
  if (agent === 'opencode')
    return members(member(root, 'provider')?.value).flatMap(({ key, value }) =>
      at(`provider.${key}.options.baseURL`, member(member(value, 'options')?.value, 'baseURL')?.value),
    );
  if (agent === 'continue')
    return elements(member(root, 'models')?.value).flatMap((model) =>
      at('apiBase', member(model, 'apiBase')?.value),
    );
  if (agent === 'aider') return at('openai-api-base', member(root, 'openai-api-base')?.value);
  // Codex ignores these in a repository.
  if (agent === 'codex' && scope !== 'project')
    return [
      ...['openai_base_url', 'chatgpt_base_url'].flatMap((key) => at(key, member(root, key)?.value)),
      ...members(member(root, 'model_providers')?.value).flatMap(({ key, value }) =>
        at(`model_providers.${key}.base_url`, member(value, 'base_url')?.value),
      ),
    ];
  return [];
}

/** Hosts at which a model's vendor or a cloud answers; a leading dot takes in what is below. */
const vendors =
  `.anthropic.com .claude.com .openai.com .openai.azure.com .services.ai.azure.com .cognitiveservices.azure.com
  .googleapis.com .amazonaws.com .api.aws api.githubcopilot.com .githubcopilot.com models.github.ai openrouter.ai
  api.mistral.ai api.groq.com api.x.ai api.deepseek.com .aliyuncs.com api.moonshot.ai api.moonshot.cn api.z.ai
  api.together.xyz api.fireworks.ai api.cerebras.ai api.cohere.com api.perplexity.ai router.huggingface.co
  ai-gateway.vercel.sh gateway.ai.cloudflare.com opencode.ai integrate.api.nvidia.com`.split(/\s+/);

/** Where an endpoint leads, when that is another party: its host, and whether the way there is open. */
export function foreignHost({
  text,
}: Endpoint): { readonly host: string; readonly isPlain: boolean } | undefined {
  const address = readAddress(text);
  if (!address) return undefined;
  const { host, scheme } = address;
  if (
    isNear(host) ||
    (isLiteral(host) && isPrivate(host)) ||
    /\.(?:internal|local|lan|localhost)$/.test(host)
  )
    return undefined;
  const isVendor = vendors.some((known) => `.${host}`.endsWith(known.startsWith('.') ? known : `.${known}`));
  return isVendor && scheme !== 'http' ? undefined : { host, isPlain: scheme === 'http' };
}
