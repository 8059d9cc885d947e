import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Pin, Project, Wanted } from '../../src/core/rule.js';
import { findConfigurations, fixFiles, lintFiles, openFolder } from '../../src/index.js';
import { corpus, listRepositories } from './repositories.js';

const pedantic = { persona: 'pedantic' } as const;

/** More than any finding has. */
const alternatives = [0, 1, 2, 3];

/** The fixes that proved wrong where every finding gets its n-th one: none may, unless it was withheld. */
async function rolledBack(project: Project, alternative: number): Promise<readonly string[]> {
  const files = findConfigurations(project, '');
  const { findings } = await lintFiles(files, project, pedantic);
  const start = { findings, texts: new Map<string, string>() };
  const result = await fixFiles(files, project, ({ fixes }) => fixes[alternative], pedantic, start);
  expect(
    alternative > 0 ? [] : result.findings.flatMap(({ asks = [] }) => (project.pinOf ? asks : [])),
  ).toEqual([]);
  return result.rolledBack
    .filter(({ reason }) => reason !== 'withheld')
    .map(({ finding, fix, detail }) => `${finding.ruleId}: ${fix.title}: ${detail}`);
}

/** A registry that has everything, and what is asked for in one version. */
function pinOf({ source, range }: Wanted): Pin {
  const digest = `sha256:${'0a'.repeat(32)}`;
  if (source === 'image') return { digest, from: 'registry.example' };
  const [start = '9'] = /^\d+(?:\.\d+)*/.exec(range) ?? [];
  const version = `${start}.9.9`.split('.').slice(0, 3).join('.');
  return { version, ...(source === 'feature' && { digest }), from: 'registry.example' };
}

describe.each(listRepositories())('fixes of %s', (name) => {
  const project = openFolder(join(corpus, name), ['']);

  test('work by each of their alternatives', async () => {
    for (const alternative of alternatives) expect(await rolledBack(project, alternative)).toEqual([]);
  });

  test('name what a registry says, wherever they ask for it', async () => {
    expect(await rolledBack({ ...project, pinOf }, 0)).toEqual([]);
  });
});
