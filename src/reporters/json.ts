import type { LintResult, ReportedFinding, Suppression } from '../core/lint.js';
import type { Edit } from '../core/rule.js';
import { type Place, positionAt, type SourceFile } from '../core/text.js';
import { newListWriter, stringify } from './json-writer.js';
import type { Metadata } from './metadata.js';
import type { Reporter } from './reporter.js';
import { addToTally, newTally } from './summary.js';

/** Grows by one when a field changes its meaning or goes; new fields leave it. See schemas/report.schema.json. */
const reportVersion = 1;

/** The report for programs; its shape is schemas/report.schema.json. */
export function jsonReporter(metadata: Metadata): Reporter {
  const tally = newTally();
  const files: string[] = [];
  const head = { version: reportVersion, tool: { name: 'harden-devcontainer', version: metadata.version } };
  const findings = newListWriter(`${stringify(head).slice(0, -2)},\n  "findings": [`, 4);
  return {
    add(result) {
      addToTally(tally, result);
      files.push(...result.files);
      return findings.add([
        ...result.findings.map((finding) => toJson(finding, true, result)),
        ...[...result.examples, ...result.suppressed].map((finding) => toJson(finding, false, result)),
      ]);
    },
    end({ vendored, ignored, isPartial }) {
      const { complete, summary } = tally;
      const rest = { complete, files, skipped: { vendored, ignored, isPartial }, summary };
      return `${findings.end()},${stringify(rest).slice(1)}\n`;
    },
  };
}

function toJson(finding: ReportedFinding, counts: boolean, { sources }: LintResult) {
  return {
    ruleId: finding.ruleId,
    severity: finding.severity,
    confidence: finding.confidence,
    persona: finding.persona,
    message: finding.message,
    location: toLocation(finding.place),
    fingerprint: finding.fingerprint,
    scope: finding.scope,
    counts,
    suppression: finding.suppression ? toSuppression(finding.suppression) : null,
    related: (finding.related ?? []).map(({ place, message }) => ({ message, location: toLocation(place) })),
    fixes: finding.fixes.map(({ title, safety, consequence, edits }) => ({
      title,
      safety,
      consequence,
      edits: edits.map((edit) => toEdit(edit, sources)),
    })),
  };
}

function toSuppression({ kind, reason, place }: Suppression) {
  return { kind, reason, ...(place ? { location: toLocation(place) } : {}) };
}

function toEdit({ file, at, text }: Edit, sources: LintResult['sources']) {
  const { path, start, end } = toLocation({ file: sources.get(file) ?? { path: file, text: '' }, at });
  return { path, start, end, text };
}

function toLocation({ file, at }: Place) {
  return { path: file.path, start: toPoint(file, at.start), end: toPoint(file, at.end) };
}

function toPoint(file: SourceFile, offset: number) {
  const { line, column } = positionAt(file, offset);
  return { line, column, offset };
}
