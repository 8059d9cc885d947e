import { describe, expect, test } from 'vitest';
import { gitlabReporter } from '../../../src/reporters/gitlab.js';
import { reportAll } from '../../../src/reporters/reporter.js';
import { hostileFinding, metadata, path, privileged, resultOf, root, suppressLast } from './sample.js';

describe('GitLab code quality', () => {
  test('lists what counts', () => {
    const result = suppressLast(resultOf([privileged, root]), { kind: 'baseline', reason: 'old' });
    expect(JSON.parse(reportAll(gitlabReporter(metadata), [result]))).toEqual([
      {
        description: 'the container runs privileged',
        check_name: 'no-privileged',
        fingerprint: result.findings[0]?.fingerprint,
        severity: 'critical',
        location: { path, lines: { begin: 3, end: 3 } },
      },
    ]);
  });

  test('is a list where there is nothing', () => {
    expect(JSON.parse(reportAll(gitlabReporter(metadata), []))).toEqual([]);
  });

  test('shows hostile texts as escapes', () => {
    const [issue] = JSON.parse(reportAll(gitlabReporter(metadata), [resultOf([hostileFinding()])]));
    expect(issue.description).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\p{Surrogate}]/u);
  });
});
