import { describe, expect, test } from 'vitest';
import { markdownReporter } from '../../../src/reporters/markdown.js';
import { reportAll } from '../../../src/reporters/reporter.js';
import { hostileFinding, metadata, privileged, resultOf, root } from './sample.js';

describe('Markdown summary', () => {
  test('counts, lists the worst first, and says why', () => {
    expect(reportAll(markdownReporter(metadata), [resultOf([root, privileged])])).toMatchInlineSnapshot(`
      "## harden-devcontainer

      **1 error, 1 warning** in 1 configuration.

      | severity | where | rule | what |
      | --- | --- | --- | --- |
      | error | <code>.devcontainer/devcontainer.json&#58;3</code> | \`no-privileged\` | the container runs privileged |
      | warning | <code>.devcontainer/devcontainer.json&#58;7</code> | \`no-root-user\` | tools run as root |

      <details><summary>Why these matter</summary>

      - \`no-privileged\`: A privileged container has every capability and every device: code in it mounts the host disk and is root there.
      - \`no-root-user\`: Root needs one kernel or engine bug less to leave the container.

      </details>
      "
    `);
  });

  test('is a line where nothing was found', () => {
    expect(reportAll(markdownReporter(metadata), [resultOf([])])).toBe(
      '## harden-devcontainer\n\nNo findings in 1 configuration.\n',
    );
  });

  test('stays below what GitHub takes, and counts the rest by rule', () => {
    const message = 'x'.repeat(5000);
    const findings = Array.from({ length: 2000 }, (_, index) => ({ ...root, message: `${index}${message}` }));
    const text = reportAll(markdownReporter(metadata), [resultOf(findings)]);
    expect(text.length).toBeLessThan(40_000);
    expect(text).toContain('1950 more are not in the table');
    expect(text).toContain('| `no-root-user` | 2000 |');
  });

  test.each([
    ['a link', '[click](https://evil.test)', '&#91;click&#93;(https&#58;//evil.test)'],
    ['HTML', '<img src=x onerror=y>', '&#60;img src=x onerror=y&#62;'],
    ['a new row', 'a | b\n| c', 'a &#124; b&#92;n&#124; c'],
    ['a mention', 'ask @admin', 'ask @&#8203;admin'],
    ['a reference', 'see #1', 'see &#35;&#8203;1'],
    ['code and emphasis', '`a` *b* _c_ ~d~', '&#96;a&#96; &#42;b&#42; &#95;c&#95; &#126;d&#126;'],
    ['a formula', '$x$', '&#36;x&#36;'],
    ['an address', 'www.evil.test', 'www&#46;evil.test'],
    ['an entity', '&lt;b&gt;', '&#38;lt;b&#38;gt;'],
  ])('shows %s of a message as it is', (_what, message, shown) => {
    const text = reportAll(markdownReporter(metadata), [resultOf([{ ...root, message }])]);
    expect(text).toContain(`| \`no-root-user\` | ${shown} |`);
  });

  test('lets no control character through, and keeps one row for a finding', () => {
    const text = reportAll(markdownReporter(metadata), [resultOf([hostileFinding()])]);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\p{Surrogate}]/u);
    expect(text.split('\n').filter((line) => line.startsWith('| error'))).toHaveLength(1);
  });
});
