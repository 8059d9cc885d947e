import type { AgentId } from './policy.js';

/** Model servers that run on the host. The same list as in schemas/policy.schema.json and presets/models/. */
export const localModelIds = ['ollama', 'lm-studio'] as const;
export type LocalModelId = (typeof localModelIds)[number];

/** A company's model gateway. */
export interface Gateway {
  /** https, without a slash at its end. */
  readonly url: string;
  /** Undefined: every agent of the policy that can be told of it. */
  readonly agents: readonly AgentId[] | undefined;
  /** Its name resolves to a private address. */
  readonly private: boolean;
}

export interface Models {
  readonly local: readonly LocalModelId[];
  readonly gateway: Gateway | undefined;
}

/** The section as the schema accepts it. */
export interface RawModels {
  readonly local?: readonly LocalModelId[];
  readonly gateway?: {
    readonly url: string;
    readonly agents?: readonly AgentId[];
    readonly private?: boolean;
  };
}

/** The section with what it leaves out. */
export function toModels({ local = [], gateway }: RawModels = {}): Models {
  if (!gateway) return { local, gateway: undefined };
  return { local, gateway: { url: gateway.url, agents: gateway.agents, private: gateway.private ?? false } };
}
