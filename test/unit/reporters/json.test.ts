import { describe, expect, test } from 'vitest';
import validateReport from '../../../src/generated/report.js';
import { jsonReporter } from '../../../src/reporters/json.js';
import { reportAll } from '../../../src/reporters/reporter.js';
import {
  hostileFinding,
  metadata,
  path,
  placeOf,
  privileged,
  resultOf,
  root,
  suppressLast,
} from './sample.js';

function parse(text: string) {
  const report = JSON.parse(text);
  expect(validateReport(report), JSON.stringify(validateReport.errors)).toBe(true);
  return report;
}

describe('JSON report', () => {
  test('gives places as line, column and offset, and fixes as edits', () => {
    const report = parse(reportAll(jsonReporter(metadata), [resultOf([privileged, root])]));
    expect(report.summary).toEqual({
      error: 1,
      warning: 1,
      info: 0,
      fixable: 2,
      safelyFixable: 1,
      suppressed: 0,
      examples: 0,
    });
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
    expect(parse(reportAll(jsonReporter(metadata), [resultOf([later])])).summary.safelyFixable).toBe(1);
  });

  test('says where the analysis is not complete', () => {
    expect(parse(reportAll(jsonReporter(metadata), [resultOf([], false)]))).toMatchObject({
      complete: false,
      findings: [],
    });
  });

  test('marks what does not count, and says why', () => {
    const place = placeOf('"image"');
    const suppression = { kind: 'comment', reason: 'known', place } as const;
    const report = parse(
      reportAll(jsonReporter(metadata), [suppressLast(resultOf([privileged, root]), suppression)]),
    );
    expect(report.summary).toMatchObject({ error: 1, warning: 0, fixable: 1, suppressed: 1 });
    expect(report.findings).toMatchObject([
      { counts: true, suppression: null },
      { counts: false, suppression: { kind: 'comment', reason: 'known', location: { start: { line: 2 } } } },
    ]);
  });

  test('keeps a text that holds other ends of lines', () => {
    const message = 'one\u2028two\u2029three\u009b';
    const report = parse(reportAll(jsonReporter(metadata), [resultOf([{ ...root, message }])]));
    expect(report.findings).toMatchObject([{ message }]);
  });

  test('keeps a text that only looks like an escape, beside one that is none', () => {
    const messages = ['C:\\ud800\\x', 'a\ud800b', '\u{1f600}'];
    const findings = messages.map((message) => ({ ...root, message }));
    const text = reportAll(jsonReporter(metadata), [resultOf(findings)]);
    expect(parse(text).findings).toMatchObject(
      ['C:\\ud800\\x', 'a\ufffdb', '\u{1f600}'].map((message) => ({ message })),
    );
    expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
  });

  test('joins results into one report, also none', () => {
    const results = [resultOf([privileged]), resultOf([]), resultOf([root])];
    const report = parse(reportAll(jsonReporter(metadata), results));
    expect(report.findings).toHaveLength(2);
    expect(report.files).toHaveLength(3);
    expect(parse(reportAll(jsonReporter(metadata), []))).toMatchObject({ findings: [], files: [] });
  });

  test('stays well-formed with hostile names and contents', () => {
    const text = reportAll(jsonReporter(metadata), [resultOf([hostileFinding()])]);
    expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text);
    expect(text).not.toMatch(/\\ud800/i);
    expect(parse(text).findings).toHaveLength(1);
  });
});
