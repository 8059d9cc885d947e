import { RuleError } from './errors.js';
import { hideSecrets } from './hide-secrets.js';
import {
  type Finding,
  type Persona,
  type Project,
  type Report,
  type Rule,
  type Severity,
  type Subject,
  severities,
} from './rule.js';
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
 * Throws a {@link RuleError} that names the rule when one crashes: a crash must never look like a clean file.
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

/** What is said, and where; paths and messages hold anything, so the length tells where one ends. */
function keyOf({ place: { file, at }, message }: Report): string {
  return `${at.start} ${at.end} ${message.length} ${message}${file.path}`;
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

/** Adds what rules find in the subjects that they look at. Plain loops: this is gone through more often than all else. */
function runRules(
  rules: readonly Rule[],
  subjects: readonly Subject[],
  project: Project,
  persona: Persona | undefined,
  findings: Finding[],
): void {
  const isDefault = persona === 'default';
  const only = subjects.length === 1 ? subjects[0] : undefined;
  for (let at = 0; at < rules.length; at += 1) {
    const rule = rules[at] as Rule;
    if (isDefault && rule.mayShow && !(only ? rule.mayShow(only.value) : mayShowAny(rule, subjects)))
      continue;
    if (only) askRule(rule, only, project, persona, findings);
    else askOfSeveral(rule, subjects, project, persona, findings);
  }
}

/** Whether a rule may find in any of these what is shown by default. */
function mayShowAny(rule: Rule, subjects: readonly Subject[]): boolean {
  for (let at = 0; at < subjects.length; at += 1)
    if (rule.mayShow?.((subjects[at] as Subject).value)) return true;
  return false;
}

/** Adds what a rule finds, if anything of it is shown. */
function askRule(
  rule: Rule,
  subject: Subject,
  project: Project,
  persona: Persona | undefined,
  findings: Finding[],
): void {
  // Mostly there is nothing to tell.
  let reports: Report[] | undefined;
  let isAsked = false;
  try {
    for (const report of rule.check(subject.value, project)) {
      reports ??= [];
      reports.push(report);
      isAsked ||= isFor(persona, rule, report);
    }
    if (isAsked && reports)
      for (const report of reports) findings.push(toFinding(rule, report, subject.about, persona));
  } catch (cause) {
    throw new RuleError(rule.id, cause);
  }
}

/** {@link askRule} about several. A place that they share is told once, with the first of them. */
function askOfSeveral(
  rule: Rule,
  subjects: readonly Subject[],
  project: Project,
  persona: Persona | undefined,
  findings: Finding[],
): void {
  let told: Map<string, Subject> | undefined;
  let reports: (readonly [report: Report, about: string | undefined])[] | undefined;
  let isAsked = false;
  try {
    for (let at = 0; at < subjects.length; at += 1) {
      const subject = subjects[at] as Subject;
      for (const report of rule.check(subject.value, project)) {
        told ??= new Map();
        const key = keyOf(report);
        const first = told.get(key) ?? subject;
        told.set(key, first);
        if (first !== subject) continue;
        reports ??= [];
        reports.push([report, subject.about]);
        isAsked ||= isFor(persona, rule, report);
      }
    }
    if (isAsked && reports)
      for (const [report, about] of reports) findings.push(toFinding(rule, report, about, persona));
  } catch (cause) {
    throw new RuleError(rule.id, cause);
  }
}

function isFor(persona: Persona | undefined, rule: Rule, report: Report): boolean {
  if (persona !== 'default') return true;
  return (report.persona ?? rule.persona) === 'default' && (report.confidence ?? rule.confidence) !== 'low';
}

function toFinding(
  rule: Rule,
  report: Report,
  about: string | undefined,
  persona: Persona | undefined,
): Finding {
  const { fixes = [], message } = report;
  const isAsked = isFor(persona, rule, report);
  return {
    ...report,
    message: about === undefined ? message : `${about}: ${message}`,
    ruleId: rule.id,
    severity: report.severity ?? rule.severity,
    confidence: report.confidence ?? rule.confidence,
    persona: report.persona ?? rule.persona,
    fixes: !isAsked ? [] : typeof fixes === 'function' ? fixes() : fixes,
  };
}

// By code unit: a locale's order would differ from machine to machine.
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
