import { describe, expect, test } from 'vitest';
import type { LintResult } from '../../../src/core/lint.js';
import { junitReporter } from '../../../src/reporters/junit.js';
import { reportAll } from '../../../src/reporters/reporter.js';
import { hostileFinding, metadata, path, privileged, resultOf, root, suppressLast } from './sample.js';

/** Checks that the text is well-formed XML 1.0, as far as a report needs, and gives its tags in order. */
function readXml(text: string): string[] {
  expect(text).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  const [, declaration, body = ''] = /^(<\?xml version="1\.0" encoding="UTF-8"\?>\n)(.*)$/s.exec(text) ?? [];
  expect(declaration).toBeDefined();
  const open: string[] = [];
  const tags: string[] = [];
  const token =
    /<(\/?)([a-z]+)((?: [a-z]+="(?:[^<&"]|&(?:amp|lt|gt|quot);)*")*)(\/?)>|(?:[^<&]|&(?:amp|lt|gt|quot);)+/y;
  while (token.lastIndex < body.length) {
    const at = token.lastIndex;
    const match = token.exec(body);
    expect(match, `not XML: ${body.slice(at, at + 40)}`).not.toBeNull();
    const [, closing, name, attributes = '', empty] = match ?? [];
    if (name === undefined) continue;
    if (closing) expect(open.pop()).toBe(name);
    else {
      tags.push(`${name}${attributes}`);
      if (!empty) open.push(name);
    }
  }
  expect(open).toEqual([]);
  return tags;
}

function report(...results: LintResult[]): string[] {
  return readXml(reportAll(junitReporter(metadata), results));
}

describe('JUnit report', () => {
  test('has a failed test for each finding and a skipped one where it is suppressed', () => {
    expect(report(suppressLast(resultOf([privileged, root]), { kind: 'comment', reason: 'a & b' }))).toEqual([
      'testsuites name="harden-devcontainer"',
      `testsuite name="${path}" tests="2" failures="1" skipped="1"`,
      `testcase classname="${path}" name="no-privileged 3:3"`,
      'failure type="error" message="the container runs privileged"',
      `testcase classname="${path}" name="no-root-user 7:17"`,
      'skipped message="comment: a &amp; b"',
    ]);
  });

  test('has a passed test where nothing was found', () => {
    expect(report(resultOf([]))).toContain(`testcase classname="${path}" name="no findings"`);
    expect(report()).toEqual(['testsuites name="harden-devcontainer"']);
  });

  test('stays well-formed with hostile names and contents', () => {
    const finding = { ...hostileFinding(), message: `${hostileFinding().message}\ufffe]]>&#0;` };
    expect(report(resultOf([finding])).join('\n')).toContain(']]&gt;&amp;#0;');
  });
});
