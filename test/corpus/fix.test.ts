import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { runCli } from '../unit/cli/run-cli.js';
import { listRepositories, readTexts, withCopy } from './repositories.js';

interface Reported {
  readonly findings: readonly {
    readonly ruleId: string;
    readonly counts: boolean;
    readonly fixes?: readonly unknown[];
  }[];
}

describe.each(listRepositories())('fixes of %s', (name) => {
  test('are whole: their findings are gone, nothing is rolled back, and a second run changes nothing', async () => {
    await withCopy(name, async (folder) => {
      const { code, stderr } = await runCli(['fix', '--all'], folder);
      expect([code, stderr]).not.toEqual([3, expect.anything()]);
      // A fix that would bring up what another finding is about is withheld, and said so.
      const withheld = Array.from(stderr.matchAll(/^not done: '.*' of ([\w-]+):/gm), ([, id]) => id);
      const after = readTexts(folder);
      const { stdout } = await runCli(['lint', '--format', 'json'], folder);
      const left = stdout === '' ? [] : (JSON.parse(stdout) as Reported).findings;
      // Examples and fixtures are shown, but nobody's to mend.
      const open = left.filter(({ counts, fixes = [] }) => counts && fixes.length > 0);
      expect(open.filter(({ ruleId }) => !withheld.includes(ruleId))).toEqual([]);
      await runCli(['fix', '--all'], folder);
      expect(readTexts(folder)).toEqual(after);
    });
  });

  test('are what --dry-run prints, byte for byte', async () => {
    await withCopy(name, async (folder) => {
      const { stdout } = await runCli(['fix', '--all', '--dry-run'], folder);
      await withCopy(name, async (patched) => {
        execFileSync('git', ['init', '--quiet'], { cwd: patched });
        if (stdout !== '')
          execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: patched, input: stdout });
        await runCli(['fix', '--all'], folder);
        expect(readTexts(patched)).toEqual(readTexts(folder));
      });
    });
  });
});
