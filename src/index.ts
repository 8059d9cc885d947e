import { concernsAgents, findAgentFiles, listLoneAgentFiles } from './agents/agent-files.js';
import type { JudgedContainer } from './agents/agent-settings.js';
import { editorSettingsIn, workspaceEditorSettings } from './agents/editor-settings.js';
import { buildContainer, buildImageContainer } from './container/build-container.js';
import { composeSubjects, readLoneCompose } from './container/compose-subjects.js';
import type { Container } from './container/container.js';
import type { DevcontainerFile } from './container/devcontainer-file.js';
import { egressFolderOf, listEgressFiles } from './container/egress-folder.js';
import { concernsFirewall, type FirewallReading } from './container/firewall-names.js';
import { unreadReferences } from './container/unread.js';
import { UserError } from './core/errors.js';
import type { FixResult, FixState, FixTools } from './core/fix.js';
import { type LintOptions, type LintResult, lint, type RuleInfo } from './core/lint.js';
import type { AnyRule, Finding, Project, Subject } from './core/rule.js';
import { didYouMean } from './core/suggest.js';
import { checkComment, checkOverrides, type Override } from './core/suppress.js';
import type { SourceFile } from './core/text.js';
import { ignoreEdits } from './documents/ignore-edits.js';
import { type JsonDocument, member, parseJson } from './documents/json.js';
import { jsonProblems } from './documents/json-problems.js';
import { isEgressKind, isShellFile, kindOf, placeOfPath, projectRootOf } from './documents/kinds.js';
import type { UnreadableFile } from './documents/problem.js';
import type { SourceText } from './documents/source-text.js';
import { dayOf, judge, readIgnoreComments, scopeOf } from './engine/judge.js';
import type { Presets } from './policy/presets.js';
import { discover, searchedPlaces } from './project/discover.js';
import { memoryProject, overlayProject } from './project/memory.js';
import { below } from './project/project.js';
import { loadRules, ruleGroups } from './rules/load.js';
import type { Emission } from './scaffold/emission.js';
import type { InitPlan, InitRequest } from './scaffold/plan.js';

export { mayHoldConfigurations } from './agents/agent-files.js';
export { UserError } from './core/errors.js';
export type { ChosenFix, FixResult, FixState, RolledBackFix } from './core/fix.js';
export type { LintOptions, LintResult, RuleInfo } from './core/lint.js';
export type {
  Edit,
  Finding,
  Fix,
  Listing,
  Persona,
  Project,
  ReadResult,
  Severity,
  TrackedFiles,
} from './core/rule.js';
export { type Place, type Position, positionAt, type SourceFile, type Span } from './core/text.js';
export { openFolder } from './project/read.js';
export type { Emission } from './scaffold/emission.js';
export type { InitPlan, InitRequest } from './scaffold/plan.js';
export { ignoreEdits, memoryProject, overlayProject };

/**
 * Lints repositories and files of a project: a path that can be listed is a repository in which the usual places are
 * looked at, any other is a devcontainer.json.
 *
 * @throws UserError where there is nothing to lint, or an option names an unknown rule.
 */
export async function lintProject(
  project: Project,
  paths: readonly string[] = [''],
  options: LintOptions = {},
): Promise<LintResult> {
  const files = paths.flatMap((path) => ('names' in project.list(path) ? discover(project, path) : [path]));
  if (files.length === 0) throw new UserError(`nothing to lint: there is no ${searchedPlaces}`);
  return lintFiles([...new Set(files)], project, options);
}

/**
 * What there is to lint in the folder `root`: its devcontainer.json files, or where there are none one that lies there to
 * be copied into place, or else the files that agents load from it.
 */
export function findConfigurations(project: Project, root: string): readonly string[] {
  const files = discover(project, root);
  if (files.length > 0) return files;
  const stray = below(root, 'devcontainer.json');
  return startsContainer(project, stray) ? [stray] : listLoneAgentFiles(project, root);
}

/** Whether anything is said about a file that is named itself: patterns and prompts are looked at beside others only. */
export function isJudged(path: string): boolean {
  const kind = kindOf(path);
  return kind !== 'ignore-file' && kind !== 'agent-definition';
}

/** Whether a file says what to make a container from: others go by the name as well, such as schemas. */
function startsContainer(project: Project, path: string): boolean {
  const result = project.read(path);
  if ('problem' in result) return false;
  const { root } = parseJson(result.file);
  return ['image', 'build', 'dockerFile', 'dockerComposeFile'].some((key) => member(root, key));
}

/**
 * Lints devcontainer.json files, whatever their names. A file that cannot be read or parsed is a finding, and the
 * result is then not complete.
 *
 * @throws UserError where an option names an unknown rule.
 * @throws RuleError where a rule crashes; it names the rule.
 */
export async function lintFiles(
  files: readonly string[],
  project: Project,
  options: LintOptions = {},
): Promise<LintResult> {
  checkRuleIds([...(options.only ?? []), ...(options.skip ?? [])]);
  const recorded = recordReads(project);
  const subjects = await readSubjects(files, recorded.project, options);
  const scope = scopeOf(files, recorded.sources, options.scope);
  return lintSubjects(subjects, files, recorded, { ...options, scope });
}

async function lintSubjects(
  subjects: readonly Subject[],
  files: readonly string[],
  read: { readonly project: Project; readonly sources: LintResult['sources'] },
  options: LintOptions,
): Promise<LintResult> {
  const rules = await loadRules(new Set<string>(subjects.map((subject) => subject.on)));
  const complete = !subjects.some((subject) => subject.on === 'unreadable' && !subject.value.isNote);
  const judged = await judge(rules, subjects, read, listRuleIds(), options);
  return { ...judged, files, rules, sources: read.sources, complete };
}

/** The finding that a folder cannot be listed. `problem` says why, as a sentence part; the result is not complete. */
export function lintClosedFolder(path: string, problem: string, options: LintOptions): Promise<LintResult> {
  const file: SourceFile = { path, text: '' };
  const value: UnreadableFile = { file, at: { start: 0, end: 0 }, message: `the folder ${problem}` };
  const read = { project: memoryProject({}), sources: new Map([[path, file]]) };
  return lintSubjects([{ on: 'unreadable', value }], [], read, options);
}

/** What is wrong with entries of the configuration, as findings; asked when all that they are about has been linted. */
export function lintOverrides(
  overrides: ReadonlySet<Override>,
  idle: ReadonlySet<Override>,
  options: LintOptions,
): Promise<LintResult> {
  const problems = checkOverrides(overrides, idle, options.today ?? dayOf(new Date()));
  const read = { project: memoryProject({}), sources: new Map<string, SourceFile>() };
  const subjects: Subject[] = problems.length > 0 ? [{ on: 'suppression', value: { problems } }] : [];
  return lintSubjects(subjects, [], read, options);
}

/**
 * What the rules look at: the effective container of each devcontainer.json, what the files beside it let out, what agents,
 * editors and MCP clients load beside it or was named itself, and every place of a file that could not be understood. A
 * file with errors of syntax gives both: what can be read of it is still linted.
 */
export async function readSubjects(
  files: readonly string[],
  base: Project,
  { suppressions = true, today = dayOf(new Date()) }: LintOptions = {},
): Promise<Subject[]> {
  const subjects: Subject[] = [];
  const { project, sources } = recordReads(base);
  const documents = new Map<string, JsonDocument>();
  const roots = new Map<string, { readonly containers: JudgedContainer[]; readonly named: string[] }>();
  const folders = new Map<string, Container | undefined>();
  const compose: string[] = [];
  const scripts: string[] = [];
  for (const path of files) {
    const folder = egressFolderOf(path);
    if (!folders.has(folder)) folders.set(folder, undefined);
    const kind = kindOf(path);
    const isScript = isShellFile(path) || (kind === undefined && beginsAsScript(path, project));
    if (isScript) scripts.push(path);
    if (isScript || isEgressKind(kind)) continue;
    const root = projectRootOf(path);
    const workspace = roots.get(root) ?? { containers: [], named: [] };
    roots.set(root, workspace);
    if (kind === 'dockerfile') await readImage(path, project, subjects);
    else if (kind === 'compose') compose.push(path);
    else if (kind !== undefined && kind !== 'devcontainer') workspace.named.push(path);
    else {
      const read = await readContainer(path, project, subjects);
      if (!read) continue;
      for (const document of [read.document, ...(read.container.compose?.documents ?? [])])
        documents.set(document.file.path, document);
      subjects.push({ on: 'devcontainer', value: read });
      folders.set(folder, folders.get(folder) ?? read.container);
      const judged = judgeContainer(read.container, await loadRules([]), project);
      workspace.containers.push(judged);
      for (const value of editorSettingsIn(read.document, judged))
        subjects.push({ on: 'editor-settings', value });
    }
  }
  const lone = await readLoneCompose(compose, documents, project);
  subjects.push(...lone.subjects);
  for (const document of lone.documents) documents.set(document.file.path, document);
  for (const [folder, container] of folders) await readFolder(folder, container, project, subjects);
  await readScripts(scripts, project, subjects);
  for (const [root, { containers, named }] of roots) {
    for (const document of await readAgents(root, containers, named, project, subjects))
      documents.set(document.file.path, document);
  }
  for (const [path, file] of sources) {
    const value: SourceText = { file, document: documents.get(path) };
    subjects.push({ on: 'source-text', value });
  }
  for (const comment of suppressions ? readIgnoreComments(sources) : []) {
    const problems = checkComment(comment, listRuleIds(), today);
    subjects.push({ on: 'suppression', value: { problems } });
  }
  return subjects;
}

/** Adds what the files beside a devcontainer.json let out; the container is undefined where only they are looked at. */
async function readFolder(
  folder: string,
  container: Container | undefined,
  project: Project,
  subjects: Subject[],
): Promise<void> {
  const names = listEgressFiles(folder, project);
  if (container && concernsFirewall(container, names)) {
    const { readFirewalls } = await import('./rules/lists/firewall.js');
    addFirewalls(await readFirewalls(folder, names, project, container), subjects);
  }
  if (names.length === 0 && !container?.firewall) return;
  const { readEgress } = await import('./rules/lists/egress.js');
  const { egress, problems } = await readEgress(folder, names, project, container);
  if (egress) subjects.push({ on: 'egress', value: egress });
  for (const value of problems) subjects.push({ on: 'unreadable', value });
}

/** Adds the scripts that were named themselves, without those that a container was found to use. */
async function readScripts(paths: readonly string[], project: Project, subjects: Subject[]): Promise<void> {
  const known = new Set(
    subjects.map((subject) => (subject.on === 'firewall' ? subject.value.file.path : '')),
  );
  for (const path of paths) {
    if (known.has(path)) continue;
    const { readFirewallFile } = await import('./rules/lists/firewall.js');
    addFirewalls(await readFirewallFile(path, project), subjects);
  }
}

/** A file that begins as scripts do, whatever its name. */
function beginsAsScript(path: string, project: Project): boolean {
  const result = project.read(path);
  return 'file' in result && /^\uFEFF?#!.*\b(?:ba|da|z|k|a)?sh\b/.test(result.file.text.slice(0, 200));
}

function addFirewalls({ firewalls, problems }: FirewallReading, subjects: Subject[]): void {
  for (const value of firewalls) subjects.push({ on: 'firewall', value });
  for (const value of problems) subjects.push({ on: 'unreadable', value });
}

/** Adds what agents, editors and MCP clients load from one project; the documents that were read for it. */
async function readAgents(
  root: string,
  containers: readonly JudgedContainer[],
  named: readonly string[],
  project: Project,
  subjects: Subject[],
): Promise<readonly JsonDocument[]> {
  const files = findAgentFiles(root, containers, named, project);
  if (files.length === 0 && !containers.some(({ container }) => concernsAgents(container))) return [];
  const { readWorkspace } = await import('./rules/lists/agents.js');
  const { workspace, documents, problems } = await readWorkspace(root, containers, files, project);
  subjects.push({ on: 'workspace', value: workspace });
  for (const value of workspace.settings) {
    subjects.push({ on: 'agent-settings', value });
    if (value.agent === 'claude') await readSandboxHosts(value.document, subjects);
  }
  for (const value of workspace.configs) subjects.push({ on: 'mcp-config', value });
  for (const value of workspaceEditorSettings(workspace.settings))
    subjects.push({ on: 'editor-settings', value });
  for (const value of problems) subjects.push({ on: 'unreadable', value });
  return documents;
}

/** Reads a Dockerfile that was named itself and adds its subject. */
async function readImage(path: string, project: Project, subjects: Subject[]): Promise<void> {
  const result = project.read(path);
  if ('file' in result) {
    const container = await buildImageContainer(result.file, project);
    subjects.push({ on: 'image', value: container });
    if (container.image) return;
  }
  const message =
    'problem' in result ? `the file ${result.message}` : 'there is no FROM, so nothing of it was checked';
  const file = 'file' in result ? result.file : { path, text: '' };
  subjects.push({ on: 'unreadable', value: { file, at: { start: 0, end: 0 }, message } });
}

/** Adds what the sandbox of an agent lets out. */
async function readSandboxHosts(document: JsonDocument, subjects: Subject[]): Promise<void> {
  const sandbox = member(document.root, 'sandbox')?.value;
  if (!member(member(sandbox, 'network')?.value, 'allowedDomains')) return;
  const { readSandbox } = await import('./rules/lists/egress.js');
  const value = readSandbox(document);
  if (value) subjects.push({ on: 'egress', value });
}

/** Reads one devcontainer.json and adds its subjects; undefined where nothing of it can be read. */
async function readContainer(
  path: string,
  project: Project,
  subjects: Subject[],
): Promise<DevcontainerFile | undefined> {
  // What lies there to be copied names files that stand beside the copy.
  const isCopied = /(?:^|\/)devcontainer\.json$/.test(path) && placeOfPath(path)?.segments.length === 1;
  const addUnreadable = (problems: readonly UnreadableFile[]) => {
    for (const value of problems)
      subjects.push({
        on: 'unreadable',
        value: isCopied && value.isReference ? { ...value, isNote: true } : value,
      });
  };
  const recorded = recordReads(project);
  const result = recorded.project.read(path);
  if ('problem' in result) {
    const message = `the file ${result.message}`;
    addUnreadable([{ file: { path, text: '' }, at: { start: 0, end: 0 }, message }]);
    return undefined;
  }
  const document = parseJson(result.file);
  addUnreadable(jsonProblems(document));
  if (document.root?.type !== 'object') return undefined;
  const container = await buildContainer(document, recorded.project);
  subjects.push({ on: 'container', value: container }, { on: 'image', value: container });
  if (container.compose)
    for (const subject of composeSubjects(container.compose))
      if (subject.on === 'unreadable') addUnreadable([subject.value]);
      else subjects.push(subject);
  addUnreadable(unreadReferences(document, container, recorded.problems));
  return { container, document };
}

const exposureGroups = ['mounts', 'privileges', 'identity', 'secrets'];

/** A container with what the rules about its ways out say, worked out when the first question about it is asked. */
function judgeContainer(container: Container, rules: readonly AnyRule[], project: Project): JudgedContainer {
  let known: readonly Finding[] | undefined;
  const exposures = () => {
    const chosen = rules.filter(({ id }) => exposureGroups.includes(ruleGroups[id] ?? ''));
    known ??= lint(chosen, [{ on: 'container', value: container }], project);
    return known;
  };
  return {
    container,
    exposures,
    isIsolated: () =>
      container.firewall !== undefined &&
      !exposures().some(
        ({ ruleId, severity }) =>
          ruleId === 'require-non-root-user' || (severity === 'error' && ruleGroups[ruleId] !== 'secrets'),
      ),
  };
}

/** The project, and what was read from it: texts by path, and why a path has none. */
function recordReads(base: Project) {
  const sources = new Map<string, SourceFile>();
  const problems = new Map<string, string>();
  const project: Project = {
    ...base,
    read(path) {
      const result = base.read(path);
      if ('file' in result) sources.set(result.file.path, result.file);
      else problems.set(path, result.message);
      return result;
    },
  };
  return { project, sources, problems };
}

function checkRuleIds(ids: readonly string[]): void {
  const known = listRuleIds();
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown === undefined) return;
  throw new UserError(`there is no rule '${unknown}'${didYouMean(unknown, known) || '; explain lists all'}`);
}

/** The ids of all rules, sorted; no rule is loaded for it. */
export function listRuleIds(): readonly string[] {
  return ruleIds;
}

const ruleIds = Object.keys(ruleGroups);

/** Every rule, sorted by id: what it says about itself. */
export async function listRules(): Promise<readonly RuleInfo[]> {
  return loadRules();
}

/**
 * Applies the fix that `choose` picks for each finding and proves it by linting again; see {@link FixResult}. Nothing
 * is written: the result holds the new texts. `start` goes on from an earlier state.
 */
export async function fixFiles(
  files: readonly string[],
  project: Project,
  choose: FixTools['choose'],
  options: LintOptions = {},
  start?: FixState,
): Promise<FixResult> {
  const { applyFixes } = await import('./core/fix.js');
  const relint = async (texts: ReadonlyMap<string, string>) =>
    (await lintFiles(files, overlayProject(project, texts), options)).findings;
  const texts = start?.texts ?? new Map<string, string>();
  const state = start ?? { findings: await relint(texts), texts };
  return applyFixes(state, { read: (path) => textOf(project, path), relint, choose });
}

function textOf(project: Project, path: string): string | undefined {
  const result = project.read(path);
  return 'file' in result ? result.file.text : undefined;
}

/** The stacks, agents and known risks that `init` works with. */
export async function loadPresets(): Promise<Presets> {
  const [{ joinPresets }, { readAssets }] = await Promise.all([
    import('./policy/presets.js'),
    import('./project/assets.js'),
  ]);
  const files = Object.entries(readAssets('presets')).map(([path, text]) => [
    path,
    JSON.parse(text) as unknown,
  ]);
  return joinPresets(Object.fromEntries(files));
}

/**
 * Works out what `init` would write for a policy, and proves it clean under every rule.
 *
 * @throws UserError where the policy or `.mcp.json` cannot be used, at the place.
 */
export async function planInit(request: InitRequest): Promise<CheckedPlan> {
  const [{ planEmissions }, { readAssets }] = await Promise.all([
    import('./scaffold/plan.js'),
    import('./project/assets.js'),
  ]);
  const plan = planEmissions(request, await loadPresets(), readAssets('templates'));
  return { ...plan, decided: await refuseFindings(plan.emissions) };
}

/** A plan with what lint says about the user's own decisions in the policy. */
export interface CheckedPlan extends InitPlan {
  readonly decided: readonly Finding[];
}

/**
 * Digests and newest versions are known to registries only, and init asks none; how much of a machine a container may
 * take, only its user can say.
 */
const unknownOffline = ['pin-image-digest', 'pin-extension-version', 'require-runtime-hardening'];

/** A finding in what we generate is our bug: nothing may be written then. Those in the policy are returned. */
async function refuseFindings(emissions: readonly Emission[]): Promise<readonly Finding[]> {
  const project = memoryProject(Object.fromEntries(emissions.map(({ path, text }) => [path, text])));
  const [{ policyPath }, { mcpConfigPath }] = await Promise.all([
    import('./policy/policy.js'),
    import('./policy/mcp-config.js'),
  ]);
  const { findings } = await lintFiles(['.devcontainer/devcontainer.json'], project, {
    persona: 'pedantic',
    skip: unknownOffline,
  });
  // What the user has decided is told in the report; MCP servers of the user's are none of ours.
  const finding = findings.find(({ place }) => ![policyPath, mcpConfigPath].includes(place.file.path));
  if (finding)
    throw new Error(
      `init would write a finding: ${finding.ruleId} in ${finding.place.file.path}: ${finding.message}`,
    );
  return findings.filter(({ place }) => place.file.path === policyPath);
}
