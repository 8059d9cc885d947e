import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Span } from '../../src/core/text.js';
import validateReport from '../../src/generated/report.js';
import { lintFiles } from '../../src/index.js';
import { memoryProject } from '../../src/project/memory.js';
import { jsonReporter } from '../../src/reporters/json.js';
import { reportAll } from '../../src/reporters/reporter.js';
import { metadata } from '../unit/reporters/sample.js';
import { anyCharacter } from './any-character.js';
import { runs } from './runs.js';

const path = '.devcontainer/devcontainer.json';

/** Values that mean something to a rule, values that nearly do, and values that nobody expects there. */
const text = fc.oneof(
  fc.constantFrom(
    '/var/run/docker.sock:/var/run/docker.sock',
    'source=${localEnv:HOME}/.ssh,target=/home/x/.ssh,type=bind',
    'type=bind,source=/,target=/host,readonly',
    '-v',
    '--mount=type=bind,src=~,dst=/x',
    '--privileged',
    '--cap-add',
    'SYS_ADMIN',
    '--security-opt=seccomp=unconfined',
    '-e',
    'GITHUB_TOKEN',
    '--network=host',
    'curl https://example.com/install.sh | bash',
    '"${localEnv:',
    'C:\\Users\\x\\.aws',
    '=,=,,',
    '../../../..',
  ),
  fc.string({ unit: anyCharacter }),
);
const key = fc.constantFrom(
  ...[
    'image',
    'build',
    'dockerFile',
    'dockerfile',
    'dockerComposeFile',
    'mounts',
    'workspaceMount',
    'runArgs',
    'capAdd',
  ],
  ...[
    'securityOpt',
    'privileged',
    'containerEnv',
    'remoteEnv',
    'containerUser',
    'remoteUser',
    'features',
    'source',
  ],
  ...[
    'initializeCommand',
    'postCreateCommand',
    'target',
    'type',
    'ghcr.io/devcontainers/features/docker-in-docker:2',
  ],
  ...['__proto__', 'constructor', '', './local', 'customizations', 'args', 'GITHUB_TOKEN'],
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.constantFrom(true, false, null, 0, -1, 1e300),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 6, noNullPrototype: false }),
  ),
}));
const configuration = fc.dictionary(key, value, { maxKeys: 12 });

/** A valid text, or one with a stretch cut out or put in twice. */
const source = fc
  .tuple(configuration, fc.nat(), fc.nat(40), fc.nat(3), fc.constantFrom('\n', '\r\n'))
  .map(([content, at, length, damage, lineEnd]) => {
    const valid = JSON.stringify(content, null, 2).replaceAll('\n', lineEnd);
    const start = valid.length === 0 ? 0 : at % valid.length;
    if (damage === 1) return valid.slice(0, start) + valid.slice(start + length);
    return damage === 2 ? valid.slice(0, start + length) + valid.slice(start) : valid;
  });

async function lintText(content: string) {
  const project = memoryProject({
    [path]: content,
    '.devcontainer/Dockerfile': 'FROM debian:12\nUSER root\n',
  });
  return lintFiles([path], project, { persona: 'pedantic' });
}

const isInside = ({ start, end }: Span, { length }: string) => start >= 0 && end >= start && end <= length;

describe('lint of whatever a repository holds', () => {
  test('never throws, places every finding and edit inside its file, and reports it validly', async () => {
    await fc.assert(
      fc.asyncProperty(source, async (content) => {
        const result = await lintText(content);
        // One look at all of them: a thousand expectations for each text take longer than lint does.
        const wrong = result.findings.filter(({ place, fixes, message }) => {
          const edits = fixes.flatMap((fix) => fix.edits).filter(({ file }) => file === path);
          const spans = [place.at, ...edits.map(({ at }) => at)];
          return message === '' || !spans.every((span) => isInside(span, place.file.text));
        });
        expect(wrong).toEqual([]);
        expect(
          validateReport(JSON.parse(reportAll(jsonReporter(metadata), [result]))),
          JSON.stringify(validateReport.errors),
        ).toBe(true);
      }),
      { numRuns: runs(100) },
    );
  });

  test('says the same again', async () => {
    await fc.assert(
      fc.asyncProperty(source, async (content) => {
        const report = async () => reportAll(jsonReporter(metadata), [await lintText(content)]);
        expect(await report()).toBe(await report());
      }),
      { numRuns: runs(30) },
    );
  });
});
