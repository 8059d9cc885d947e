import { describe, expect, test } from 'vitest';
import { lint } from '../../src/core/lint.js';
import { memoryProject, readSubjects } from '../../src/index.js';
import { rules } from '../../src/rules/index.js';
import { harmless } from './spellings/harmless.js';
import { mountSources, mountTexts, runVolumes } from './spellings/mounts.js';
import { settings } from './spellings/settings.js';

const path = '.devcontainer/devcontainer.json';

/** What is reported by default, as `rule span`; the text may hold « and » around what has to be marked. */
async function findingsOf(text: string): Promise<readonly string[]> {
  const compose = 'services: { app: { image: ghcr.io/example/unknown:1 } }\n';
  const files = { '.devcontainer/c.yml': compose, '.devcontainer/compose.yml': compose };
  const project = memoryProject({ ...files, [path]: text });
  // Each text is a part of a configuration; versions, and whether a spelling is a good one, are questions of their own.
  const findings = lint(rules, await readSubjects([path], project), project, {
    skip: [
      'pin-feature-version',
      'no-unverified-remote-source',
      'no-invalid-property',
      'no-duplicate-key',
      'no-risky-runtime-option',
      'no-lost-readonly',
      'require-container-definition',
      'no-lost-readonly',
    ],
  });
  return findings.map(({ ruleId, place: { at } }) => `${ruleId} ${text.slice(at.start, at.end)}`);
}

async function expectOne(ruleId: string, marked: string): Promise<void> {
  const [before = '', evidence = '', after = ''] = marked.split(/[«»]/);
  expect(await findingsOf(before + evidence + after)).toEqual([`${ruleId} ${evidence}`]);
}

describe('one danger in every spelling gives the same one finding', () => {
  test.each(Object.entries(mountSources).flatMap(([id, all]) => all.map((source) => [id, source] as const)))(
    '%s: a bind of %s',
    async (id, source) => {
      const mount = JSON.stringify(`type=bind,source=${source},target=/inside`);
      await expectOne(id, `{ "mounts": [«${mount}»] }`);
      const object = JSON.stringify({ source, target: '/inside', type: 'bind' });
      await expectOne(id, `{ "mounts": [«${object}»] }`);
      const volume = JSON.stringify(`${source}:/inside`);
      await expectOne(id, `{ "runArgs": ["-v", «${volume}»] }`);
    },
  );

  test.each(Object.entries(mountTexts).flatMap(([id, all]) => all.map((text) => [id, text] as const)))(
    '%s: the mount %s',
    async (id, text) => {
      await expectOne(id, `{ "mounts": [«${JSON.stringify(text)}»] }`);
      await expectOne(id, `{ "runArgs": ["--mount", «${JSON.stringify(text)}»] }`);
      await expectOne(id, `{ "runArgs": [«${JSON.stringify(`--mount=${text}`)}»] }`);
      await expectOne(id, `{ "workspaceMount": «${JSON.stringify(text)}», "workspaceFolder": "/inside" }`);
    },
  );

  test.each(Object.entries(runVolumes).flatMap(([id, all]) => all.map((text) => [id, text] as const)))(
    '%s: the volume option %s',
    async (id, text) => {
      await expectOne(id, `{ "runArgs": [${text}] }`);
    },
  );

  test.each(Object.entries(settings).flatMap(([id, all]) => all.map((text) => [id, text] as const)))(
    '%s: %s',
    expectOne,
  );
});

test.each(harmless.map((text) => [text] as const))('silence about %s', async (text) => {
  expect(await findingsOf(text)).toEqual([]);
});
