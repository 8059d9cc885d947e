import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseGitIndex } from '../../../src/project/git-index.js';
import { openFolder } from '../../../src/project/read.js';

const files = ['.env', 'a/b/c.txt', 'a/b/cd.txt', 'ä ö.txt', 'z', `long/${'x'.repeat(200)}/y`];
let folder = '';

function git(...args: readonly string[]): void {
  execFileSync('git', ['-c', 'core.excludesFile=', ...args], { cwd: folder, stdio: 'pipe' });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'git-index-'));
  git('init', '-q');
  for (const path of [...files, 'untracked.txt']) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), 'x');
  }
  git('add', '--', ...files);
});

afterAll(() => rmSync(folder, { recursive: true }));

const sorted = (paths: readonly string[] | undefined) => paths && [...paths].sort();

describe("Git's index", () => {
  test.each([2, 3, 4])('of version %i lists what is tracked', (version) => {
    git('update-index', '--index-version', String(version));
    if (version === 3) git('add', '-N', 'untracked.txt');
    const expected = version === 3 ? [...files, 'untracked.txt'] : files;
    const bytes = readFileSync(join(folder, '.git/index'));
    expect(sorted(parseGitIndex(bytes))).toEqual([...expected].sort());
    if (version === 3) git('rm', '-q', '--cached', 'untracked.txt');
  });

  test('is found from every folder of the repository, and not from outside', () => {
    expect(sorted(openFolder(folder).tracked('a/b')?.paths)).toEqual([...files].sort());
    expect(openFolder(folder).tracked('')?.root).toBe('');
    expect(openFolder(join(folder, 'a')).tracked('b')).toBeUndefined();
    const project = openFolder(folder);
    expect(project.tracked('a')).toBe(project.tracked(''));
  });

  test('that is broken gives nothing, and never throws', () => {
    const bytes = readFileSync(join(folder, '.git/index'));
    for (let length = 0; length < bytes.length; length += 7) {
      const paths = parseGitIndex(bytes.subarray(0, length));
      if (paths) expect(paths.length).toBeLessThanOrEqual(files.length);
    }
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 20 }), (changes) => {
        const broken = Buffer.from(bytes);
        for (const [at, value] of changes) broken[at] = value;
        parseGitIndex(broken);
      }),
    );
  });
});
