import type { HostRisk } from '../core/host-risk.js';
import { type ForgeId, type ForgeWay, forgeIds } from './forges.js';
import { type LocalModelId, localModelIds } from './models.js';
import type { AgentTool, AllowedHost, StateVolume } from './options.js';
import {
  type AgentId,
  agentIds,
  type Shape,
  type StackId,
  stackIds,
  type TargetId,
  targetIds,
} from './policy.js';

export interface PresetHost extends AllowedHost {
  /** False where much work does without it, such as sign-in pages beside an API key. */
  readonly required: boolean;
  /** Its rating in risks.json; low where that does not list it. */
  readonly wayOut: HostRisk['rating'];
}

interface Copy {
  readonly from: string;
  readonly to: string;
}

/** A stack, or the base that every container has. The files are checked against their schemas by a test. */
export interface StackPreset {
  readonly id: string;
  readonly title: string;
  /** Undefined: Debian packages alone. */
  readonly image?: string;
  /** The image is a Debian bookworm one, and can be built on. */
  readonly isBase: boolean;
  /** What to take from the image where another one is the base. */
  readonly copies: readonly Copy[];
  /** What to take from further images, whichever is the base. */
  readonly additions: readonly (Copy & { readonly image: string })[];
  readonly packages: readonly string[];
  /** Debian packages that the copied parts need. */
  readonly libraries: readonly string[];
  /** Commands outside of /usr/local/bin that are linked there. */
  readonly links: readonly string[];
  /** Commands that the build runs as root. */
  readonly setup: readonly (readonly string[])[];
  /** Commands that have to work in the image. */
  readonly checks: readonly (readonly string[])[];
  readonly hosts: readonly PresetHost[];
  readonly volumes: readonly StateVolume[];
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that name a bundle of CA certificates. */
  readonly certificates: readonly string[];
  readonly extensions: readonly string[];
  /** Files that speak for the stack, at a project's root or one folder below it; a leading `*` stands for any start. */
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
  /** Variables that lead it to another address for its models, and what it expects behind that of a gateway. */
  readonly gateway?: {
    readonly baseUrlVariable: string;
    readonly keyVariable: string;
    readonly path?: string;
  };
  /** Files and folders of a project that speak for it, relative to its root. */
  readonly detect: readonly string[];
}

export interface ForgePreset extends Readonly<Record<ForgeWay, readonly PresetHost[]>> {
  readonly id: string;
  readonly title: string;
  /** Names in the address of a git remote that speak for it. */
  readonly remotes: readonly string[];
}

export interface ModelPreset {
  readonly id: string;
  readonly title: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** What holds where a dev container is started, and what is lost there. */
export interface TargetPreset {
  readonly id: string;
  readonly title: string;
  /** `unproven`: the container does not start where it cannot be set. `lost`: it is never set. */
  readonly firewall: 'holds' | 'unproven' | 'lost';
  readonly shapes: readonly Shape[];
  /** How the user's own machine is reached from inside. */
  readonly host: 'socket' | 'tls' | 'none';
  /** Sentence parts. */
  readonly holds: readonly string[];
  readonly lost: readonly string[];
  readonly advice: readonly string[];
}

/** Something that a newer template does better. Ids count up from 1. */
export interface TemplateChange {
  readonly id: number;
  /** YYYY-MM-DD */
  readonly date: string;
  /** Whether a container of the older template is weaker. */
  readonly security: boolean;
  /** Rendered files. */
  readonly files: readonly string[];
  /** A sentence part: what was wrong, and what it is now. */
  readonly what: string;
}

export interface Presets {
  /** In the order of their ids. */
  readonly changes: readonly TemplateChange[];
  readonly base: StackPreset;
  readonly stacks: Readonly<Record<StackId, StackPreset>>;
  readonly agents: Readonly<Record<AgentId, AgentPreset>>;
  readonly forges: Readonly<Record<ForgeId, ForgePreset>>;
  readonly models: Readonly<Record<LocalModelId, ModelPreset>>;
  readonly targets: Readonly<Record<TargetId, TargetPreset>>;
  readonly risks: readonly HostRisk[];
}

/** Joins the parsed preset files, by path below `presets/`: `stacks/node.json`. Throws where one is missing. */
export function joinPresets(files: Readonly<Record<string, unknown>>): Presets {
  const take = <T>(path: string): T => {
    if (files[path] === undefined) throw new Error(`presets/${path} is missing`);
    return files[path] as T;
  };
  const takeAll = <Id extends string, T>(folder: string, ids: readonly Id[]) =>
    Object.fromEntries(ids.map((id) => [id, take<T>(`${folder}/${id}.json`)])) as Record<Id, T>;
  return {
    base: take('base.json'),
    stacks: takeAll('stacks', stackIds),
    agents: takeAll('agents', agentIds),
    forges: takeAll('forges', forgeIds),
    models: takeAll('models', localModelIds),
    targets: takeAll('targets', targetIds),
    risks: take<{ risks: readonly HostRisk[] }>('risks.json').risks,
    changes: take<{ changes: readonly TemplateChange[] }>('changes.json').changes,
  };
}
