import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../unit/cli/run-cli.js';
import { corpus, listRepositories, readTexts, withCopy } from './repositories.js';

const formats = ['text', 'json', 'sarif', 'github', 'gitlab', 'junit', 'markdown'];
const repositories = listRepositories();

interface Reported {
  readonly findings: readonly {
    readonly ruleId: string;
    readonly message: string;
    readonly counts: boolean;
    readonly location: { readonly path: string } & Readonly<
      Record<'start' | 'end', { readonly offset: number }>
    >;
  }[];
}

async function findingsIn(folder: string, ...flags: string[]): Promise<Reported['findings']> {
  const { stdout, stderr, code } = await runCli(['lint', '--format', 'json', ...flags], folder);
  if (stdout !== '') return (JSON.parse(stdout) as Reported).findings;
  expect([code, stderr]).toEqual([2, expect.stringContaining('nothing to lint')]);
  return [];
}

describe.each(repositories)('%s', (name) => {
  const folder = join(corpus, name);

  test('is linted without a crash, and every finding has its place', async () => {
    const texts = readTexts(folder);
    for (const { ruleId, location } of await findingsIn(folder, '--persona', 'pedantic')) {
      const text = Buffer.from(texts.get(location.path) ?? '', 'latin1').toString('utf8');
      const isInside = location.start.offset <= location.end.offset && location.end.offset <= text.length;
      expect([ruleId, isInside]).toEqual([ruleId, true]);
    }
  });

  test('is reported in every format without a control character', async () => {
    for (const format of formats) {
      const { code, stdout, stderr } = await runCli(['lint', '--format', format], folder);
      expect([0, 1, 2]).toContain(code);
      expect(stdout + stderr).not.toMatch(
        /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
      );
    }
  });

  test('means the same with other line ends and a byte order mark', async () => {
    const told = (findings: Reported['findings']) =>
      findings.map(({ ruleId, location, message }) => [ruleId, location.path, message]);
    await withCopy(name, async (copy) => {
      for (const [path, text] of readTexts(copy)) {
        if (!path.endsWith('.json')) continue;
        const lines = text.replace(/\r?\n/g, '\r\n');
        writeFileSync(
          join(copy, path),
          lines.startsWith('\xef\xbb\xbf') ? lines : `\xef\xbb\xbf${lines}`,
          'latin1',
        );
      }
      expect(told(await findingsIn(copy))).toEqual(told(await findingsIn(folder)));
    });
  });
});

test('half of the repositories have at most one finding', async () => {
  const counts: number[] = [];
  // The files that a configuration names are left out of the corpus, and examples count nowhere.
  for (const name of repositories) {
    const findings = await findingsIn(join(corpus, name), '--skip-rule', 'no-unresolved-reference');
    counts.push(findings.filter(({ counts }) => counts).length);
  }
  counts.sort((a, b) => a - b);
  expect(counts[Math.floor(counts.length / 2)]).toBeLessThanOrEqual(1);
});
