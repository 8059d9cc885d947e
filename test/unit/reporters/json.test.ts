import { describe, expect, test } from 'vitest';
import validateReport from '../../../src/generated/report.js';
import { reportJson } from '../../../src/reporters/json.js';
import { hostileFinding, metadata, path, privileged, resultOf, root } from './sample.js';

function parse(text: string) {
  const report = JSON.parse(text);
  expect(validateReport(report), JSON.stringify(validateReport.errors)).toBe(true);
  return report;
}

describe('JSON report', () => {
  test('gives places as line, column and offset, and fixes as edits', () => {
    const report = parse(reportJson(resultOf([privileged, root]), metadata));
    expect(report.summary).toEqual({ error: 1, warning: 1, info: 0, fixable: 2, safelyFixable: 1 });
    expect(report.findings[1]).toMatchObject({
      ruleId: 'no-root-user',
      location: { path, start: { line: 7, column: 17 }, end: { line: 7, column: 23 } },
      fixes: [{ safety: 'safe', edits: [{ path, start: { line: 7, column: 17 }, text: '"dev"' }] }, {}],
    });
    const { start, end } = report.findings[0].location;
    expect(privileged.place.file.text.slice(start.offset, end.offset)).toBe('"privileged": true');
  });

  test('counts a finding as safely fixable where any of its fixes is safe, as fix --safe does', () => {
    const later = { ...root, fixes: root.fixes.toReversed() };
    expect(parse(reportJson(resultOf([later]), metadata)).summary.safelyFixable).toBe(1);
  });

  test('says where the analysis is not complete', () => {
    expect(parse(reportJson(resultOf([], false), metadata))).toMatchObject({ complete: false, findings: [] });
  });

  test('stays well-formed with hostile names and contents', () => {
    const text = reportJson(resultOf([hostileFinding()]), metadata);
    expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text);
    expect(text).not.toMatch(/\\ud800/i);
    expect(parse(text).findings).toHaveLength(1);
  });
});
