import { ExitCode, UserError } from '../../core/errors.js';
import type { FixState } from '../../core/fix.js';
import { compareSeverity, type LintOptions, type LintResult } from '../../core/lint.js';
import { printable } from '../../core/printable.js';
import type { Finding, Fix, Persona, Project } from '../../core/rule.js';
import { didYouMean } from '../../core/suggest.js';
import { fixFiles, lintFiles, listRules } from '../../index.js';
import { overlayProject } from '../../project/memory.js';
import { packageVersion } from '../../project/package.js';
import type { Wires } from '../../registry/network.js';
import { askFixes, type FixSession, type FixView } from '../ask-fixes.js';
import type { Registry } from '../ask-registries.js';
import { type FileChange, unifiedDiff } from '../diff.js';
import {
  addResult,
  describeRollbacks,
  type FixTally,
  listOutcome,
  newTally,
  summarizeFixes,
} from '../fix-report.js';
import { type ColorChoice, chalkFor, type Io, widthOf, write } from '../io.js';
import { type OpenProject, openProject } from '../open-project.js';
import { canPrompt, openPrompter } from '../prompt.js';

export interface FixCommandOptions {
  readonly paths: readonly string[];
  readonly dryRun: boolean;
  readonly safe: boolean;
  readonly all: boolean;
  /** Only findings of these rules are mended and counted; all, when there are none. */
  readonly rules: readonly string[];
  readonly persona: Persona;
  /** Ask registries for versions; nothing else is ever fetched. */
  readonly online: boolean;
  /** Days that a release must have been out; only with `online`. */
  readonly minAge: string | undefined;
  readonly color: ColorChoice;
}

/** Findings at or above this decide the exit code, as in `lint`. */
const threshold = 'warning';

/** How often answers may lead to new questions. */
const mostRounds = 4;

/**
 * Mends findings, asked one by one or chosen by --safe or --all, and proves each fix by linting again. The exit code
 * speaks of what is left: 0 nothing, 1 findings, 2 something could not be analysed, 3 a fix had to be rolled back.
 * With --dry-run it is the code that the real run would end with.
 */
export async function runFix(
  options: FixCommandOptions,
  io: Io,
  askWith: typeof openPrompter = openPrompter,
  wires?: Wires,
): Promise<ExitCode> {
  await checkOptions(options, io);
  const local = await openProject(io.cwd, options.paths);
  const registry = options.online ? await openOnline(local.project, options, io, wires) : undefined;
  const opened = registry ? { ...local, project: registry.project } : local;
  for (const folder of opened.empty)
    await write(io.stderr, `note: there is nothing to fix in ${printable(folder)}\n`);
  const lintOptions = async (texts: FixState['texts']): Promise<LintOptions> => ({
    persona: options.persona,
    overrides: await opened.overrides(texts),
  });
  const nothing = new Map<string, string>();
  const lintNow = async () => (await lintState(opened, nothing, await lintOptions(nothing))).findings;
  let findings = await lintNow();
  // An answer can bring up the next question: what a Feature brings along.
  for (let round = 0; registry && round < mostRounds; round += 1) {
    if (!(await registry.ask(findings.filter((finding) => isWanted(finding, options))))) break;
    findings = await lintNow();
  }
  await registry?.report();
  const start: FixState = { findings, texts: nothing };
  const tally = newTally();
  const run = { options, lintOptions, io, opened, start, tally };
  const isAsked = !options.dryRun && !options.safe && !options.all;
  const end = isAsked ? await runPrompt(run, askWith) : await runChosen(run);
  const last = await lintState(opened, end.texts, await lintOptions(end.texts));
  const left = last.findings.filter((finding) => isWanted(finding, options));
  await reportEnd(run, left, isAsked);
  return exitCodeOf(last.complete && !registry?.hasFailed, left, tally);
}

/** Loaded where it is asked for: without --online nothing that can open a connection is. */
async function openOnline(
  project: Project,
  { minAge }: FixCommandOptions,
  io: Io,
  wires: Wires | undefined,
): Promise<Registry> {
  const { openRegistry, usualAge } = await import('../ask-registries.js');
  return openRegistry(project, minAge ?? String(usualAge), io, wires);
}

interface Run {
  readonly options: FixCommandOptions;
  /** Findings that somebody has judged are left alone. */
  lintOptions(texts: FixState['texts']): Promise<LintOptions>;
  readonly io: Io;
  readonly opened: OpenProject;
  readonly start: FixState;
  readonly tally: FixTally;
}

async function checkOptions(options: FixCommandOptions, io: Io): Promise<void> {
  const { safe, all, dryRun, rules, online, minAge } = options;
  if (online && safe)
    throw new UserError(
      '--online finds versions, and naming one is never safe: give --all with it, or neither',
    );
  if (minAge !== undefined && !online)
    throw new UserError('--min-age says which releases --online takes: give both');
  if (safe && all)
    throw new UserError('--safe and --all exclude each other: --all applies the safe fixes too');
  if (!safe && !all && !dryRun && !canPrompt(io))
    throw new UserError(
      'there is no terminal to ask on: give --safe for the fixes that take out what has no effect, --all for every recommended fix, or --dry-run to see the changes',
    );
  const known = (await listRules()).map((rule) => rule.id);
  const unknown = rules.find((id) => !known.includes(id));
  if (unknown !== undefined)
    throw new UserError(
      `there is no rule '${unknown}'${didYouMean(unknown, known) || '; explain lists all'}`,
    );
}

/** All rules are run, also under --rule: a fix must not raise a finding of another one. */
function lintState(
  { project, files }: OpenProject,
  texts: ReadonlyMap<string, string>,
  lintOptions: LintOptions,
): Promise<LintResult> {
  return lintFiles(files, overlayProject(project, texts), lintOptions);
}

function isWanted({ ruleId }: Finding, { rules }: FixCommandOptions): boolean {
  return rules.length === 0 || rules.includes(ruleId);
}

async function runChosen(run: Run): Promise<FixState> {
  const { options, lintOptions, opened, start, tally } = run;
  const { files, project } = opened;
  const isRightKind = ({ safety }: Fix) => !options.safe || safety === 'safe';
  const choose = (finding: Finding) =>
    isWanted(finding, options) ? finding.fixes.find(isRightKind) : undefined;
  const result = await fixFiles(files, project, choose, await lintOptions(start.texts), start);
  addResult(tally, result);
  if (options.dryRun) await printDiff(changesBetween(start, result, project), run);
  else await save(opened, start, result);
  return result;
}

async function printDiff(changes: readonly FileChange[], { options, io, opened }: Run): Promise<void> {
  const diff = await unifiedDiff(changes);
  // Patch tools refuse paths with '..', so those of a project elsewhere begin there.
  if (diff !== '' && opened.prefix !== '')
    await write(
      io.stderr,
      `note: the paths are those of ${printable(opened.base)}: apply the changes there\n`,
    );
  // A patch must reach its reader byte for byte; a terminal must not get control characters.
  if (!io.stdout.isTTY && options.color !== 'always') return write(io.stdout, diff);
  const { formatDiff } = await import('../diff-view.js');
  await write(io.stdout, formatDiff(diff, await chalkFor(io.stdout, options.color, io.env)));
}

async function runPrompt(run: Run, askWith: typeof openPrompter): Promise<FixState> {
  const { options, lintOptions, io, opened, start, tally } = run;
  const { files, project } = opened;
  const prompter = await askWith(io, options.color);
  const session: FixSession = {
    apply: async (state, choose) => fixFiles(files, project, choose, await lintOptions(state.texts), state),
    suppress: async (finding, state) => {
      const { findSuppression } = await import('../suppress-finding.js');
      return findSuppression(finding, state, {
        read: (path) => textIn(state, path, project),
        relint: async (texts) => (await lintState(opened, texts, await lintOptions(texts))).findings,
        roots: opened.roots,
      });
    },
    save: (before, after) => save(opened, before, after),
    read: (state, path) => textIn(state, path, project),
  };
  const wanted = (finding: Finding) => isWanted(finding, options);
  try {
    return await askFixes(start, session, prompter, await openView(run), tally, wanted);
  } finally {
    prompter.close();
  }
}

async function openView({ options, io, opened }: Run): Promise<FixView> {
  const { reportFinding } = await import('../../reporters/text.js');
  const metadata = { version: packageVersion(), rules: await listRules(), prefix: opened.prefix };
  const style = { width: widthOf(io.stdout), chalk: await chalkFor(io.stdout, options.color, io.env) };
  return {
    ...style,
    frame: (finding, withWhy) => reportFinding(finding, withWhy, metadata, style),
    print: (text) => write(io.stdout, text),
  };
}

async function save(opened: OpenProject, before: FixState, after: FixState): Promise<void> {
  const changes = changesBetween(before, after, opened.project);
  if (changes.length === 0) return;
  const { writeFiles } = await import('../../project/write.js');
  const files = changes.map((change) => ({ path: change.path, text: change.after, expected: change.before }));
  await writeFiles(opened.base, files, opened.roots);
}

type TextChange = FileChange & { readonly after: string };

function changesBetween(before: FixState, after: FixState, project: Project): TextChange[] {
  const changes = [...after.texts].map(([path, text]) => ({
    path,
    before: textIn(before, path, project),
    after: text,
  }));
  return changes.filter((change) => change.before !== change.after);
}

/** The project remembers what it read, so this is the text at the start even after a write. */
function textIn(state: FixState, path: string, project: Project): string | undefined {
  const known = state.texts.get(path);
  if (known !== undefined) return known;
  const result = project.read(path);
  return 'file' in result ? result.file.text : undefined;
}

async function reportEnd(run: Run, left: readonly Finding[], isAsked: boolean): Promise<void> {
  const { options, io, opened, tally } = run;
  // The diff is the result of a dry run; everything else is a note then.
  const stream = options.dryRun ? io.stderr : io.stdout;
  const chalk = await chalkFor(stream, options.color, io.env);
  const list = isAsked || options.dryRun ? '' : listOutcome(tally, left, opened.prefix, chalk);
  await write(stream, `${list}${summarizeFixes(tally, left, options.dryRun, chalk)}`);
  if (options.safe && left.some(({ fixes }) => fixes.length > 0))
    await write(
      stream,
      'What is left has no safe fix: fix without --safe asks about each one, --all applies what is recommended.\n',
    );
  const open = options.online ? [] : left.filter(({ asks = [] }) => asks.length > 0);
  if (open.length > 0)
    await write(
      stream,
      `${open.length} of these ${open.length === 1 ? 'is' : 'are'} about versions that registries know: --online asks them.\n`,
    );
  await write(io.stderr, describeRollbacks(tally));
}

function exitCodeOf(complete: boolean, left: readonly Finding[], tally: FixTally): ExitCode {
  if (tally.rolledBack.length > 0) return ExitCode.bug;
  if (!complete) return ExitCode.usage;
  const fails = left.some(({ severity }) => compareSeverity(severity, threshold) <= 0);
  return fails ? ExitCode.findings : ExitCode.clean;
}
