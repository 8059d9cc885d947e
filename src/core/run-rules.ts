import { RuleError } from './errors.js';
import type { Finding, Persona, Project, Report, Rule, Subject } from './rule.js';

/** Adds what rules find in the subjects that they look at. Plain loops: this is gone through more often than all else. */
export function runRules(
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

/** What is said, and where; paths and messages hold anything, so the length tells where one ends. */
export function keyOf({ place: { file, at }, message }: Report): string {
  return `${at.start} ${at.end} ${message.length} ${message}${file.path}`;
}
