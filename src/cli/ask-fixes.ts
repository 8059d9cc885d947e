import type { ChalkInstance } from 'chalk';
import { applyEdits, editsByFile } from '../core/edit.js';
import type { FixResult, FixState } from '../core/fix.js';
import { sortFindings } from '../core/lint.js';
import { printable } from '../core/printable.js';
import type { Finding, Fix } from '../core/rule.js';
import { wrapText } from '../core/width.js';
import { unifiedDiff } from './diff.js';
import { formatDiff } from './diff-view.js';
import { addResult, describeWithheld, type FixTally } from './fix-report.js';
import type { Option, Prompter } from './prompt.js';
import type { SuppressedState, Suppression } from './suppress-finding.js';

/** The project as the prompt sees it: states of its texts, and a way from one to the next. */
export interface FixSession {
  apply(state: FixState, choose: (finding: Finding, origin: Finding) => Fix | undefined): Promise<FixResult>;
  /** A way to take a finding out that works; undefined where there is none. */
  suppress(finding: Finding, state: FixState): Promise<Suppression | undefined>;
  /** Writes the texts that differ between two states. */
  save(before: FixState, after: FixState): Promise<void>;
  /** A file's text in a state; undefined where it cannot be read. */
  read(state: FixState, path: string): string | undefined;
}

/** Where and how findings are shown. */
export interface FixView {
  readonly width: number;
  readonly chalk: ChalkInstance;
  /** A finding with its source frame; `withWhy` adds the rule's reason. */
  frame(finding: Finding, withWhy: boolean): string;
  print(text: string): Promise<void>;
}

/** What a policy file takes as well. */
const longestReason = 200;

type Answer = 'yes' | 'no' | 'next' | 'rule' | 'suppress' | 'quit';

/**
 * Asks about each finding that has a fix and is `wanted`. What is confirmed is proved and written before the next
 * question, so quitting, or Ctrl-C at any question, keeps what was accepted and nothing else.
 */
export async function askFixes(
  start: FixState,
  session: FixSession,
  prompter: Prompter,
  view: FixView,
  tally: FixTally,
  wanted: (finding: Finding) => boolean,
): Promise<FixState> {
  let state = start;
  let settled = new Set<Finding>();
  const explained = new Set<string>();
  for (let asked = 1; ; asked++) {
    const current = settled;
    const open = sortFindings(state.findings).filter(
      (finding) => finding.fixes.length > 0 && !current.has(finding) && wanted(finding),
    );
    const [finding] = open;
    if (!finding) return state;
    await view.print(view.chalk.dim(`\n[${asked}/${asked + open.length - 1}]\n`));
    await view.print(`${view.frame({ ...finding, fixes: [] }, !explained.has(finding.ruleId))}\n`);
    explained.add(finding.ruleId);
    const sameRule = open.filter((other) => other.ruleId === finding.ruleId).length;
    const answer = await askAlternatives(finding, sameRule, state, session, prompter, view);
    if (answer === undefined) return state;
    if (answer === 'no') {
      settled.add(finding);
      tally.skipped += 1;
      continue;
    }
    if ('suppressed' in answer) {
      await session.save(state, answer.suppressed);
      tally.suppressed += state.findings.length - answer.suppressed.findings.length;
      await view.print(view.chalk.green('Suppressed.\n'));
      settled = carryOver(settled, { ...answer.suppressed, applied: [], rolledBack: [] });
      state = answer.suppressed;
      continue;
    }
    const result = await session.apply(state, (candidate, origin) => {
      const isMeant = answer.forRule && origin.ruleId === finding.ruleId && !current.has(origin);
      return origin === finding || isMeant ? findAlternative(candidate, finding, answer.fix) : undefined;
    });
    await session.save(state, result);
    addResult(tally, result);
    await view.print(outcomeOf(result, view.chalk));
    settled = carryOver(settled, result);
    state = result;
  }
}

type Decision =
  | 'no'
  | { readonly fix: Fix; readonly forRule: boolean }
  | { readonly suppressed: SuppressedState }
  | undefined;

/** Shows one alternative after the other until there is an answer; undefined to stop. */
async function askAlternatives(
  finding: Finding,
  sameRule: number,
  state: FixState,
  session: FixSession,
  prompter: Prompter,
  view: FixView,
): Promise<Decision> {
  const { fixes, ruleId } = finding;
  for (let index = 0; ; index = (index + 1) % fixes.length) {
    const fix = fixes[index];
    if (!fix) return undefined;
    await view.print(await describeFix(fix, index, fixes.length, state, session, view));
    const next = fixes.length > 1 ? fixes[(index + 1) % fixes.length] : undefined;
    const options: Option<Answer>[] = [
      { value: 'yes', key: 'y', label: 'Yes, apply it' },
      { value: 'no', key: 'n', label: 'No, leave this finding' },
    ];
    if (next) options.push({ value: 'next', key: 'o', label: `Other: ${printable(next.title)}` });
    if (sameRule > 1) options.push({ value: 'rule', key: 'a', label: `All ${sameRule} of ${ruleId}` });
    options.push({ value: 'suppress', key: 's', label: 'Suppress the finding, with a reason' });
    options.push({ value: 'quit', key: 'q', label: 'Quit, keep what was fixed' });
    const answer = await prompter.choose<Answer>(`${capitalize(printable(fix.title))}?`, options);
    if (answer === undefined || answer === 'quit') return undefined;
    if (answer === 'no') return 'no';
    if (answer === 'yes' || answer === 'rule') return { fix, forRule: answer === 'rule' };
    if (answer === 'next') continue;
    const suppressed = await askReason(finding, state, session, prompter, view);
    if (suppressed !== 'impossible') return suppressed && { suppressed };
    index -= 1;
  }
}

/** Asks why a finding is fine; undefined to stop. */
async function askReason(
  finding: Finding,
  state: FixState,
  session: FixSession,
  prompter: Prompter,
  { print, chalk }: FixView,
): Promise<SuppressedState | 'impossible' | undefined> {
  const suppression = await session.suppress(finding, state);
  if (!suppression) {
    await print(chalk.yellow('Nothing takes this finding out: it has to be mended.\n'));
    return 'impossible';
  }
  const reason = await prompter.text(`Why is it fine? It is written ${printable(suppression.where)}`, {
    validate: (answer) => {
      if (answer.trim() === '') return 'Please give a reason: whoever reads it next has to know.';
      const isLine = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*(?<!\\)$/u.test(answer.trim());
      return isLine && answer.length <= longestReason
        ? undefined
        : `Please write one line of at most ${longestReason} characters, without a backslash at its end.`;
    },
  });
  return reason === undefined ? undefined : suppression.apply(reason.trim());
}

async function describeFix(
  fix: Fix,
  index: number,
  count: number,
  state: FixState,
  session: FixSession,
  { chalk, width }: FixView,
): Promise<string> {
  const which = count > 1 ? `fix ${index + 1} of ${count}` : 'fix';
  const diff = await previewOf(fix, state, session, { chalk, width });
  const lines = labelled(`${which} [${fix.safety}]: `, fix.title, width, chalk);
  lines.push('', diff);
  if (fix.consequence) lines.push(...labelled('consequence: ', fix.consequence, width, chalk));
  return `\n${lines.join('\n')}\n`;
}

/** A label with its text beside it, broken to the terminal's width. */
function labelled(label: string, text: string, width: number, chalk: ChalkInstance): string[] {
  const [first = '', ...rest] = wrapText(printable(text), Math.max(width - label.length, 30));
  return [`${chalk.bold(label)}${first}`, ...rest.map((line) => `${' '.repeat(label.length)}${line}`)];
}

async function previewOf(
  fix: Fix,
  state: FixState,
  session: FixSession,
  { chalk, width }: Pick<FixView, 'chalk' | 'width'>,
): Promise<string> {
  const changes = [...editsByFile(fix.edits)].map(([path, edits]) => {
    const before = session.read(state, path) ?? '';
    return { path, before, after: previewText(before, edits) };
  });
  return formatDiff(await unifiedDiff(changes), chalk, width);
}

function previewText(before: string, edits: Fix['edits']): string {
  try {
    return applyEdits(before, edits);
  } catch (error) {
    // A rule's bug: shown as no change here, and reported when somebody says yes.
    if (error instanceof RangeError) return before;
    throw error;
  }
}

function outcomeOf({ applied, fixed, rolledBack }: FixResult, chalk: ChalkInstance): string {
  const lines: string[] = [];
  if (fixed.length === 0 && applied.length > 0) lines.push(chalk.green('Less severe now.'));
  if (fixed.length > 0)
    lines.push(chalk.green(fixed.length === 1 ? 'Fixed.' : `Fixed ${fixed.length} findings:`));
  // With one of them it was just shown.
  if (fixed.length > 1)
    lines.push(...applied.map(({ finding, fix }) => printable(`  ${finding.message}: ${fix.title}`)));
  for (const item of rolledBack) {
    const failed = `Taken back: '${printable(item.fix.title)}' (${item.finding.ruleId}) did not work; more at the end.`;
    lines.push(chalk.yellow(item.reason === 'withheld' ? describeWithheld(item) : failed));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * The findings that were answered already, as they are called after a change. Those whose fix failed are among them,
 * and those whose fix only made them less severe.
 */
function carryOver(
  settled: ReadonlySet<Finding>,
  { origins, applied, rolledBack }: Pick<FixResult, 'origins' | 'applied' | 'rolledBack'>,
): Set<Finding> {
  const tried = new Set([...applied, ...rolledBack].map(({ finding }) => finding));
  const left = [...origins].filter(([, before]) => settled.has(before) || tried.has(before));
  return new Set(left.map(([now]) => now));
}

/**
 * The alternative of another finding that says the same as one that was shown: by title, or by its place in the list
 * where titles name something of their own (a volume).
 */
function findAlternative(candidate: Finding, shown: Finding, fix: Fix): Fix | undefined {
  const { fixes } = candidate;
  return fixes.find(({ title }) => title === fix.title) ?? fixes[shown.fixes.indexOf(fix)] ?? fixes[0];
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
