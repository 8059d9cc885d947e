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
export type RuleInfo = Omit<Rule, 'check'>;

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
  const chosen = rules.filter((rule) => isChosen(rule.id, options));
  return findAll(chosen, subjects, project).filter((finding) => isShown(finding, options.persona));
}

/**
 * {@link lint} with all that the rules find, also what no persona but the pedantic one asks for. A rule of which nothing is
 * wanted may leave out all; of any other the hidden findings are needed to tell the shown ones apart.
 */
export function findAll(
  rules: readonly Rule[],
  subjects: readonly Subject[],
  project: Project,
  isWanted: (finding: Judged) => boolean = () => true,
): Finding[] {
  const byName = new Map<string, Subject[]>();
  for (const subject of subjects) {
    const same = byName.get(subject.on);
    if (same) same.push(subject);
    else byName.set(subject.on, [subject]);
  }
  const findings: Finding[] = [];
  for (const rule of rules) {
    const own = byName.get(rule.on);
    const found = own ? runRule(rule, own, project) : [];
    if (found.some(isWanted)) for (const finding of found) findings.push(withFixes(finding));
  }
  return sortFindings(hideSecrets(findings));
}

/** Worst first, then by file, position and rule; equal findings once. */
export function sortFindings<T extends Finding>(findings: readonly T[]): T[] {
  const sorted = [...findings].sort(
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
    const { file, at } = finding.place;
    const key = JSON.stringify([finding.ruleId, file.path, at.start, at.end, finding.message]);
    return !seen.has(key) && seen.add(key);
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

export function isShown(finding: Judged, persona: Persona = 'default'): boolean {
  return persona === 'pedantic' || (finding.persona === 'default' && finding.confidence !== 'low');
}

/** What decides whether a finding is shown. */
export type Judged = Pick<Finding, 'ruleId' | 'persona' | 'confidence'>;

/** A finding whose fixes nobody has asked for yet. */
interface Found extends Omit<Finding, 'fixes'> {
  readonly rule: Rule;
  readonly fixes: Report['fixes'];
}

/** A place that several subjects share is told once, with the first of them. */
function runRule(rule: Rule, subjects: readonly Subject[], project: Project): Found[] {
  const told = new Map<string, Subject>();
  const found: Found[] = [];
  try {
    for (const subject of subjects)
      for (const report of rule.check(subject.value, project)) {
        const { place, message } = report;
        const key = JSON.stringify([place.file.path, place.at.start, place.at.end, message]);
        const first = told.get(key) ?? subject;
        told.set(key, first);
        if (first === subject) found.push(toFound(rule, report, subject.about));
      }
  } catch (cause) {
    throw new RuleError(rule.id, cause);
  }
  return found;
}

function toFound(rule: Rule, report: Report, about: string | undefined): Found {
  return {
    ...report,
    rule,
    message: about === undefined ? report.message : `${about}: ${report.message}`,
    ruleId: rule.id,
    severity: report.severity ?? rule.severity,
    confidence: report.confidence ?? rule.confidence,
    persona: report.persona ?? rule.persona,
    fixes: report.fixes,
  };
}

function withFixes({ rule, fixes = [], ...finding }: Found): Finding {
  try {
    return { ...finding, fixes: typeof fixes === 'function' ? fixes() : fixes };
  } catch (cause) {
    throw new RuleError(rule.id, cause);
  }
}

// By code unit: a locale's order would differ from machine to machine.
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
