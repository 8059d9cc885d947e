import { Chalk } from 'chalk';
import { describe, expect, test } from 'vitest';
import type { LintResult } from '../../../src/core/lint.js';
import { displayWidth } from '../../../src/core/width.js';
import type { Metadata } from '../../../src/reporters/metadata.js';
import { reportAll } from '../../../src/reporters/reporter.js';
import { type TextStyle, textReporter } from '../../../src/reporters/text.js';
import { hostileFinding, metadata, privileged, resultOf, root } from './sample.js';

const plain = { width: 80, chalk: new Chalk({ level: 0 }) };

function reportText(result: LintResult, metadata: Metadata, style: TextStyle): string {
  return reportAll(textReporter(metadata, style), [result]);
}

describe('text report', () => {
  test('shows each finding with its source, why and fixes, then what to do next', () => {
    expect(reportText(resultOf([privileged, root]), metadata, plain)).toMatchInlineSnapshot(`
      "error[no-privileged]: the container runs privileged
       --> .devcontainer/devcontainer.json:3:3
        |
      2 |   "image": "debian:12",
      3 |   "privileged": true,
        |   ^^^^^^^^^^^^^^^^^^
      4 |   "mounts": [
        |
        = see: .devcontainer/devcontainer.json:7:17: as root
        = why: A privileged container has every capability and every device: code in
               it mounts the host disk and is root there.
        = fix: remove "privileged" [review]: what needs devices or kernel modules
               stops working

      warning[no-root-user]: tools run as root
       --> .devcontainer/devcontainer.json:7:17
        |
      6 |   ],
      7 |   "remoteUser": "root"
        |                 ^^^^^^
      8 | }
        |
        = why: Root needs one kernel or engine bug less to leave the container.
        = fix: set "remoteUser" to "dev" [safe]
        =  or: remove "remoteUser" [review]: the image decides

      1 error, 1 warning in 1 configuration.
      2 can be fixed (1 safely, with fix --safe): run harden-devcontainer fix
      More about a rule: harden-devcontainer explain no-privileged
      "
    `);
  });

  test('says the reason of a rule once', () => {
    const twice = resultOf([root, { ...root, message: 'again' }]);
    expect(reportText(twice, metadata, plain).match(/why:/g)).toHaveLength(1);
  });

  test('says that nothing was found, and where that is not all', () => {
    expect(reportText(resultOf([]), metadata, plain)).toBe('No findings in 1 configuration.\n');
    expect(reportText(resultOf([], false), metadata, plain)).toContain('Not everything could be analysed');
  });

  test('puts the way from the working directory before paths', () => {
    const report = reportText(resultOf([root]), { ...metadata, prefix: '../other/' }, plain);
    expect(report).toContain('--> ../other/.devcontainer/devcontainer.json:7:17');
  });

  test('colours by severity', () => {
    const report = reportText(resultOf([privileged, root]), metadata, {
      ...plain,
      chalk: new Chalk({ level: 1 }),
    });
    expect(report).toContain('\u001b[31merror[no-privileged]');
    expect(report).toContain('\u001b[33mwarning[no-root-user]');
  });

  test('lets no control character of a scanned file through', () => {
    const report = reportText(resultOf([hostileFinding()]), metadata, plain);
    expect(report.replaceAll('\n', '')).not.toMatch(
      /[\u0000-\u001f\u007f-\u009f\u202e\p{Surrogate}\u{e0041}]/u,
    );
    expect(report).toContain('the value is\n\\u{1b}[2J\\u{7}\\u{9b}31m\\u{202e}"><script>');
  });

  test('breaks a message that does not fit, and no other', () => {
    const long = { ...root, message: `tools run as ${'a very '.repeat(8)}long  name` };
    const report = reportText(resultOf([long]), metadata, plain);
    expect(report).toMatch(
      /^warning\[no-root-user\]: tools run as (?:a very )+a\nvery (?:a very )*long name\n -->/,
    );
    const short = { ...root, message: "joins 'a  b'" };
    expect(reportText(resultOf([short]), metadata, plain)).toContain("joins 'a  b'");
  });

  test('keeps prose within the width', () => {
    const report = reportText(resultOf([privileged]), metadata, { ...plain, width: 60 });
    const prose = report.split('\n').filter((line) => line.includes('= ') || line.startsWith('         '));
    for (const line of prose) expect(displayWidth(line)).toBeLessThanOrEqual(60);
  });
});
