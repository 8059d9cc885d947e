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
import type { SourceFile } from './text.js';

export interface LintOptions {
  /** `default` hides pedantic reports and those of low confidence. */
  readonly persona?: Persona | undefined;
  /** Only these rules, when there is at least one. */
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
}

export interface LintResult {
  /** Sorted: worst first, then by file and position. */
  readonly findings: readonly Finding[];
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
  const findings = rules
    .filter((rule) => isChosen(rule.id, options))
    .flatMap((rule) =>
      subjects.flatMap((subject) => (subject.on === rule.on ? runRule(rule, subject, project) : [])),
    );
  const hidden = hideSecrets(findings);
  return sortFindings(hidden.filter((finding) => isShown(finding, options.persona ?? 'default')));
}

/** Worst first, then by file, position and rule; equal findings once. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
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

function isChosen(id: string, { only = [], skip = [] }: LintOptions): boolean {
  return (only.length === 0 || only.includes(id)) && !skip.includes(id);
}

function isShown(finding: Finding, persona: Persona): boolean {
  return persona === 'pedantic' || (finding.persona === 'default' && finding.confidence !== 'low');
}

function runRule(rule: Rule, subject: Subject, project: Project): Finding[] {
  try {
    return Array.from(rule.check(subject.value, project), (report) => toFinding(rule, report));
  } catch (cause) {
    throw new RuleError(rule.id, cause);
  }
}

function toFinding(rule: Rule, report: Report): Finding {
  return {
    ...report,
    ruleId: rule.id,
    severity: report.severity ?? rule.severity,
    confidence: report.confidence ?? rule.confidence,
    persona: report.persona ?? rule.persona,
    fixes: report.fixes ?? [],
  };
}

// By code unit: a locale's order would differ from machine to machine.
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
