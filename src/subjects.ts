import { type AgentFile, concernsAgents, findAgentFiles } from './agents/agent-files.js';
import type { JudgedContainer } from './agents/agent-settings.js';
import { editorSettingsIn, workspaceEditorSettings } from './agents/editor-settings.js';
import { buildContainer, buildImageContainer } from './container/build-container.js';
import { composeSubjects, readLoneCompose } from './container/compose-subjects.js';
import type { Container } from './container/container.js';
import type { DevcontainerFile } from './container/devcontainer-file.js';
import { egressFolderOf, listEgressFiles } from './container/egress-folder.js';
import { concernsFirewall, type FirewallReading } from './container/firewall-names.js';
import { unreadReferences } from './container/unread.js';
import { type LintOptions, lint } from './core/lint.js';
import { once } from './core/once.js';
import type { Finding, Project, Subject } from './core/rule.js';
import { checkComment, type IgnoreComment } from './core/suppress.js';
import type { SourceFile } from './core/text.js';
import { type JsonDocument, member, parseJson } from './documents/json.js';
import { jsonProblems } from './documents/json-problems.js';
import { isEgressKind, isShellFile, kindOf, placeOfPath, projectRootOf } from './documents/kinds.js';
import type { UnreadableFile } from './documents/problem.js';
import type { SourceText } from './documents/source-text.js';
import { dayOf, readIgnoreComments } from './engine/judge.js';
import { rules as commonRules } from './rules/lists/common.js';
import { ruleGroups } from './rules/tables.js';

// Asking the loader again costs as much as a small lint.
const loadFirewalls = once(() => import('./rules/lists/firewall.js'));
const loadEgress = once(() => import('./rules/lists/egress.js'));
const loadAgents = once(() => import('./rules/lists/agents.js'));

/**
 * What the rules look at: the effective container of each devcontainer.json, what the files beside it let out, what agents,
 * editors and MCP clients load beside it or was named itself, and every place of a file that could not be understood. A
 * file with errors of syntax gives both: what can be read of it is still linted.
 */
export async function readSubjects(
  files: readonly string[],
  project: Project,
  options: LintOptions = {},
): Promise<Subject[]> {
  return (await readRecorded(files, recordReads(project), options)).subjects;
}

/** {@link readSubjects} of a project whose reads are written down already, with the comments of all that was read. */
export async function readRecorded(
  files: readonly string[],
  { project, sources }: ReturnType<typeof recordReads>,
  { suppressions = true, today: day }: LintOptions = {},
): Promise<{ readonly subjects: Subject[]; readonly comments: readonly IgnoreComment[] }> {
  // Few configurations have anything that a day decides about.
  const today = () => day ?? dayOf(new Date());
  const subjects: Subject[] = [];
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
      documents.set(read.document.file.path, read.document);
      for (const document of read.container.compose?.documents ?? [])
        documents.set(document.file.path, document);
      subjects.push({ on: 'devcontainer', value: read });
      folders.set(folder, folders.get(folder) ?? read.container);
      const judged = judgeContainer(read.container, project);
      workspace.containers.push(judged);
      for (const value of editorSettingsIn(read.document, judged))
        subjects.push({ on: 'editor-settings', value });
    }
  }
  if (compose.length > 0) {
    const lone = await readLoneCompose(compose, documents, project);
    subjects.push(...lone.subjects);
    for (const document of lone.documents) documents.set(document.file.path, document);
  }
  for (const [folder, container] of folders) {
    const names = listEgressFiles(folder, project);
    if (names.length > 0 || (container && concernsFirewall(container, names)))
      await readFolder(folder, names, container, project, today, subjects);
  }
  if (scripts.length > 0) await readScripts(scripts, project, subjects);
  for (const [root, { containers, named }] of roots) {
    const found = findAgentFiles(root, containers, named, project);
    if (found.length === 0 && !containers.some(({ container }) => concernsAgents(container))) continue;
    for (const document of await readAgents(root, containers, found, project, subjects))
      documents.set(document.file.path, document);
  }
  for (const [path, file] of sources) {
    const value: SourceText = { file, document: documents.get(path) };
    subjects.push({ on: 'source-text', value });
  }
  const comments = suppressions ? readIgnoreComments(sources) : [];
  for (const comment of comments) {
    const problems = checkComment(comment, Object.keys(ruleGroups), today());
    subjects.push({ on: 'suppression', value: { problems } });
  }
  return { subjects, comments };
}

/** Adds what the files beside a devcontainer.json let out; the container is undefined where only they are looked at. */
async function readFolder(
  folder: string,
  names: readonly string[],
  container: Container | undefined,
  project: Project,
  today: () => string,
  subjects: Subject[],
): Promise<void> {
  if (container && concernsFirewall(container, names)) {
    const { readFirewalls } = await loadFirewalls();
    addFirewalls(await readFirewalls(folder, names, project, container), subjects);
  }
  if (names.length === 0 && !container?.firewall) return;
  const { readEgress } = await loadEgress();
  const { egress, problems } = await readEgress(folder, names, project, container, today());
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
    const { readFirewallFile } = await loadFirewalls();
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
  files: readonly AgentFile[],
  project: Project,
  subjects: Subject[],
): Promise<readonly JsonDocument[]> {
  const { readWorkspace } = await loadAgents();
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
  const { readSandbox } = await loadEgress();
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
  const isCopied = () => /(?:^|\/)devcontainer\.json$/.test(path) && placeOfPath(path)?.segments.length === 1;
  const addUnreadable = (problems: readonly UnreadableFile[]) => {
    for (const value of problems)
      subjects.push({
        on: 'unreadable',
        value: value.isReference && isCopied() ? { ...value, isNote: true } : value,
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
const exposureRules = commonRules.filter(({ id }) => exposureGroups.includes(ruleGroups[id] ?? ''));

/** A container with what the rules about its ways out say, worked out when the first question about it is asked. */
function judgeContainer(container: Container, project: Project): JudgedContainer {
  let known: readonly Finding[] | undefined;
  const exposures = () => {
    known ??= lint(exposureRules, [{ on: 'container', value: container }], project);
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
export function recordReads(base: Project) {
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
