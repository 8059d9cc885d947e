import type { HostRisk } from '../core/host-risk.js';
import type { AgentTool, AllowedHost, StateVolume } from './options.js';
import { type AgentId, agentIds, type StackId } from './policy.js';

export interface PresetHost extends AllowedHost {
  /** False where much work does without it, such as sign-in pages beside an API key. */
  readonly required: boolean;
  /** Its rating in risks.json; low where that does not list it. */
  readonly wayOut: HostRisk['rating'];
}

/** A stack, or the base that every container has. The files are checked against their schemas by a test. */
export interface StackPreset {
  readonly id: string;
  readonly title: string;
  readonly image: string;
  /** What to take from the image where another stack's image is the base; empty: it can only be the base. */
  readonly copies: readonly { readonly from: string; readonly to: string }[];
  readonly packages: readonly string[];
  readonly hosts: readonly PresetHost[];
  readonly volumes: readonly StateVolume[];
  readonly environment: Readonly<Record<string, string>>;
  readonly extensions: readonly string[];
  /** Files at a project's root that speak for the stack. */
  readonly detect: readonly string[];
}

export interface AgentPreset extends AgentTool {
  readonly id: string;
  /** Why the image installs nothing. */
  readonly note?: string;
  /** What it needs of other images. */
  readonly copies: readonly { readonly image: string; readonly from: string; readonly to: string }[];
  readonly packages: readonly string[];
  readonly hosts: readonly PresetHost[];
  /** What it asks for besides, and is not given: hosts that take data from anybody. */
  readonly closed: readonly { readonly host: string; readonly reason: string }[];
  readonly volumes: readonly StateVolume[];
  readonly environment: Readonly<Record<string, string>>;
  readonly extensions: readonly string[];
  /** Variables that lead it to another address for its models. */
  readonly gateway?: { readonly baseUrlVariable: string; readonly keyVariable: string };
  /** Files and folders of a project that speak for it, relative to its root. */
  readonly detect: readonly string[];
}

export interface Presets {
  readonly base: StackPreset;
  readonly stacks: Readonly<Record<StackId, StackPreset>>;
  readonly agents: Readonly<Record<AgentId, AgentPreset>>;
  readonly risks: readonly HostRisk[];
}

/** Joins the parsed preset files, by path below `presets/`: `stacks/node.json`. Throws where one is missing. */
export function joinPresets(files: Readonly<Record<string, unknown>>): Presets {
  const take = <T>(path: string): T => {
    if (files[path] === undefined) throw new Error(`presets/${path} is missing`);
    return files[path] as T;
  };
  return {
    base: take('base.json'),
    stacks: { node: take('stacks/node.json'), python: take('stacks/python.json') },
    agents: Object.fromEntries(agentIds.map((id) => [id, take(`agents/${id}.json`)])) as Presets['agents'],
    risks: take<{ risks: readonly HostRisk[] }>('risks.json').risks,
  };
}
