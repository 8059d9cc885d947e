import type { ReportedFinding, Suppression } from './lint.js';
import type { Edit, Finding, Fix, Severity } from './rule.js';
import { didYouMean } from './suggest.js';
import { type Place, positionAt, type SourceFile, type Span } from './text.js';

declare module './rule.js' {
  interface Subjects {
    suppression: SuppressionNotes;
  }
}

/** What is wrong with one comment or entry that takes findings out. */
export interface SuppressionNotes {
  readonly problems: readonly SuppressionProblem[];
}

export interface SuppressionProblem {
  readonly place: Place;
  readonly message: string;
  readonly severity?: Severity;
  readonly fixes?: readonly Fix[];
}

/** A comment that asks for findings to be taken out, as it is written; whether it may is checked here. */
export interface IgnoreComment {
  readonly place: Place;
  /** What stands behind `harden-devcontainer-ignore`: '' for one line, '-file' for the file. */
  readonly form: string;
  readonly ids: readonly { readonly id: string; readonly at: Span }[];
  readonly until: string | undefined;
  readonly reason: string | undefined;
  /** The lines that it is about, counted from 1, both included. */
  readonly lines: { readonly from: number; readonly to: number };
  /** Whether nothing but comments stands before it. */
  readonly isAtTop: boolean;
  /** What goes with it when it is deleted. */
  readonly removal: Span;
}

/** An entry of the configuration: other severities, or none, for some rules. */
export interface Override {
  readonly place: Place;
  readonly rules: readonly string[];
  readonly severity: Severity | 'off';
  /** Whether a file is meant, by its path in the project. */
  readonly covers: (path: string) => boolean;
  /** Whether it is about some files only. */
  readonly hasPaths: boolean;
  readonly reason: string;
  readonly until: string | undefined;
}

/** Everything that may take findings out. */
export interface Suppressors {
  readonly comments: readonly IgnoreComment[];
  readonly overrides: readonly Override[];
  /** Says of a finding that was there when the baseline was written. */
  readonly inBaseline: ((finding: ReportedFinding) => boolean) | undefined;
  /** YYYY-MM-DD. */
  readonly today: string;
}

/** Everything that is wrong with a comment as it stands there. */
export function checkComment(
  comment: IgnoreComment,
  knownRules: readonly string[],
  today: string,
): readonly SuppressionProblem[] {
  const { place, form, ids, until, reason, isAtTop } = comment;
  const problem = (message: string): SuppressionProblem[] => [{ place, message }];
  if (form !== '' && form !== '-file')
    return problem(
      `there is no harden-devcontainer-ignore${form}; write harden-devcontainer-ignore for the line or harden-devcontainer-ignore-file for the file`,
    );
  if (ids.length === 0) return problem('names no rule, so it suppresses nothing; write the rule behind it');
  if (reason === undefined)
    return problem("gives no reason, so it suppresses nothing; write ' -- ' and why at its end");
  if (form === '-file' && !isAtTop)
    return problem('is about the whole file but not at its top, so it suppresses nothing; move it there');
  if (until !== undefined && !isDate(until))
    return problem(`'${until}' is no date, so it suppresses nothing; write until YYYY-MM-DD`);
  if (until !== undefined && until < today)
    return problem(`has expired on ${until}, so it suppresses nothing; mend the finding or judge it again`);
  return ids
    .filter(({ id }) => !knownRules.includes(id))
    .map(({ id, at }) => ({
      place: { file: place.file, at },
      severity: 'error' as const,
      message: `there is no rule '${id}'${didYouMean(id, knownRules) || '; explain lists all'}`,
    }));
}

/** What is wrong with entries of the configuration. `idle` holds those that are about files of which none was read. */
export function checkOverrides(
  overrides: Iterable<Override>,
  idle: ReadonlySet<Override>,
  today: string,
): readonly SuppressionProblem[] {
  return [...overrides].flatMap((override) => {
    const { place, until } = override;
    if (until !== undefined && until < today)
      return [
        {
          place,
          message: `has expired on ${until}, so it changes nothing; mend the findings or judge them again`,
        },
      ];
    return idle.has(override)
      ? [{ place, message: 'is about files of which none was read, so it changes nothing; mend its paths' }]
      : [];
  });
}

/** Whether a text is a day of the calendar as YYYY-MM-DD. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The problem of this rule is what is wrong with suppressions: none can take it out. */
export const suppressionRule = 'no-suppression-problem';

export interface Suppressed {
  /** All findings; those that are taken out say by what. Severities are those of the configuration. */
  readonly findings: readonly ReportedFinding[];
  /** Comments, and the rules that they name for nothing. */
  readonly unused: readonly SuppressionProblem[];
}

/**
 * Takes out what comments, the configuration and the baseline say, in this order. `ran` holds the rules that were run:
 * only of these can be said that a comment names one for nothing.
 */
export function suppress(
  findings: readonly ReportedFinding[],
  suppressors: Suppressors,
  ran: ReadonlySet<string>,
): Suppressed {
  const { comments, overrides, inBaseline, today } = suppressors;
  if (comments.length === 0 && overrides.length === 0 && !inBaseline) return { findings, unused: [] };
  const valid = comments.filter(
    (comment) => checkComment(comment, [...ran, ...ids(comment)], today).length === 0,
  );
  const index = indexComments(valid);
  const used = new Set<string>();
  const current = overrides.filter(({ until }) => until === undefined || until >= today);
  const judged = findings.map((original): ReportedFinding => {
    const override = current.findLast(
      ({ rules, covers }) => rules.includes(original.ruleId) && covers(original.place.file.path),
    );
    const isOff = override?.severity === 'off';
    const finding = override && !isOff ? { ...original, severity: override.severity as Severity } : original;
    const matching = original.ruleId === suppressionRule ? [] : index.matching(original);
    for (const comment of matching) used.add(useKey(comment, original.ruleId));
    const [comment] = matching;
    if (comment) return withSuppression(finding, 'comment', comment.reason, comment.place);
    if (isOff) return withSuppression(finding, 'configuration', override.reason, override.place);
    return inBaseline?.(finding) ? withSuppression(finding, 'baseline', 'in the baseline') : finding;
  });
  const unused = valid.flatMap((comment) => {
    const idle = comment.ids.filter(({ id }) => ran.has(id) && !used.has(useKey(comment, id)));
    return idle.length === 0 ? [] : [describeUnused(comment, idle)];
  });
  return { findings: judged, unused };
}

function ids(comment: IgnoreComment): string[] {
  return comment.ids.map(({ id }) => id);
}

function withSuppression(
  finding: ReportedFinding,
  kind: Suppression['kind'],
  reason = '',
  place?: Place,
): ReportedFinding {
  return { ...finding, suppression: { kind, reason, ...(place ? { place } : {}) } };
}

function useKey({ place }: IgnoreComment, id: string): string {
  return `${id} ${place.at.start} ${place.file.path}`;
}

/** Finds the comments about a finding, those about its line first, without a look at all the others. */
function indexComments(comments: readonly IgnoreComment[]) {
  const byKey = new Map<string, IgnoreComment[]>();
  const add = (key: string, comment: IgnoreComment) => {
    const same = byKey.get(key);
    if (same) same.push(comment);
    else byKey.set(key, [comment]);
  };
  const keyOf = (id: string, { path }: SourceFile, line: number | '') => `${id} ${line} ${path}`;
  for (const comment of comments) {
    const { file } = comment.place;
    for (const { id } of comment.ids) {
      if (comment.form === '-file') add(keyOf(id, file, ''), comment);
      else
        for (let line = comment.lines.from; line <= comment.lines.to; line += 1)
          add(keyOf(id, file, line), comment);
    }
  }
  return {
    matching({ ruleId, place: { file, at } }: Finding): readonly IgnoreComment[] {
      if (byKey.size === 0) return [];
      const { line } = positionAt(file, at.start);
      return [...(byKey.get(keyOf(ruleId, file, line)) ?? []), ...(byKey.get(keyOf(ruleId, file, '')) ?? [])];
    },
  };
}

function describeUnused(
  comment: IgnoreComment,
  idle: readonly { readonly id: string; readonly at: Span }[],
): SuppressionProblem {
  const { place, removal } = comment;
  const names = idle.map(({ id }) => id).join(', ');
  const message = `suppresses ${names}, which finds nothing here: later it would hide a new finding`;
  // Only a comment that is idle as a whole can go without its words being guessed at.
  if (idle.length < comment.ids.length) return { place, message };
  const edit: Edit = { file: place.file.path, at: removal, text: '' };
  const consequence = 'nothing is suppressed here that was not';
  return {
    place,
    message,
    fixes: [{ title: 'delete the comment', safety: 'safe', consequence, edits: [edit] }],
  };
}
