import type { ChalkInstance } from 'chalk';
import type { ChosenFix, FixResult, RolledBackFix } from '../core/fix.js';
import { printable } from '../core/printable.js';
import type { Finding } from '../core/rule.js';
import { positionAt } from '../core/text.js';

/** What a run of `fix` did; findings are as they were when their fix was applied. */
export interface FixTally {
  readonly applied: ChosenFix[];
  /** Fixes that did not work. */
  readonly rolledBack: RolledBackFix[];
  /** Fixes that would have put something dangerous into effect. */
  readonly withheld: RolledBackFix[];
  /** Findings that are gone, with or without a fix of their own. */
  fixed: number;
  /** Findings that somebody said no to. */
  skipped: number;
  /** Findings that somebody took out, with a reason. */
  suppressed: number;
}

export function newTally(): FixTally {
  return { applied: [], rolledBack: [], withheld: [], fixed: 0, skipped: 0, suppressed: 0 };
}

export function addResult(tally: FixTally, result: FixResult): void {
  for (const item of result.applied) tally.applied.push(item);
  for (const item of result.rolledBack)
    (item.reason === 'withheld' ? tally.withheld : tally.rolledBack).push(item);
  tally.fixed += result.fixed.length;
}

/** One line for each fix that was applied and each finding that is left. `prefix` stands before paths. */
export function listOutcome(
  tally: FixTally,
  left: readonly Finding[],
  prefix: string,
  chalk: ChalkInstance,
): string {
  const fixed = tally.applied.map(
    ({ finding, fix }) => `${chalk.green('fixed')} ${lineOf(finding, fix.title, prefix)}\n`,
  );
  const rest = left.map(
    (finding) => `${chalk.yellow('left')}  ${lineOf(finding, finding.message, prefix)}\n`,
  );
  return [...fixed, ...rest].join('');
}

/** The numbers of a run, and what is to be done next. `isDry` says that nothing was written. */
export function summarizeFixes(
  tally: FixTally,
  left: readonly Finding[],
  isDry: boolean,
  chalk: ChalkInstance,
): string {
  if (left.length + tally.fixed + tally.skipped + tally.suppressed + tally.rolledBack.length === 0)
    return 'No findings: nothing to fix.\n';
  const withoutFix = left.filter((finding) => finding.fixes.length === 0).length;
  const counts = [`${count(tally.fixed, 'finding')} ${isDry ? 'would be fixed' : 'fixed'}`];
  if (tally.skipped > 0) counts.push(`${tally.skipped} skipped`);
  if (tally.suppressed > 0) counts.push(`${tally.suppressed} suppressed`);
  counts.push(`${left.length} left${withoutFix > 0 ? ` (${withoutFix} without a fix)` : ''}`);
  if (tally.rolledBack.length > 0) counts.push(`${count(tally.rolledBack.length, 'fix', 'es')} rolled back`);
  const lines = [chalk.bold(`${counts.join(', ')}.`)];
  if (tally.applied.length > 0 && !isDry)
    lines.push('Rebuild the container now: one that exists already keeps its old settings.');
  if (left.length > 0) lines.push(`See what is left with ${chalk.bold('harden-devcontainer lint')}.`);
  return `${lines.join('\n')}\n`;
}

/** Every fix that was taken back, with the reason, and for a bug report where it is one; '' where there is none. */
export function describeRollbacks({ rolledBack, withheld }: FixTally): string {
  const kept = withheld.map((item) => `${describeWithheld(item)}\n`).join('');
  if (rolledBack.length === 0) return kept;
  const reasons: Partial<Record<RolledBackFix['reason'], string>> = {
    'bad-edits': 'its edits do not fit the file',
    unreadable: 'the file could not be parsed any more',
    'new-finding': 'it raised another finding',
    'still-there': 'the finding did not go away',
  };
  const lines = rolledBack.map(
    ({ finding, fix, reason, detail }) =>
      `rolled back: the fix '${printable(fix.title)}' of ${finding.ruleId}: ${reasons[reason]} (${printable(detail)})\n`,
  );
  return `${kept}${lines.join('')}This is our bug, not yours: please report it with the lines above. Your files are as they were without it.\n`;
}

/** Why a fix was not made that gives effect to text which another rule finds something against. */
export function describeWithheld({ finding, fix, detail }: RolledBackFix): string {
  return `not done: '${printable(fix.title)}' of ${finding.ruleId}: it would bring up another finding (${printable(detail)})`;
}

function lineOf({ ruleId, place }: Finding, text: string, prefix: string): string {
  const { line, column } = positionAt(place.file, place.at.start);
  return `${printable(`${prefix}${place.file.path}`)}:${line}:${column} ${ruleId}: ${printable(text)}`;
}

function count(number: number, noun: string, plural = 's'): string {
  return `${number} ${noun}${number === 1 ? '' : plural}`;
}
