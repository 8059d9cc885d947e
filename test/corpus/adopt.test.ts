import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nameOf } from '../../src/cli/init-adopt.js';
import { parseJson, plainValue } from '../../src/documents/json.js';
import { discover } from '../../src/project/discover.js';
import { openFolder } from '../../src/project/read.js';
import { runCli } from '../unit/cli/run-cli.js';
import { corpus, listRepositories, withCopy } from './repositories.js';

const policyPath = '.devcontainer/harden-devcontainer.jsonc';
const config = '.devcontainer/devcontainer.json';

/** Each configuration of the corpus once, with its repository. */
const configurations = listRepositories().flatMap((name) =>
  discover(openFolder(join(corpus, name)), '').map((path) => ({ name, path })),
);

type Path = readonly (string | number)[];

function read(text: string): unknown {
  return plainValue(parseJson({ path: 'x', text }).root);
}

/** The values of a tree that hold no other, with their paths; empty lists and objects are among them. */
function* leaves(value: unknown, path: Path = []): Generator<{ path: Path; value: unknown }> {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (inner.length === 0) yield { path, value };
  for (const [key, each] of inner) yield* leaves(each, [...path, Array.isArray(value) ? Number(key) : key]);
}

function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (value as Record<string | number, unknown> | undefined)?.[step],
    tree,
  );
}

/** Kept where it was, or in a list that lost other elements, or named in the report itself or by what holds it. */
function isAccounted(
  { path, value }: { path: Path; value: unknown },
  section: unknown,
  report: string,
): boolean {
  const kept = valueAt(section, path);
  if (JSON.stringify(kept) === JSON.stringify(value)) return true;
  const list = valueAt(section, path.slice(0, -1));
  if (Array.isArray(list) && list.some((each) => JSON.stringify(each) === JSON.stringify(value))) return true;
  return path.some((_, index) =>
    report.includes(`${nameOf(path.slice(0, index + 1)).replaceAll(/\s/g, '')}:`),
  );
}

describe.each(configurations)('$name $path is adopted', ({ name, path }) => {
  test('whole or with every loss named, clean, and once', async () => {
    await withCopy(name, async (folder) => {
      const before = readFileSync(join(folder, path), 'utf8');
      const { code, stderr } = await runCli(['init', '--yes', '--adopt', '--from', path], folder);
      if (parseJson({ path, text: before }).problems.length > 0) {
        expect([code, stderr]).toEqual([2, expect.stringContaining('not readable as JSON')]);
        return;
      }
      expect([code, stderr]).toEqual([0, expect.stringContaining('Adopted from')]);
      const policy = read(readFileSync(join(folder, policyPath), 'utf8')) as Record<string, unknown>;
      const section = { ...(policy.devcontainer as object), name: policy.name, image: policy.image };
      const report = stderr.replaceAll(/\s/g, '');
      const lost = [...leaves(read(before))].filter((leaf) => !isAccounted(leaf, section, report));
      expect(lost).toEqual([]);
      // The corpus has the configurations, not every file that they name.
      const linted = await runCli(['lint', '--fail-on', 'error', '--allow-partial', config], folder);
      expect([linted.code, linted.stdout]).toEqual([0, expect.any(String)]);
      const again = await runCli(['init', '--yes'], folder);
      expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('nothing to change')]);
      expect((await runCli(['init', '--check'], folder)).code).toBe(0);
      // What somebody adds by hand stays when the policy changes.
      const own = ['"OWN_VARIABLE": "1"', '// a comment of our own'];
      const edited = readFileSync(join(folder, config), 'utf8')
        .replace('"BROWSER": "",', `"BROWSER": "",\n    ${own[0]},`)
        .replace('"waitFor"', `${own[1]}\n  "waitFor"`);
      writeFileSync(join(folder, config), edited);
      const changed = await runCli(['init', '--yes', '--name', 'Renamed', '--allow', 'own.example'], folder);
      expect([changed.code, changed.stderr]).toEqual([0, expect.stringContaining('edits by hand stay')]);
      const kept = readFileSync(join(folder, config), 'utf8');
      for (const text of [...own, 'Renamed']) expect(kept).toContain(text);
    });
  });
});
