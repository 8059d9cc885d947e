import type { LintResult } from '../core/lint.js';
import type { Edit, Finding } from '../core/rule.js';
import { type Place, positionAt, type SourceFile, type Span } from '../core/text.js';
import type { Metadata } from './metadata.js';
import { summarize } from './summary.js';

/** Grows by one when a field changes its meaning or goes; new fields leave it. See schemas/report.schema.json. */
const reportVersion = 1;

/** The report for programs; its shape is schemas/report.schema.json. */
export function reportJson(result: LintResult, metadata: Metadata): string {
  const report = {
    version: reportVersion,
    tool: { name: 'harden-devcontainer', version: metadata.version },
    complete: result.complete,
    files: result.files,
    summary: summarize(result),
    findings: result.findings.map((finding) => toJson(finding, result)),
  };
  return stringify(report);
}

/**
 * JSON that every parser takes: a lone surrogate, which a file's escapes can bring in, would be valid JSON but no
 * valid text.
 */
export function stringify(value: unknown): string {
  const wellFormed = (_key: string, part: unknown) =>
    typeof part === 'string' ? part.replace(/\p{Surrogate}/gu, '\ufffd') : part;
  return `${JSON.stringify(value, wellFormed, 2)}\n`;
}

function toJson(finding: Finding, { sources }: LintResult) {
  return {
    ruleId: finding.ruleId,
    severity: finding.severity,
    confidence: finding.confidence,
    persona: finding.persona,
    message: finding.message,
    location: toLocation(finding.place),
    related: (finding.related ?? []).map(({ place, message }) => ({ message, location: toLocation(place) })),
    fixes: finding.fixes.map(({ title, safety, consequence, edits }) => ({
      title,
      safety,
      consequence,
      edits: edits.map((edit) => toEdit(edit, sources)),
    })),
  };
}

function toEdit({ file, at, text }: Edit, sources: LintResult['sources']) {
  return { ...toLocation({ file: sources.get(file) ?? { path: file, text: '' }, at }), text };
}

function toLocation({ file, at }: Place) {
  return { path: file.path, ...toRange(file, at) };
}

function toRange(file: SourceFile, at: Span) {
  return {
    start: { ...positionAt(file, at.start), offset: at.start },
    end: { ...positionAt(file, at.end), offset: at.end },
  };
}
