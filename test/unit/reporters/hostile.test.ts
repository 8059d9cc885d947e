import { Chalk } from 'chalk';
import { expect, test } from 'vitest';
import { githubReporter } from '../../../src/reporters/github.js';
import { gitlabReporter } from '../../../src/reporters/gitlab.js';
import { jsonReporter } from '../../../src/reporters/json.js';
import { junitReporter } from '../../../src/reporters/junit.js';
import { markdownReporter } from '../../../src/reporters/markdown.js';
import { reportAll } from '../../../src/reporters/reporter.js';
import { sarifReporter } from '../../../src/reporters/sarif.js';
import { textReporter } from '../../../src/reporters/text.js';
import { hostileFinding, metadata, resultOf } from './sample.js';

const reporters = {
  text: textReporter(metadata, { width: 80, chalk: new Chalk({ level: 0 }) }),
  json: jsonReporter(metadata),
  sarif: sarifReporter(metadata),
  github: githubReporter(metadata),
  gitlab: gitlabReporter(metadata),
  junit: junitReporter(metadata),
  markdown: markdownReporter(metadata),
};

test.each(Object.entries(reporters))(
  '%s passes nothing on that a terminal or a runner obeys',
  (_, reporter) => {
    const report = reportAll(reporter, [resultOf([hostileFinding()])]);
    expect(report).toContain('the value is');
    // Control characters but line feeds, what turns the direction of writing, lone surrogates, tags.
    expect(report).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}\p{Surrogate}]/u,
    );
    // The finding's own annotation names its file; one from its texts would not.
    expect(report).not.toMatch(/^\s*::error::/m);
  },
);
