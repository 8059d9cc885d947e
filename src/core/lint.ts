import { hideSecrets } from './hide-secrets.js';
import {
  type Finding,
  type Persona,
  type Project,
  type Rule,
  type Severity,
  type Subject,
  severities,
} from './rule.js';
import { keyOf, runRules } from './run-rules.js';
import type { Override } from './suppress.js';
import type { Place, SourceFile } from './text.js';

export interface LintOptions {
  /** `default` hides pedantic reports and those of low confidence. */
  readonly persona?: Persona | undefined;
  /** Only these rules, when there is at least one. */
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
  /** False: comments, overrides and the baseline take nothing out, and are not judged. */
  readonly suppressions?: boolean | undefined;
  readonly overrides?: readonly Override[] | undefined;
  /** Says of a finding that the baseline has it. */
  readonly inBaseline?: ((finding: ReportedFinding) => boolean) | undefined;
  /** `live` where nothing is said. */
  readonly scope?: Scope | undefined;
  /** Findings in examples count like others. */
  readonly allScopes?: boolean | undefined;
  /** YYYY-MM-DD; the day in UTC where nothing is said. */
  readonly today?: string | undefined;
}

/**
 * What kind of place a project is: the one that was named, one below it, one that others are made from, or one that
 * only shows or tests something.
 */
export type Scope = 'live' | 'nested' | 'template' | 'example';

/** Why a finding does not count. */
export interface Suppression {
  readonly kind: 'comment' | 'configuration' | 'baseline';
  readonly reason: string;
  /** Where it is written, unless in a baseline. */
  readonly place?: Place;
}

/** A finding with what reports say about it besides. */
export interface ReportedFinding extends Finding {
  /** Stays the same when lines move; no two findings of a run share one. */
  readonly fingerprint: string;
  readonly scope: Scope;
  readonly suppression?: Suppression;
}

export interface LintResult {
  /** Those that count. Sorted: worst first, then by file and position. */
  readonly findings: readonly ReportedFinding[];
  /** Those that somebody has judged already, in the same order. */
  readonly suppressed: readonly ReportedFinding[];
  /** Those of folders that only show or test something, unless these were asked for. */
  readonly examples: readonly ReportedFinding[];
  /** The devcontainer.json files that were looked at. */
  readonly files: readonly string[];
  /** The rules that were run, so every one that a finding names. */
  readonly rules: readonly RuleInfo[];
  /** Every text that was read, by path: what findings and edits refer to. */
  readonly sources: ReadonlyMap<string, SourceFile>;
  /** False where something could not be read or parsed, so that nobody takes silence for 'clean'. */
  readonly complete: boolean;
}

/** What is told about a rule, without what it does. */
export type RuleInfo = Omit<Rule, 'check' | 'mayShow'>;

/**
 * Runs the rules over the subjects. The findings are sorted worst first, then by file and position, each once, and
 * show no secret.
 * Throws a RuleError that names the rule when one crashes: a crash must never look like a clean file.
 */
export function lint(
  rules: readonly Rule[],
  subjects: readonly Subject[],
  project: Project,
  options: LintOptions = {},
): Finding[] {
  const { persona = 'default' } = options;
  const chosen = rules.filter((rule) => isChosen(rule.id, options));
  return findAll(chosen, subjects, project, persona).filter((finding) => isShown(finding, persona));
}

/**
 * {@link lint} with all that the rules find, also what no persona but the pedantic one asks for. A rule that finds nothing
 * that is shown to `persona` may leave out all; of any other the hidden findings are needed to tell the shown ones apart,
 * but not their fixes.
 *
 * @param persona Undefined where hidden findings are asked for as well.
 */
export function findAll(
  rules: readonly Rule[],
  subjects: readonly Subject[],
  project: Project,
  persona?: Persona,
): Finding[] {
  return findInGroups(rules, groupBySubject(subjects), project, persona);
}

/** {@link findAll} of subjects that are grouped already. */
export function findInGroups(
  rules: readonly Rule[],
  subjects: SubjectGroups,
  project: Project,
  persona?: Persona,
): Finding[] {
  const findings: Finding[] = [];
  const groups = groupRules(rules);
  for (const [name, own] of subjects) {
    const asked = groups.get(name);
    if (asked) runRules(asked, own, project, persona, findings);
  }
  return findings.length === 0 ? findings : sortFindings(hideSecrets(findings));
}

/** Subjects by what they are, in the order in which each kind came up first. */
export type SubjectGroups = ReadonlyMap<string, readonly Subject[]>;

// A tree's thousands of configurations are asked by the same rules.
const groupsOf = new WeakMap<readonly Rule[], ReadonlyMap<string, readonly Rule[]>>();

/** The rules by the subject that they look at. */
function groupRules(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const known = groupsOf.get(rules) ?? groupBySubject(rules);
  groupsOf.set(rules, known);
  return known;
}

/** Rules or subjects by the subject that they are on, as in {@link SubjectGroups}. */
export function groupBySubject<T extends { readonly on: string }>(
  all: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const same = groups.get(one.on);
    if (same) same.push(one);
    else groups.set(one.on, [one]);
  }
  return groups;
}

/** Worst first, then by file, position and rule; equal findings once. */
export function sortFindings<T extends Finding>(findings: readonly T[]): T[] {
  if (findings.length < 2) return [...findings];
  const sorted = findings.toSorted(
    (a, b) =>
      compareSeverity(a.severity, b.severity) ||
      compareText(a.place.file.path, b.place.file.path) ||
      a.place.at.start - b.place.at.start ||
      a.place.at.end - b.place.at.end ||
      compareText(a.ruleId, b.ruleId) ||
      compareText(a.message, b.message),
  );
  const seen = new Set<string>();
  return sorted.filter((finding) => {
    const size = seen.size;
    return seen.add(`${finding.ruleId} ${keyOf(finding)}`).size > size;
  });
}

/** Negative where `a` is worse than `b`. */
export function compareSeverity(a: Severity, b: Severity): number {
  return severities.indexOf(a) - severities.indexOf(b);
}

/** Whether a rule may find what is shown; a pedantic one that finds more for some says so by an example. */
export function mayShow({ persona, examples }: Rule, asked: Persona = 'default'): boolean {
  return asked === 'pedantic' || persona === 'default' || examples.some((one) => one.persona === 'default');
}

/** Whether a rule is among those that are asked for. */
export function isChosen(id: string, { only, skip }: LintOptions): boolean {
  return (!only?.length || only.includes(id)) && !skip?.includes(id);
}

export function isShown(
  finding: Pick<Finding, 'persona' | 'confidence'>,
  persona: Persona = 'default',
): boolean {
  return persona === 'pedantic' || (finding.persona === 'default' && finding.confidence !== 'low');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
