import fs, {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { writeFiles } from '../../src/project/write.js';

const rename = fs.renameSync;

// Failures that no real folder shows on demand.
beforeAll(() => {
  for (const name of ['renameSync', 'linkSync', 'fsyncSync'] as const) vi.spyOn(fs, name);
  syncBuiltinESMExports();
});

afterAll(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

let base: string;
let root: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'write-')));
  root = join(base, 'project');
  mkdirSync(root);
});

afterEach(() => {
  vi.mocked(fs.renameSync).mockClear();
  rmSync(base, { recursive: true, force: true });
});

const put = (path: string, text: string, mode = 0o644) => {
  writeFileSync(join(root, path), text);
  chmodSync(join(root, path), mode);
};
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const modeOf = (path: string) => statSync(join(root, path)).mode & 0o7777;

describe('a file that exists', () => {
  test('is replaced whole, and nothing is left beside it', async () => {
    put('a.json', 'old');
    await writeFiles(root, [{ path: 'a.json', text: '\uFEFFnew\r\n', expected: 'old' }]);
    expect(read('a.json')).toBe('\uFEFFnew\r\n');
    expect(readdirSync(root)).toEqual(['a.json']);
  });

  test.each([0o755, 0o600, 0o444])('keeps its mode %o', async (mode) => {
    put('run.sh', 'old', mode);
    await writeFiles(root, [{ path: 'run.sh', text: 'new', expected: 'old' }]);
    expect(modeOf('run.sh')).toBe(mode);
  });

  test('becomes executable for whoever may read it', async () => {
    put('run.sh', 'old', 0o640);
    await writeFiles(root, [{ path: 'run.sh', text: 'new', expected: 'old', executable: true }]);
    expect(modeOf('run.sh')).toBe(0o750);
  });

  test.runIf(process.getuid?.() === 0)('keeps its owner', async () => {
    put('a.json', 'old', 0o640);
    chownSync(join(root, 'a.json'), 1234, 4321);
    await writeFiles(root, [{ path: 'a.json', text: 'new', expected: 'old' }]);
    expect(statSync(join(root, 'a.json'))).toMatchObject({ uid: 1234, gid: 4321 });
    expect(modeOf('a.json')).toBe(0o640);
  });

  test('is left alone when it changed since it was read', async () => {
    put('a.json', 'changed by somebody');
    const writing = writeFiles(root, [{ path: 'a.json', text: 'new', expected: 'old' }]);
    await expect(writing).rejects.toMatchObject({
      name: 'UserError',
      message: 'a.json changed since it was read; nothing was written',
    });
    expect(read('a.json')).toBe('changed by somebody');
  });

  test('is left alone when it changes while the new text is being written', async () => {
    put('a.json', 'old');
    vi.mocked(fs.fsyncSync).mockImplementationOnce(() => put('a.json', 'changed by somebody'));
    const writing = writeFiles(root, [{ path: 'a.json', text: 'new', expected: 'old' }]);
    await expect(writing).rejects.toThrow('a.json cannot be written: it changed while it was worked on');
    expect(read('a.json')).toBe('changed by somebody');
    expect(readdirSync(root)).toEqual(['a.json']);
  });

  test('is compared by bytes: the same text in another encoding is a change', async () => {
    writeFileSync(join(root, 'a.json'), Buffer.from([0xff, 0xfe]));
    await expect(writeFiles(root, [{ path: 'a.json', text: 'x', expected: '\uFFFD\uFFFD' }])).rejects.toThrow(
      'changed',
    );
  });

  test('is overwritten unseen only by force', async () => {
    put('a.json', 'old');
    await expect(writeFiles(root, [{ path: 'a.json', text: 'new', expected: undefined }])).rejects.toThrow(
      'a.json exists already',
    );
    await writeFiles(root, [{ path: 'a.json', text: 'new', expected: undefined, force: true }]);
    expect(read('a.json')).toBe('new');
  });
});

describe('a new file', () => {
  test('gets its folders', async () => {
    await writeFiles(root, [
      { path: '.devcontainer/a/run.sh', text: '#!/bin/sh\n', expected: undefined, executable: true },
      { path: '.devcontainer/b.json', text: '{}', expected: undefined },
    ]);
    expect(modeOf('.devcontainer/a/run.sh') & 0o100).toBe(0o100);
    expect(modeOf('.devcontainer/b.json') & 0o111).toBe(0);
    expect(readdirSync(join(root, '.devcontainer'))).toEqual(['a', 'b.json']);
  });

  test('never replaces one that appears in the meantime', async () => {
    vi.mocked(fs.linkSync).mockImplementationOnce((from, to) => {
      put('a.json', 'first');
      fs.symlinkSync(from, to);
    });
    const writing = writeFiles(root, [{ path: 'a.json', text: 'new', expected: undefined }]);
    await expect(writing).rejects.toThrow('a.json cannot be written: it appeared while it was worked on');
    expect(read('a.json')).toBe('first');
  });

  test('is refused where one is expected', async () => {
    await expect(writeFiles(root, [{ path: 'a.json', text: 'new', expected: 'old' }])).rejects.toThrow(
      'a.json is gone since it was read',
    );
  });

  test('leaves no folders behind when it cannot be written', async () => {
    put('file', 'x');
    const files = [
      { path: 'new/folder/a.json', text: 'a', expected: undefined },
      { path: 'file/b.json', text: 'b', expected: undefined },
    ];
    await expect(writeFiles(root, files)).rejects.toThrow(
      "file/b.json lies below 'file', which is no folder",
    );
    expect(readdirSync(root)).toEqual(['file']);
  });
});

describe('nothing outside the root', () => {
  test.each(['../out.json', 'a/../../out.json', '/out.json', 'a/../b.json', '', '.', 'a\0b'])(
    'path %j',
    async (path) => {
      await expect(writeFiles(root, [{ path, text: 'x', expected: undefined, force: true }])).rejects.toThrow(
        UserError,
      );
      expect(readdirSync(base)).toEqual(['project']);
      expect(readdirSync(root)).toEqual([]);
    },
  );

  test('a link to a file outside is refused', async () => {
    writeFileSync(join(base, 'secret'), 'old');
    symlinkSync('../secret', join(root, 'a.json'));
    const writing = writeFiles(root, [{ path: 'a.json', text: 'x', expected: 'old' }]);
    await expect(writing).rejects.toThrow(
      'a.json goes through a symbolic link that leads out of the project',
    );
    expect(readFileSync(join(base, 'secret'), 'utf8')).toBe('old');
  });

  test('a linked folder outside is refused, also where the file would be new', async () => {
    mkdirSync(join(base, 'elsewhere'));
    symlinkSync(join(base, 'elsewhere'), join(root, '.devcontainer'));
    const file = { path: '.devcontainer/sub/a.json', text: 'x', expected: undefined, force: true };
    await expect(writeFiles(root, [file])).rejects.toThrow('leads out of the project');
    expect(readdirSync(join(base, 'elsewhere'))).toEqual([]);
  });

  test('a link that leads nowhere, or to itself, is refused', async () => {
    symlinkSync('gone', join(root, 'a.json'));
    symlinkSync('loop', join(root, 'loop'));
    for (const path of ['a.json', 'loop', 'loop/a.json'])
      await expect(writeFiles(root, [{ path, text: 'x', expected: undefined }])).rejects.toThrow(
        'leads nowhere',
      );
  });

  test('a link to the root itself is no file', async () => {
    symlinkSync('.', join(root, 'a.json'));
    await expect(writeFiles(root, [{ path: 'a.json', text: 'x', expected: undefined }])).rejects.toThrow(
      'not a regular file',
    );
  });

  test('a folder that is swapped for a link while it is worked on', async () => {
    mkdirSync(join(root, 'dir'));
    mkdirSync(join(base, 'elsewhere'));
    put('dir/a.json', 'old');
    writeFileSync(join(base, 'elsewhere', 'a.json'), 'old');
    vi.mocked(fs.fsyncSync).mockImplementationOnce(() => {
      fs.renameSync(join(root, 'dir'), join(root, 'moved'));
      symlinkSync(join(base, 'elsewhere'), join(root, 'dir'));
    });
    await writeFiles(root, [{ path: 'dir/a.json', text: 'new', expected: 'old' }]).catch(() => {});
    expect(readFileSync(join(base, 'elsewhere', 'a.json'), 'utf8')).toBe('old');
    expect(readdirSync(join(base, 'elsewhere'))).toEqual(['a.json']);
  });
});

describe('links inside the root', () => {
  test('stay links, and what they point at is replaced', async () => {
    mkdirSync(join(root, 'real'));
    put('real/a.json', 'old', 0o640);
    symlinkSync('real/a.json', join(root, 'a.json'));
    symlinkSync('real', join(root, 'folder'));
    await writeFiles(root, [{ path: 'a.json', text: 'new', expected: 'old' }]);
    await writeFiles(root, [{ path: 'folder/a.json', text: 'newer', expected: 'new' }]);
    expect(readlinkSync(join(root, 'a.json'))).toBe('real/a.json');
    expect(lstatSync(join(root, 'folder')).isSymbolicLink()).toBe(true);
    expect(read('real/a.json')).toBe('newer');
    expect(modeOf('real/a.json')).toBe(0o640);
  });
});

test('what is no regular file is refused, and a pipe does not hang', async () => {
  mkdirSync(join(root, 'folder'));
  await expect(
    writeFiles(root, [{ path: 'folder', text: 'x', expected: undefined, force: true }]),
  ).rejects.toThrow('folder is not a regular file');
  const { execFileSync } = await import('node:child_process');
  execFileSync('mkfifo', [join(root, 'pipe')]);
  await expect(
    writeFiles(root, [{ path: 'pipe', text: 'x', expected: undefined, force: true }]),
  ).rejects.toThrow('pipe is not a regular file');
});

test('a missing root is a plain sentence', async () => {
  const writing = writeFiles(join(base, 'gone'), [{ path: 'a.json', text: 'x', expected: undefined }]);
  await expect(writing).rejects.toThrow('a.json cannot be written: it does not exist; nothing was written');
});

test('each root below the base is a world of its own', async () => {
  mkdirSync(join(base, 'other'));
  writeFileSync(join(base, 'other', 'b.json'), 'old');
  put('a.json', 'old');
  symlinkSync('../other/b.json', join(root, 'link.json'));
  const write = (path: string) => writeFiles(base, [{ path, text: 'new', expected: 'old' }], ['project']);
  await write('project/a.json');
  expect(read('a.json')).toBe('new');
  await expect(write('project/link.json')).rejects.toThrow('leads out of the project');
  await expect(write('other/b.json')).rejects.toThrow('other/b.json lies outside the project');
  await expect(write('project')).rejects.toThrow(UserError);
});

test('a folder that may not be written leaves the file as it was', async () => {
  put('a.json', 'old');
  chmodSync(base, 0o755);
  chmodSync(root, 0o555);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    await expect(writeFiles(root, [{ path: 'a.json', text: 'new', expected: 'old' }])).rejects.toMatchObject({
      name: 'UserError',
      message: 'a.json cannot be written: permission denied; nothing was written',
    });
  } finally {
    if (isRoot) process.seteuid?.(0);
    chmodSync(root, 0o755);
  }
  expect(read('a.json')).toBe('old');
});

describe('several files', () => {
  const both = [
    { path: 'a.json', text: 'new a', expected: 'old a' },
    { path: 'b.json', text: 'new b', expected: 'old b' },
  ];

  test('are all written', async () => {
    put('a.json', 'old a');
    put('b.json', 'old b');
    await writeFiles(root, both);
    expect([read('a.json'), read('b.json')]).toEqual(['new a', 'new b']);
  });

  test('stay as they were when one of them is not as expected', async () => {
    put('a.json', 'old a');
    put('b.json', 'changed');
    await expect(writeFiles(root, both)).rejects.toThrow(
      'b.json changed since it was read; nothing was written',
    );
    expect([read('a.json'), read('b.json')]).toEqual(['old a', 'changed']);
    expect(readdirSync(root)).toEqual(['a.json', 'b.json']);
  });

  test('are put back when the second one cannot be renamed', async () => {
    put('a.json', 'old a', 0o600);
    put('b.json', 'old b');
    failRename((to) => to.endsWith('b.json'), Number.POSITIVE_INFINITY);
    await expect(
      writeFiles(root, [...both, { path: 'c.json', text: 'c', expected: undefined }]),
    ).rejects.toThrow('b.json cannot be written: the disk is full; nothing was written');
    expect([read('a.json'), read('b.json'), modeOf('a.json')]).toEqual(['old a', 'old b', 0o600]);
    expect(readdirSync(root)).toEqual(['a.json', 'b.json']);
  });

  test('a new one is taken away again', async () => {
    put('b.json', 'old b');
    failRename((to) => to.endsWith('b.json'), Number.POSITIVE_INFINITY);
    const files = [{ path: 'new/a.json', text: 'a', expected: undefined }, both[1]].filter(
      (file) => file !== undefined,
    );
    await expect(writeFiles(root, files)).rejects.toThrow('nothing was written');
    expect(existsSync(join(root, 'new'))).toBe(false);
  });

  test('are named when they cannot be put back', async () => {
    put('a.json', 'old a');
    put('b.json', 'old b');
    let renames = 0;
    failRename(() => renames++ > 0, Number.POSITIVE_INFINITY);
    await expect(writeFiles(root, both)).rejects.toThrow('already written and not undone: a.json');
    expect([read('a.json'), read('b.json')]).toEqual(['new a', 'old b']);
  });

  test('that lead to one place are refused', async () => {
    put('a.json', 'old a');
    symlinkSync('a.json', join(root, 'b.json'));
    const twice = both.map((file) => ({ ...file, expected: 'old a' }));
    await expect(writeFiles(root, twice)).rejects.toThrow('b.json cannot be written: it changed while');
    expect(read('a.json')).toBe('old a');
  });
});

test('an interrupt waits until the set is complete', async () => {
  put('a.json', 'old a');
  put('b.json', 'old b');
  const seen: string[] = [];
  const listen = () => seen.push(read('b.json'));
  vi.mocked(fs.fsyncSync).mockImplementationOnce(() => void process.kill(process.pid, 'SIGINT'));
  process.on('SIGINT', listen);
  try {
    await writeFiles(root, [
      { path: 'a.json', text: 'new a', expected: 'old a' },
      { path: 'b.json', text: 'new b', expected: 'old b' },
    ]);
    await new Promise((resolve) => setTimeout(resolve, 20));
  } finally {
    process.off('SIGINT', listen);
  }
  expect(seen.length).toBeGreaterThan(0);
  expect(new Set(seen)).toEqual(new Set(['new b']));
});

/** Lets the renames that are meant fail as on a full disk; the others go through. */
function failRename(isMeant: (to: string) => boolean, times: number): void {
  let left = times;
  vi.mocked(fs.renameSync).mockImplementation((from, to) => {
    if (isMeant(String(to)) && left-- > 0)
      throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
    rename(from, to);
  });
  onCleanup.push(() => vi.mocked(fs.renameSync).mockReset());
}

const onCleanup: (() => void)[] = [];
afterEach(() => {
  for (const undo of onCleanup.splice(0)) undo();
});
