import { coverSecrets, findSecrets } from './agents/cover-secrets.js';
import { type ProposedProtection, proposeProtection } from './container/host-files.js';
import type { Finding, Persona, Project } from './core/rule.js';
import { lintFiles, memoryProject, overlayProject } from './index.js';
import { isOrdinary } from './policy/ordinary.js';
import { policyPath } from './policy/policy.js';
import { joinPresets, type Presets } from './policy/presets.js';
import { readAssets } from './project/assets.js';
import type { Emission } from './scaffold/emission.js';
import { type InitPlan, type InitRequest, planEmissions } from './scaffold/plan.js';

export type { ProposedProtection } from './container/host-files.js';
export type { Emission } from './scaffold/emission.js';
export type { InitPlan, InitRequest } from './scaffold/plan.js';

/** Looks through a project for what its container should not change, and what it should not see. */
export async function findHostFiles(project: Project): Promise<ProposedProtection> {
  return proposeProtection(project);
}

/** The stacks, agents and known risks that `init` works with. */
export async function loadPresets(): Promise<Presets> {
  const files = Object.entries(readAssets('presets')).map(([path, text]) => [
    path,
    JSON.parse(text) as unknown,
  ]);
  return joinPresets(Object.fromEntries(files));
}

/**
 * Works out what `init` would write for a policy, and proves what it says in words of its own clean under every rule. In
 * `project` lie the files that the policy's own part of devcontainer.json speaks of, and the secrets that its agents are
 * kept from.
 *
 * @throws UserError where the policy or `.mcp.json` cannot be used, at the place.
 */
export async function planInit(
  request: Omit<InitRequest, 'secrets'>,
  project: Project = memoryProject({}),
): Promise<CheckedPlan> {
  const secrets = findSecrets(project);
  const whole: InitRequest = { ...request, secrets: secrets.map(({ path }) => path) };
  const [presets, templates] = [await loadPresets(), readAssets('templates')];
  const plan = await checkPlan(whole, project, (one) => planEmissions(one, presets, templates));
  const agents = plan.options.agents.map(({ title }) => title);
  const ignoreFiles = coverSecrets(agents, secrets, project).map((file) => ({ ...file, executable: false }));
  return {
    ...plan,
    emissions: [...plan.emissions, ...ignoreFiles],
    kept: ignoreFiles.map(({ path }) => path),
  };
}

async function checkPlan(
  request: InitRequest,
  project: Project,
  planOf: (request: InitRequest) => InitPlan,
): Promise<Omit<CheckedPlan, 'kept'>> {
  const plan = planOf(request);
  if (isOrdinary(plan.policy)) return { ...plan, decided: [], objections: [] };
  const { devcontainer, image, composeFiles } = plan.policy;
  if (Object.keys(devcontainer).length === 0 && image === undefined && composeFiles.length === 0)
    return { ...plan, decided: await refuseFindings(plan.emissions), objections: [] };
  const { withoutKeys } = await import('./policy/without-keys.js');
  const policy = withoutKeys(request.policy, ['devcontainer', 'image', 'composeFiles']);
  const bare = planOf({ ...request, policy });
  const decided = await refuseFindings(bare.emissions);
  const objections = await listObjections(project, textsOf(plan.emissions), textsOf(bare.emissions));
  return { ...plan, decided, objections };
}

/** A plan with what lint says about the user's own decisions in the policy. */
export interface CheckedPlan extends InitPlan {
  readonly decided: readonly Finding[];
  /** Errors and warnings about what the policy's `devcontainer` and `image` bring in, in the rendered files. */
  readonly objections: readonly Finding[];
  /** Files whose new text has all lines of the old one. */
  readonly kept: readonly string[];
}

/**
 * Digests and newest versions are known to registries only, and init asks none; how much of a machine a container may
 * take, only its user can say.
 */
const unknownOffline = ['pin-image-digest', 'pin-extension-version', 'require-runtime-hardening'];

/** A finding in what we generate is our bug: nothing may be written then. Those in the policy are returned. */
async function refuseFindings(emissions: readonly Emission[]): Promise<readonly Finding[]> {
  const project = memoryProject(Object.fromEntries(emissions.map(({ path, text }) => [path, text])));
  const { mcpClientFiles } = await import('./policy/mcp-config.js');
  const users = [policyPath, ...mcpClientFiles.map(({ path }) => path)];
  const { findings } = await lintFiles(['.devcontainer/devcontainer.json'], project, {
    persona: 'pedantic',
    skip: unknownOffline,
  });
  // What the user has decided is told in the report; MCP servers of the user's are none of ours.
  const finding = findings.find(({ place }) => !users.includes(place.file.path));
  if (finding)
    throw new Error(
      `init would write a finding: ${finding.ruleId} in ${finding.place.file.path}: ${finding.message}`,
    );
  return findings.filter(({ place }) => place.file.path === policyPath);
}

/**
 * What lint says about the project with some texts in it and not with others: errors and warnings, as pedantic everything.
 */
export async function listObjections(
  project: Project,
  texts: ReadonlyMap<string, string>,
  others: ReadonlyMap<string, string>,
  persona: Persona = 'default',
): Promise<readonly Finding[]> {
  const findings = await lintTexts(project, texts, persona);
  const known = await lintTexts(project, others, persona);
  const count = new Map<string, number>();
  const keyOf = ({ ruleId, message, place }: Finding) => `${ruleId}\0${place.file.path}\0${message}`;
  for (const finding of known) count.set(keyOf(finding), (count.get(keyOf(finding)) ?? 0) + 1);
  return findings.filter((finding) => {
    const left = count.get(keyOf(finding)) ?? 0;
    count.set(keyOf(finding), left - 1);
    return left <= 0;
  });
}

async function lintTexts(
  project: Project,
  texts: ReadonlyMap<string, string>,
  persona: Persona,
): Promise<readonly Finding[]> {
  const whole = overlayProject(project, texts);
  const options = { persona, skip: unknownOffline };
  const { findings } = await lintFiles(['.devcontainer/devcontainer.json'], whole, options);
  return findings.filter(({ severity }) => persona === 'pedantic' || severity !== 'info');
}

/** The texts of emissions by path. */
export function textsOf(emissions: readonly Emission[]): ReadonlyMap<string, string> {
  return new Map(emissions.map(({ path, text }) => [path, text]));
}
