import type { LintResult, ReportedFinding } from '../core/lint.js';
import { printable } from '../core/printable.js';
import { positionAt } from '../core/text.js';
import type { Metadata } from './metadata.js';
import { plainLine } from './plain-line.js';
import type { Reporter } from './reporter.js';

/**
 * JUnit's XML: a suite for each file, in it a failed test for each finding, a skipped one where somebody has judged
 * it, and a passed one for a configuration without any.
 */
export function junitReporter({ prefix }: Metadata): Reporter {
  let opening = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="harden-devcontainer">\n';
  const take = () => {
    const text = opening;
    opening = '';
    return text;
  };
  return {
    add: (result) => `${take()}${suitesOf(result, prefix).join('')}`,
    end: () => `${take()}</testsuites>\n`,
  };
}

function suitesOf(result: LintResult, prefix: string): string[] {
  const byFile = new Map(result.files.map((path) => [path, [] as ReportedFinding[]]));
  for (const finding of [...result.findings, ...result.suppressed]) {
    const { path } = finding.place.file;
    const known = byFile.get(path);
    if (known) known.push(finding);
    else byFile.set(path, [finding]);
  }
  return [...byFile].map(([path, findings]) => {
    const name = xml(`${prefix}${path}`);
    const failures = findings.filter(({ suppression }) => !suppression).length;
    const skipped = findings.length - failures;
    const cases =
      findings.length === 0
        ? [`    <testcase classname=${name} name="no findings"/>\n`]
        : findings.map((finding) => toCase(finding, name, prefix));
    const counts = `tests="${Math.max(1, findings.length)}" failures="${failures}" skipped="${skipped}"`;
    return `  <testsuite name=${name} ${counts}>\n${cases.join('')}  </testsuite>\n`;
  });
}

function toCase(finding: ReportedFinding, classname: string, prefix: string): string {
  const { ruleId, severity, message, place, suppression } = finding;
  const { line, column } = positionAt(place.file, place.at.start);
  const outcome = suppression
    ? `<skipped message=${xml(`${suppression.kind}: ${suppression.reason}`)}/>`
    : `<failure type="${severity}" message=${xml(message)}>${escapeXml(plainLine(finding, prefix))}</failure>`;
  return `    <testcase classname=${classname} name=${xml(`${ruleId} ${line}:${column}`)}>${outcome}</testcase>\n`;
}

/** The text as an attribute's value, quotes included. */
function xml(text: string): string {
  return `"${escapeXml(printable(text))}"`;
}

/** Two characters can be written in XML in no way at all, besides those that are not printable. */
function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (sign) => entities[sign] ?? '').replace(/[\ufffe\uffff]/g, '\ufffd');
}
