import type { ReportedFinding } from '../core/lint.js';
import { printable } from '../core/printable.js';
import type { Severity } from '../core/rule.js';
import { positionAt } from '../core/text.js';
import { newListWriter } from './json-writer.js';
import type { Metadata } from './metadata.js';
import type { Reporter } from './reporter.js';

const severities = { error: 'critical', warning: 'major', info: 'info' } as const satisfies Record<
  Severity,
  string
>;

/** GitLab's code quality report: an artifact of a job; its merge request then shows what is new. */
export function gitlabReporter(metadata: Metadata): Reporter {
  const issues = newListWriter('[', 2);
  return {
    add: (result) => issues.add(result.findings.map((finding) => toIssue(finding, metadata.prefix))),
    end: () => `${issues.end()}\n`,
  };
}

function toIssue({ ruleId, severity, message, fingerprint, place }: ReportedFinding, prefix: string) {
  const begin = positionAt(place.file, place.at.start).line;
  const end = Math.max(begin, positionAt(place.file, place.at.end).line);
  return {
    description: printable(message),
    check_name: ruleId,
    fingerprint,
    severity: severities[severity],
    location: { path: `${prefix}${place.file.path}`, lines: { begin, end } },
  };
}
