import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { Log } from 'sarif';
import { describe, expect, test } from 'vitest';
import { reportAll } from '../../../src/reporters/reporter.js';
import { sarifReporter } from '../../../src/reporters/sarif.js';
import { hostileFinding, metadata, privileged, resultOf, root, suppressLast } from './sample.js';

// The published schema names the draft before the oldest one that ajv knows; what differs between them it does not use.
const {
  $schema: _draft,
  id: _id,
  ...schema
} = JSON.parse(
  readFileSync(new URL('../../../schemas/vendor/sarif-2.1.0.schema.json', import.meta.url), 'utf8'),
);
const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);

function parse(text: string): Log {
  const log = JSON.parse(text);
  expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
  return log;
}

function onlyRun(log: Log) {
  const [run] = log.runs;
  if (!run) throw new Error('no run');
  return run;
}

describe('SARIF report', () => {
  test('declares every rule and refers to it', () => {
    const run = onlyRun(parse(reportAll(sarifReporter(metadata), [resultOf([root])])));
    expect(run.tool.driver.rules?.map((rule) => rule.id)).toEqual(['no-privileged', 'no-root-user']);
    expect(run.tool.driver.rules?.[0]?.help?.markdown).toContain(
      '```jsonc\n{ "image": "debian:12", "privileged": true }\n```',
    );
    expect(run.results?.[0]).toMatchObject({ ruleId: 'no-root-user', ruleIndex: 1, level: 'warning' });
  });

  test('places results and fixes by line and by offset', () => {
    const run = onlyRun(parse(reportAll(sarifReporter(metadata), [resultOf([privileged])])));
    const result = run.results?.[0];
    expect(result?.locations?.[0]?.physicalLocation?.region).toEqual({
      startLine: 3,
      startColumn: 3,
      endLine: 3,
      endColumn: 21,
      charOffset: 28,
      charLength: 18,
    });
    expect(result?.relatedLocations?.[0]?.message?.text).toBe('as root');
    const change = result?.fixes?.[0]?.artifactChanges[0];
    expect(change?.artifactLocation).toEqual({
      uri: '.devcontainer/devcontainer.json',
      uriBaseId: 'SRCROOT',
    });
    expect(change?.replacements[0]).toMatchObject({
      deletedRegion: { startLine: 3, startColumn: 1, endLine: 4, endColumn: 1 },
      insertedContent: { text: '' },
    });
    expect(run.columnKind).toBe('utf16CodeUnits');
  });

  test('carries the fingerprints, and says what is suppressed', () => {
    const result = suppressLast(resultOf([privileged, root]), { kind: 'comment', reason: 'known' });
    const [first, second] = onlyRun(parse(reportAll(sarifReporter(metadata), [result]))).results ?? [];
    expect(first?.partialFingerprints).toEqual({ 'findingHash/v1': result.findings[0]?.fingerprint });
    expect(first?.suppressions).toEqual([]);
    expect(second?.suppressions).toMatchObject([
      { kind: 'inSource', status: 'accepted', justification: 'known' },
    ]);
  });

  test('lets no message bring a link', () => {
    const message = 'runs [this](https://evil.test)';
    const [result] =
      onlyRun(parse(reportAll(sarifReporter(metadata), [resultOf([{ ...root, message }])]))).results ?? [];
    expect(result?.message.text).toBe('runs \\[this\\](https://evil.test)');
  });

  test('stays valid with hostile names and contents', () => {
    const text = reportAll(sarifReporter(metadata), [resultOf([hostileFinding()])]);
    expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text);
    const uri = onlyRun(parse(text)).results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri;
    expect(uri).toMatch(/^dir%20with%20space\/%252e\/%23%3F%1B%5B2J[!-~]+\.json$/);
  });

  test('gives each file its language, where its name says one', () => {
    const languages = {
      '.devcontainer/devcontainer.json': 'jsonc',
      'compose.yaml': 'yaml',
      '.codex/config.toml': 'toml',
      '.devcontainer/Dockerfile': 'dockerfile',
      'docker/Dockerfile.dev': 'dockerfile',
      '.devcontainer/init-firewall.sh': 'shellscript',
      '.devcontainer/allowlist': undefined,
    };
    const result = { ...resultOf([]), files: Object.keys(languages) };
    const { artifacts = [] } = onlyRun(parse(reportAll(sarifReporter(metadata), [result])));
    expect(artifacts.map(({ sourceLanguage }) => sourceLanguage)).toEqual(Object.values(languages));
  });

  test('says where the run was not complete', () => {
    const run = onlyRun(parse(reportAll(sarifReporter(metadata), [resultOf([], false)])));
    expect(run.invocations).toEqual([{ executionSuccessful: false }]);
  });
});
