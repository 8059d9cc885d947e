import { describe, expect, test } from 'vitest';
import { fingerprintAll } from '../../src/core/fingerprint.js';
import type { Finding } from '../../src/core/rule.js';
import { routeOf } from '../../src/documents/route.js';

function findingAt(path: string, text: string, part: string, from = 0): Finding {
  const start = text.indexOf(part, from);
  const place = { file: { path, text }, at: { start, end: start + part.length } };
  return {
    ruleId: 'no-x',
    severity: 'error',
    confidence: 'high',
    persona: 'default',
    place,
    message: 'x',
    fixes: [],
  };
}

function hashOf(finding: Finding): string | undefined {
  return fingerprintAll([finding], routeOf).get(finding);
}

const json = '{\n  "runArgs": ["--init", "--privileged"],\n  "remoteUser": "root"\n}\n';

describe('a fingerprint', () => {
  const usual = hashOf(findingAt('a.json', json, '"--privileged"'));

  test.each([
    ['a line above', `// comment\n\n${json}`],
    ['another element before', json.replace('"--init"', '"--rm", "--init"')],
    ['other line ends and indentation', json.replaceAll('\n', '\r\n').replaceAll('  ', '\t')],
    ['a key that moved', '{ "remoteUser": "root", "runArgs": ["--privileged"] }'],
  ])('stays with %s', (_what, text) => {
    expect(hashOf(findingAt('a.json', text, '"--privileged"'))).toBe(usual);
  });

  test('stays with another message', () => {
    const finding = findingAt('a.json', json, '"--privileged"');
    expect(hashOf({ ...finding, message: 'y', severity: 'info' })).toBe(usual);
  });

  test('differs by rule, file, key and text', () => {
    const finding = findingAt('a.json', json, '"--privileged"');
    const others = [
      { ...finding, ruleId: 'no-y' },
      findingAt('b.json', json, '"--privileged"'),
      findingAt('a.json', json.replace('runArgs', 'args'), '"--privileged"'),
      findingAt('a.json', json.replace('--privileged', '--privileged=1'), '"--privileged=1"'),
    ];
    expect(new Set([usual, ...others.map(hashOf)]).size).toBe(5);
  });

  test('tells equal places apart, in the order of the file', () => {
    const text = '["a", "a"]';
    const first = findingAt('a.json', text, '"a"');
    const second = findingAt('a.json', text, '"a"', 3);
    const forwards = fingerprintAll([first, second], routeOf);
    const backwards = fingerprintAll([second, first], routeOf);
    expect(forwards.get(first)).not.toBe(forwards.get(second));
    expect(backwards.get(first)).toBe(forwards.get(first));
  });
});

describe('the way to a place', () => {
  const compose =
    'services:\n  app:\n    image: x\n    volumes:\n      - /a:/a\n  db:\n    # note\n    volumes:\n      - type: bind\n        source: /b\n';
  test.each([
    ['a.json', '{ "a": { "b": [1, { "c": "here" }] } }', '"here"', 'a.b[].c'],
    ['a.json', '["here"]', '"here"', '[]'],
    ['a.json', '{ "here', '"here', 'here'],
    ['compose.yaml', compose, '/a:/a', 'services.app.volumes'],
    ['compose.yaml', compose, '/b', 'services.db.volumes.source'],
    ['Dockerfile', 'FROM a AS dev\nUSER x\nRUN curl here\n', 'here', 'dev.RUN'],
    ['config.toml', '[mcp.x] # y\ncommand = "here"\n', 'here', '[mcp.x].command'],
    ['a.sh', 'curl here\n', 'here', ''],
  ])('in %s: %j', (path, text, part, route) => {
    const { place } = findingAt(path, text, part);
    expect(routeOf(place)).toBe(route);
  });
});
