import { listLoneAgentFiles } from './agents/agent-files.js';
import { UserError } from './core/errors.js';
import type { FixResult, FixState, FixTools } from './core/fix.js';
import { groupBySubject, type LintOptions, type LintResult, type RuleInfo } from './core/lint.js';
import type { Project, Subject } from './core/rule.js';
import { didYouMean } from './core/suggest.js';
import { checkOverrides, type Override } from './core/suppress.js';
import type { SourceFile } from './core/text.js';
import { ignoreEdits } from './documents/ignore-edits.js';
import { member, parseJson } from './documents/json.js';
import { kindOf } from './documents/kinds.js';
import type { UnreadableFile } from './documents/problem.js';
import { asksHidden, dayOf, judge, type Reading, scopeOf } from './engine/judge.js';
import { discover, searchedPlaces } from './project/discover.js';
import { memoryProject, overlayProject } from './project/memory.js';
import { below } from './project/project.js';
import { loadRules } from './rules/load.js';
import { ruleGroups } from './rules/tables.js';
import { readRecorded, readSubjects, recordReads } from './subjects.js';

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
export { ignoreEdits, memoryProject, overlayProject, readSubjects };

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
  const { only, skip } = options;
  if (only?.length) checkRuleIds(only);
  if (skip?.length) checkRuleIds(skip);
  const recorded = recordReads(project);
  const { project: read, sources } = recorded;
  const { subjects, comments } = await readRecorded(files, recorded, options);
  const scope = scopeOf(files, sources, options.scope);
  return lintSubjects(
    subjects,
    files,
    { project: read, sources, comments },
    scope === options.scope ? options : { ...options, scope },
  );
}

async function lintSubjects(
  subjects: readonly Subject[],
  files: readonly string[],
  read: Reading,
  options: LintOptions,
): Promise<LintResult> {
  const groups = groupBySubject(subjects);
  const rules = await loadRules(groups.keys(), asksHidden(read.comments, options));
  const { findings, suppressed, examples } = await judge(rules, groups, read, ruleIds, options);
  const complete = !groups.get('unreadable')?.some(isUnread);
  return { findings, suppressed, examples, files, rules, sources: read.sources, complete };
}

function isUnread(subject: Subject): boolean {
  return subject.on === 'unreadable' && !subject.value.isNote;
}

/** The finding that a folder cannot be listed. `problem` says why, as a sentence part; the result is not complete. */
export function lintClosedFolder(path: string, problem: string, options: LintOptions): Promise<LintResult> {
  const file: SourceFile = { path, text: '' };
  const value: UnreadableFile = { file, at: { start: 0, end: 0 }, message: `the folder ${problem}` };
  const read = { project: memoryProject({}), sources: new Map([[path, file]]), comments: [] };
  return lintSubjects([{ on: 'unreadable', value }], [], read, options);
}

/** What is wrong with entries of the configuration, as findings; asked when all that they are about has been linted. */
export function lintOverrides(
  overrides: ReadonlySet<Override>,
  idle: ReadonlySet<Override>,
  options: LintOptions,
): Promise<LintResult> {
  const problems = checkOverrides(overrides, idle, options.today ?? dayOf(new Date()));
  const read = { project: memoryProject({}), sources: new Map<string, SourceFile>(), comments: [] };
  const subjects: Subject[] = problems.length > 0 ? [{ on: 'suppression', value: { problems } }] : [];
  return lintSubjects(subjects, [], read, options);
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

/** A file that is not there yet is empty: a fix may begin it. */
function textOf(project: Project, path: string): string | undefined {
  const result = project.read(path);
  if ('file' in result) return result.file.text;
  return result.problem === 'missing' ? '' : undefined;
}
