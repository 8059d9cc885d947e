import { describe, expect, test } from 'vitest';
import { findIgnoreComments } from '../../src/documents/ignore-comments.js';
import type { LintOptions } from '../../src/index.js';
import { lintFiles } from '../../src/index.js';
import { memoryProject } from '../../src/project/memory.js';

const config = '.devcontainer/devcontainer.json';
const today = '2026-11-21';

/** Findings as `line rule`, and those that are suppressed with their reason. */
async function run(files: Readonly<Record<string, string>>, options: LintOptions = {}) {
  const result = await lintFiles([config], memoryProject(files), { today, ...options });
  const show = ({ ruleId, place }: (typeof result.findings)[number]) =>
    `${place.file.text.slice(0, place.at.start).split('\n').length} ${ruleId}`;
  return {
    findings: result.findings.map(show),
    suppressed: result.suppressed.map((finding) => `${show(finding)}: ${finding.suppression?.reason}`),
    messages: result.findings.map(({ message }) => message),
    result,
  };
}

function lintText(text: string, options: LintOptions = {}) {
  return run({ [config]: text }, options);
}

const ignore = 'harden-devcontainer-ignore';
const privileged = '"privileged": true,\n"remoteUser": "dev", "image": "debian:12"';

describe('an ignore comment', () => {
  test.each([
    ['above', `{\n// ${ignore} no-privileged -- a build box\n${privileged} }`, 3],
    [
      'on the line',
      `{\n"privileged": true, // ${ignore} no-privileged -- a build box\n"remoteUser": "dev", "image": "debian:12" }`,
      2,
    ],
    ['before it on the line', `{\n/* ${ignore} no-privileged -- a build box */ ${privileged} }`, 2],
    ['above, in a block', `{\n/* ${ignore} no-privileged\n   -- a build box */\n${privileged} }`, 4],
    [
      'above another comment',
      `{\n// ${ignore} no-privileged -- a build box\n\n// it builds\n${privileged} }`,
      5,
    ],
    [
      'with several rules',
      `{\n// ${ignore} no-privileged, no-host-device -- a build box\n"privileged": true, "runArgs": ["--device=/dev/sda"], "remoteUser": "dev", "image": "debian:12" }`,
      3,
    ],
    [
      'with a date to come',
      `{\n// ${ignore} no-privileged until 2026-11-21 -- a build box\n${privileged} }`,
      3,
    ],
    ['for the file', `// ${ignore}-file no-privileged -- a build box\n{\n${privileged} }`, 3],
    [
      'for the file, inside its bracket',
      `{ // ${ignore}-file no-privileged -- a build box\n${privileged} }`,
      2,
    ],
  ])('%s takes the finding out, with its reason', async (_where, text, line) => {
    const { findings, suppressed } = await lintText(text);
    expect(findings).toEqual([]);
    expect(suppressed).toContain(`${line} no-privileged: a build box`);
  });

  test.each([
    ['a reason', `// ${ignore} no-privileged`, 'gives no reason'],
    ['a rule', `// ${ignore} -- why`, 'names no rule'],
    ['a date that is one', `// ${ignore} no-privileged until 2026-02-30 -- why`, "'2026-02-30' is no date"],
    ['a date to come', `// ${ignore} no-privileged until 2026-11-20 -- why`, 'has expired on 2026-11-20'],
    ['a known form', `// ${ignore}-line no-privileged -- why`, 'there is no harden-devcontainer-ignore-line'],
    ['its place at the top', `// ${ignore}-file no-privileged -- why`, 'not at its top'],
  ])('without %s takes nothing out and is a finding', async (_what, comment, message) => {
    const { findings, suppressed, messages } = await lintText(`{ "name": "x",\n${comment}\n${privileged} }`);
    expect(findings).toEqual(['3 no-privileged', '2 no-suppression-problem']);
    expect(suppressed).toEqual([]);
    expect(messages[1]).toContain(message);
  });

  test('of an unknown rule is an error that names the likely one; the others count', async () => {
    const { result, suppressed, messages } = await lintText(
      `{\n// ${ignore} no-privleged, no-privileged -- why\n${privileged} }`,
    );
    expect(result.findings).toMatchObject([{ ruleId: 'no-suppression-problem', severity: 'error' }]);
    expect(messages).toEqual(["there is no rule 'no-privleged'; did you mean no-privileged?"]);
    expect(suppressed).toHaveLength(1);
  });

  test('for nothing is a finding, and its fix deletes it', async () => {
    const text = `{\n  // ${ignore} no-privileged -- why\n  "image": "debian:12", "remoteUser": "dev"\n}\n`;
    const { result, findings } = await lintText(text);
    expect(findings).toEqual(['2 no-suppression-problem']);
    const [edit] = result.findings[0]?.fixes[0]?.edits ?? [];
    expect(text.slice(0, edit?.at.start) + text.slice(edit?.at.end)).toBe(
      '{\n  "image": "debian:12", "remoteUser": "dev"\n}\n',
    );
  });

  test('is needed also where its finding is a pedantic one that is not shown', async () => {
    expect(
      (
        await lintText(
          `{ "privileged": true, // ${ignore} no-privileged -- x\n"remoteUser": "dev", "image": "debian:12" }`,
          {
            only: ['no-suppression-problem'],
          },
        )
      ).findings,
    ).toEqual([]);
    expect(
      (
        await lintText(`{ // ${ignore} no-privileged -- x\n"remoteUser": "dev", "image": "debian:12" }`, {
          only: ['no-suppression-problem'],
        })
      ).findings,
    ).toEqual(['1 no-suppression-problem']);
  });

  test('of a rule that was left out is not called needless', async () => {
    const text = `{ "privileged": true, // ${ignore} no-privileged -- x\n"remoteUser": "dev", "image": "debian:12" }`;
    expect((await lintText(text, { skip: ['no-privileged'] })).findings).toEqual([]);
  });

  test('in a string is none', async () => {
    const text = `{ "privileged": true, "name": "// ${ignore} no-privileged -- x", "remoteUser": "dev", "image": "debian:12" }`;
    expect((await lintText(text)).findings).toEqual(['1 no-privileged']);
  });

  test('cannot take out what is wrong with itself', async () => {
    const text = `// ${ignore}-file no-suppression-problem -- quiet\n{\n// ${ignore} no-privileged\n"remoteUser": "dev", "image": "debian:12" }`;
    expect((await lintText(text)).findings).toContain('3 no-suppression-problem');
  });

  test.each([
    ['Dockerfile', `FROM a\n# ${ignore} no-x -- y\nRUN b && \\\n  # note\n  c\nUSER d\n`, 3, 5],
    ['a.sh', `#!/bin/sh\necho '# ${ignore} no-y -- y' # ${ignore} no-x -- y\n`, 2, 2],
    ['compose.yaml', `a: "# ${ignore} no-y -- y"\nb: it's # ${ignore} no-x -- y\n`, 2, 2],
    ['config.toml', `[a]\n# ${ignore} no-x -- y\n\nb = 1\n`, 4, 4],
    ['a.json', `{\r\n// ${ignore} no-x -- y\r\n"b": 1 }`, 3, 3],
  ])('in %s is about its lines', (path, text, from, to) => {
    const comments = findIgnoreComments({ path, text });
    expect(comments).toMatchObject([{ ids: [{ id: 'no-x' }], reason: 'y', lines: { from, to } }]);
  });

  test('is not heard with --no-suppressions', async () => {
    const text = `{\n// ${ignore} no-privileged -- a build box\n${privileged} }`;
    expect(await lintText(text, { suppressions: false })).toMatchObject({
      findings: ['3 no-privileged'],
      suppressed: [],
    });
  });
});
